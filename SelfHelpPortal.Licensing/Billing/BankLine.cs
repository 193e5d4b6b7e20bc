using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>A booked line of a bank statement: money that came in, or with a minus money that went out.</summary>
public sealed record BankLine
{
    /// <summary>Symbols of <see cref="Id"/>.</summary>
    public const int IdLength = 40;

    public required DateOnly BookedOn { get; init; }

    public required Money Amount { get; init; }

    /// <summary>What whoever paid wrote, in one line.</summary>
    public required string Text { get; init; }

    /// <summary>Who paid, or was paid.</summary>
    public string? Payer { get; init; }

    /// <summary>The bank's own mark of the line, where the statement has one.</summary>
    public string? Reference { get; init; }

    /// <summary>0 for the first of several lines that say the same, 1 for the next.</summary>
    public int Occurrence { get; init; }

    /// <summary>The same for the same line in every statement of the same kind, however the days of the statements overlap.</summary>
    public string Id
    {
        get
        {
            var said = string.Create(
                CultureInfo.InvariantCulture, $"{BookedOn:yyyy-MM-dd}\n{Amount.Cents}\n{Text}\n{Payer}\n{Reference}\n{Occurrence}");
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)))[..IdLength];
        }
    }

    /// <summary>The lines of one statement, each with its place among those that say the same.</summary>
    public static IReadOnlyList<BankLine> Numbered(IEnumerable<BankLine> lines)
    {
        var seen = new Dictionary<BankLine, int>();
        return [.. lines.Select(line => line with { Occurrence = seen[line] = seen.TryGetValue(line, out var last) ? last + 1 : 0 })];
    }
}
