using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Reads what a bank hands out: the XML of ISO 20022 (CAMT.052, .053, .054), or a list with a column for each fact.</summary>
/// <param name="Lines">What is booked, in the order of the file.</param>
/// <param name="Skipped">Lines that are not booked yet, or in another currency.</param>
internal sealed record BankStatement(IReadOnlyList<BankLine> Lines, int Skipped)
{
    public const int LargestFile = 5 * 1024 * 1024;

    /// <summary>More than a person looks through at once.</summary>
    public const int MostLines = 2_000;

    private const int LongestText = 500;

    /// <param name="file">Read from its beginning, several times; it stays open.</param>
    /// <exception cref="UnreadableListException">It is no statement; the message says what is missing.</exception>
    public static BankStatement Read(Stream file)
    {
        var first = FirstSign(file);
        file.Position = 0;
        var statement = first switch
        {
            '<' => Camt.Read(file),
            'P' when ListReader.IsZip(file) => throw new UnreadableListException(
                "Das ist ein Archiv (ZIP). Entpacken Sie es und wählen Sie die Dateien darin einzeln.",
                "This is an archive (ZIP). Unpack it and choose the files in it one by one."),
            _ => BankList.Read(file),
        };
        return statement.Lines.Count <= MostLines
            ? statement with { Lines = BankLine.Numbered(statement.Lines) }
            : throw new UnreadableListException(
                $"Die Datei hat mehr als {MostLines} Buchungen; laden Sie einen kürzeren Zeitraum.",
                $"The file has more than {MostLines} lines; download a shorter time.");
    }

    /// <summary>In one line and without an end that nobody reads.</summary>
    public static string Tidy(IEnumerable<string?> parts)
    {
        var text = string.Join(' ', string.Join(' ', parts).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length > LongestText ? text[..LongestText] : text;
    }

    /// <summary>Behind blanks and the mark of the encoding; of UTF-16 the half that says something.</summary>
    private static char FirstSign(Stream file)
    {
        file.Position = 0;
        for (int next; (next = file.ReadByte()) >= 0;)
        {
            if (next is not (0 or 0xEF or 0xBB or 0xBF or 0xFE or 0xFF) && !char.IsWhiteSpace((char)next))
            {
                return (char)next;
            }
        }

        return '\0';
    }
}
