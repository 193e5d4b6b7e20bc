using System.Globalization;
using System.Resources;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.Platform.Pdf;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>
/// What every kind of mail must have: both languages, a text that says what the HTML says, our links only, no secret in the copy.
/// </summary>
public sealed partial class MailBodyTests
{
    // kind | German subject | English subject | expires
    private static readonly string[] Kinds =
    [
        "release-confirm | Bitte bestätigen: Lizenz freigeben | Please confirm: release license | expires",
        "released | Lizenz freigegeben: BeamAlign [L-1044] | License released: BeamAlign [L-1044] | expires",
        "activated-offline | Ihre Lizenzdatei: BeamAlign [L-1044] | Your license file: BeamAlign [L-1044] | -",
        "objected | Ihr Einspruch ist da [F-1001] | We have your objection [F-1001] | -",
        "staff-objection | Einspruch [F-1001]: bitte sofort prüfen | Objection [F-1001]: please check now | -",
        "seen-again | Ihr alter PC nutzt die Lizenz noch [F-1001] | Your old PC still uses the license [F-1001] | expires",
        "computer-locked | Der alte PC ist gesperrt [F-1001] | The old PC is locked [F-1001] | expires",
        "locked | Lizenz gesperrt, bitte melden Sie sich [F-1001] | License locked, please contact us [F-1001] | expires",
        "flag-answered | Ihre Antwort ist da [F-1001] | We have your answer [F-1001] | -",
        "flag-question | Wir haben eine Frage [F-1001] | We have a question [F-1001] | expires",
        "emergency-code | Notfallcode für 72 Stunden [F-1001] | Emergency code for 72 hours [F-1001] | -",
        "staff-invitation | Richten Sie Ihr Mitarbeiterkonto ein | Set up your staff account | expires",
        "staff-flag-answered | Antwort zu F-1001: Muster Gastro GmbH | Answer to F-1001: Muster Gastro GmbH | -",
        "staff-flag | Auffälligkeit F-1001: Muster Gastro GmbH | Flag F-1001: Muster Gastro GmbH | -",
        "staff-breaker | Sperren angehalten: 21 in einer Stunde | Locks stopped: 21 within an hour | -",
        "security-notice | Ihr Zugang wurde geändert: Passwort | Your sign-in was changed: password | -",
        "new-device | Neue Anmeldung | New sign-in | -",
        "sign-in-locked | Die Anmeldung ist für eine Weile gesperrt | Sign-in is locked for a while | -",
        "wrong-code | Passwort richtig, Code falsch | Correct password, wrong code | -",
        "unlocked | Lizenz wieder frei [F-1001] | License unlocked [F-1001] | -",
        "invoice-copy | Rechnung 2026-00042 [M-7F3K-20] | Invoice 2026-00042 [M-7F3K-20] | -",
        "invoice-cancelled | Stornorechnung S2026-00007 zu Rechnung 2026-00042 | Cancellation S2026-00007 of invoice 2026-00042 | -",
        "invoice-reminder | Zahlungserinnerung: Rechnung 2026-00042 | Payment reminder: invoice 2026-00042 | -",
        "payment-received | Zahlung erhalten: Rechnung 2026-00042 | Payment received: invoice 2026-00042 | -",
        "staff-digest | Wochenüberblick: 16.11.2026 bis 22.11.2026 | Weekly summary: 16 Nov 2026 to 22 Nov 2026 | -",
        "staff-payment | Mahnstufe 3: Rechnung 2026-00042 | Level 3: invoice 2026-00042 | -",
        "transfer-confirm | Bitte bestätigen: Lizenz-Migration [M-7F3K-20] | Please confirm: license migration [M-7F3K-20] | expires",
        "transfer-received | Ihre Bestellung, nächste Schritte [M-7F3K-20] | Your order, next steps [M-7F3K-20] | expires",
        "transfer-withdrawn | Ihre Bestellung ist zurückgezogen [M-7F3K-20] | Your order has been withdrawn [M-7F3K-20] | -",
        "staff-transfer | Migration prüfen [M-7F3K-20] | Review migration [M-7F3K-20] | -",
        "transfer-completed | Ihre neue Lizenz und Rechnung [M-7F3K-20] | Your new license and invoice [M-7F3K-20] | expires",
        "transfer-invoice | Ihre Rechnung, die Lizenz folgt nach Zahlung [M-7F3K-20] | Your invoice, the license follows after payment "
            + "[M-7F3K-20] | expires",
        "transfer-question | Wir haben eine Frage [M-7F3K-20] | We have a question [M-7F3K-20] | expires",
        "transfer-declined | Wir können Ihre Bestellung nicht annehmen [M-7F3K-20] | We cannot accept your order [M-7F3K-20] | -",
        "lost-key | Ihre Aktivierungsschlüssel | Your activation keys | -",
        "subscription-renewed | Subscription verlängert bis 30.11.2027 [L-1044] | Subscription renewed until 30 Nov 2027 [L-1044] | -",
        "owner-confirm | Bitte bestätigen: Lizenznehmerdaten ändern [H-7F3K-20] | Please confirm: new licensee details "
            + "[H-7F3K-20] | expires",
        "owner-question | Wir haben eine Rückfrage zu Ihren Lizenznehmerdaten [H-7F3K-20] | We have a question about your licensee details "
            + "[H-7F3K-20] | expires",
        "owner-declined | Wir können den Lizenznehmer nicht ändern [H-7F3K-20] | We cannot change the licensee [H-7F3K-20] | -",
        "owner-settled | Lizenznehmerdaten geändert [H-7F3K-20] | Licensee details changed [H-7F3K-20] | -",
        "staff-owner-change | Änderung des Lizenznehmers prüfen [H-7F3K-20] | Review change of licensee [H-7F3K-20] | -",
        "license-handed-over | Ihre Lizenz ist übertragen [H-7F3K-20] | Your license has been transferred [H-7F3K-20] | -",
        "loan-confirm | Darf Ihre Lizenz verliehen werden? [L-1044] | Do you agree to a loan of your license? [L-1044] | expires",
        "loan-issued | Ihre Leihlizenz bis 30.11.2026 | Your loan license until 30 Nov 2026 | expires",
        "loan-ending | Leihlizenz endet am 30.11.2026 | Loan license ends on 30 Nov 2026 | expires",
        "loan-ended | Leihlizenz beendet [L-1044] | Loan license ended [L-1044] | expires",
        "loan-declined | Zu Ihrer Leihlizenz [L-1044] | About your loan license [L-1044] | -",
        "overlap-begun | Ihre Lizenz zieht um: Der alte PC läuft bis 30.11.2026 "
            + "| Your license is moving: the old PC works until 30 Nov 2026 | expires",
        "overlap-ending | Ihr alter PC läuft nur noch bis 30.11.2026 | Your old PC works only until 30 Nov 2026 | -",
        "staff-loan | Leihlizenz prüfen [L-1044] | Review loan license [L-1044] | -",
        "appointment-booked | Termin am 03.12.2026, 14:00 Uhr | Appointment on 3 Dec 2026, 14:00 | expires",
        "appointment-moved | Neuer Termin: 03.12.2026, 14:00 Uhr | New appointment: 3 Dec 2026, 14:00 | expires",
        "appointment-cancelled | Termin abgesagt: 03.12.2026, 14:00 Uhr | Appointment cancelled: 3 Dec 2026, 14:00 | -",
        "appointment-reminder | Erinnerung: Ihr Termin morgen um 14:00 Uhr | Reminder: your appointment tomorrow at 14:00 | expires",
        "account-confirm | Bitte bestätigen Sie Ihre Adresse | Please confirm your address | expires",
        "account-exists | Sie haben schon ein Konto | You already have an account | -",
        "account-opened | Jemand hat mit Ihrem Schlüssel ein Konto eröffnet [L-1044] | Someone has opened an account with your key "
            + "[L-1044] | expires",
        "password-reset | Neues Passwort festlegen | Set a new password | expires",
        "data-ready | Ihre Daten liegen bereit | Your data is ready | expires",
        "account-erased | Ihr Konto ist gelöscht | Your account has been erased | -",
        "customer-invitation | Sie erhalten Zugang zu Lizenzen | You have been given access to licenses | expires",
        "address-change | Bitte bestätigen Sie Ihre neue Adresse | Please confirm your new address | expires",
        "address-on-file-changed | Ihre hinterlegte E-Mail-Adresse wurde geändert [C-10042] | Your e-mail address on file has been changed "
            + "[C-10042] | -",
        "details-changed | Ihre Firmendaten wurden geändert [C-10042] | Your company details were changed [C-10042] | -",
        "access-changed | Ein neuer Inhaber hat Zugang zu Ihren Lizenzen [C-10042] | A new owner has access to your licenses [C-10042] | -",
        "test-mail | Testmail Ihres Lizenzportals | Test mail from your license portal | -",
        "suspended | Ihre Lizenz ist ausgesetzt [L-1044] | Your license has been suspended [L-1044] | -",
    ];

    private static IEnumerable<Type> MailTypes =>
        typeof(MailModel).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(MailModel)) && !t.IsAbstract);

    public static TheoryData<string, int> Examples()
    {
        var data = new TheoryData<string, int>();
        foreach (var culture in (string[])["de", "en"])
        {
            for (var i = 0; i < MailExamples.All(culture).Count(); i++)
            {
                data.Add(culture, i);
            }
        }

        return data;
    }

    private static MailModel Example(string culture, int index) => MailExamples.All(culture).ElementAt(index);

    [Fact]
    public async Task Every_kind_stands_in_the_table_with_both_subjects_and_its_expiry()
    {
        var renderer = MailParts.Renderer();
        var found = new List<string>();
        foreach (var type in MailTypes)
        {
            var german = MailExamples.All("de").FirstOrDefault(m => m.GetType() == type).ShouldNotBeNull($"{type.Name} has no example");
            var english = MailExamples.All("en").First(m => m.GetType() == type);
            found.Add(string.Join(
                " | ", german.Kind, (await renderer.RenderAsync(german)).Subject, (await renderer.RenderAsync(english)).Subject,
                german.Expires is null ? "-" : "expires"));
        }

        found.Order(StringComparer.Ordinal).ShouldBe(Kinds.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("de", "Vertreten durch Erika Muster", "Telefon +49 30 0000000 (Mo–Fr 8–17 Uhr), E-Mail")]
    [InlineData("en", "Represented by Erika Muster", "Phone +49 30 0000000 (Mon–Fri, 8 am to 5 pm), e-mail")]
    public async Task The_foot_says_who_represents_the_vendor_and_when_somebody_answers(string culture, string people, string contact)
    {
        var vendor = Options.Create(new VendorOptions
        {
            RepresentedBy = "Erika Muster",
            PhoneHoursDe = "Mo–Fr 8–17 Uhr",
            PhoneHoursEn = "Mon–Fri, 8 am to 5 pm",
        });

        var told = await MailParts.Renderer(vendor).RenderAsync(MailExamples.Released(culture));
        var silent = await MailParts.Renderer().RenderAsync(MailExamples.Released(culture));

        told.Text.ShouldContain(people);
        told.Text.ShouldContain(contact);
        silent.Text.ShouldNotContain(people.Split(' ')[0]);
        silent.Text.ShouldNotContain("()");
    }

    [Fact]
    public async Task A_vendor_with_a_logo_and_colors_writes_buttons_in_them_and_no_picture()
    {
        var vendor = new VendorOptions { Accent = new() { Light = "#6b0e5a" } };
        vendor.Images = vendor.Images with { Logo = VendorImage.Read("logo", Png.Logo(260, 100)).Image };

        var mail = await MailParts.Renderer(Options.Create(vendor)).RenderAsync(MailExamples.Released("de"));
        var plain = await MailParts.Renderer().RenderAsync(MailExamples.Released("de"));

        mail.Html.ShouldContain("background-color:#6b0e5a;color:#ffffff");
        plain.Html.ShouldContain("background-color:#0e5a6b;color:#ffffff");
        mail.Html.ShouldNotContain("<img");
        mail.Text.ShouldBe(plain.Text);
    }

    [Fact]
    public void A_mail_that_holds_a_one_time_link_expires_with_it()
    {
        foreach (var mail in MailExamples.All("de"))
        {
            var links = mail.GetType().GetProperties().Where(p => p.PropertyType == typeof(OneTimeLink))
                .Select(p => (OneTimeLink)p.GetValue(mail)!).ToList();
            // A license file is of use longer than the link by which its owner objects.
            var until = mail is LoanIssuedMail lent ? lent.Page.Expires
                : links.Count == 0 ? (DateTimeOffset?)null
                : links.Min(l => l.Expires);
            mail.Expires.ShouldBe(until, mail.Kind);
        }
    }

    [Fact]
    public void Both_languages_have_the_same_texts_and_no_text_is_missing()
    {
        foreach (var type in MailTypes.Append(typeof(MailWords)))
        {
            var resources = new ResourceManager(type);
            var english = Texts(resources, "");
            var german = Texts(resources, "de");
            german.Keys.Order(StringComparer.Ordinal).ShouldBe(english.Keys.Order(StringComparer.Ordinal), type.Name);
            foreach (var (key, text) in german)
            {
                text.ShouldNotBeNullOrWhiteSpace();
                Placeholders(text).ShouldBe(Placeholders(english[key]), $"{type.Name}.{key}");
            }
        }

        static Dictionary<string, string> Texts(ResourceManager resources, string culture) =>
            resources.GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false).ShouldNotBeNull()
                .Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

        static IEnumerable<string> Placeholders(string text) =>
            Placeholder().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Text_and_HTML_say_the_same(string culture, int index)
    {
        var mail = await MailParts.Renderer().RenderAsync(Example(culture, index));
        var body = new HtmlParser().ParseDocument(mail.Html).Body.ShouldNotBeNull();

        // Another reader of the HTML than the one under test. What the text adds for the eye is left out on both sides.
        foreach (var item in body.QuerySelectorAll("ol > li"))
        {
            item.Prepend(item.Owner!.CreateTextNode($"{item.Index() + 1}. "));
        }

        Words(string.Join(' ', body.GetDescendants().OfType<IText>().Select(t => t.Data))).ShouldBe(Words(mail.Text));

        static IEnumerable<string> Words(string text) => Word().Matches(text).Select(m => m.Value);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Html_is_small_names_its_language_and_leads_to_us_only(string culture, int index)
    {
        var mail = await MailParts.Renderer().RenderAsync(Example(culture, index));
        Encoding.UTF8.GetByteCount(mail.Html).ShouldBeLessThan(30_000);
        var document = new HtmlParser().ParseDocument(mail.Html);
        document.DocumentElement.GetAttribute("lang").ShouldBe(culture);
        document.Title.ShouldBe(mail.Subject);
        document.QuerySelectorAll("h1").Length.ShouldBe(1);
        document.QuerySelectorAll("img,script,style,link,iframe,form").ShouldBeEmpty();
        document.All.SelectMany(e => e.Attributes).Where(a => a.Value.Contains("//", StringComparison.Ordinal))
            .ShouldAllBe(a => a.Name == "href" && a.Value.StartsWith(MailExamples.PublicUrl + "/", StringComparison.Ordinal));
        document.Links.OfType<IHtmlAnchorElement>().ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Texts_are_whole_sentences_for_people(string culture, int index)
    {
        var model = Example(culture, index);
        var mail = await MailParts.Renderer().RenderAsync(model);
        foreach (var text in (string[])[mail.Subject, mail.Text])
        {
            text.ShouldNotContain("{");
            text.ShouldNotContain("illegal", Case.Insensitive);
            text.ShouldNotContain("!");
            text.ShouldNotContain("  ");
        }

        mail.Text.ShouldContain(model.To.Culture == "de" ? "Telefon" : "hone ");
        if (model.Reference is not null)
        {
            mail.Text.ShouldContain(model.Reference);
        }

        mail.Text.ShouldContain("Europe/Berlin");
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task The_copy_for_staff_hides_where_links_lead(string culture, int index)
    {
        var mail = await MailParts.Renderer().RenderAsync(Example(culture, index));
        mail.Text.ShouldContain("https://");
        mail.Copy.ShouldNotContain("http");
        mail.Copy.Split('\n').Length.ShouldBe(mail.Text.Split('\n').Length);
    }

    [Fact]
    public async Task The_copy_for_staff_hides_keys_that_foreign_text_brought_in()
    {
        var mail = await MailParts.Renderer().RenderAsync(MailExamples.Released("de") with { PcName = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH" });
        mail.Text.ShouldContain("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH");
        mail.Copy.ShouldNotContain("5N400");
    }

    [Fact]
    public void The_copy_for_staff_hides_secrets()
    {
        const string html =
            """<body><p>Your keys:</p><p><code data-secret style="x">OLD-FORMAT-77</code></p><p>and no <code>more</code></p></body>""";
        MailPlainText.From(html).ShouldBe("Your keys:\n\nOLD-FORMAT-77\n\nand no more\n");
        MailPlainText.From(html, mask: true).ShouldBe("Your keys:\n\n•••\n\nand no more\n");
    }

    [Theory]
    [InlineData("<p>a <img src=\"https://elsewhere.example/pixel\"></p>")]
    [InlineData("<p>a <b>b</b></p>")]
    [InlineData("<p><a href=\"https://licenses.example.org/x\">here</a></p>")]
    public void The_text_refuses_what_it_cannot_say(string html) => Should.Throw<InvalidOperationException>(() => MailPlainText.From(html));

    [Fact]
    public void The_text_reads_the_kit()
    {
        MailPlainText.From(
            """
            <!DOCTYPE html><html><head><title>no</title></head><body><main><h1>T&#xE4;tel &amp;
              more</h1><p>One</p><table><tbody><tr><th>A</th> <td>b</td></tr><tr><th>C</th><td>d</td></tr></tbody></table>
            <ul><li>x</li><li>y</li></ul><ol><li>one</li><li>two</li></ol>
            <p><a href="https://a.example/?x=1&amp;y=2">Label</a></p>
            <p><a href="https://a.example/?x=1&amp;y=2">https://a.example/?x=1&amp;y=2</a></p>
            </main><footer><hr><p>End</p></footer></body></html>
            """).ShouldBe(
            "Tätel & more\n\nOne\n\nA: b\nC: d\n\n- x\n- y\n\n1. one\n2. two\n\nLabel:\nhttps://a.example/?x=1&y=2\n\n--\n\nEnd\n");
    }

    [Fact]
    public async Task Foreign_text_is_encoded_and_loses_what_is_invisible()
    {
        var mail = await MailParts.Renderer().RenderAsync(MailExamples.Released("de") with
        {
            Product = "Beam\u202E<script>alert(1)</script>\r\nBcc: x@example.org\0",
            PcName = "PC\u200B\u0007 <b>1</b>",
        });
        mail.Html.ShouldNotContain("<script");
        mail.Html.ShouldNotContain("<b>");
        mail.Subject.ShouldBe("Lizenz freigegeben: Beam<script>alert(1)</script> Bcc: x@example.org [L-1044]");
        mail.Text.ShouldContain("PC: PC…b");
    }

    [Theory]
    [InlineData("KASSE 3 (Tresen)", "KASSE 3 (Tresen)")]
    [InlineData("KASSE-Łódź_1", "KASSE-Łódź_1")]
    [InlineData("www.muster.example", "ww…e")]
    [InlineData("Rufen Sie uns sofort an 0123", "Ru…3")]
    [InlineData("+49 30 0000000", "+4…0")]
    public async Task What_could_be_read_as_more_than_a_name_of_a_computer_is_shortened(string typed, string shown) =>
        (await MailParts.Renderer().RenderAsync(MailExamples.Released("de") with { PcName = typed })).Text.ShouldContain($"PC: {shown}");

    [Fact]
    public async Task Times_are_the_vendors_with_the_zone()
    {
        (await MailParts.Renderer().RenderAsync(MailExamples.Released("de"))).Text.ShouldContain("16.11.2026, 10:00 Uhr (Europe/Berlin)");
        (await MailParts.Renderer().RenderAsync(MailExamples.Released("en"))).Text.ShouldContain("16 Nov 2026, 10:00 (Europe/Berlin)");
    }

    [Fact]
    public void Two_facts_of_one_kind_have_two_keys_and_one_fact_has_one()
    {
        var released = MailExamples.Released("de");
        released.BusinessKey.ShouldBe("9V1A2B3C4D5E6/1");
        (released with { PcName = "other", ReleasedAt = released.ReleasedAt.AddHours(1) }).BusinessKey.ShouldBe(released.BusinessKey);
        (released with { Generation = 2 }).BusinessKey.ShouldNotBe(released.BusinessKey);
        foreach (var kind in MailExamples.All("de").Where(m => m.Kind.StartsWith("staff-", StringComparison.Ordinal)))
        {
            (kind with { To = kind.To with { Address = "second@example.org" } }).BusinessKey.ShouldNotBe(kind.BusinessKey);
        }
    }

    [GeneratedRegex(@"\{\d+")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[\p{L}\p{N}/?=&•]+")]
    private static partial Regex Word();
}
