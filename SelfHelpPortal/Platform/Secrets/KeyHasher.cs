namespace SelfHelpPortal.Platform.Secrets;

/// <summary>What a key is found by, all made with one pepper.</summary>
/// <param name="Hash">32 bytes: the unique look-up value of a key in its normal form.</param>
/// <param name="FoldedHash">32 bytes: the look-up value of a foreign key whose confusable symbols (O/0, I/1, B/8) are folded
/// together.</param>
internal sealed record KeyHashes(string PepperId, byte[] Hash, byte[] FoldedHash);

/// <summary>
/// What the database finds an activation key by (codes.md, "Storage of keys"). Fast on purpose: the strength is the pepper outside the
/// database and the limit of attempts, not a slow hash.
/// </summary>
internal sealed class KeyHasher(Peppers peppers)
{
    private const string FoldedPrefix = "lshp/folded/v1|";

    /// <summary>To store.</summary>
    public KeyHashes Compute(string normalizedKey, string folded) => Compute(peppers.Current, normalizedKey, folded);

    /// <summary>With a pepper that the caller has chosen.</summary>
    public static KeyHashes Compute(Pepper pepper, string normalizedKey, string folded) =>
        new(pepper.Kid, pepper.Mac(normalizedKey), pepper.Mac(FoldedPrefix + folded));

    /// <summary>Names a typed key for the limits of attempts. With another pepper it has another name, so its count begins anew.</summary>
    public byte[] Hash(string normalizedKey) => peppers.Mac(normalizedKey);

    /// <summary>The hashes under every pepper of the ring: while a new pepper is brought in, rows of both are found.</summary>
    public byte[][] HashWithAll(string normalizedKey) => [.. peppers.All.Select(pepper => pepper.Mac(normalizedKey))];

    /// <inheritdoc cref="HashWithAll"/>
    public byte[][] HashFoldedWithAll(string folded) => [.. peppers.All.Select(pepper => pepper.Mac(FoldedPrefix + folded))];
}
