using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SelfHelpPortal.Configuration;
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
        hasher.Compute(Key, Key).FoldedHash.ShouldNotBe(hasher.Compute(Key, Key).Hash);
        new KeyHasher(Peppers.Open(secrets.InProduction())).Hash(Key).ShouldBe(hasher.Hash(Key));
    }

    [Fact]
    public void Another_pepper_gives_another_hash_and_another_name()
    {
        using var one = new TemporarySecrets();
        using var other = new TemporarySecrets();
        var (a, b) = (new KeyHasher(Peppers.Open(one.Directory)), new KeyHasher(Peppers.Open(other.Directory)));
        a.Hash(Key).ShouldNotBe(b.Hash(Key));
        a.Compute(Key, Key).PepperId.ShouldNotBe(b.Compute(Key, Key).PepperId);
        a.Compute(Key, Key).PepperId.Length.ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public void With_two_peppers_the_last_one_writes_and_both_find()
    {
        using var secrets = new TemporarySecrets();
        var peppers = Peppers.Open(secrets.Directory);
        var before = new KeyHasher(peppers).Compute(Key, Key);
        peppers.Publish().ShouldBeTrue();

        // Published: everybody looks up with it, nobody writes with it.
        var hasher = new KeyHasher(Peppers.Open(secrets.InProduction()));
        hasher.HashWithAll(Key).Length.ShouldBe(2);
        hasher.Compute(Key, Key).PepperId.ShouldBe(before.PepperId);

        peppers.Promote();
        hasher = new KeyHasher(Peppers.Open(secrets.InProduction()));
        var after = hasher.Compute(Key, Key);
        after.PepperId.ShouldNotBe(before.PepperId);
        hasher.HashWithAll(Key).ShouldBe([before.Hash, after.Hash]);
        hasher.HashFoldedWithAll(Key).ShouldBe([before.FoldedHash, after.FoldedHash]);
    }

    [Fact]
    public void Another_process_follows_when_it_looks_and_says_that_it_knows()
    {
        using var secrets = new TemporarySecrets();
        var (here, there) = (Peppers.Open(secrets.Directory), Peppers.Open(secrets.InProduction()));
        var states = new List<int> { there.State };
        foreach (var change in (Action[])[() => here.Publish(), here.Promote, () => here.Remove(here.Kids.First())])
        {
            there.Reload().ShouldBeFalse();
            change();
            there.State.ShouldNotBe(here.State);
            there.Reload().ShouldBeTrue();
            there.State.ShouldBe(here.State);
            states.Add(there.State);
        }

        states.Distinct().Count().ShouldBe(4);
        here.Remove(here.CurrentKid);
        here.Kids.ShouldHaveSingleItem("the current one stays");
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
