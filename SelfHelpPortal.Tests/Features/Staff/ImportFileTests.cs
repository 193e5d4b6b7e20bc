using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MiniExcelLibs;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.PersonalData;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Lists of licenses in the browser: how they are read, checked and brought in, part by part.</summary>
public sealed class ImportFileTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private Task<ImportDesk> DeskAsync() => new ImportDesk(ground).OpenAsync();

    [Theory]
    [InlineData("Artikel|Lizenz-Nr.|Serien-Nr.|Lizenzschlüssel|Plätze|gültig bis|Kundennr|Firma|E-Mail|Sprache|Straße|PLZ|Ort|"
        + "Land|USt-IdNr.")]
    [InlineData("Product|License number|Serial|Key|Seats|Valid until|Customer no|Company name|E-mail address|Language|Street|ZIP|City|"
        + "Country|VAT ID")]
    [InlineData("product|license_number|serial|activation_key|seats|maintenance_until|customer_number|company|email|language|street|"
        + "postal_code|city|country|vat_id")]
    public void Columns_are_guessed_by_what_people_call_them(string header) =>
        ImportField.Guess(header.Split('|')).ShouldBe(ImportField.All);

    [Fact]
    public void A_column_that_means_nothing_or_a_second_time_the_same_is_left_out() =>
        ImportField.Guess(["Firma", "", "Farbe", "Company", "Mail"]).ShouldBe(["company", "", "", "", "email"]);

    [Fact]
    public async Task What_Excel_does_to_a_row_is_read_where_that_is_sure_and_else_named()
    {
        var desk = await DeskAsync();
        var view = await desk.CheckAsync(await desk.UploadAsync(
            $"""
            Produkt;Lizenznummer;Seriennummer;Wartung bis;PLZ;Firma;E-Mail;;
            {desk.Product};L–{desk.Tag};S-1;31.12.2027;01067;Muster GmbH;Muster GmbH <info@muster.example>;;
            Till {desk.Tag};;1,23457E+15;;1067;Muster GmbH;mailto:info@muster.example;;;;
            ;;;;;;;;
            {desk.Product};;;;;Muster GmbH;info@muster.example;;;Rest
            """));

        view.File.Rows.ShouldBe(3);
        view.Findings.Select(f => (f.Line, f.Column)).ShouldBe(
            [(3, "Seriennummer"), (3, "PLZ"), (5, null)], ignoreOrder: true);
        (view.File.NewRows, view.File.FaultyRows).ShouldBe((1, 2));
    }

    [Fact]
    public async Task One_customer_number_with_two_companies_or_addresses_is_named_also_far_behind_the_first()
    {
        var desk = await DeskAsync();
        var filling = string.Concat(Enumerable.Range(0, 1_200).Select(i => $"{desk.Product};;Muster {i} GmbH;m{i}@muster.example\n"));
        var view = await desk.CheckAsync(await desk.UploadAsync(
            "product;customer_number;company;email\n"
            + $"{desk.Product};C-{desk.Tag};Muster GmbH;info@muster.example\n"
            + $"{desk.Product};C-{desk.Tag};MUSTER GmbH;Info@muster.example\n"
            + $"{desk.Product};C-{desk.Tag};Beispiel GmbH;info@muster.example\n"
            + filling
            + $"{desk.Product};C-{desk.Tag};Beispiel GmbH;beispiel@muster.example\n"
            + $"{desk.Product};C-{desk.Tag};Muster GmbH;zweite@muster.example\n"));

        view.Findings.Select(f => (f.Line, f.Column)).ShouldBe(
            [(4, "customer_number"), (1205, "customer_number"), (1206, "customer_number")], ignoreOrder: true);
        view.Findings.Single(f => f.Line == 1206).Rule.English
            .ShouldContain("is in line 2 with another e-mail address: info@muster.example");
    }

    [Theory]
    [InlineData("Deutschland", "DE", "DE 136.695.976", null)]
    [InlineData("germany", "DE", "", null)]
    [InlineData("D", "DE", "", null)]
    [InlineData("at", "AT", "ATU-12345678", null)]
    [InlineData("\u00D6sterreich", "AT", "", null)]
    [InlineData("CHE", "CH", "CHE-123.456.788", null)]
    [InlineData("Schweiz", "CH", "", null)]
    [InlineData("", "DE", "136695976", "vat_id")]
    [InlineData("DE", "DE", "DE136695977", "vat_id")]
    [InlineData("FR", "FR", "DE136695976", "vat_id")]
    [InlineData("XX", "", "", "country")]
    [InlineData("Atlantis", "", "", "country")]
    public async Task Countries_and_VAT_ids_are_read_as_they_are_written_and_never_stored_wrong(
        string country, string read, string vatId, string? fault)
    {
        var desk = await DeskAsync();
        var file = await desk.UploadAsync(
            "product;license_number;company;email;country;vat_id\n"
            + $"{desk.Product};V-{desk.Tag};Muster GmbH;v{desk.Tag}@muster.example;{country};{vatId}\n");
        var view = await desk.CheckAsync(file);

        view.Findings.Select(f => f.Column).ShouldBe(fault is null ? [] : [fault]);
        if (fault is null)
        {
            (await desk.StartAsync(file)).ShouldBe(StaffResult.Done);
            await desk.FinishAsync(file);
            (await desk.CustomerOfAsync($"V-{desk.Tag}")).Country.ShouldBe(read);
        }
    }

    [Fact]
    public async Task A_workbook_is_read_with_its_dates_and_numbers()
    {
        var desk = await DeskAsync();
        using var workbook = new MemoryStream();
        await workbook.SaveAsAsync(new[]
        {
            Row($"L-{desk.Tag}", new DateTime(2027, 12, 31), "01067", 17, "'=1+1 GmbH"),
            Row($"M-{desk.Tag}", "31.3.2027", 1067, 12.5, "Muster GmbH"),
            Row(1_234_567_890_123_456_789d, null, null, 1_234_567_890_123_456_789d, "Muster GmbH"),
        });

        var file = await desk.UploadAsync(workbook.ToArray());
        var view = await desk.CheckAsync(file);

        view.File.Format.ShouldBe("xlsx");
        view.Findings.Select(f => (f.Line, f.Column)).ShouldBe(
            [(3, "PLZ"), (3, "Plätze"), (4, "Lizenznummer"), (4, "Plätze")], ignoreOrder: true);
        (await desk.StartAsync(file, withoutFaulty: true)).ShouldBe(StaffResult.Done);
        await desk.FinishAsync(file);
        var license = await desk.LicenseAsync($"L-{desk.Tag}");
        (license.MaintenanceUntil, license.Seats).ShouldBe((new DateOnly(2027, 12, 31), 17));
        var customer = await desk.CustomerOfAsync(license.Number);
        (customer.PostalCode, customer.Company).ShouldBe(("01067", "=1+1 GmbH"));

        Dictionary<string, object?> Row(object number, object? until, object? postalCode, object seats, string company) => new()
        {
            ["Produkt"] = desk.Product,
            ["Lizenznummer"] = number,
            ["gültig bis"] = until,
            ["PLZ"] = postalCode,
            ["Plätze"] = seats,
            ["Firma"] = company,
            ["E-Mail"] = "info@muster.example",
            [""] = null,
        };
    }

    [Fact]
    public async Task A_workbook_leaves_no_folder_behind_whatever_becomes_of_it()
    {
        using var workbook = new MemoryStream();
        await workbook.SaveAsAsync(new[] { new Dictionary<string, object> { ["product"] = "muster-pos" } });
        using var wide = new MemoryStream();
        await wide.SaveAsAsync(new[] { Enumerable.Range(0, 200).ToDictionary(i => $"Spalte {i}", i => (object)i) });
        var before = Folders();

        ListReader.Open(workbook).Dispose();
        using (var list = ListReader.Open(workbook))
        {
            Folders().Except(before).ShouldNotBeEmpty("what is looked for is there meanwhile");
            list.Rows.Count().ShouldBe(1);
        }

        Should.Throw<UnreadableListException>(() => ListReader.Open(wide));

        // Those of other tests go too, in their time.
        await Eventually.BecomesTrueAsync(() => !Folders().Except(before).Any());

        static HashSet<string> Folders() => [.. Directory.GetDirectories(Path.GetTempPath(), "selfhelp-workbook-*")];
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK\u0003\u0004 and then nothing of an archive")]
    [InlineData("a;b\n\"never closed")]
    public async Task What_is_no_list_is_refused_in_a_sentence(string text)
    {
        var desk = await DeskAsync();
        var bytes = Encoding.UTF8.GetBytes(text.StartsWith("a;b", StringComparison.Ordinal) ? text + new string('x', 100_000) : text);

        var result = await desk.TryUploadAsync(Guid.NewGuid(), bytes);

        result.Refused.ShouldBe(StaffRefusal.FileUnreadable);
        result.Broken.ShouldNotBeNull().Single().German.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Archives_that_would_burst_are_refused()
    {
        var desk = await DeskAsync();
        (await desk.TryUploadAsync(Guid.NewGuid(), Archive(zip =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                zip.CreateEntry($"xl/{i}.xml");
            }
        }))).Refused.ShouldBe(StaffRefusal.FileUnreadable);
        (await desk.TryUploadAsync(Guid.NewGuid(), Archive(zip =>
        {
            using var sheet = zip.CreateEntry("xl/worksheets/sheet1.xml", CompressionLevel.Fastest).Open();
            var zeros = new byte[10_000_000];
            for (var i = 0; i < 101; i++)
            {
                sheet.Write(zeros);
            }
        }))).Refused.ShouldBe(StaffRefusal.FileUnreadable);
        using var wide = new MemoryStream();
        await wide.SaveAsAsync(new[] { Enumerable.Range(0, 2_000).ToDictionary(i => $"Spalte {i}", i => (object)i) });
        (await desk.TryUploadAsync(Guid.NewGuid(), wide.ToArray())).Refused.ShouldBe(StaffRefusal.FileUnreadable);
        (await desk.TryUploadAsync(Guid.NewGuid(), Encoding.UTF8.GetBytes($"a;b\n{new string('x', 5_000)};1\n")))
            .Refused.ShouldBe(StaffRefusal.FileUnreadable);

        static byte[] Archive(Action<ZipArchive> fill)
        {
            using var bytes = new MemoryStream();
            using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            {
                fill(zip);
            }

            return bytes.ToArray();
        }
    }

    [Fact]
    public async Task Every_fault_of_a_made_up_list_is_found_at_its_row_and_all_other_rows_come_in()
    {
        var desk = await DeskAsync();
        var random = new Seeded();
        var stored = await desk.ImportAsync(
            $"product;license_number;company;email\n{desk.Product};OLD-{desk.Tag};Alt GmbH;alt@muster.example\n");
        stored.File.Added.ShouldBe(1);
        var made = new FaultyList(desk, random, rows: 2_300);

        var file = await desk.UploadAsync(made.Text);
        var view = await desk.CheckAsync(file);

        var why = $"seed {random.Seed}";
        (view.File.FaultyRows, view.File.NewRows, view.File.SameRows, view.File.ChangedRows)
            .ShouldBe((made.Faulty.Count, made.New, made.Same, made.Changed), why);
        var lines = view.Findings.Select(f => f.Line).Distinct().ToList();
        lines.ShouldBe(made.Faulty.Keys.Order().Take(lines.Count), why);
        view.Findings.Where(f => f.Column is not null).ShouldAllBe(f => made.Faulty[f.Line].Contains(f.Column!), why);
        (await desk.StartAsync(file)).Refused.ShouldBe(StaffRefusal.ImportFaulty);
        (await desk.StartAsync(file, withoutFaulty: true)).ShouldBe(StaffResult.Done);
        var done = await desk.FinishAsync(file);
        (done.File.Added, done.File.Updated, done.File.FaultyRows).ShouldBe((made.New, 0, made.Faulty.Count), why);
        (await desk.CountAsync()).ShouldBe(made.New + 1, why);

        // The rows that are left, mended, are what is missing; the column that says what is wrong means nothing.
        var faults = await desk.ListAsync(file, ImportList.Faults);
        faults.ShouldContain("What is wrong");
        faults.Trim().Split('\n').Length.ShouldBe(made.Faulty.Count + 1, why);
        var again = await desk.CheckAsync(await desk.UploadAsync(faults));
        again.File.Rows.ShouldBe(made.Faulty.Count, why);
        again.File.FaultyRows.ShouldBeInRange(made.Faulty.Count - made.FaultyByOthers, made.Faulty.Count, why);
    }

    [Fact]
    public async Task An_import_that_is_stopped_goes_on_where_it_was_also_on_another_node()
    {
        var desk = await DeskAsync();
        var file = await desk.UploadAsync(Numbered(desk, 1_200));
        await desk.CheckAsync(file);
        (await desk.StartAsync(file)).ShouldBe(StaffResult.Done);
        (await desk.ContinueAsync(file)).ShouldBe(StaffResult.Done);
        (await ground.Use<StopImport>().ExecuteAsync(await ground.Administrator.ActorAsync(), file, ground.Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);

        (await desk.ContinueAsync(file)).ShouldBe(StaffResult.Done);

        (await desk.CountAsync()).ShouldBe(500, "stopped means stopped");
        var half = await desk.ShowAsync(file);
        (half.File.State, half.File.ImportedTo).ShouldBe((ImportState.Stopped, 500));
        await using var other = await SecondNode.StartAsync(ground.Portal);
        var elsewhere = (ContinueImport)other.Services.GetService(typeof(ContinueImport))!;
        (await desk.StartAsync(file)).ShouldBe(StaffResult.Done);
        (await desk.ContinueAsync(file, elsewhere)).ShouldBe(StaffResult.Done);
        (await desk.CountAsync()).ShouldBe(1_000);
        (await desk.FinishAsync(file)).File.Added.ShouldBe(1_200);
        (await desk.CountAsync()).ShouldBe(1_200);
        (await desk.ListAsync(file, ImportList.Keys)).Trim().Split('\n').Length.ShouldBe(1_201);
    }

    [Fact]
    public async Task Two_who_import_at_once_do_nothing_twice()
    {
        var desk = await DeskAsync();
        var (first, second) = (await desk.UploadAsync(Numbered(desk, 1_100)), await desk.UploadAsync(Numbered(desk, 1_100)));
        await Task.WhenAll(desk.CheckAsync(first), desk.CheckAsync(second));
        (await desk.StartAsync(first)).ShouldBe(StaffResult.Done);
        (await desk.StartAsync(second)).ShouldBe(StaffResult.Done);

        var done = await Task.WhenAll(
            desk.FinishAsync(first), desk.FinishAsync(second), desk.FinishAsync(first), desk.FinishAsync(second));

        (await desk.CountAsync()).ShouldBe(1_100);
        var (one, other) = (await desk.ShowAsync(first), await desk.ShowAsync(second));
        (one.File.Added + other.File.Added).ShouldBe(1_100);
        (one.File.FaultyRows + other.File.FaultyRows).ShouldBe(0);
        done.ShouldAllBe(view => view.File.State == ImportState.Done);
        await using var db = ground.Portal.Open();
        (await db.Events.CountAsync(e => e.Kind == EventKind.Imported
            && db.Licenses.Any(l => l.Id == e.Stream && l.ProductId == desk.Product))).ShouldBe(1_100);
    }

    [Fact]
    public async Task Numbers_that_the_portal_gives_lie_behind_those_of_the_list()
    {
        var desk = await DeskAsync();
        await using var db = ground.Portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var next = int.Parse((await Numbers.NextLicenseAsync(db, default))[2..], System.Globalization.CultureInfo.InvariantCulture);

        var done = await desk.ImportAsync(
            $"product;license_number;company;email\n{desk.Product};;A GmbH;a@muster.example\n"
            + $"{desk.Product};L-{next + 1};A GmbH;a@muster.example\n{desk.Product};L-{next + 2};A GmbH;a@muster.example\n");

        (done.File.Added, done.File.FaultyRows).ShouldBe((3, 0));
    }

    [Fact]
    public async Task Stored_customers_and_licenses_change_only_when_that_is_said()
    {
        var desk = await DeskAsync();
        var number = $"L-{desk.Tag}";
        await desk.ImportAsync(
            $"product;license_number;customer_number;seats;company;email;street;city\n"
            + $"{desk.Product};{number};C-{desk.Tag};2;Muster GmbH;alt@muster.example;Weg 1;Musterstadt\n");
        var changed =
            $"product;license_number;customer_number;seats;maintenance_until;company;email;street;city\n"
            + $"{desk.Product};{number};C-{desk.Tag};3;31.12.2028;Muster GmbH;neu@muster.example;;Musterdorf\n"
            + $"{desk.Product};{number}X;C-{desk.Tag};1;;Muster GmbH;neu@muster.example;;Musterdorf\n";

        var file = await desk.UploadAsync(changed);
        var view = await desk.CheckAsync(file);

        (view.File.ChangedRows, view.File.NewRows, view.ChangedCustomersOfNew).ShouldBe((1, 1, 1));
        view.Changes[0].Changes.Select(c => (c.Field, c.Before, c.After)).ShouldBe(
        [
            ("seats", "2", "3"), ("maintenance_until", "", "2028-12-31"), ("email", "alt@muster.example", "neu@muster.example"),
            ("city", "Musterstadt", "Musterdorf"),
        ]);
        (await desk.StartAsync(file)).ShouldBe(StaffResult.Done);
        var left = await desk.FinishAsync(file);
        (left.File.Added, left.File.Updated).ShouldBe((1, 0));
        (await desk.CustomerOfAsync(number)).Email.ShouldBe("alt@muster.example");
        (await desk.LicenseAsync(number)).Seats.ShouldBe(2);

        // By the first row the customer is what the second one says.
        (await desk.ImportAsync(changed, update: true)).File.Updated.ShouldBe(1);

        var (customer, license) = (await desk.CustomerOfAsync(number), await desk.LicenseAsync(number));
        (customer.Email, customer.Street, customer.City).ShouldBe(("neu@muster.example", "Weg 1", "Musterdorf"));
        (license.Seats, license.MaintenanceUntil).ShouldBe((3, new DateOnly(2028, 12, 31)));
        await using var db = ground.Portal.Open();
        foreach (var (stream, kind, text) in new[]
        {
            (customer.Id, EventKind.CustomerChanged, "email, city"),
            (license.Id, EventKind.LicenseChanged, "seats 2 → 3, maintenance_until  → 2028-12-31"),
        })
        {
            var events = await db.Events.AsNoTracking().Include(e => e.Detail).Where(e => e.Stream == stream).OrderBy(e => e.Seq)
                .ToListAsync();
            events[^1].Kind.ShouldBe(kind);
            (events[^1].ActorId, events[^1].Detail!.Text).ShouldBe((ground.Administrator.Id, text));
            events.Count(e => e.Kind == kind).ShouldBe(1, "the second row of the same customer changes nothing more");
            EventLog.IsIntact(events).ShouldBeTrue();
        }

        (await db.AuditEntries.CountAsync(e => e.Kind == AuditKind.LicensesImported && e.Stream == ground.Administrator.Id))
            .ShouldBeGreaterThanOrEqualTo(3);
        (await desk.ImportAsync(changed, update: true)).File.Updated.ShouldBe(0);
    }

    [Theory]
    [InlineData("de", "geändert")]
    [InlineData("en", "changed")]
    public async Task The_former_address_hears_of_another_one_in_its_language(string language, string word)
    {
        var desk = await DeskAsync();
        var list = $"product;license_number;customer_number;company;email;language;city\n"
            + $"{desk.Product};L-{desk.Tag};C-{desk.Tag};Muster GmbH;EMAIL;{language};CITY\n";
        await desk.ImportAsync(
            list.Replace("EMAIL", "alt@muster.example", StringComparison.Ordinal).Replace("CITY", "Musterstadt", StringComparison.Ordinal));

        // Another city, and another way to write the address, are nobody's surprise.
        (await desk.ImportAsync(
            list.Replace("EMAIL", "Alt@Muster.example", StringComparison.Ordinal).Replace("CITY", "Musterdorf", StringComparison.Ordinal),
            update: true)).File.Updated.ShouldBe(1);
        (await ReplacedAsync(desk)).ShouldBeEmpty();
        var other = list.Replace("EMAIL", "neu@muster.example", StringComparison.Ordinal).Replace("CITY", "", StringComparison.Ordinal);
        await desk.ImportAsync(other);
        (await ReplacedAsync(desk)).ShouldBeEmpty("nothing was changed");

        await desk.ImportAsync(other, update: true);

        var mail = (await ReplacedAsync(desk)).ShouldHaveSingleItem();
        (mail.ToAddress, mail.Culture).ShouldBe(("Alt@muster.example", language));
        mail.State.ShouldBeOneOf(OutboxState.Pending, OutboxState.Sending, OutboxState.Sent);
        mail.Subject.ShouldContain(word);
        mail.CustomerId.ShouldBe((await desk.CustomerOfAsync($"L-{desk.Tag}")).Id);
        mail.CopyText.ShouldContain($"C-{desk.Tag}");
        mail.CopyText.ShouldNotContain(
            "neu@muster.example", Case.Insensitive, "whoever reads the former mailbox need not know the new one");
        await desk.ImportAsync(other, update: true);
        (await ReplacedAsync(desk)).Count.ShouldBe(1, "nothing has changed since");
        await desk.ImportAsync(
            other.Replace("neu@muster.example", "noch@muster.example", StringComparison.Ordinal), update: true);
        (await ReplacedAsync(desk)).Select(m => m.ToAddress).ShouldBe(
            ["Alt@muster.example", "neu@muster.example"], ignoreOrder: true, "each import tells");
    }

    [Fact]
    public async Task A_customer_hears_of_it_once_in_an_import_however_many_rows_and_parts_say_so()
    {
        const int Rows = 600;
        var desk = await DeskAsync();
        var header = "product;license_number;customer_number;company;email\n";
        await desk.ImportAsync(header + string.Concat(Enumerable.Range(1, Rows)
            .Select(i => $"{desk.Product};{desk.Tag}-{i};C-{desk.Tag};Muster GmbH;alt@muster.example\n")));

        await desk.ImportAsync(
            header + string.Concat(Enumerable.Range(1, Rows).Select(i =>
                $"{desk.Product};{desk.Tag}-{i};C-{desk.Tag};Muster GmbH;neu@muster.example\n")),
            update: true);

        (await ReplacedAsync(desk)).ShouldHaveSingleItem().ToAddress.ShouldBe("alt@muster.example");
        (await desk.CustomerOfAsync($"{desk.Tag}-1")).Email.ShouldBe("neu@muster.example");
    }

    /// <summary>Mails that strangers bring about use up a mailbox's budgets; this one is the vendor's and has none.</summary>
    [Fact]
    public async Task Strangers_cannot_keep_the_former_address_from_hearing_of_it()
    {
        var desk = await DeskAsync();
        var (mailbox, now) = ($"alt-{desk.Tag.ToLowerInvariant()}@muster.example", ground.Portal.Clock.Now);
        var header = "product;license_number;customer_number;company;email\n";
        await desk.ImportAsync(header + $"{desk.Product};L-{desk.Tag};C-{desk.Tag};Muster GmbH;{mailbox}\n");
        foreach (var mail in Enum.GetValues<LimitedMail>())
        {
            while ((await ground.Use<AttemptLimiter>().RecordFailureAsync([AttemptSubjects.PerMailbox(mail, mailbox)], now)).Allowed)
            {
            }
        }

        await desk.ImportAsync(header + $"{desk.Product};L-{desk.Tag};C-{desk.Tag};Muster GmbH;neu@muster.example\n", update: true);

        (await ReplacedAsync(desk)).ShouldHaveSingleItem().ToAddress.ShouldBe(mailbox);
    }

    private Task<IReadOnlyList<OutboxMessage>> ReplacedAsync(ImportDesk desk) =>
        ground.MailsAsync("address-on-file-changed", $"C-{desk.Tag}");

    [Theory]
    [InlineData("{0};{1};OTHER-{2};5;;Muster GmbH;a@muster.example", "customer_number")]
    [InlineData("{0};{1};;5;;Fremde GmbH;fremd@muster.example", "company")]
    [InlineData("{0};{1};;4;;Muster GmbH;a@muster.example", "seats")]
    [InlineData("{0};{1};;5;KEY;Muster GmbH;a@muster.example", "activation_key")]
    [InlineData("muster-other;{1};;5;;Muster GmbH;a@muster.example", "product")]
    [InlineData("{0};NEW-{2};C-{2};1;;Fremde GmbH;fremd@muster.example", "customer_number")]
    public async Task An_import_takes_nothing_away_and_gives_no_license_to_somebody_else(string row, string field)
    {
        var desk = await DeskAsync();
        var number = $"L-{desk.Tag}";
        await desk.ImportAsync(
            $"product;license_number;customer_number;seats;activation_key;company;email\n"
            + $"{desk.Product};{number};C-{desk.Tag};5;;Muster GmbH;a@muster.example\n");

        var written = string.Format(System.Globalization.CultureInfo.InvariantCulture, row, desk.Product, number, desk.Tag)
            .Replace("KEY", ActivationKey.New().ToString(), StringComparison.Ordinal);
        var view = await desk.CheckAsync(await desk.UploadAsync(
            $"product;license_number;customer_number;seats;activation_key;company;email\n{written}\n"));

        view.File.FaultyRows.ShouldBe(1);
        view.Findings.ShouldContain(f => f.Rule.Id == field);
    }

    [Fact]
    public async Task A_customer_whose_data_was_erased_gets_no_license_and_no_address()
    {
        var desk = await DeskAsync();
        await desk.ImportAsync(
            $"product;customer_number;company;email\n{desk.Product};C-{desk.Tag};Muster GmbH;a@muster.example\n");
        await using (var db = ground.Portal.Open())
        {
            await db.Customers.Where(c => c.Number == $"C-{desk.Tag}")
                .ExecuteUpdateAsync(s => s.SetProperty(c => c.ErasedAt, ground.Portal.Clock.Now));
        }

        var view = await desk.CheckAsync(await desk.UploadAsync(
            $"product;customer_number;company;email\n{desk.Product};C-{desk.Tag};Muster GmbH;b@muster.example\n"));

        view.Findings.Single().Rule.Id.ShouldBe(ImportField.CustomerNumber);
    }

    [Fact]
    public async Task A_list_is_checked_again_after_its_product_was_made()
    {
        var desk = new ImportDesk(ground);
        var file = await desk.UploadAsync($"product;company;email\n{desk.Product};Muster GmbH;a@muster.example\n");
        (await desk.CheckAsync(file)).File.FaultyRows.ShouldBe(1);
        await desk.OpenAsync();

        (await ground.Use<MapColumns>().ExecuteAsync(
            await ground.Administrator.ActorAsync(), file, ["product", "company", "email"], ground.Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);

        var view = await desk.CheckAsync(file);
        (view.File.FaultyRows, view.File.NewRows).ShouldBe((0, 1));
    }

    [Fact]
    public async Task An_uploaded_list_is_unreadable_in_the_database_and_gone_after_a_day()
    {
        var desk = await DeskAsync();
        var key = ActivationKey.New().ToString();
        var file = await desk.UploadAsync(
            $"product;activation_key;company;email\n{desk.Product};{key};Geheim-{desk.Tag} GmbH;geheim@muster.example\n"
            + $"{desk.Product};;;\n");
        await desk.CheckAsync(file);
        await using (var source = Npgsql.NpgsqlDataSource.Create(ground.Portal.Database.OwnerConnection))
        {
            var dump = await Dump.ReadAsync(source, "import_file", "import_row");
            var hexadecimal = Convert.ToHexStringLower(Encoding.UTF8.GetBytes($"Geheim-{desk.Tag}"));
            dump.ShouldContain(file.ToString());
            dump.ShouldNotContain($"Geheim-{desk.Tag}");
            dump.ShouldNotContain(hexadecimal, Case.Insensitive);
        }

        (await desk.StartAsync(file, withoutFaulty: true)).ShouldBe(StaffResult.Done);
        await desk.FinishAsync(file);
        await using (var db = ground.Portal.Open())
        {
            (await db.Set<ImportRow>().AsNoTracking().Where(r => r.FileId == file).OrderBy(r => r.Seq).Select(r => r.Cells == null)
                .ToListAsync()).ShouldBe([true, false], "what is imported is not needed any more");
        }

        var later = ground.Portal.Clock.Now + ImportFile.Lifetime;
        (await ground.Use<ShowImport>().ExecuteAsync(await ground.Administrator.ActorAsync(), file, later, default))
            .Refused.ShouldBeOneOf(StaffRefusal.NotFound, StaffRefusal.SignInEnded);
        await ground.Use<RetentionJob>().RunAsync(later, default);
        await using var after = ground.Portal.Open();
        (await after.Set<ImportRow>().CountAsync(r => r.FileId == file)).ShouldBe(0);
    }

    [Fact]
    public async Task An_export_comes_back_without_a_change()
    {
        var desk = await DeskAsync();
        await desk.ImportAsync(
            $"product;license_number;serial;seats;maintenance_until;company;email;street;country;postal_code\n"
            + $"{desk.Product};R1-{desk.Tag};'-S1;2;2027-03-31;\"=Müller; \"\"Söhne\"\" GmbH\";a{desk.Tag}@muster.example;-Weg 1;;01067\n"
            + $"{desk.Product};R2-{desk.Tag};;1;;'=Apostroph;b{desk.Tag}@muster.example;+49;AT;1010\n");
        var path = Path.Combine(Path.GetTempPath(), $"export-{desk.Tag}.csv");
        try
        {
            (await ground.Portal.RunAsync("export", "licenses", path)).Exit.ShouldBe(0);
            var (exit, said) = await ground.Portal.RunAsync("import", "licenses", path, "--update", "--dry-run");

            exit.ShouldBe(0, said);
            said.ShouldContain("Dry run: 0 of ");
            said.ShouldContain("rows would be imported, 0 would change what is stored");
            (await File.ReadAllTextAsync(path)).ShouldContain($"R1-{desk.Tag}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Numbered(ImportDesk desk, int rows) =>
        "product;license_number;company;email\n" + string.Concat(Enumerable.Range(1, rows).Select(i =>
            $"{desk.Product};{desk.Tag}-{i};Muster {i % 40} GmbH;inhaber{i % 40}@muster-{desk.Tag.ToLowerInvariant()}.example\n"));
}
