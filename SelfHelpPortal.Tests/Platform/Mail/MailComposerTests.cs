using System.Security.Cryptography;
using System.Text;
using MimeKit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>The bytes of a mail.</summary>
public sealed class MailComposerTests
{
    private const string LongName =
        "Gästehaus „Zur Möwe“, Óscar & Söhne, Größe und noch viel mehr Wörter, damit der Name in keine Zeile paßt";

    private static readonly string[] Poison =
    [
        "\r\nBcc: x@evil.example", "\nX-Evil: 1", "\r", "\0", "\"", "\\", "<x@evil.example>", ", x@evil.example",
        "\u202E", "\u2028Bcc: x@evil.example",
        "=?utf-8?Q?=0D=0ABcc:x?=", " =?utf-8?B?DQpCY2M6eA==?= ", ";", "\t", "\u0085", "(", "😀", "\r\n\r\n<p>body</p>", "\uD800",
    ];

    [Fact]
    public async Task The_same_mail_is_the_same_bytes_at_each_attempt_and_by_each_way()
    {
        var mail = await ExampleAsync("de");
        var bytes = Bytes(mail);
        Bytes(mail).ShouldBe(bytes);
        Bytes(mail with { Subject = mail.Subject + "." }).ShouldNotBe(bytes);

        await using var server = new ScriptedSmtpServer();
        await using var transport = MailParts.Smtp(MailParts.MailOptions(server.Port));
        await transport.SendAsync(mail, CancellationToken.None);
        await transport.DisposeAsync();
        await transport.SendAsync(mail, CancellationToken.None);
        server.Deliveries.Select(d => Encoding.Latin1.GetBytes(d.Content)).ShouldAllBe(d => d.SequenceEqual(bytes));
        server.Deliveries.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task Every_line_is_ascii_and_short(string culture)
    {
        foreach (var example in MailExamples.All(culture))
        {
            var file = new MailFile(LongName + ".pdf", "application/pdf", RandomNumberGenerator.GetBytes(1_000));
            var mail = await MailParts.EnvelopeAsync(example, file);
            var text = Encoding.Latin1.GetString(Bytes(mail with { ToName = LongName, Subject = $"{mail.Subject} {LongName}" }));

            text.ShouldAllBe(c => c < 128 && (c >= ' ' || c == '\t' || c == '\r' || c == '\n'));
            text.Replace("\r\n", "", StringComparison.Ordinal).IndexOfAny(['\r', '\n']).ShouldBe(-1);

            // The library's encoded words may be a little longer than RFC 2047 allows; a server cuts at 998.
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            text[..head].Split("\r\n").Max(l => l.Length).ShouldBeLessThanOrEqualTo(90, example.Kind);
            text[head..].Split("\r\n").Max(l => l.Length).ShouldBeLessThanOrEqualTo(78, example.Kind);
        }
    }

    [Fact]
    public async Task Names_subject_and_files_are_read_as_they_were_written()
    {
        var mail = await ExampleAsync("de");
        using var read = Read(mail);
        read.Subject.ShouldBe(mail.Subject);
        read.To.Mailboxes.Single().Name.ShouldBe(LongName);
        read.Date.ShouldBe(mail.Date);
        read.TextBody!.ReplaceLineEndings("\n").ShouldBe(mail.Text);
        read.HtmlBody!.ReplaceLineEndings("\n").ShouldBe(mail.Html.ReplaceLineEndings("\n"));
        read.Attachments.Cast<MimePart>().Select(a => (a.FileName, a.ContentType.Name, a.ContentType.MimeType, Content(a))).ShouldBe(
        [
            (LongName + ".pdf", LongName + ".pdf", "application/pdf", Convert.ToHexString(mail.Files[0].Content)),
            ("Größe.xml", "Größe.xml", "text/xml", Convert.ToHexString(mail.Files[1].Content)),
        ]);
        Encoding.Latin1.GetString(Bytes(mail)).ShouldContain("filename*0*=utf-8''");
    }

    [Fact]
    public async Task Nothing_that_somebody_typed_becomes_a_header_or_a_recipient()
    {
        var mail = await ExampleAsync("de");
        using var clean = Read(mail);
        foreach (var poison in Poison)
        {
            var name = $"A{poison}B";
            var file = new MailFile(name + ".pdf", "application/pdf", [1]);
            using var read = Read(mail with { ToName = name, Subject = name, Files = [file] });
            read.Headers.Select(h => h.Field).ShouldBe(clean.Headers.Select(h => h.Field), poison);
            read.To.Mailboxes.Single().Address.ShouldBe(mail.ToAddress, poison);
            read.Cc.Concat(read.Bcc).ShouldBeEmpty(poison);
            read.TextBody!.ReplaceLineEndings("\n").ShouldBe(mail.Text, poison);
            var attached = read.Attachments.Single().ContentDisposition?.FileName;
            foreach (var shown in (string?[])[read.To.Mailboxes.Single().Name, read.Subject, attached])
            {
                shown.ShouldNotBeNull().ShouldStartWith("A");
                shown.ShouldContain("B");
                shown.ShouldAllBe(c => !char.IsControl(c), poison);
            }
        }
    }

    [Fact]
    public async Task A_boundary_is_nowhere_else()
    {
        var mail = await ExampleAsync("de");
        var text = Encoding.Latin1.GetString(Bytes(mail));
        text.Split($"--=-{mail.Id:n}-0\r\n").Length.ShouldBe(3);
        text.Split($"--=-{mail.Id:n}-1\r\n").Length.ShouldBe(4);
    }

    private static async Task<MailEnvelope> ExampleAsync(string culture)
    {
        var mail = await MailParts.EnvelopeAsync(
            MailExamples.Released(culture),
            new MailFile(LongName + ".pdf", "application/pdf", RandomNumberGenerator.GetBytes(1_000)),
            new MailFile("Größe.xml", "text/xml; charset=utf-8", "<a>\n.\r\nß</a>"u8.ToArray()));
        return mail with { ToName = LongName, Subject = "Ihre Rechnung für „Größe“ – " + LongName };
    }

    private static string Content(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content!.DecodeTo(content);
        return Convert.ToHexString(content.ToArray());
    }

    private static MimeMessage Read(MailEnvelope mail) => MimeMessage.Load(new MemoryStream(Bytes(mail)));

    private static byte[] Bytes(MailEnvelope mail)
    {
        using var message = MailParts.Composer().Compose(mail);
        using var bytes = new MemoryStream();
        message.WriteTo(MailComposer.Format, bytes);
        return bytes.ToArray();
    }
}
