using System.Diagnostics.CodeAnalysis;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// A computer's fingerprint as a code a person can send: <c>H</c>, version, flags, component set, then 20 bits of a keyed hash per component, 35 symbols in all.
/// The hash is keyed by product, so that the codes of two products cannot be compared.
/// </summary>
public sealed record HardwareCode
{
    private const string Prefix = "101"; // version 1, no flags, component set 1
    private const string Absent = "0000";
    private const string HashOfZero = "0001";

    private HardwareCode(string normalized) => Normalized = normalized;

    /// <summary>The 35 symbols without dashes.</summary>
    public string Normalized { get; }

    /// <summary>Makes the code of a computer. Of several values of a kind the first that is not junk counts; unknown kinds are ignored.</summary>
    /// <param name="productId">The product's identifier, part of the hash key.</param>
    /// <param name="components">Kinds of <see cref="HardwareComponents"/> with their values as the system gives them.</param>
    public static HardwareCode From(string productId, IEnumerable<KeyValuePair<string, string>> components)
    {
        var present = components.Where(component => !HardwareComponents.IsJunk(component.Key, component.Value)).ToList();
        var hashes = HardwareComponents.Kinds.Select(kind =>
            present.Where(component => component.Key == kind).Select(component => Hash(productId, kind, component.Value)).FirstOrDefault(Absent));
        return new(GroupedCode.Complete(CodeKind.HardwareCode, Prefix + string.Concat(hashes)));
    }

    public static bool TryParse(string? input, [NotNullWhen(true)] out HardwareCode? code, out CodeProblem problem)
    {
        code = GroupedCode.TryRead(input, CodeKind.HardwareCode, out var normalized, out problem) ? new HardwareCode(normalized) : null;
        return code is not null;
    }

    /// <summary>
    /// Whether both codes are of one computer: at least <paramref name="need"/> of the components present in both are equal, or all if fewer are present in both.
    /// Codes of another version or component set, and codes without a common component, do not match.
    /// </summary>
    public HardwareMatch Match(HardwareCode other, int need)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(need, 1);
        if (Group(0) != other.Group(0))
        {
            return default;
        }

        var (equal, compared) = (0, 0);
        for (var group = 1; group <= HardwareComponents.Kinds.Count; group++)
        {
            var (mine, theirs) = (Group(group), other.Group(group));
            if (mine != Absent && theirs != Absent)
            {
                compared++;
                equal += mine == theirs ? 1 : 0;
            }
        }

        return new HardwareMatch(compared > 0 && equal >= Math.Min(need, compared), equal, compared);
    }

    public override string ToString() => GroupedCode.Format(Normalized);

    private string Group(int group) => Normalized.Substring(group * GroupedCode.GroupLength, GroupedCode.DataPerGroup);

    private static string Hash(string productId, string kind, string value)
    {
        var symbols = CodeAlphabet.Encode(Mac.Of("lshp/hw/v1|" + productId, kind + "|" + value), GroupedCode.DataPerGroup);
        return symbols == Absent ? HashOfZero : symbols;
    }
}
