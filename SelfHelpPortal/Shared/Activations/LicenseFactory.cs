using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Shared.Activations;

/// <summary>
/// Makes a license with its key as the portal keeps it: hashed to be found, sealed to be mailed, the last five symbols to be shown.
/// </summary>
internal sealed class LicenseFactory(KeyHasher hasher, StoredSecrets secrets)
{
    public const string KeyRecordKind = "license/key";

    /// <summary>By which a license with this key may be found: one hash per pepper.</summary>
    public byte[][] HashesOf(string normalizedKey) => hasher.HashWithAll(normalizedKey);

    /// <param name="keyForDisplay">As the customer should read it in a mail.</param>
    /// <param name="chosen">Its id, where the caller wants to know it before.</param>
    public License Make(string number, string productId, Guid customerId, string normalizedKey, string keyForDisplay, int seats,
        DateTimeOffset now, Guid? chosen = null)
    {
        var id = chosen ?? Guid.CreateVersion7();
        var hashes = hasher.Compute(normalizedKey, KeyScheme.Fold(normalizedKey));
        return new License
        {
            Id = id,
            Number = number,
            ProductId = productId,
            CustomerId = customerId,
            Seats = seats,
            CreatedAt = now,
            Key = new StoredKey
            {
                Hash = hashes.Hash,
                FoldedHash = hashes.FoldedHash,
                PepperId = hashes.PepperId,
                Sealed = secrets.SealText(keyForDisplay, KeyRecordKind, id),
                LastFive = normalizedKey[^Math.Min(5, normalizedKey.Length)..],
            },
        };
    }

    public string KeyOf(License license) => secrets.UnsealText(license.Key.Sealed, KeyRecordKind, license.Id);
}
