namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// The check symbol at the end of each group: a weighted sum in GF(32) with x⁵+x²+1, α = 2, shifted by a constant for the code's type and
/// the group's place. It finds every single wrong symbol and every swap of two neighbours or of two groups.
/// </summary>
public static class CheckSymbols
{
    private const int Order = 31;
    private const int Polynomial = 0b100101;
    private static readonly int[] Powers = MakePowers();
    private static readonly int[] Logarithms = MakeLogarithms();

    /// <summary>
    /// <c>α^((5·value(type)+group+7) mod 31) ⊕ α¹·d₁ ⊕ α²·d₂ ⊕ …</c> over normalized symbols.
    /// </summary>
    /// <param name="type">The code's type letter.</param>
    /// <param name="group">The group's place, counted from 0.</param>
    /// <param name="data">The data symbols of the group.</param>
    /// <exception cref="ArgumentException">A symbol is not in the alphabet.</exception>
    public static char Compute(char type, int group, ReadOnlySpan<char> data)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(group);
        var sum = Powers[((5 * ValueOf(type)) + group + 7) % Order];
        for (var i = 0; i < data.Length; i++)
        {
            sum ^= TimesPower(ValueOf(data[i]), i + 1);
        }

        return CodeAlphabet.Symbols[sum];
    }

    private static int TimesPower(int value, int exponent) => value == 0 ? 0 : Powers[(Logarithms[value] + exponent) % Order];

    private static int ValueOf(char symbol) =>
        CodeAlphabet.ValueOf(symbol) is >= 0 and var value ? value : throw new ArgumentException($"'{symbol}' is not a code symbol.");

    private static int[] MakePowers()
    {
        var powers = new int[Order];
        var power = 1;
        for (var i = 0; i < Order; i++)
        {
            powers[i] = power;
            power <<= 1;
            if (power > Order)
            {
                power ^= Polynomial;
            }
        }

        return powers;
    }

    private static int[] MakeLogarithms()
    {
        var logarithms = new int[Order + 1];
        for (var i = 0; i < Order; i++)
        {
            logarithms[Powers[i]] = i;
        }

        return logarithms;
    }
}
