using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SelfHelpPortal.Platform.Configuration;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Secrets;

public sealed class KeyHasherTests
{
    private const string Key = "KBHPE5N400BAQPQAAQSQPP7FH";

    [Fact]
    public void Is_the_hmac_of_the_key_under_the_pepper_file()
    {
        using var secrets = new TemporarySecrets();
        var hasher = new KeyHasher(Peppers.Open(secrets.Directory));
        var pepper = Base64Url.DecodeFromUtf8(secrets.Directory.Read(Peppers.FileName).AsSpan().TrimEnd((byte)'\n'));

        hasher.Hash(Key).ShouldBe(HMACSHA256.HashData(pepper, Encoding.ASCII.GetBytes(Key)));
        hasher.HashFolded(Key).ShouldNotBe(hasher.Hash(Key));
        new KeyHasher(Peppers.Open(secrets.InProduction())).Hash(Key).ShouldBe(hasher.Hash(Key));
    }

    [Fact]
    public void Another_pepper_gives_another_hash_and_another_name()
    {
        using var one = new TemporarySecrets();
        using var other = new TemporarySecrets();
        var (a, b) = (new KeyHasher(Peppers.Open(one.Directory)), new KeyHasher(Peppers.Open(other.Directory)));
        a.Hash(Key).ShouldNotBe(b.Hash(Key));
        a.Kid.ShouldNotBe(b.Kid);
        a.Kid.Length.ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public void With_two_peppers_the_last_one_writes_and_both_find()
    {
        using var secrets = new TemporarySecrets();
        var before = new KeyHasher(Peppers.Open(secrets.Directory));
        var second = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        secrets.Directory.Write(Peppers.FileName, [.. secrets.Directory.Read(Peppers.FileName)!, .. Encoding.ASCII.GetBytes(second + "\n")]);

        var after = new KeyHasher(Peppers.Open(secrets.InProduction()));
        after.Kid.ShouldNotBe(before.Kid);
        after.HashWithAll(Key).ShouldBe([before.Hash(Key), after.Hash(Key)]);
        after.HashFoldedWithAll(Key).ShouldBe([before.HashFolded(Key), after.HashFolded(Key)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ")]
    [InlineData("not base64!")]
    public void A_damaged_file_stops_the_start(string line)
    {
        using var secrets = new TemporarySecrets();
        secrets.Directory.Write(Peppers.FileName, Encoding.ASCII.GetBytes(line + "\n"));
        Should.Throw<StartRefusedException>(() => Peppers.Open(secrets.Directory)).Message.ShouldContain("damaged");
    }
}
