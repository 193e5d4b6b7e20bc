using System.Diagnostics.CodeAnalysis;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// A computer's fingerprint as a code a person can send: <c>H </c>, version, flags, component set, then 20 bits of a keyed hash per
/// component, 35 symbols in all. The hash is keyed by product, so that the codes of two products cannot be compared.
/// </summary>
public sealed record HardwareCode
{
    /// <summary>Points that make two codes one computer where the product says nothing else.</summary>
    public const decimal DefaultPoints = 2;

    private const string Prefix = "101"; // version 1, no flags, component set 1
    private const string Absent = "0000";
    private const string HashOfZero = "0001";

    private HardwareCode(string normalized) => Normalized = normalized;

    /// <summary>The 35 symbols without dashes.</summary>
    public string Normalized { get; }

    /// <summary>
    /// Makes the code of a computer. Of several values of a kind the first that is not junk counts; unknown kinds are ignored.
    /// </summary>
    /// <param name="productId">The product's identifier, part of the hash key.</param>
    /// <param name="components">Kinds of <see cref="HardwareComponents"/> with their values as the system gives them.</param>
    public static HardwareCode From(string productId, IEnumerable<KeyValuePair<string, string>> components)
    {
        var present = components.Where(component => !HardwareComponents.IsJunk(component.Key, component.Value)).ToList();
        var hashes = HardwareComponents.Kinds.Select(kind =>
            present.Where(component => component.Key == kind).Select(component => Hash(productId, kind, component.Value))
                .FirstOrDefault(Absent));
        return new(GroupedCode.Complete(CodeKind.HardwareCode, Prefix + string.Concat(hashes)));
    }

    public static bool TryParse(string? input, [NotNullWhen(true)] out HardwareCode? code, out CodeProblem problem)
    {
        code = GroupedCode.TryRead(input, CodeKind.HardwareCode, out var normalized, out problem) ? new HardwareCode(normalized) : null;
        return code is not null;
    }

    /// <summary>
    /// The symbols of a whole code or of its beginning, at least two groups, as somebody reads it out; null when the text is neither. The
    /// first group alone is the same in all codes.
    /// </summary>
    public static string? Beginning(string? text)
    {
        var symbols = text is null or { Length: > GroupedCode.MaxInput } ? "" : CodeAlphabet.Normalize(text);
        return symbols.Length >= 2 * GroupedCode.GroupLength && symbols.Length <= GroupedCode.LengthOf(CodeKind.HardwareCode)
            && symbols.StartsWith((char)CodeKind.HardwareCode + Prefix, StringComparison.Ordinal)
            && CodeAlphabet.IndexOfForeign(symbols.AsSpan()) < 0
                ? symbols
                : null;
    }

    /// <summary>The kinds of components that could be read, in their fixed order.</summary>
    public IReadOnlyList<string> Parts => [.. HardwareComponents.Kinds.Where(kind => Part(kind) is not null)];

    /// <summary>Too little could be read to tell this computer from others of its model.</summary>
    public bool HasFewParts =>
        HardwareComponents.Kinds.Count(
            kind => HardwareComponents.IsUnitPart(kind) && Part(kind) is not null) < HardwareEvidence.UnitPartsNeeded;

    /// <summary>
    /// Whether both codes are of one computer: they are the same code, or what they have in common weighs enough. Codes of another version
    /// or component set, and codes without a common component, do not match.
    /// </summary>
    /// <param name="points">The product's points, at least 1, in steps of a half.</param>
    public HardwareMatch Match(HardwareCode other, decimal points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        if (Group(0) != other.Group(0) || Parts.Count == 0)
        {
            return default;
        }

        var match = HardwareEvidence.Weigh(this, other, points);
        return this == other ? match with { Matches = true } : match;
    }

    /// <summary>
    /// Whether the computer that was activated with this code may be the one that now, with a proof, reports the other. Beside
    /// <see cref="Match"/> it recognizes a computer that was activated with few parts, because staff allowed it or an earlier version took
    /// more values for junk, as long as everything that was read then is found again.
    /// </summary>
    /// <param name="points">The product's points, at least 1, in steps of a half.</param>
    public HardwareMatch MatchNow(HardwareCode now, decimal points)
    {
        var match = Match(now, points);
        return !match.Matches && HasFewParts && match.HalfPoints > 0 && Parts.All(kind => Part(kind) == now.Part(kind))
            ? match with { Matches = true, Drift = true }
            : match;
    }

    /// <summary>
    /// How many of the readable parts may become others, whichever they are, and the computer is still taken for the same.
    /// </summary>
    /// <param name="points">The product's points, at least 1, in steps of a half.</param>
    public int PartsThatMayChange(decimal points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        return HardwareEvidence.PartsThatMayChange(Parts, points);
    }

    /// <summary>The kinds of parts that both codes have and that differ, in their fixed order.</summary>
    public IReadOnlyList<string> PartsChangedIn(HardwareCode now) =>
        [.. Parts.Where(kind => now.Part(kind) is { } part && part != Part(kind))];

    /// <summary>
    /// The kinds of parts that are the same in another computer, in their fixed order. All computers of a model have the same CPU, so it
    /// is none of them.
    /// </summary>
    public IReadOnlyList<string> PartsEqualIn(HardwareCode other) =>
        [.. Parts.Where(kind => HardwareComponents.HalfPoints(kind) > 0 && other.Part(kind) == Part(kind))];

    public override string ToString() => GroupedCode.Format(Normalized);

    /// <summary>The hash of one component; null when it could not be read.</summary>
    internal string? Part(string kind) => Group(1 + HardwareComponents.PlaceOf(kind)) is var hash && hash != Absent ? hash : null;

    private string Group(int group) => Normalized.Substring(group * GroupedCode.GroupLength, GroupedCode.DataPerGroup);

    private static string Hash(string productId, string kind, string value)
    {
        var symbols = CodeAlphabet.Encode(Mac.Compute("lshp/hw/v1|" + productId, kind + "|" + value), GroupedCode.DataPerGroup);
        return symbols == Absent ? HashOfZero : symbols;
    }
}
