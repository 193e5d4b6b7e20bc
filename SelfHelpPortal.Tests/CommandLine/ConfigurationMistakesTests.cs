using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.CommandLine;

/// <summary>
/// What an operator can write wrong, and the sentence that he reads. Each row is a change of a configuration with which the portal starts,
/// read from a file as the program reads it.
/// </summary>
public sealed class ConfigurationMistakesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-config-");

    public ConfigurationMistakesTests()
    {
        PreparedSecrets.CopyTo(At("secrets"));
        File.WriteAllText(At("empty"), "\n");
        File.WriteAllText(At("several"), "one\ntwo\n");
        File.WriteAllText(At("token"), "0123456789abcdef0123456789abcdef\n");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The keys with their values in JSON, one a line, and the sentences; <c>~</c> is the test's folder.</summary>
    public static TheoryData<string, string> Mistakes => new()
    {
        // The addresses.
        { """PublicUrl = "" """, "PublicUrl is missing: the https address under which customers reach the portal." },
        { """PublicUrl = "licenses.example.org" """,
            "PublicUrl is 'licenses.example.org'; it is an address without a path, such as https://licenses.example.org." },
        { """PublicUrl = "https://example.org/licenses" """,
            "PublicUrl is 'https://example.org/licenses'; it is an address without a path, such as https://licenses.example.org." },
        { """PublicUrl = "http://licenses.example.org" """,
            "PublicUrl is 'http://licenses.example.org'; outside Development it begins with https." },
        { """PublicUrl = ["https://licenses.example.org"] """,
            "PublicUrl is a group or a list; it is one value." },
        { """Urls = "127.0.0.1:5080" """, "Urls has '127.0.0.1:5080'; an address to listen at is written like http://127.0.0.1:5080." },
        { """Urls = "ftp://127.0.0.1:5080" """,
            "Urls has 'ftp://127.0.0.1:5080'; an address to listen at is written like http://127.0.0.1:5080." },
        { """Urls = "http://127.0.0.1:99999" """, "Urls has 'http://127.0.0.1:99999'; a port is 1 to 65535." },
        { """Urls = "https://0.0.0.0:443" """,
            "Urls has 'https://0.0.0.0:443', which needs a certificate (Kestrel:Certificates:Default:Path). Behind a reverse "
                + "proxy, which has "
                + "the certificate, it is http://127.0.0.1:5080." },

        // The database.
        { """ConnectionStrings:Portal = "" """,
            "ConnectionStrings:Portal is missing: the connection string of the PostgreSQL database." },
        { """ConnectionStrings:Portal = "Hots=db.example.org;Database=portal" """,
            "ConnectionStrings:Portal has the word 'hots', which PostgreSQL's driver does not know; Host is one." },
        { """ConnectionStrings:Portal = "Host=db.example.org;Colour=blue" """,
            "ConnectionStrings:Portal has the word 'colour', which PostgreSQL's driver does not know." },
        { """ConnectionStrings:Portal = "Host=db.example.org;Port=five" """,
            "ConnectionStrings:Portal has a value of port that cannot be meant; it is a whole number." },
        { """ConnectionStrings:Portal = "Host=db.example.org;SSL Mode=Full" """,
            "ConnectionStrings:Portal has a value of ssl mode that cannot be meant; it is Disable, Allow, Prefer, Require, VerifyCA or "
                + "VerifyFull." },
        { """ConnectionStrings:Portal = "Database=portal;Username=portal" """,
            "ConnectionStrings:Portal names no Host: the server of the database, or the folder of its socket." },
        { """ConnectionStrings:Portal = "Host=db.example.org;Username=portal;Password=" """,
            "ConnectionStrings:Portal has an empty Password." },
        { """ConnectionStrings:Portal = "db.example.org" """,
            "ConnectionStrings:Portal is not written as Host=…;Database=…;Username=… with a semicolon between the parts; a value with a "
                + "semicolon or a quote in it stands in quotes." },
        { """ConnectionStrings:Portal = "Host=db.example.org;Root Certificate=/nowhere/ca.pem" """,
            "ConnectionStrings:Portal names a file in root certificate that is not there or closed: /nowhere/ca.pem." },
        { """ConnectionStrings:Portal = "postgres://portal:@db.example.org/portal" """, "ConnectionStrings:Portal has an empty Password." },
        { """ConnectionStrings:Portal = "postgres://portal:pass@db.example.org:five/portal" """,
            "ConnectionStrings:Portal has a value of Port that cannot be meant; it is a whole number." },
        { """ConnectionStrings:Portal = "postgres://db.example.org/portal?ssl=on" """,
            "ConnectionStrings:Portal has 'ssl' behind the question mark of its address, which is unknown there; sslmode, "
                + "sslrootcert, sslcert, "
                + "sslkey, sslpassword, connect_timeout, application_name, target_session_attrs, channel_binding, "
                    + "keepalives_idle, options, "
                + "passfile, host, port, user, password or dbname may stand there." },
        { """ConnectionStrings:Portal = "mysql://db.example.org/portal" """,
            "ConnectionStrings:Portal is an address that does not begin with postgres:// or postgresql://." },
        { """ConnectionStrings:Migration = "Host=db.example.org;Usrname=owner" """,
            "ConnectionStrings:Migration has the word 'usrname', which PostgreSQL's driver does not know; Username is one." },
        { """ConnectionStrings:PortalFile = "~/token" """, "ConnectionStrings:Portal and ConnectionStrings:PortalFile are both "
            + "set; keep one." },
        { """Database:MigrateOnStart = "yes" """, "Database:MigrateOnStart is 'yes'; it is true or false." },

        // Secrets and files.
        { """Secrets:Directory = "" """,
            "Secrets:Directory is missing: a folder, closed to others, for pepper, signing keys and certificate." },
        { """Secrets:Directory = "~/forgotten" """,
            "The secrets directory ~/forgotten (setting Secrets:Directory) does not exist. Mount it or restore it from the backup; for a "
                + "first installation run \"keys create\"." },
        { """History:HeadsDirectory = "~/token/heads" """, "History:HeadsDirectory is ~/token/heads, where * cannot write: *" },
        { """Watching:TokenFile = "~/none" """, "Watching:TokenFile: Could not find file '~/none'." },
        { """Watching:TokenFile = "~/secrets" """, "Watching:TokenFile: ~/secrets is a folder; it is a file." },
        { """Watching:TokenFile = "~/several" """, "Watching:TokenFile: ~/several has several lines; it holds the secret alone." },
        { """Watching:Token = "short" """,
            "Watching:Token is too short or has a space; it has at least 20 letters and digits (openssl rand -hex 20)." },

        // Mail.
        { """Mail:Transport = "Smpt" """, "Mail:Transport is 'Smpt'; it is Pickup or Smtp." },
        { """Mail:Transport = "1" """, "Mail:Transport is '1'; it is Pickup or Smtp." },
        { """Mail:Transport = null """, "Mail:Transport is missing: Pickup or Smtp." },
        { """Mail:From = "Licenses" """, "Mail:From is 'Licenses'; it is the one address that mails come from." },
        { """Mail:StaffAlerts = "" """, "Mail:StaffAlerts is ''; it is one address, or several separated by commas." },
        { """Mail:Workers = 99 """, "Mail:Workers is 1 to 16." },
        { """Mail:Smtp:Host = "" """, "Mail:Smtp:Host is missing: the server that takes our mails." },
        { """Mail:Smtp:Host = "smtp.example.org:587" """,
            "Mail:Smtp:Host is 'smtp.example.org:587'; it is the name of a server, such as smtp.example.org, and nothing else." },
        { """Mail:Smtp:Port = "submission" """, "Mail:Smtp:Port is 'submission'; it is a whole number." },
        { """Mail:Smtp:Port = "" """, "Mail:Smtp:Port is empty; it is a whole number." },
        { """Mail:Smtp:Port = 70000 """, "Mail:Smtp:Port is 1 to 65535." },
        { """Mail:Smtp:Security = "SSL" """, "Mail:Smtp:Security is 'SSL'; it is StartTls, Tls or None." },
        { """Mail:Smtp:Security = "None" """,
            "Mail:Smtp:Security is None, which only a server on this computer may have; smtp.example.org is not one." },
        { """Mail:Smtp:User = "portal" """, "Mail:Smtp:User is 'portal' without Password, PasswordFile or TokenCommand." },
        { "Mail:Smtp:User = \"portal\"\nMail:Smtp:PasswordFile = \"~/empty\"",
            "Mail:Smtp:PasswordFile: ~/empty is empty.\nMail:Smtp:User is 'portal' without Password, PasswordFile or TokenCommand." },
        { """Mail:Smtp:Pasword = "secret" """, "Mail:Smtp:Pasword is no setting; Mail:Smtp:Password is one." },
        { """Mail:Host = "smtp.example.org" """, "Mail:Host is no setting; Mail:Smtp:Host is one." },
        { """Mail:Smtp:TokenCommand = "/usr/bin/token portal" """,
            "Mail:Smtp:TokenCommand is one value; it is a list: [\"…\"] in a file, Mail__Smtp__TokenCommand__0 as a variable." },
        { """Mail:Dkim:Domain = "example.org" """, "Mail:Dkim wants Domain, Selector and KeyFile: give all three, or none." },
        { """Mail:RefusedDays = 0 """, "Mail:RefusedDays is 1 to 365." },
        { """Mail:Bounces:ReturnPath = "bounces" """, "Mail:Bounces:ReturnPath is 'bounces'; it is one address, or left out." },
        { """Mail:Bounces:Host = "imap.example.org" """, "Mail:Bounces has a Host, but no User or no Password or PasswordFile." },
        { """Mail:Bounces:User = "bounces" """, "Mail:Bounces:Host is missing, but there is a User or a Password." },
        { """Mail:Bounces:Token = "short" """,
            "Mail:Bounces:Token is too short or has a space; it has at least 20 letters and digits (openssl rand -hex 20)." },
        { "Mail:Bounces:Host = \"imap.example.org\"\nMail:Bounces:User = \"b\"\nMail:Bounces:Password = \"p\"\n"
            + "Mail:Bounces:Security = \"None\"\nMail:Bounces:Minutes = 0\nMail:Bounces:Folder = \"\"\nMail:Bounces:Port = 0",
            "Mail:Bounces:Port is 1 to 65535.\n"
                + "Mail:Bounces:Security is None, which only a server on this computer may have; imap.example.org is not one.\n"
                + "Mail:Bounces:Folder is empty; usually it is INBOX.\nMail:Bounces:Minutes is 1 to 1440." },
        { "Mail:Transport = \"Pickup\"\nMail:PickupDirectory = \"~/token/mails\"",
            "Mail:PickupDirectory is ~/token/mails, where * cannot write: *" },

        // The rest.
        { """Proxy:KnownNetworks = "10.0.0.0/8" """,
            "Proxy:KnownNetworks is one value; it is a list: [\"…\"] in a file, Proxy__KnownNetworks__0 as a variable." },
        { """Proxy:KnownNetworks = ["10.0.0.0/33", "proxy"] """,
            "Proxy:KnownNetworks has '10.0.0.0/33'; a network is written like 10.0.0.0/8, a single proxy like 127.0.0.1/32.\n"
                + "Proxy:KnownNetworks has 'proxy'; a network is written like 10.0.0.0/8, a single proxy like 127.0.0.1/32." },
        { """Web:HstsIncludeSubDomains = "no" """, "Web:HstsIncludeSubDomains is 'no'; it is true or false." },
        { """Web:StopDelaySeconds = 600 """, "Web:StopDelaySeconds is 0 to 60." },
        { """Watching:Otlp:Endpoint = "collector:4317" """,
            "Watching:Otlp:Endpoint is 'collector:4317'; it is the address of a collector, such as http://127.0.0.1:4318." },
        { """Watching:Otlp:TraceShare = "0,5" """, "Watching:Otlp:TraceShare is '0,5'; it is a number such as 12.5." },
        { """Watching:LogFormat = "Xml" """, "Watching:LogFormat is 'Xml'; it is Json or Text." },
        { """Logging:LogLevel:Default = "Verbose" """,
            "Logging:LogLevel:Default is 'Verbose'; it is Trace, Debug, Information, Warning, Error, Critical or None." },
        { """Vendor:Country = "Germany" """, "Vendor:Country: “Germany” is not a country; a country has two letters, such as DE." },
        { """Vendor:TimeZone = "Berlin" """, "Vendor:TimeZone is 'Berlin'; a zone has a name like Europe/Berlin." },
        { """Vendor:PaymentDays = "two weeks" """, "Vendor:PaymentDays is 'two weeks'; it is a whole number." },
        { """Retention:NetworkDays = 0 """, "Retention:NetworkDays is 1 to 365." },
        { """Guessing:WrongKeyPerAddress = 10 """,
            "Guessing:WrongKeyPerAddress is one value; it is a group of settings: Count, Minutes." },
        { """Accounts:StaffIdleHours = 48 """, "Accounts:StaffIdleHours and Accounts:StaffAbsoluteHours are more than 0 and at most 24." },
        { """Webhooks:TimeoutSeconds = 600 """, "Webhooks:TimeoutSeconds is 1 to 60." },
        { """Drafts:MostOpen = 0 """, "Drafts:MostOpen is at least 1." },
        { """PublicUri = "https://licenses.example.org" """, "PublicUri is no setting; PublicUrl is one." },
        { """Smtp:Host = "smtp.example.org" """, "Smtp is no setting; Mail:Smtp is one." },
        { """Mails = { "From": "x@example.org" } """, "Mails is no setting; Mail is one." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_said_in_words(string change, string sentences) => Said(change).ShouldBeLike(Here(sentences).Split('\n'));

    [Fact]
    public void The_table_is_long_and_its_base_is_right()
    {
        Mistakes.Count.ShouldBeGreaterThanOrEqualTo(40);
        Said("").ShouldBeEmpty();
    }

    [Fact]
    public void All_mistakes_are_said_at_once() => Said(string.Join('\n', """
        PublicUri = "https://licenses.example.org"
        ConnectionStrings:Portal = "Hots=db.example.org;Prot=5432"
        Mail:Transport = "Smpt"
        Mail:From = "Licenses"
        Mail:Workers = 99
        Retention:NetworkDays = 0
        Retention:OrderYears = 1
        """)).Count.ShouldBe(8);

    [Theory]
    [InlineData("postgres://portal:%3B@db.example.org:5433/licenses?sslmode=verify-full&application_name=portal",
        "Username=portal;Password=\";\";Port=5433;Host=db.example.org;Database=licenses;SSL Mode=verifyfull;Application Name=portal")]
    [InlineData("postgresql://db.example.org/licenses", "Host=db.example.org;Database=licenses")]
    [InlineData("postgres://portal@[2001:db8::1]:5432/licenses", "Username=portal;Port=5432;Host=2001:db8::1;Database=licenses")]
    [InlineData("postgres:///licenses?host=/run/postgresql", "Database=licenses;Host=/run/postgresql")]
    [InlineData("Host=db.example.org;Database=licenses", "Host=db.example.org;Database=licenses")]
    public void The_address_of_a_database_is_read_as_well(string told, string read)
    {
        ConnectionText.Complaints("ConnectionStrings:Portal", told).ShouldBeEmpty();
        ConnectionText.Keywords(told).ShouldBe(read);
    }

    [Fact]
    public void No_sentence_has_the_password()
    {
        foreach (var told in (string[])[
            "postgres://portal:hunt2@db.example.org:five/portal", "Host=db;Password=hunt2;Hots=x", "Host=db;Pasword=hunt2",
            "Host=db;Password='hunt2", "postgres://portal:hunt2@db.example.org/portal?x=y"])
        {
            ConnectionText.Complaints("ConnectionStrings:Portal", told).ToList().ShouldHaveSingleItem().ShouldNotContain("hunt2");
        }
    }

    [Theory]
    [InlineData("{\n  \"PublicUrl\": \"https://licenses.example.org\"\n  \"Mail\": {}\n}",
        " is broken at line 3, column 3: a comma, a quote or a bracket "
        + "is missing there or just before, or is too many.")]
    [InlineData("{ \"PublicUrl\": \"https://licenses.example.org", " is broken at line 1, column *: a comma, a quote or a bracket "
        + "is missing there or "
        + "just before, or is too many.")]
    [InlineData("{ \"Urls\": \"a\", \"urls\": \"b\" }", " is broken: A duplicate key 'urls' was found.")]
    [InlineData("[]", " is broken: *")]
    public void A_broken_file_is_named_with_its_line(string content, string said)
    {
        File.WriteAllText(At("appsettings.Production.json"), content);

        Should.Throw<OptionsValidationException>(() => Start()).Failures.ToList().ShouldBeLike([At("appsettings.Production.json") + said]);
    }

    [Fact]
    public void Every_file_that_cannot_be_read_is_named()
    {
        File.WriteAllText(At("appsettings.json"), "{");
        Directory.CreateDirectory(At("appsettings.Production.json"));

        Should.Throw<OptionsValidationException>(() => Start()).Failures.Select(f => f[(_folder.FullName.Length + 1)..].Split(' ')[0])
            .ShouldBe(["appsettings.json", "appsettings.Production.json"]);
    }

    [Theory]
    [InlineData("~/none", "--config names ~/none, which is not there or closed to *.")]
    [InlineData("~/token", "--config names the file ~/token; it is the folder in which appsettings.Production.json lies.")]
    [InlineData("~/secrets",
        "--config names ~/secrets, but there is neither appsettings.json nor appsettings.Production.json, or the folder is closed to *.")]
    public void A_folder_without_configuration_is_named(string folder, string said) =>
        Should.Throw<OptionsValidationException>(() => ConfigurationFiles.Read(["--config", Here(folder)]).Options([])).Failures.ToList()
            .ShouldBeLike([Here(said)]);

    [Theory]
    [InlineData("--config")]
    [InlineData("--config=")]
    [InlineData("--config", "/etc/one", "--config", "/etc/two")]
    public void One_folder_follows_config(params string[] line) =>
        Should.Throw<StartRefusedException>(() => ConfigurationFiles.Read(line)).Message
            .ShouldBe("--config is followed by one folder, such as --config /etc/selfhelp-portal.");

    [Fact]
    public async Task The_program_says_them_and_ends_with_1_wherever_it_was_started()
    {
        Write("Mail:Transport = \"Smpt\"");
        // Of the folder in which it is started it reads nothing.
        var elsewhere = Directory.CreateDirectory(At("elsewhere"));
        await File.WriteAllTextAsync(Path.Combine(elsewhere.FullName, "appsettings.Production.json"), "{");

        var web = await PortalProcess.RunAsync(["--config", _folder.FullName], folder: elsewhere.FullName);
        var command = await PortalProcess.RunAsync(["migrate", $"--config={_folder.FullName}"], folder: elsewhere.FullName);

        foreach (var refused in (PortalProcess[])[web, command])
        {
            (refused.Exit, refused.Error.Trim()).ShouldBe((ExitCode.Refused, "Mail:Transport is 'Smpt'; it is Pickup or Smtp."));
            refused.Output.ShouldBeEmpty();
        }
    }

    private IReadOnlyList<string> Said(string change)
    {
        Write(change);
        using var app = Start();
        return app.Services.GetRequiredService<ConfigurationMistakes>().All(app.Services);
    }

    private Microsoft.AspNetCore.Builder.WebApplication Start()
    {
        var files = ConfigurationFiles.Read(["--config", _folder.FullName, "--environment", "Production"]);
        return Program.Build(files.Options(files.Arguments), files.Apply);
    }

    private void Write(string change)
    {
        var settings = JsonNode.Parse(Here("""
            {
              "PublicUrl": "https://licenses.example.org",
              "ConnectionStrings": { "Portal": "Host=db.example.org;Database=portal;Username=portal" },
              "Secrets": { "Directory": "~/secrets" },
              "Mail": { "Transport": "Smtp", "From": "a@example.org", "StaffAlerts": "b@example.org",
                  "Smtp": { "Host": "smtp.example.org" } },
              "Logging": { "LogLevel": { "Default": "Warning" } }
            }
            """))!.AsObject();
        foreach (var line in change.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (keys, value) = (line[..line.IndexOf(" = ", StringComparison.Ordinal)].Split(':'), line[(line.IndexOf(" = ",
                StringComparison.Ordinal) + 3)..]);
            var group = settings;
            foreach (var key in keys[..^1])
            {
                group = (JsonObject)(group[key] ??= new JsonObject());
            }

            group[keys[^1]] = JsonNode.Parse(Here(value));
        }

        File.WriteAllText(At("appsettings.Production.json"), settings.ToJsonString());
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string Here(string text) => text.Replace("~", _folder.FullName, StringComparison.Ordinal);
}

internal static class LikeExtensions
{
    /// <summary>A star in an expected text stands for anything.</summary>
    public static void ShouldBeLike(this IReadOnlyList<string> said, string[] expected)
    {
        said.Count.ShouldBe(expected.Length, string.Join('\n', said));
        foreach (var (one, other) in said.Zip(expected))
        {
            var parts = other.Split('*');
            var like = one.StartsWith(parts[0], StringComparison.Ordinal)
                && (parts.Length == 1 ? one == other : parts[1..].All(p => one.Contains(p, StringComparison.Ordinal)));
            like.ShouldBeTrue($"said:     {one}\nexpected: {other}");
        }
    }
}
