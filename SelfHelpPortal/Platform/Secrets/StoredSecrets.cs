using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// Encrypts what the database keeps but must not show: keys, release secrets, license files, stored answers, TOTP seeds, mail payloads.
/// The record's kind and id are in the purpose, so that a value copied to another row does not open there.
/// Reading ignores revocation: <c>keys revoke-protection</c> signs everybody out, yet loses no stored key (security.md, section 6).
/// </summary>
internal sealed class StoredSecrets(IDataProtectionProvider provider)
{
    private readonly IDataProtector _root = provider.CreateProtector("lshp/stored-secret/v1");

    /// <param name="recordKind">Table and column, for example <c>activation/release-secret</c>.</param>
    /// <param name="recordId">Id of the row, which therefore must exist before the value is sealed.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, string recordKind, Guid recordId) => For(recordKind, recordId).Protect(plain.ToArray());

    /// <inheritdoc cref="Seal"/>
    public byte[] SealText(string plain, string recordKind, Guid recordId) =>
        For(recordKind, recordId).Protect(Encoding.UTF8.GetBytes(plain));

    /// <summary>
    /// Throws <see cref="System.Security.Cryptography.CryptographicException"/> if the bytes were changed or belong to another record.
    /// </summary>
    public byte[] Unseal(byte[] sealedBytes, string recordKind, Guid recordId) => Unseal(sealedBytes, recordKind, recordId, out _);

    /// <param name="writeBack">Sealed with an old or revoked key: seal again and store, when the row is at hand anyway.</param>
    /// <inheritdoc cref="Unseal(byte[], string, Guid)"/>
    public byte[] Unseal(byte[] sealedBytes, string recordKind, Guid recordId, out bool writeBack) =>
        ((IPersistedDataProtector)For(recordKind, recordId))
            .DangerousUnprotect(sealedBytes, ignoreRevocationErrors: true, out writeBack, out _);

    /// <inheritdoc cref="Unseal(byte[], string, Guid)"/>
    public string UnsealText(byte[] sealedBytes, string recordKind, Guid recordId) =>
        Encoding.UTF8.GetString(Unseal(sealedBytes, recordKind, recordId));

    private IDataProtector For(string recordKind, Guid recordId) =>
        _root.CreateProtector(recordKind).CreateProtector(recordId.ToString("n"));
}
