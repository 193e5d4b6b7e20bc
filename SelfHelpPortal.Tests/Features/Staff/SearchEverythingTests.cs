using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Search;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

public sealed class SearchEverythingTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task A_license_is_found_by_whatever_a_caller_can_read_out()
    {
        var license = await Portal.AddLicenseAsync(computers: ["SUCH-PC-77"]);
        await ChangeAsync(license, (l, _) => l.Serial = "S-QWERT-ZX123");
        var code = A.Hardware("SUCH-PC-77").ToString();
        foreach (var (term, kind, field) in ((string, SearchKind, SearchField)[])
        [
            (license.Number, SearchKind.Licenses, SearchField.Number), (license.Number.ToLowerInvariant(), SearchKind.Licenses,
                SearchField.Number),
            (license.Number.Replace("-", " ", StringComparison.Ordinal), SearchKind.Licenses, SearchField.Number),
            (license.Number[2..], SearchKind.Licenses, SearchField.Number), (license.Number[..^1], SearchKind.Licenses, SearchField.Number),
            (license.Number[^3..], SearchKind.Licenses, SearchField.Number),
            ("S-QWERT-ZX123", SearchKind.Licenses, SearchField.Serial), ("s qwert zx123", SearchKind.Licenses, SearchField.Serial),
            ("qwert", SearchKind.Licenses, SearchField.Serial), ("S-QWE", SearchKind.Licenses, SearchField.Serial),
            ("zx123", SearchKind.Licenses, SearchField.Serial), ("wert-zx", SearchKind.Licenses, SearchField.Serial),
            ("WERT", SearchKind.Licenses, SearchField.Serial),
            (license.LastFive, SearchKind.Licenses, SearchField.KeyEnd),
            (license.LastFive.ToLowerInvariant(), SearchKind.Licenses, SearchField.KeyEnd),
            (license.Key, SearchKind.Licenses, SearchField.KeyEnd),
            ("such-pc-77", SearchKind.Computers, SearchField.PcName), ("SUCH-PC", SearchKind.Computers, SearchField.PcName),
            (code, SearchKind.Computers, SearchField.HardwareCode), (code[..11], SearchKind.Computers, SearchField.HardwareCode),
            ($"Guten Tag,\r\nunser PC meldet sich nicht mehr. Der Code lautet\r\n\r\n> {code}\r\n\r\nMit freundlichen Grüßen, Muster",
                SearchKind.Computers, SearchField.HardwareCode),
        ])
        {
            var hits = await HitsAsync(term, kind);
            hits.ShouldContain(h => h.Address == $"/staff/licenses/{license.Number}" && h.Matches.Any(m => m.Field == field), term);
        }
    }

    [Theory]
    [InlineData("Café Müller-Straßer", "straßer", "<Straßer>")]
    [InlineData("Café Müller-Straßer", "STRASSER", "<Straßer>")]
    [InlineData("Café Müller-Straßer", "mueller cafe", "<Café> <Müller>")]
    [InlineData("Café Müller-Straßer", "Muller", "<Müller>")]
    [InlineData("Café Müller-Straßer", "müller café", "<Café> <Müller>")]
    [InlineData("Mueller Kassen", "Müller", "<Mueller>")]
    [InlineData("Muller Kassen", "Müller", "<Muller>")]
    [InlineData("Weiss & Söhne", "weiß sohne", "<Weiss> & <Söhne>")]
    [InlineData("Smørrebrød ApS", "smorrebrod", "<Smørrebrød>")]
    [InlineData("Smørrebrød ApS", "SMOERREBROED", "<Smørrebrød>")]
    [InlineData("Łódź Œuvre", "lodz oeuvre", "<Łódź> <Œuvre>")]
    [InlineData("Großbäckerei", "ssba", "Gro<ßbä>ckerei")]
    [InlineData("Großbäckerei", "ssbae", "Gro<ßbä>ckerei")]
    public async Task A_name_is_found_however_it_is_spelled(string company, string term, string marked)
    {
        var license = await Portal.AddLicenseAsync();
        await license.OfAsync("spelling@muster.example", company);

        var hits = await HitsAsync(term, SearchKind.Customers);

        var hit = hits.ShouldHaveSingleItem();
        var match = hit.Matches.Single(m => m.Field == SearchField.Company);
        MarkedIn(match).ShouldContain(marked.Split(' ')[0]);
        foreach (var word in marked.Split(' ').Where(w => w.Contains('<', StringComparison.Ordinal)))
        {
            MarkedIn(match).ShouldContain(word);
        }

        // The next case is another customer.
        await license.OfAsync("gone@muster.example", "gone");
    }

    [Fact]
    public async Task A_customer_is_found_by_each_part_of_the_address_and_all_words_count()
    {
        var license = await Portal.AddLicenseAsync();
        await license.OfAsync("Anna.Beispiel@tortenhaus.example", "Tortenhaus Süd GmbH");
        await ChangeAsync(license, (_, c) =>
            (c.Street, c.PostalCode, c.City, c.VatId) = ("Lange Gasse 12a", "80331", "München", "DE814584193"));
        foreach (var (term, field) in ((string, SearchField?)[])
        [
            ("lange gasse", SearchField.Street), ("Gasse 12a", SearchField.Street), ("80331", SearchField.PostalCode),
            ("803", SearchField.PostalCode), ("muenchen", SearchField.City), ("MUNCHEN", SearchField.City),
            ("DE814584193", SearchField.VatId), ("DE 814 584 193", SearchField.VatId), ("de814584193", SearchField.VatId),
            ("anna.beispiel@tortenhaus.example", SearchField.Email), ("beispiel@torten", SearchField.Email),
            ("tortenhaus münchen", SearchField.City), ("München 80331 Gasse Torten", SearchField.Street),
            ("tortenhaus hamburg", null), ("0331", null), ("tortenhauss", null),
        ])
        {
            var hits = await HitsAsync(term, SearchKind.Customers);
            hits.Any(h => h.About.StartsWith("Tortenhaus", StringComparison.Ordinal) && h.Matches.Any(m => m.Field == field))
                .ShouldBe(field is not null, term);
        }
    }

    [Fact]
    public async Task Cases_orders_invoices_and_appointments_are_found()
    {
        var (_, number) = await ground.LockedAsync();
        var order = await Portal.AddTransferAsync(new TransferSetting(Contact: c => c with
        {
            Name = "Frieda Umzug",
            City = "Kleinkirchen",
            Email = "frieda@umzug.example",
        }));
        var invoice = await Portal.StoreAsync();
        var appointment = await (await Portal.AddAppointmentAsync()).ReadAsync();
        var amount = invoice.Gross.Amount.ToString("0.00", CultureInfo.InvariantCulture);
        foreach (var (term, kind, address) in ((string, SearchKind, string)[])
        [
            (number, SearchKind.Cases, $"/staff/flags/{number}"), (number[2..], SearchKind.Cases, $"/staff/flags/{number}"),
            (number[..^1], SearchKind.Cases, $"/staff/flags/{number}"),
            (order.Reference, SearchKind.Orders, $"/staff/transfers/{order.Reference}"),
            (order.Reference.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal), SearchKind.Orders,
                $"/staff/transfers/{order.Reference}"),
            (order.Reference[2..6], SearchKind.Orders, $"/staff/transfers/{order.Reference}"),
            ("umzug frieda", SearchKind.Orders, $"/staff/transfers/{order.Reference}"),
            ("kleinkirchen", SearchKind.Orders, $"/staff/transfers/{order.Reference}"),
            ((await order.ReadAsync()).Items[0].NewHardware.ToString(), SearchKind.Orders, $"/staff/transfers/{order.Reference}"),
            (invoice.Number, SearchKind.Invoices, $"/staff/invoices/{invoice.Number}"),
            (invoice.Number[^4..], SearchKind.Invoices, $"/staff/invoices/{invoice.Number}"),
            (amount, SearchKind.Invoices, $"/staff/invoices/{invoice.Number}"),
            (amount.Replace('.', ','), SearchKind.Invoices, $"/staff/invoices/{invoice.Number}"),
            ($"EUR {amount}", SearchKind.Invoices, $"/staff/invoices/{invoice.Number}"),
            ($"{amount.Replace('.', ',')} €", SearchKind.Invoices, $"/staff/invoices/{invoice.Number}"),
            (appointment.Email, SearchKind.Appointments, $"/staff/appointments/{appointment.Id}"),
            (appointment.Name, SearchKind.Appointments, $"/staff/appointments/{appointment.Id}"),
        ])
        {
            (await HitsAsync(term, kind)).Select(h => h.Address).ShouldContain(address, $"{term} as {kind}");
        }
    }

    [Fact]
    public async Task Numbers_are_found_by_their_middle()
    {
        var license = await Portal.AddLicenseAsync();
        var (_, flag) = await ground.LockedAsync();
        var order = await Portal.AddTransferAsync();
        var invoice = await Portal.StoreAsync();
        await using (var db = Portal.Open())
        {
            await db.Licenses.Where(l => l.Id == license.Id).ExecuteUpdateAsync(s => s.SetProperty(l => l.Number, "L-88776655"));
            await db.Flags.Where(f => f.Number == flag).ExecuteUpdateAsync(s => s.SetProperty(f => f.Number, "F-98765432"));
            await db.Customers.Where(c => c.Id == invoice.CustomerId).ExecuteUpdateAsync(s => s.SetProperty(c => c.Number, "C-71829304"));
        }

        foreach (var (term, kind, address) in ((string, SearchKind, string)[])
        [
            ("8776", SearchKind.Licenses, "/staff/licenses/L-88776655"), ("77665", SearchKind.Licenses, "/staff/licenses/L-88776655"),
            ("87654", SearchKind.Cases, "/staff/flags/F-98765432"), ("18293", SearchKind.Customers, "/staff/customers/C-71829304"),
            (order.Reference[3..^1], SearchKind.Orders, $"/staff/transfers/{order.Reference}"),
            (invoice.Number[1..^1], SearchKind.Invoices, $"/staff/invoices/{invoice.Number}"),
        ])
        {
            var hits = await HitsAsync(term, kind);
            hits.ShouldContain(h => h.Address == address && h.Matches.Any(m => m.Field == SearchField.Number), term);
        }
    }

    [Fact]
    public async Task A_loan_is_found_by_its_computer_and_its_reason()
    {
        var loan = await Portal.AddLoanAsync(SampleLoans.Offered with { Review = LoanReview.ByStaff });

        // A draft is nobody's business.
        (await HitsAsync("Netzteil", SearchKind.Loans)).ShouldBeEmpty();
        await loan.SendAsync();

        foreach (var (term, field) in ((string, SearchField)[])
        [
            ("ersatz", SearchField.PcName), ("Netzteil Kasse", SearchField.Reason),
            (A.Hardware("ERSATZ").ToString(), SearchField.HardwareCode),
        ])
        {
            var hit = (await HitsAsync(term, SearchKind.Loans)).ShouldHaveSingleItem(term);
            hit.Address.ShouldBe($"/staff/licenses/{loan.License.Number}");
            hit.State.ShouldBe((await loan.ReadAsync()).State);
            hit.Matches.ShouldContain(m => m.Field == field, term);
        }
    }

    [Fact]
    public async Task A_search_that_takes_too_long_ends_and_shows_what_it_has_found()
    {
        await (await Portal.AddLicenseAsync()).OfAsync("geduld@muster.example", "Geduldsfaden GmbH");
        await using var other = Portal.Open();
        await using var held = await other.Database.BeginTransactionAsync();
        await other.Database.ExecuteSqlRawAsync("LOCK TABLE appointment IN ACCESS EXCLUSIVE MODE");

        var cut = await SearchAsync("geduldsfaden");

        cut.IsCut.ShouldBeTrue();
        cut.Groups.ShouldHaveSingleItem().Kind.ShouldBe(SearchKind.Customers);
        await held.RollbackAsync();
        (await SearchAsync("geduldsfaden")).IsCut.ShouldBeFalse();
    }

    [Fact]
    public async Task A_whole_number_leads_to_its_page_and_nothing_else_does()
    {
        var license = await Portal.AddLicenseAsync();
        var (_, number) = await ground.LockedAsync();

        (await SearchAsync(license.Number)).Direct.ShouldBe($"/staff/licenses/{license.Number}");
        (await SearchAsync(number)).Direct.ShouldBe($"/staff/flags/{number}");
        (await SearchAsync(license.Number[..^1])).Direct.ShouldBeNull();
        (await SearchAsync("Muster Gastro")).Direct.ShouldBeNull();

        // One more license with that number as its serial.
        var other = await Portal.AddLicenseAsync();
        await ChangeAsync(other, (l, _) => l.Serial = license.Number);
        var both = await SearchAsync(license.Number);
        (both.Direct, both.Groups.ShouldHaveSingleItem().Hits.Count).ShouldBe((null, 2));
    }

    [Fact]
    public async Task A_key_of_the_vendor_s_own_format_is_found_as_a_whole()
    {
        var scheme = new KeyScheme { Pattern = "[A-Z]{4}-[0-9]{8}" };
        var license = await Portal.AddLicenseAsync(foreignKey: "ABCD-12345678", keys: scheme);

        (await SearchAsync("abcd-12345678")).Groups.SelectMany(g => g.Hits).Select(h => h.Title).ShouldContain(license.Number);
        (await SearchAsync("ABCD-12345679")).Groups.SelectMany(g => g.Hits).Select(h => h.Title).ShouldNotContain(license.Number);
    }

    [Fact]
    public async Task At_most_ten_of_each_are_shown_and_a_merged_customer_leads_to_the_other()
    {
        for (var i = 0; i < SearchEverything.MostHits + 1; i++)
        {
            await (await Portal.AddLicenseAsync()).OfAsync($"viele{i}@muster.example", "Vielzahl GmbH");
        }

        var group = (await SearchAsync("vielzahl")).Groups.ShouldHaveSingleItem();

        (group.Kind, group.Hits.Count, group.HasMore).ShouldBe((SearchKind.Customers, SearchEverything.MostHits, true));
        var former = group.Hits[0].Title;
        await using (var db = Portal.Open())
        {
            var into = await db.Customers.Where(c => c.Number == group.Hits[1].Title).Select(c => c.Id).SingleAsync();
            await db.Customers.Where(c => c.Number == former).ExecuteUpdateAsync(s => s.SetProperty(c => c.MergedIntoId, into));
        }

        (await SearchAsync(former)).Direct.ShouldBe($"/staff/customers/{group.Hits[1].Title}");
        (await SearchAsync("vielzahl")).Groups.ShouldHaveSingleItem().Hits.ShouldNotContain(h => h.Title == former);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("%%%%%%")]
    [InlineData("'; DROP TABLE customer; --")]
    [InlineData("\\")]
    [InlineData("a\0b")]
    [InlineData("\uD800")]
    [InlineData("…")]
    [InlineData("\u202Emuster")]
    [InlineData("ab")]
    public async Task Hostile_terms_find_nothing_and_break_nothing(string term)
    {
        (await SearchAsync(term)).Groups.SelectMany(g => g.Hits).ShouldAllBe(h => h.Matches.Count > 0);
        (await SearchAsync(string.Concat(Enumerable.Repeat(term, 10_000))[..10_000])).Groups.SelectMany(g => g.Hits)
            .ShouldAllBe(h => h.Matches.Count > 0);
    }

    [Fact]
    public async Task Any_text_can_be_asked_for()
    {
        var random = new Seeded(7);
        var actor = await (await StaffUser.CreateAsync(Portal)).ActorAsync();
        for (var i = 0; i < 120; i++)
        {
            var term = HostileText.Make(random, "Muster Gastro");
            (await ground.Use<SearchEverything>().ExecuteAsync(actor, term, Now, default)).Refused.ShouldBeNull(term);
        }
    }

    [Fact]
    public void Never_more_of_a_key_than_its_end_is_in_an_address()
    {
        var key = ActivationKey.New();
        var typed = key.ToString();
        var mistyped = typed[..^8] + (typed[^8] == '7' ? '8' : '7') + typed[^7..];
        foreach (var pasted in new[] { typed, typed.ToLowerInvariant(), mistyped, $"Mein Schlüssel: {typed} geht nicht", key.Normalized })
        {
            StaffSearch.AddressFor(pasted).ShouldBe($"/staff/search?q={key.LastFive}", pasted);
        }

        StaffSearch.AddressFor("  ").ShouldBe("/staff/search");
        StaffSearch.AddressFor("Müller & Co").ShouldBe("/staff/search?q=M%C3%BCller%20%26%20Co");
        StaffSearch.Clean(new string('x', 10_000)).Length.ShouldBeLessThanOrEqualTo(100);
        StaffSearch.Clean($"{new string('x', 90)} bitte um Hilfe bei L-1043 danke").ShouldBe("L-1043");
    }

    [Fact]
    public async Task The_audit_log_notes_how_much_was_found_and_not_what_was_looked_for()
    {
        var license = await Portal.AddLicenseAsync();
        await license.OfAsync("protokoll@muster.example", "Protokollfabrik");

        await SearchAsync("Protokollfabrik");
        await SearchAsync("");

        await using var db = Portal.Open();
        var noted = await db.AuditEntries.Where(e => e.Stream == ground.Clerk.Id && e.Kind == AuditKind.EverythingSearched).ToListAsync();
        noted.ShouldContain(e => e.Text == "Customers 1");
        noted.ShouldAllBe(e => e.Subject == null && !e.Text!.Contains("Protokoll"));
    }

    [Fact]
    public async Task Searching_without_end_is_stopped()
    {
        var actor = await (await StaffUser.CreateAsync(Portal)).ActorAsync();
        var refused = 0;
        for (var i = 0; i < 303; i++)
        {
            var answer = await ground.Use<SearchEverything>().ExecuteAsync(actor, $"A{i:D4}", Now, default);
            refused += answer.Refused == StaffRefusal.TooManyLookUps ? 1 : 0;
        }

        refused.ShouldBe(3);
    }

    /// <summary>What is marked on the page has to be what the database has found.</summary>
    [Fact]
    public async Task The_portal_and_the_database_fold_alike()
    {
        string[] texts =
        [
            .. Enumerable.Range(1, 0x24F).Concat(Enumerable.Range(0x1E00, 0x100)).Concat(Enumerable.Range(0x2000, 0x70))
                .Select(c => $"a{(char)c}b"),
            "Straße", "A\u0308rger", "e\u0301te\u0301", "Ｍｕｓｔｅｒ", "ﬁn", "ПРИВЕТ", "Müller  &  Söhne", " - ", "", "Æther Œuvre Øre Åse",
        ];
        await using var db = Portal.Open();

        var folded = await db.Database.SqlQuery<string>(
            $"SELECT search_text(t) AS \"Value\" FROM unnest({texts}) WITH ORDINALITY AS u(t, place) ORDER BY place").ToListAsync();

        foreach (var (text, found) in texts.Zip(folded))
        {
            var (plain, writtenOut) = (SearchText.Fold(text, writtenOut: false), SearchText.Fold(text, writtenOut: true));
            string.Join(' ', found.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .ShouldBe(plain == writtenOut ? plain : $"{plain} {writtenOut}", text);
        }
    }

    private async Task<SearchResults> SearchAsync(string term) =>
        (await ground.Use<SearchEverything>().ExecuteAsync(await ground.Clerk.ActorAsync(), term, Now, default)).Value.ShouldNotBeNull();

    private async Task<IReadOnlyList<SearchHit>> HitsAsync(string term, SearchKind kind) =>
        (await SearchAsync(term)).Groups.SingleOrDefault(g => g.Kind == kind)?.Hits ?? [];

    private async Task ChangeAsync(SampleLicense license, Action<License, SelfHelpPortal.Licensing.Customer> change)
    {
        await using var db = Portal.Open();
        var row = await db.Licenses.SingleAsync(l => l.Id == license.Id);
        change(row, await db.Customers.SingleAsync(c => c.Id == row.CustomerId));
        await db.SaveChangesAsync();
    }

    private static string MarkedIn(SearchMatch match) =>
        match.Places.Reverse().Aggregate(match.Text, (text, place) =>
            text.Insert(place.Start + place.Length, ">").Insert(place.Start, "<"));
}
