using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>Rules without a server or database: addresses, names, what follows from a result, configuration.</summary>
public sealed class MailRulesTests
{
    private static readonly DateTimeOffset Now = TestClock.Start;

    [Theory]
    [InlineData("name@firma.de", "name@firma.de")]
    [InlineData("  Name+tag@Firma.DE ", "Name+tag@firma.de")]
    [InlineData("info@müller.example", "info@xn--mller-kva.example")]
    [InlineData("", null)]
    [InlineData("name", null)]
    [InlineData("name@", null)]
    [InlineData("@firma.de", null)]
    [InlineData("name@firma", null)]
    [InlineData("a@b.de, c@d.de", null)]
    [InlineData("a@b.de;c@d.de", null)]
    [InlineData("Name <a@b.de>", null)]
    [InlineData("a b@firma.de", null)]
    [InlineData("a\r\nBcc: x@y.de@firma.de", null)]
    [InlineData("a@firma.de\0", null)]
    [InlineData("\"a b\"@firma.de", null)]
    [InlineData("grüße@firma.de", null)]
    [InlineData(".a@firma.de", null)]
    [InlineData("a..b@firma.de", null)]
    [InlineData("a@-firma.de", null)]
    [InlineData("a@[127.0.0.1]", null)]
    [InlineData("a@firma.de.", null)]
    [InlineData("a@firma..de", null)]
    public void An_address_is_one_mailbox(string text, string? expected) => MailAddresses.Normalize(text).ShouldBe(expected);

    [Theory]
    [InlineData("jürgen@firma.de", "EmailNotAscii")]
    [InlineData("josé@firma.example", "EmailNotAscii")]
    [InlineData("jürgen", "EnterEmail")]
    [InlineData("kasse(at)müller", "EnterEmail")]
    [InlineData("a b@müller.de", "EnterEmail")]
    [InlineData(null, "EnterEmail")]
    public void Why_it_is_none_is_said(string? text, string word) => MailAddresses.WordOfProblem(text).ShouldBe(word);

    [Fact]
    public void An_address_has_at_most_254_characters()
    {
        MailAddresses.Normalize($"a@{string.Join('.', Enumerable.Repeat(new string('b', 60), 4))}.de").ShouldNotBeNull();
        MailAddresses.Normalize($"a@{string.Join('.', Enumerable.Repeat(new string('b', 61), 4))}.{new string('c', 8)}").ShouldBeNull();
        MailAddresses.Normalize($"{new string('a', 65)}@firma.de").ShouldBeNull();
    }

    [Fact]
    public void An_address_in_a_log_is_masked() => MailAddresses.Mask("kasse@firma.de").ShouldBe("k•••@firma.de");

    [Theory]
    [InlineData("Muster\r\nBcc: x@y.de", "Muster Bcc: x@y.de")]
    [InlineData("  a\t\tb\0c ", "a b c")]
    [InlineData("abc\u202Ecod.exe\u200B", "abccod.exe")]
    [InlineData("Gästehaus 😀 東京", "Gästehaus 😀 東京")]
    public void Foreign_text_is_one_line(string text, string expected) => UntrustedText.OneLine(text).ShouldBe(expected);

    [Fact]
    public void Half_a_character_becomes_the_sign_for_it() => UntrustedText.OneLine("\uD800half").ShouldBe("\uFFFDhalf");

    [Fact]
    public void A_name_has_no_quotes_and_an_end()
    {
        UntrustedText.Name("\"Muster\" <x@y.de>\\").ShouldBe("Muster x@y.de");
        UntrustedText.Name(" \u202E ").ShouldBeNull();
        UntrustedText.Name(new string('a', 99) + "😀").ShouldBe(new string('a', 99));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(3, 15)]
    [InlineData(4, 30)]
    [InlineData(5, 60)]
    [InlineData(6, 120)]
    [InlineData(7, 240)]
    [InlineData(12, 240)]
    public void A_transient_failure_waits_longer_each_time(int attempt, int minutes)
    {
        var mail = Mail(attempt);
        MailVerdict.Decide(SendResult.Transient, mail, Now, spread: 0, refusedBefore: false)
            .ShouldBe(new(OutboxState.Pending, AttemptResult.Transient, Now.AddMinutes(minutes), CountsAttempt: true, KeepsPayload: true));
        MailVerdict.Decide(SendResult.Transient, mail, Now, spread: 1, refusedBefore: false).DueAt.ShouldBe(Now.AddMinutes(minutes * 1.1));
        MailVerdict.Decide(SendResult.Transient, mail, Now, spread: -1, refusedBefore: false).DueAt.ShouldBe(Now.AddMinutes(minutes * 0.9));
    }

    [Fact]
    public void After_48_hours_a_transient_failure_is_final()
    {
        var mail = Mail(20);
        MailVerdict.Decide(SendResult.Transient, mail, mail.CreatedAt.AddHours(47), 0, false).DueAt.ShouldBe(mail.CreatedAt.AddHours(48));
        MailVerdict.Decide(SendResult.Transient, mail, mail.CreatedAt.AddHours(48), 0, false).State.ShouldBe(OutboxState.Failed);
    }

    [Fact]
    public void Each_result_leads_to_its_state()
    {
        var mail = Mail(1);
        MailVerdict Decide(SendResult result, bool refusedBefore = false) => MailVerdict.Decide(result, mail, Now, 0, refusedBefore);

        Decide(SendResult.Sent).ShouldSatisfyAllConditions(v => v.State.ShouldBe(OutboxState.Sent), v => v.KeepsPayload.ShouldBeFalse());
        Decide(SendResult.RecipientRefused)
            .ShouldSatisfyAllConditions(v => v.State.ShouldBe(OutboxState.Failed), v => v.KeepsPayload.ShouldBeTrue());
        Decide(SendResult.MessageRefused).State.ShouldBe(OutboxState.Failed);
        Decide(SendResult.Configuration)
            .ShouldBe(new(OutboxState.Pending, AttemptResult.Configuration, mail.DueAt, CountsAttempt: false, KeepsPayload: true));
        Decide(SendResult.Configuration, refusedBefore: true)
            .ShouldBe(new(OutboxState.Failed, AttemptResult.MessageRefused, mail.DueAt, CountsAttempt: true, KeepsPayload: true));
        Decide(SendResult.Unknown)
            .ShouldBe(new(OutboxState.Unknown, AttemptResult.Unknown, Now.AddMinutes(15), CountsAttempt: true, KeepsPayload: true));
        mail.UnknownCount = 1;
        Decide(SendResult.Unknown).State.ShouldBe(OutboxState.Failed);
        MailVerdict.Expired(mail)
            .ShouldSatisfyAllConditions(v => v.State.ShouldBe(OutboxState.Failed), v => v.KeepsPayload.ShouldBeFalse());
    }

    [Fact]
    public void Development_needs_no_configuration_and_production_says_what_is_missing()
    {
        Validate("Development", _ => { }).ShouldBeNull();
        Validate("Production", _ => { }).ShouldNotBeNull().ShouldContain("Mail:Transport");
        Validate("Production", o => o.Transport = MailTransportKind.Smtp).ShouldNotBeNull().ShouldContain("Mail:From");
        Validate("Production", Complete).ShouldBeNull();
        Validate("Production", o => { Complete(o); o.StaffAlerts = "a@example.org, b@"; }).ShouldNotBeNull()
            .ShouldContain("Mail:StaffAlerts");
        Validate("Production", o => { Complete(o); o.StaffAlerts = ""; }).ShouldNotBeNull().ShouldContain("Mail:StaffAlerts");
        Validate("Production", o => { Complete(o); o.ReplyTo = "x"; }).ShouldNotBeNull().ShouldContain("Mail:ReplyTo");
        Validate("Production", o => { Complete(o); o.Workers = 0; }).ShouldNotBeNull().ShouldContain("Mail:Workers");
        Validate("Production", o => { Complete(o); o.RefusedDays = 0; }).ShouldNotBeNull().ShouldContain("Mail:RefusedDays");
        Validate("Production", o => { Complete(o); o.Smtp.Host = ""; }).ShouldNotBeNull().ShouldContain("Mail:Smtp:Host");
        Validate("Production", o => { Complete(o); o.Smtp.TimeoutSeconds = 601; }).ShouldNotBeNull()
            .ShouldContain("Mail:Smtp:TimeoutSeconds");
        Validate("Production", o => { Complete(o); o.Smtp.Security = SmtpSecurity.None; }).ShouldNotBeNull()
            .ShouldContain("Mail:Smtp:Security");
        Validate("Production", o => { Complete(o); o.Smtp.Security = SmtpSecurity.None; o.Smtp.Host = "127.0.0.1"; }).ShouldBeNull();
        Validate("Production", o => { Complete(o); o.Transport = MailTransportKind.Pickup; o.Smtp.Host = ""; }).ShouldBeNull();

        Validate("Production", o => { Complete(o); o.Smtp.Security = SmtpSecurity.Tls; }).ShouldBeNull();
        Validate("Production", o => { Complete(o); o.Smtp.User = "portal"; o.Smtp.Password = "x"; }).ShouldBeNull();
        Validate("Production", o => { Complete(o); o.Smtp.User = "portal"; }).ShouldNotBeNull().ShouldContain("Mail:Smtp:User");
        Validate("Production", o => { Complete(o); o.Smtp.Password = "x"; }).ShouldNotBeNull().ShouldContain("Mail:Smtp:User is missing");
        var program = typeof(MailRulesTests).Assembly.Location;
        Validate("Production", o => Token(o, program)).ShouldBeNull();
        Validate("Production", o => { Token(o, program); o.Smtp.Password = "x"; }).ShouldNotBeNull().ShouldContain("keep one");
        Validate("Production", o => { Token(o, program); o.Smtp.User = ""; }).ShouldNotBeNull().ShouldContain("Mail:Smtp:User is missing");
        foreach (var wrong in (string[])["token", "/does/not/exist", ""])
        {
            Validate("Production", o => Token(o, wrong)).ShouldNotBeNull().ShouldContain($"Mail:Smtp:TokenCommand begins with '{wrong}'");
        }

        static void Token(MailOptions o, string command)
        {
            Complete(o);
            o.Smtp.User = "portal";
            o.Smtp.TokenCommand.Add(command);
        }

        static void Complete(MailOptions o)
        {
            o.Transport = MailTransportKind.Smtp;
            o.From = "licenses@example.org";
            o.StaffAlerts = "a@example.org, b@example.org";
            o.Smtp.Host = "smtp.example.org";
        }
    }

    [Fact]
    public void The_longest_conversation_ends_before_the_lease()
    {
        OutboxQueue.Lease.ShouldBeGreaterThan(TimeSpan.FromSeconds(600));
    }

    internal static string? Validate(string environment, Action<MailOptions> change)
    {
        var options = new MailOptions();
        change(options);
        var host = new Host(environment);
        MailOptionsRules.Complete(options, host);
        return MailOptionsRules.Validate(options, host).FirstOrDefault();
    }

    private static OutboxMessage Mail(int attempts) => new()
    {
        Kind = "released",
        BusinessKey = "1",
        Priority = MailPriority.Normal,
        DueAt = Now.AddMinutes(-1),
        CreatedAt = Now.AddHours(-1),
        Attempts = attempts,
        MessageId = "<1@example.org>",
        ToAddress = "a@example.org",
        Culture = "de",
        Subject = "x",
        CopyText = "x",
    };

    private sealed class Host(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;
        public string ApplicationName { get; set; } = "SelfHelpPortal";
        public string ContentRootPath { get; set; } = Path.GetTempPath();
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
