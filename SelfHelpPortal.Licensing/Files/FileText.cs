using System.Text;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>The text of a file whatever program saved it last.</summary>
public static class FileText
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16 = new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16BigEndian = new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <summary>
    /// By its byte order mark UTF-16 ("Unicode" in Notepad) or UTF-8, without one UTF-8; null when the bytes are no text in it.
    /// </summary>
    public static string? Of(byte[] bytes)
    {
        var (encoding, mark) = bytes switch
        {
            [0xFF, 0xFE, ..] => (Utf16, 2),
            [0xFE, 0xFF, ..] => (Utf16BigEndian, 2),
            [0xEF, 0xBB, 0xBF, ..] => (Utf8, 3),
            _ => (Utf8, 0),
        };
        try
        {
            return encoding.GetString(bytes, mark, bytes.Length - mark);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
