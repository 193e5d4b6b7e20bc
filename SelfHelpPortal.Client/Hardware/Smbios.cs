using System.Text;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Client.Hardware;

/// <summary>Reads what the firmware says about the board (SMBIOS reference specification, DSP0134, sections 6.1, 7.2 and 7.3).</summary>
internal static class Smbios
{
    private const int System = 1;
    private const int Board = 2;
    private const int End = 127;
    private const int HeaderLength = 4;

    /// <param name="table">The structures one after the other.</param>
    public static IEnumerable<KeyValuePair<string, string>> Read(byte[] table)
    {
        var at = 0;
        while (at + HeaderLength <= table.Length && table[at] != End)
        {
            var (type, length) = (table[at], table[at + 1]);
            if (length < HeaderLength || at + length > table.Length)
            {
                yield break;
            }

            var strings = Strings(table, at + length, out var next);
            if (type == System && length >= 0x18)
            {
                yield return new(HardwareComponents.BoardUuid, Uuid(table, at + 8));
            }
            else if (type == Board && length > 7 && table[at + 7] is > 0 and var serial && serial <= strings.Count)
            {
                yield return new(HardwareComponents.BoardSerial, strings[serial - 1]);
            }

            at = next;
        }
    }

    /// <summary>As Linux prints it since SMBIOS 2.6: the first three parts are little-endian.</summary>
    private static string Uuid(byte[] table, int at) => new Guid(table.Skip(at).Take(16).ToArray()).ToString();

    private static List<string> Strings(byte[] table, int at, out int next)
    {
        var strings = new List<string>();
        while (at < table.Length && table[at] != 0)
        {
            var end = Array.IndexOf(table, (byte)0, at);
            end = end < 0 ? table.Length : end;
            strings.Add(Encoding.ASCII.GetString(table, at, end - at));
            at = end + 1;
        }

        next = at + (strings.Count == 0 ? 2 : 1);
        return strings;
    }
}
