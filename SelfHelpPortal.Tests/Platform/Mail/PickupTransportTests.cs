using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Preview;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

public sealed class PickupTransportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-pickup-");

    [Fact]
    public async Task A_reader_beside_the_writer_never_sees_half_a_mail()
    {
        const int count = 100;
        var mail = await MailParts.EnvelopeAsync(MailExamples.Released("de"));
        using var done = new CancellationTokenSource();
        var read = 0;
        var reading = Task.Run(() =>
        {
            do
            {
                foreach (var file in _folder.EnumerateFiles("*.eml"))
                {
                    var content = File.ReadAllText(file.FullName);
                    content.ShouldStartWith("From:");
                    content.TrimEnd().ShouldEndWith("--");
                    read++;
                }
            }
            while (!done.IsCancellationRequested);
        });
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            await using var transport = Transport();
            for (var i = 0; i < count / 2; i++)
            {
                (await transport.SendAsync(mail with { Id = Guid.NewGuid() }, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);
            }
        }));
        await done.CancelAsync();
        await reading;

        _folder.GetFiles("*.eml").Length.ShouldBe(count);
        read.ShouldBeGreaterThan(count);
        _folder.GetDirectories("tmp").Single().EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_file_is_named_by_time_kind_and_id()
    {
        var mail = await MailParts.EnvelopeAsync(MailExamples.Released("de"));
        await using var transport = Transport();
        await transport.SendAsync(mail, CancellationToken.None);
        _folder.GetFiles("*.eml").Single().Name.ShouldBe($"20261116-090000-released-{mail.Id}.eml");
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_is_a_matter_of_configuration()
    {
        var file = Path.Combine(_folder.FullName, "a-file");
        await File.WriteAllTextAsync(file, "");
        var options = Options.Create(new MailOptions { From = "a@example.org", PickupDirectory = file });
        await using var transport = new PickupTransport(options, MailParts.Composer(), new TestClock());
        var mail = await MailParts.EnvelopeAsync(MailExamples.Released("de"));
        (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Configuration);
    }

    /// <summary>A reader that somebody else wrote: Python's, with its strict policy.</summary>
    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task Another_implementation_reads_the_mail_without_a_defect(string culture)
    {
        byte[] content = [.. RandomNumberGenerator.GetBytes(50_000), 13, 10, 46, 13, 10];
        var mail = await MailParts.EnvelopeAsync(
            MailExamples.Released(culture)
                with
            { To = MailExamples.Customer(culture) with { Name = "Gästehaus „Zur Möwe“, Óscar & Söhne" } },
            new MailFile("Lizenz-L-1044.lshlic", "application/octet-stream", content));
        await using (var transport = Transport())
        {
            (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);
        }

        const string reader = """
            import email, email.header, email.policy, hashlib, json, sys
            raw = open(sys.argv[1], 'rb').read()
            m = email.message_from_bytes(raw, policy=email.policy.default)
            # Some versions of the new reader put a space where a name is folded; the old one joins it as RFC 2047 says.
            to = str(email.header.make_header(email.header.decode_header(email.message_from_bytes(raw)['to'])))
            parts = list(m.walk())
            print(json.dumps({
                'defects': [str(d) for p in parts for d in p.defects]
                    + [str(d) for p in parts for v in p.values() for d in getattr(v, 'defects', [])],
                'types': [p.get_content_type() for p in parts],
                'subject': m['subject'], 'to': to, 'address': [a.addr_spec for a in m['to'].addresses], 'id': m['message-id'],
                'year': m['date'].datetime.year,
                'text': m.get_body(('plain',)).get_content(), 'html': m.get_body(('html',)).get_content(),
                'files': [[a.get_filename(), a.get_content_type(), hashlib.sha256(a.get_content()).hexdigest()]
                    for a in m.iter_attachments()]}))
            """;
        var (exit, output) = await ChildProcess.RunAsync("python3", ["-c", reader, _folder.GetFiles("*.eml").Single().FullName]);
        exit.ShouldBe(0, output);
        using var json = JsonDocument.Parse(output);
        string Of(string name) => json.RootElement.GetProperty(name).GetRawText();
        string TextOf(string name) => json.RootElement.GetProperty(name).GetString()!.ReplaceLineEndings("\n");

        Of("defects").ShouldBe("[]");
        Of("types").ShouldBe("""["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/octet-stream"]""");
        TextOf("subject").ShouldBe(mail.Subject);
        TextOf("to").ShouldBe($"{mail.ToName} <{mail.ToAddress}>");
        Of("address").ShouldBe($"[\"{mail.ToAddress}\"]");
        TextOf("id").ShouldBe(mail.MessageId);
        json.RootElement.GetProperty("year").GetInt32().ShouldBeGreaterThan(2000);
        TextOf("text").ShouldBe(mail.Text);
        TextOf("html").ShouldBe(mail.Html.ReplaceLineEndings("\n"));
        Of("files")
            .ShouldBe(
                $"""[["Lizenz-L-1044.lshlic", "application/octet-stream", "{Convert.ToHexStringLower(SHA256.HashData(content))}"]]""");
    }

    [Fact]
    public async Task The_preview_reads_what_is_written()
    {
        var mail = await MailParts.EnvelopeAsync(MailExamples.Released("de"));
        await using (var transport = Transport())
        {
            await transport.SendAsync(mail, CancellationToken.None);
        }

        var read = EmlFile.Parse(await File.ReadAllTextAsync(_folder.GetFiles("*.eml").Single().FullName));
        read.Header("Subject").ShouldBe(mail.Subject);
        read.Text.ReplaceLineEndings("\n").ShouldBe(mail.Text);
        read.Attachments.ShouldBeEmpty();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private PickupTransport Transport()
    {
        var options = MailParts.MailOptions();
        options.PickupDirectory = _folder.FullName;
        return new PickupTransport(Options.Create(options), MailParts.Composer(), new TestClock());
    }
}
