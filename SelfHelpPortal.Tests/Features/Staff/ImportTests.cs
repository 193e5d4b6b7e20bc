using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Tests.Platform.Pdf;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The operator's commands around products and licenses, on real files and a real database.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-import-");

    public async Task InitializeAsync()
    {
        await _portal.RunAsync("seed", "--demo");
        await _portal.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _portal.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_demo_goes_into_an_empty_database_only_and_shows_three_keys_a_product()
    {
        var (again, sentence) = await _portal.RunAsync("seed", "--demo");
        var (exit, keys) = await _portal.RunAsync("seed", "--show-keys");

        again.ShouldBe(1);
        sentence.ShouldContain("not empty");
        exit.ShouldBe(0);
        keys.Split('\n').Count(line => line.StartsWith("  L-", StringComparison.Ordinal)).ShouldBe(6);
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    public async Task Rows_become_licenses_and_customers_with_minted_own_and_foreign_keys(char separator)
    {
        var own = ActivationKey.New().ToString();
        var (exit, output) = await ImportAsync(separator,
            $"muster-pos,L-5001,S-ABCDE-12345,{own.ToLowerInvariant()},2,2027-03-31,C-7,Müller & Söhne,info@mueller.example,de,Weg "
                + $"1,12345,Köln,DE,DE136695976",
            "muster-pos,,,,,,C-7,Müller & Söhne,info@mueller.example,de,,,,,",
            "beamalign,,,BA-2018-WXYZ-0O0O,1,,,Example Hall,hall@example.test,en,,,,IE,");

        exit.ShouldBe(0, output);
        await using var db = _portal.Open();
        var licenses = await db.Licenses.AsNoTracking()
            .Where(l => db.Customers.Any(c => c.Id == l.CustomerId && (c.Number == "C-7" || c.Company == "Example Hall")))
            .OrderBy(l => l.CreatedAt).ThenBy(l => l.Id).ToListAsync();
        licenses.Count.ShouldBe(3);
        var first = licenses.Single(l => l.Number == "L-5001");
        first.Seats.ShouldBe(2);
        first.Serial.ShouldBe("S-ABCDE-12345");
        first.MaintenanceUntil.ShouldBe(new DateOnly(2027, 3, 31));
        first.Key.LastFive.ShouldBe(own[^5..]);
        (await db.Customers.CountAsync(c => c.Number == "C-7")).ShouldBe(1);
        (await db.Events.CountAsync(e => e.Kind == EventKind.Imported && e.Stream == first.Id)).ShouldBe(1);
        output.ShouldContain("3 of 3 rows imported");

        // Numbers behind every one of the list, so that they never meet.
        licenses.Select(l => l.Number).Order().ShouldBe(["L-5001", "L-5002", "L-5003"]);
        await using var transaction = await db.Database.BeginTransactionAsync();
        (await Numbers.NextLicenseAsync(db, default)).ShouldBe("L-5004");
    }

    [Fact]
    public async Task Every_bad_row_is_named_with_its_line_and_nothing_is_stored()
    {
        var before = await CountAsync();
        var (exit, output) = await ImportAsync(',',
            "muster-pos,L-6001,,,1,,,Gute Zeile GmbH,gut@example.test,de,,,,,",
            "unbekannt,L-6002,,,0,31.02.2027,,,keine Adresse,fr,,,,Atlantis,",
            "muster-pos,L-6001,,KBHPE-5N500-BAQPQ-AAQSQ-PP7FH,1,,,Doppelt GmbH,doppelt@example.test,de,,,,,",
            "muster-pos,L-6003",
            "muster-pos,L-6004,,,1,9999-12-31,,Ewig GmbH,ewig@example.test,de,,,,,",
            "muster-pos,L-6005,,,1,0001-01-01,,Alt GmbH,alt@example.test,de,,,,,");

        exit.ShouldBe(1);
        output.ShouldContain("line 3: product: 'unbekannt' does not exist");
        output.ShouldContain("line 3: company: it is missing");
        output.ShouldContain("line 3: email: 'keine Adresse' is not an e-mail address.");
        output.ShouldContain("line 3: language: 'fr' is neither de nor en.");
        output.ShouldContain("line 3: seats: '0' is not a number from 1 to 10000.");
        output.ShouldContain("line 3: maintenance_until: '31.02.2027' is not a date");
        output.ShouldContain("line 3: country: 'Atlantis'");
        output.ShouldContain("line 4: license_number: L-6001 is already in line 2.");
        output.ShouldContain("line 4: activation_key: group 2 (5N500) has a wrong character.");
        output.ShouldContain("line 5: company: it is missing");
        output.ShouldContain("line 6: maintenance_until: '9999-12-31' is not a date");
        output.ShouldContain("line 7: maintenance_until: '0001-01-01' is not a date");
        output.ShouldContain("5 of 6 rows are bad.");
        output.ShouldContain("Nothing was stored");
        (await CountAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Good_rows_may_be_stored_without_the_bad_ones_and_a_dry_run_stores_nothing()
    {
        string[] rows =
        [
            "muster-pos,L-6101,,,1,,,Gute Zeile GmbH,gut@example.test,de,,,,,",
            "muster-pos,L-6102,,,viele,,,Schlechte Zeile GmbH,schlecht@example.test,de,,,,,",
        ];
        var before = await CountAsync();
        var (dry, said) = await ImportAsync(',', rows, "--dry-run", "--skip-bad-rows");
        (await CountAsync()).ShouldBe(before);
        var (exit, output) = await ImportAsync(',', rows, "--skip-bad-rows");
        var (again, existing) = await ImportAsync(',', rows, "--skip-bad-rows");

        dry.ShouldBe(0, said);
        said.ShouldContain("1 of 2 rows would be imported");
        exit.ShouldBe(0, output);
        output.ShouldContain("1 of 2 rows imported");
        again.ShouldBe(0);
        existing.ShouldContain("L-6101 exists already and was left as it is.");
        (await CountAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_key_that_another_license_has_is_refused()
    {
        var own = ActivationKey.New().ToString();
        (await ImportAsync(',', $"muster-pos,L-6201,,{own},1,,,Erste GmbH,erste@example.test,de,,,,,")).Exit.ShouldBe(0);
        var (exit, output) = await ImportAsync(',', $"muster-pos,L-6202,,{own},1,,,Zweite GmbH,zweite@example.test,de,,,,,");

        exit.ShouldBe(1);
        output.ShouldContain("line 2: activation_key: another license already has it.");
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("product,company\nmuster-pos,A\n", "Columns are missing: email.")]
    [InlineData("product,company,email,color\nmuster-pos,A,a@example.test,red\n", "Columns are not known: color.")]
    public async Task A_file_of_another_form_is_refused_in_a_sentence(string text, string sentence)
    {
        var (exit, output) = await RunAsync("file.csv", Encoding.UTF8.GetBytes(text), "import", "licenses");

        exit.ShouldBe(1);
        output.ShouldContain(sentence);
    }

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("windows-1252", false)]
    public async Task Whatever_Excel_saves_is_read(string encoding, bool mark)
    {
        var written = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        var company = $"Müller & Söhne – {encoding} {mark}";
        byte[] bytes =
        [
            .. mark ? written.GetPreamble() : [],
            .. written.GetBytes($"product;company;email;maintenance_until;;\nmuster-pos;{company};a@example.test;31.3.2027;;\n"),
        ];

        var (exit, output) = await RunAsync("file.csv", bytes, "import", "licenses");

        exit.ShouldBe(0, output);
        await using var db = _portal.Open();
        var customer = await db.Customers.SingleAsync(c => c.Company == company);
        (await db.Licenses.SingleAsync(l => l.CustomerId == customer.Id)).MaintenanceUntil.ShouldBe(new DateOnly(2027, 3, 31));
    }

    [Fact]
    public async Task What_a_spreadsheet_spoils_is_read_where_that_is_sure_and_else_named()
    {
        var (exit, output) = await ImportAsync(',',
            "muster-pos,L\u20136301,,,1,,C\u201363,Strich GmbH,strich@example.test,de,Weg 1,01067,Dresden,DE,",
            "muster-pos,L-6302,1.23457E+15,,1,,,Ziffern GmbH,ziffern@example.test,de,,,,,",
            "muster-pos,L-6303,,,1,,,Null GmbH,null@example.test,de,Weg 1,1067,Dresden,DE,",
            "muster-pos,L 6304,,,1,2027-12-31T00:00:00,,Wort GmbH,wort@example.test,de,Weg 1,01067,Dresden,DE,DE 136 695 976",
            "muster-pos,L-6305,#NV,,1,,,#REF!,fehler@example.test,de,,,,,",
            "muster-pos,L-6306,,1.23E+15,1,,,Taste GmbH,taste@example.test,de,,,,,");

        exit.ShouldBe(1);
        output.ShouldNotContain("line 2:");
        output.ShouldContain("line 3: serial: '1.23457E+15' is a number that the spreadsheet has shortened");
        output.ShouldContain("line 4: postal_code: '1067' does not have the five digits of a German postal code");
        output.ShouldNotContain("line 5:");
        output.ShouldContain("line 6: serial: '#NV' is an error value of the spreadsheet");
        output.ShouldContain("company: '#REF!' is an error value of the spreadsheet");
        output.ShouldContain("activation_key: '1.23E+15' is a number that the spreadsheet has shortened");
    }

    [Fact]
    public async Task All_licenses_go_out_and_come_back_without_a_change_foreign_keys_too()
    {
        await ImportAsync(',', "beamalign,,,BA-2018-ABCD-0O0O,1,,,Example Hall,hall@example.test,en,,,,IE,");
        var file = Path.Combine(_folder.FullName, "all.csv");

        var (exit, said) = await _portal.RunAsync("export", "licenses", file);

        exit.ShouldBe(0, said);
        said.ShouldStartWith($"{await CountAsync()} licenses");
        (await File.ReadAllTextAsync(file)).ShouldContain("BA-2018-ABCD-0O0O");
        var (again, output) = await _portal.RunAsync("import", "licenses", file, "--update");
        again.ShouldBe(0, output);
        output.ShouldContain($"0 of {await CountAsync()} rows imported, 0 changed what is stored");
        (await _portal.RunAsync("export", "licenses", file)).Exit.ShouldBe(1, "a file that is there is not written over");
    }

    [Fact]
    public async Task An_update_is_shown_by_a_dry_run_and_made_when_it_is_said()
    {
        (await ImportAsync(',', "muster-pos,L-6401,,,1,,C-64,Muster GmbH,alt@example.test,de,,,,,")).Exit.ShouldBe(0);
        string[] rows = ["muster-pos,L-6401,,,1,,C-64,Muster GmbH,neu@example.test,de,,,,,"];

        (await ImportAsync(',', rows, "--dry-run", "--update")).Output
            .ShouldContain("L-6401: email 'alt@example.test' → 'neu@example.test'");
        (await ImportAsync(',', rows)).Output.ShouldContain("0 of 1 rows imported, 0 changed what is stored, 1 existed, 0 were bad.");
        (await ImportAsync(',', rows, "--update")).Output.ShouldContain("1 changed what is stored");

        await using var db = _portal.Open();
        (await db.Customers.SingleAsync(c => c.Number == "C-64")).Email.ShouldBe("neu@example.test");
        (await RunAsync("color.csv", "product,company,email,color\nmuster-pos,A,a@example.test,red\n"u8.ToArray(),
            "import", "licenses", "--leave-out-unknown")).Output.ShouldContain("1 of 1 rows imported");
    }

    [Fact]
    public async Task Products_go_out_and_in_as_the_same_file_and_a_wrong_one_changes_nothing()
    {
        var file = Path.Combine(_folder.FullName, "products.json");
        (await _portal.RunAsync("export", "products", file)).Exit.ShouldBe(0);
        var exported = await File.ReadAllTextAsync(file);
        (await _portal.RunAsync("import", "products", file)).Exit.ShouldBe(0);
        File.Delete(file);
        (await _portal.RunAsync("export", "products", file)).Exit.ShouldBe(0);
        (await File.ReadAllTextAsync(file)).ShouldBe(exported);

        exported.ShouldContain("\"emergencyCode\": true");
        var without = exported.Replace("\"emergencyCode\": true", "\"emergencyCode\": false", StringComparison.Ordinal);
        (await RunAsync("without.json", Encoding.UTF8.GetBytes(without), "import", "products")).Exit.ShouldBe(0);
        File.Delete(file);
        (await _portal.RunAsync("export", "products", file)).Exit.ShouldBe(0);
        (await File.ReadAllTextAsync(file)).ShouldBe(without);

        var wrong = exported.Replace("\"everyDays\": 7", "\"everyDays\": 0", StringComparison.Ordinal)
            .Replace("BA-[0-9]{4}", "BA-[0-9", StringComparison.Ordinal);
        var (exit, output) = await RunAsync("wrong.json", Encoding.UTF8.GetBytes(wrong), "import", "products");

        exit.ShouldBe(1);
        output.ShouldContain("products[0].policies.checkIn.everyDays: Enter a number from 1 to 366.");
        output.ShouldContain("products[0].policies.key.pattern: The pattern is not a valid regular expression");
        output.ShouldContain("Nothing was stored.");
        (await RunAsync("typo.json", "[{\"id\":\"x\",\"nmae\":\"X\"}]"u8.ToArray(), "import", "products")).Output.ShouldContain(
            "products[0].nmae: there is no such name; the names here are id, name, policies.");
    }

    [Fact]
    public async Task A_new_portal_gets_all_that_is_set_from_the_file_of_another()
    {
        var file = Path.Combine(_folder.FullName, "settings.json");
        var more = """
            { "taxRates": [ { "percent": 19, "validFrom": "2007-01-01" }, { "percent": 20.5, "validFrom": "2099-01-01" } ],
              "mailTexts": [
                { "kind": "released", "de": "Für alle." }, { "kind": "released", "product": "muster-pos", "en": "For tills." } ] }
            """;
        var logo = Convert.ToBase64String(Png.Logo(260, 100, color: 6));
        (await RunAsync("more.json", Encoding.UTF8.GetBytes(more), "import", "settings")).Output
            .ShouldBe($"0 products, 0 lists of prices, 2 tax rates, 2 texts of mails and no vendor's data stored.{Environment.NewLine}");
        (await _portal.RunAsync("export", "settings", file)).Exit.ShouldBe(0);
        var exported = await File.ReadAllTextAsync(file);
        exported.ShouldContain("20.5");
        exported.ShouldContain("For tills.");
        exported.ShouldContain("\"iban\"");
        exported = exported.Replace("Muster Software GmbH", "Beispiel Software GmbH", StringComparison.Ordinal)
            .Replace("\"logo\": null", $"\"logo\": {JsonSerializer.Serialize(logo)}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, exported);
        await using var other = new PortalFactory();
        await other.InitializeAsync();

        (await other.RunAsync("import", "settings", file)).Output
            .ShouldContain("2 products, 5 lists of prices, 2 tax rates, 2 texts of mails and the vendor's data stored.");
        await using var db = other.Open();
        var versions = await db.SettingVersions.CountAsync();
        (await other.RunAsync("import", "settings", file)).Exit.ShouldBe(0);

        var again = Path.Combine(_folder.FullName, "again.json");
        (await other.RunAsync("export", "settings", again)).Exit.ShouldBe(0);
        (await File.ReadAllTextAsync(again)).ShouldBe(exported);
        (await db.SettingVersions.CountAsync()).ShouldBe(versions, "the second import changed nothing");
        var running = other.Services.GetRequiredService<IOptions<VendorOptions>>();
        await Eventually.BecomesTrueAsync(() => running.Value.Images.Logo?.Base64 == logo);
        (await db.BrandImages.SingleAsync()).Content.ShouldBe(Convert.FromBase64String(logo));

        // What holds stays, and an article without a price is refused.
        var cheaper = exported.Replace("\"net\": 70.00", "\"net\": 7.00", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, cheaper);
        (await other.RunAsync("import", "settings", file)).Output.ShouldContain("on holds or was ordered at and cannot go");
        await File.WriteAllTextAsync(
            file, """{ "products": [ { "id": "other", "name": "Other", "policies": { "transfer": { "feeSku": "OTHER" } } } ] }""");
        (await other.RunAsync("import", "settings", file)).Output
            .ShouldContain("policies.transfer.feeSku: The article “OTHER” has no price.");
        (await db.Products.CountAsync()).ShouldBe(2);
        (await db.PriceList.CountAsync()).ShouldBe(5);
    }

    [Theory]
    [InlineData("""{ "taxRates": [ { "percent": 16, "validFrom": "2020-07-01" } ] }""",
        "taxRates[0].validFrom: only rates from tomorrow on")]
    [InlineData("""{ "taxRates": [ { "percent": 0, "validFrom": "2098-01-01" } ] }""", "taxRates[0].percent: above 0 and below 100")]
    [InlineData("""{ "taxRates": [ { "percent": 1, "validFrom": "2098-01-01" }, { "percent": 2, "validFrom": "2098-01-01" } ] }""",
        "taxRates: 2098-01-01 stands in the file more than once.")]
    [InlineData("""{ "taxRates": [ { "percent": "nineteen", "validFrom": "2098-01-01" } ] }""", "taxRates[0].percent: ")]
    [InlineData("""{ "mailTexts": [ { "kind": "staff-flag", "de": "x" } ] }""", "mailTexts[0].kind: 'staff-flag' is no mail that takes")]
    [InlineData("""{ "mailTexts": [ { "kind": "released", "product": "nothing", "de": "x" } ] }""",
        "mailTexts[0].product: 'nothing' is not")]
    [InlineData("""{ "mailTexts": [ { "kind": "locked", "de": "x" }, { "kind": "locked", "de": "y" } ] }""",
        "mailTexts: locked stands in")]
    [InlineData("""{ "vendor": { "iban": "DE00" } }""", "vendor.iban: ")]
    [InlineData("""{ "vendor": { "ibam": "DE00" } }""", "vendor.ibam: there is no such name")]
    [InlineData("""{ "vendor": { "logo": "PHN2Zz48L3N2Zz4=" } }""", "vendor.logo: This is not a PNG.")]
    [InlineData("""{ "vendor": { "icon": "logo.png" } }""", "vendor.icon: This is not a PNG.")]
    public async Task What_is_wrong_in_the_file_is_named_by_its_path_and_nothing_is_stored(string content, string problem)
    {
        await using var db = _portal.Open();
        var versions = await db.SettingVersions.CountAsync();

        var (exit, output) = await RunAsync("wrong.json", Encoding.UTF8.GetBytes(content), "import", "settings");

        (exit, output).ShouldSatisfyAllConditions(r => r.exit.ShouldBe(1), r => r.output.ShouldContain(problem));
        output.ShouldContain("Nothing was stored.");
        (await db.SettingVersions.CountAsync()).ShouldBe(versions);
    }

    private Task<(int Exit, string Output)> ImportAsync(char separator, params string[] rows) => ImportAsync(separator, rows, []);

    private Task<(int Exit, string Output)> ImportAsync(char separator, string[] rows, params string[] switches)
    {
        const string Header =
            "product,license_number,serial,activation_key,seats,maintenance_until,customer_number,"
            + "company,email,language,street,postal_code,city,country,vat_id";
        var text = string.Join('\n', rows.Prepend(Header)).Replace(',', separator) + "\n";
        return RunAsync("licenses.csv", Encoding.UTF8.GetBytes(text), ["import", "licenses", .. switches]);
    }

    private async Task<(int Exit, string Output)> RunAsync(string name, byte[] content, params string[] command)
    {
        var file = Path.Combine(_folder.FullName, name);
        await File.WriteAllBytesAsync(file, content);
        return await _portal.RunAsync([.. command, file]);
    }

    private async Task<int> CountAsync()
    {
        await using var db = _portal.Open();
        return await db.Licenses.CountAsync();
    }
}
