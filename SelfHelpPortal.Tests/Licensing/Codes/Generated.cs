using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>Generators for code properties; a failing property prints the seed that repeats it.</summary>
internal static class Generated
{
    public static readonly Gen<char> Symbol = Gen.Elements(CodeAlphabet.Symbols.AsEnumerable());

    /// <summary>Right codes of every kind, without dashes, put together here and not by the code under test.</summary>
    public static readonly Arbitrary<string> Code =
        (from kind in Gen.Elements('K', 'D', 'H', 'E')
         from data in Symbol.ArrayOf(DataSymbols(kind))
         select WithChecks(kind, data)).ToArbitrary();

    public static readonly Arbitrary<string> Key = (from data in Symbol.ArrayOf(19) select WithChecks('K', data)).ToArbitrary();

    public static readonly Arbitrary<byte[]> Secret = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(20).ToArbitrary();

    /// <summary>Reads the input as the kind of this letter: the symbols if it is right, what is wrong with it otherwise.</summary>
    public static (string? Normalized, CodeProblem Problem) Read(char kind, string? input) => (CodeKind)kind switch
    {
        CodeKind.ActivationKey => ActivationKey.TryParse(input, out var key, out var problem) ? (key.Normalized, problem) : (null, problem),
        CodeKind.VerificationCode =>
            VerificationCode.TryParse(input, out var code, out var problem) ? (code.Normalized, problem) : (null, problem),
        CodeKind.HardwareCode => HardwareCode.TryParse(input, out var code, out var problem) ? (code.Normalized, problem) : (null, problem),
        CodeKind.EmergencyCode =>
            EmergencyCode.TryParse(input, out var code, out var problem) ? (code.Normalized, problem) : (null, problem),
    };

    public static string Swap(string text, int left, int right, int length = 1)
    {
        var swapped = text.ToCharArray();
        text.CopyTo(left, swapped, right, length);
        text.CopyTo(right, swapped, left, length);
        return new string(swapped);
    }

    private static int DataSymbols(char kind) => kind switch
    {
        'K' => 19,
        'H' => 27,
        _ => 11,
    };

    private static string WithChecks(char kind, char[] data) => string.Concat(
        data.Prepend(kind).Chunk(4).Select((group, place) => new string(group) + CheckSymbols.Compute(kind, place, group)));
}
