using System.Security.Cryptography;
using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>Signatures as a receiver checks them, on what really went over the wire.</summary>
public sealed class DkimTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-dkim-");

    [Theory]
    [InlineData("rsa")]
    [InlineData("rsa, old form")]
    [InlineData("ed25519")]
    public async Task A_receiver_can_tell_that_a_mail_is_ours_and_unchanged(string kind)
    {
        var (pem, published) = Key(kind);
        await using var server = new ScriptedSmtpServer { Extensions = ["SIZE 10485760", "8BITMIME", "PIPELINING", "SMTPUTF8"] };
        var options = Options(server.Port, Write(pem));
        var example = MailExamples.Released("de") with { To = MailExamples.Customer("de") with { Name = "Gästehaus „Zur Möwe“" } };

        // Lines that begin with a dot travel with a second one.
        var file = new MailFile("Größe.bin", "application/octet-stream", RandomNumberGenerator.GetBytes(5_000));
        var mail = await MailParts.EnvelopeAsync(example, file);
        mail = mail with { Text = ".\r\n.. und\r\n" + mail.Text };
        await using (var transport = MailParts.Smtp(options))
        {
            (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);
            (await transport.SendAsync(mail with { Reference = null }, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);
            (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);
        }

        var sent = server.Deliveries.Select(d => d.Content).ToList();
        sent[2].ShouldBe(sent[0], "the same bytes at each attempt");
        foreach (var content in sent)
        {
            Verifies(content, published).ShouldBeTrue();
            foreach (var header in (string[])["From: ", "To: ", "Subject: ", "Date: ", "Message-Id: ", "Reply-To: ", "Auto-Submitted: "])
            {
                var changed = content.Replace("\r\n" + header, "\r\n" + header + "x", StringComparison.Ordinal);
                Verifies(changed, published).ShouldBeFalse(header);
            }

            var body = content.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            Verifies(content.Insert(body + 200, "x"), published).ShouldBeFalse("the body");
            Verifies(content, Key(kind).Public).ShouldBeFalse("another key");
        }

        var signature = MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(sent[0]))).Headers[HeaderId.DkimSignature];
        signature.ShouldNotBeNull().ShouldContain("d=muster-software.example;");
        signature.ShouldNotBeNull().ShouldContain("s=portal2026;");
        signature.ShouldNotBeNull().ShouldContain($"t={mail.Date.ToUnixTimeSeconds()};");
    }

    [Fact]
    public void Without_a_key_nothing_is_signed() => Validate(_ => { }).ShouldBeNull();

    [Theory]
    [InlineData("rsa", null)]
    [InlineData("ed25519", null)]
    [InlineData("public", "no private key")]
    [InlineData("nothing", "no private key")]
    [InlineData("broken", "cannot be read as PEM")]
    [InlineData("encrypted", "cannot be read as PEM")]
    [InlineData("short", "512 bits")]
    [InlineData("missing", "Could not find file")]
    [InlineData("elliptic", "no private key, RSA or Ed25519")]
    public void The_key_is_looked_at_when_the_portal_starts(string kind, string? complaint)
    {
        var file = kind == "missing" ? Path.Combine(_folder.FullName, "missing.pem") : Write(Key(kind).Pem);
        var found = Validate(o => (o.Domain, o.Selector, o.KeyFile) = ("example.org", "portal2026", file));
        if (complaint is null)
        {
            found.ShouldBeNull();
        }
        else
        {
            found.ShouldNotBeNull().ShouldStartWith("Mail:Dkim:KeyFile: ");
            found.ShouldContain(complaint);
        }
    }

    [Theory]
    [InlineData("mail.example.org", "example.org", "portal2026", null)]
    [InlineData("example.org", "EXAMPLE.org", "a.b-c_1", null)]
    [InlineData("example.org", "mail.example.org", "portal2026", "Mail:Dkim:Domain")]
    [InlineData("notexample.org", "example.org", "portal2026", "Mail:Dkim:Domain")]
    [InlineData("example.org", "example.org", "", "all three")]
    [InlineData("example.org", "", "portal2026", "all three")]
    [InlineData("example.org", "example.org", "a b", "Mail:Dkim:Selector")]
    [InlineData("example.org", "example.org", "a..b", "Mail:Dkim:Selector")]
    [InlineData("example.org", "example.org", "a; d=x", "Mail:Dkim:Selector")]
    public void Domain_and_selector_fit(string from, string domain, string selector, string? complaint)
    {
        var file = Write(Key("ed25519").Pem);
        var found = Validate(o => (o.Domain, o.Selector, o.KeyFile) = (domain, selector, file), "licenses@" + from);
        (found is null).ShouldBe(complaint is null, found);
        (found ?? "").ShouldContain(complaint ?? "");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    internal static MailOptions Options(int port, string keyFile)
    {
        var options = MailParts.MailOptions(port);
        (options.Dkim.Domain, options.Dkim.Selector, options.Dkim.KeyFile) = ("muster-software.example", "portal2026", keyFile);
        return options;
    }

    internal static (string Pem, AsymmetricKeyParameter Public) Key(string kind)
    {
        if (kind == "ed25519")
        {
            var generator = new Ed25519KeyPairGenerator();
            generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
            var pair = generator.GenerateKeyPair();
            using var text = new StringWriter();
            using var writer = new PemWriter(text);
            writer.WriteObject(new Pkcs8Generator(pair.Private));
            return (text.ToString(), pair.Public);
        }

        using var rsa = RSA.Create(kind == "short" ? 512 : 2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = kind switch
        {
            "rsa, old form" => rsa.ExportRSAPrivateKeyPem(),
            "public" => rsa.ExportSubjectPublicKeyInfoPem(),
            "nothing" => "Not a key at all.",
            "broken" => rsa.ExportPkcs8PrivateKeyPem().Remove(100, 40),
            "encrypted" => rsa.ExportEncryptedPkcs8PrivateKeyPem(
                "password", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)),
            "elliptic" => curve.ExportPkcs8PrivateKeyPem(),
            _ => rsa.ExportPkcs8PrivateKeyPem(),
        };
        return (pem, DotNetUtilities.GetRsaPublicKey(rsa));
    }

    private static bool Verifies(string content, AsymmetricKeyParameter published)
    {
        using var message = MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(content)));
        return new DkimVerifier(new Published(published)).Verify(message, message.Headers[message.Headers.IndexOf(HeaderId.DkimSignature)]);
    }

    private static string? Validate(Action<DkimOptions> change, string from = "licenses@example.org") =>
        MailRulesTests.Validate("Production", o =>
        {
            (o.Transport, o.From, o.StaffAlerts) = (MailTransportKind.Pickup, from, "a@example.org");
            change(o.Dkim);
        });

    private string Write(string pem)
    {
        var file = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("n"));
        File.WriteAllText(file, pem);
        return file;
    }

    private sealed class Published(AsymmetricKeyParameter key) : IDkimPublicKeyLocator
    {
        public AsymmetricKeyParameter LocatePublicKey(
            string methods, string domain, string selector, CancellationToken cancellationToken = default) => key;

        public Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods, string domain, string selector, CancellationToken cancellationToken = default) => Task.FromResult(key);
    }
}
