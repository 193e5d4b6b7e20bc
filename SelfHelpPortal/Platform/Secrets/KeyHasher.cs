namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// What the database finds an activation key by (codes.md, "Storage of keys"). Fast on purpose: the strength is the pepper outside the database
/// and the guess budget, not a slow hash.
/// </summary>
internal sealed class KeyHasher(Peppers peppers)
{
    /// <summary>Stored beside each hash, so that a change of pepper can re-index row by row.</summary>
    public string Kid => peppers.CurrentKid;

    /// <summary>32 bytes: the unique look-up value of a key in its normal form.</summary>
    public byte[] Hash(string normalizedKey) => peppers.Mac(normalizedKey);

    /// <summary>32 bytes: the look-up value of a foreign key whose confusable symbols (O/0, I/1, B/8) are folded together.</summary>
    public byte[] HashFolded(string folded) => peppers.Mac("lshp/folded/v1|" + folded);

    /// <summary>The hashes under every pepper of the ring: while a new pepper is brought in, rows of both are found.</summary>
    public byte[][] HashWithAll(string normalizedKey) => [.. peppers.Kids.Select(kid => peppers.Mac(kid, normalizedKey)!)];

    /// <inheritdoc cref="HashWithAll"/>
    public byte[][] HashFoldedWithAll(string folded) => [.. peppers.Kids.Select(kid => peppers.Mac(kid, "lshp/folded/v1|" + folded)!)];
}
