using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Tests.Platform.Secrets;

public sealed class StoredSecretsTests
{
    private const string Kind = "activation/release-secret";
    private readonly StoredSecrets _secrets = new(new EphemeralDataProtectionProvider());
    private readonly Guid _record = Guid.CreateVersion7();

    [Fact]
    public void What_was_sealed_opens_in_its_own_record()
    {
        var secret = RandomNumberGenerator.GetBytes(20);
        var sealedBytes = _secrets.Seal(secret, Kind, _record);

        sealedBytes.AsSpan().IndexOf(secret).ShouldBe(-1);
        _secrets.Unseal(sealedBytes, Kind, _record, out var writeBack).ShouldBe(secret);
        writeBack.ShouldBeFalse();
        _secrets.UnsealText(_secrets.SealText("Schlüssel", Kind, _record), Kind, _record).ShouldBe("Schlüssel");
    }

    [Fact]
    public void Copied_to_another_row_or_column_it_stays_closed()
    {
        var sealedBytes = _secrets.Seal([1, 2, 3], Kind, _record);
        Should.Throw<CryptographicException>(() => _secrets.Unseal(sealedBytes, Kind, Guid.CreateVersion7()));
        Should.Throw<CryptographicException>(() => _secrets.Unseal(sealedBytes, "license/key", _record));
    }

    [Fact]
    public void A_changed_bit_is_noticed_wherever_it_is()
    {
        var sealedBytes = _secrets.Seal([1, 2, 3], Kind, _record);
        for (var i = 0; i < sealedBytes.Length; i++)
        {
            var changed = (byte[])sealedBytes.Clone();
            changed[i] ^= 1;
            Should.Throw<CryptographicException>(() => _secrets.Unseal(changed, Kind, _record));
        }
    }
}
