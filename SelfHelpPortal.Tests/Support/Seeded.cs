namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// Repeatable randomness for a test (SplitMix64). The seed is random unless given and stands in every failure message of its user.
/// </summary>
internal sealed class Seeded(ulong seed)
{
    private ulong _state = seed;

    public Seeded()
        : this(BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)))
    {
    }

    public ulong Seed { get; } = seed;

    /// <summary>0 to <paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public T Of<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)Next();
        }

        return bytes;
    }

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
