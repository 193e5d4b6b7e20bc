using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Data;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.PersonalData;
using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.PersonalData;

/// <summary>
/// T46: the export holds everything that names a made-up customer and no secret; erasure leaves nothing of it but what the law keeps.
/// </summary>
public sealed class EverythingTests : IAsyncLifetime
{
    private static readonly string[] KeptByLaw = ["invoice", "invoice_line", "invoice_document", "payment"];

    /// <summary>Of these the export has no list, for the reason beside them.</summary>
    private static readonly Dictionary<string, string> NotExported = new()
    {
        ["audit_entry"] = "what staff did, held by their account",
        ["exclusion_request"] = "who of staff wanted it; the events tell of it",
        ["incident_request"] = "who of staff wanted cases resolved together; the events tell of it",
        ["staff_reset"] = "who of staff wanted a colleague's account reset, and why",
        ["api_token"] = "which account made or revoked a token for a program of the vendor's",
        ["webhook_endpoint"] = "where the vendor's programs hear of events, and which account entered it",
        ["setting_version"] = "which account changed a product, price or the vendor's own data",
        ["staff_draft"] = "what staff typed, for an hour",
        ["text_template"] = "texts that staff use again and again",
        ["typed_text"] = "what staff are typing",
        ["case_assignment"] = "who of staff works on what",
        ["import_file"] = "which list somebody of staff has uploaded, for a day",
        ["mail_address"] = "a hash of the address, and what a server said",
        ["event_detail"] = "with the event",
        ["passkey_use"] = "with the passkey",
    };

    private readonly PortalFactory _portal = new();

    public Task InitializeAsync() => _portal.BuildAsync();

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    [Fact]
    public async Task The_export_holds_every_marker_and_no_secret()
    {
        var marked = await MarkedCustomer.AddAsync(_portal);
        marked.Markers.Count().ShouldBeGreaterThan(25);
        var inDatabase = (await marked.FoundAsync()).Select(f => f.Marker).Distinct().ToList();
        marked.Markers.Except(inDatabase).ShouldBeEmpty("was set but is not found: the scan would miss it elsewhere too");

        var files = await ReadAsync(
            target => Export.OfAccountAsync(marked.User.Id, CultureInfo.GetCultureInfo("de"), target, CancellationToken.None));

        var text = string.Join('\n',
            files.Where(f => f.Key.EndsWith(".json", StringComparison.Ordinal)).Select(f => Encoding.UTF8.GetString(f.Value)));
        inDatabase.Except(MarkedCustomer.MarkersIn(text))
            .ShouldBe([marked.Marked["mail_address.last_reply"]], "in the database and not in the export");
        (await marked.SecretsAsync()).Where(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        files.Single(f => f.Key.StartsWith("invoices/", StringComparison.Ordinal)).Value.ShouldBe([1, 2, 3, 4]);
        var readme = Encoding.UTF8.GetString(files["README.txt"]);
        files.Keys.Where(name => name.EndsWith(".json", StringComparison.Ordinal))
            .ShouldAllBe(name => readme.Split(name + ": ", StringSplitOptions.None).Length == 2);
        readme.ShouldContain("Das ist alles");
        readme.ShouldNotContain("This is everything");
        using var events = JsonDocument.Parse(files["events.json"]);
        events.RootElement.GetProperty("Ereignisse").EnumerateArray().ShouldAllBe(e => e.GetProperty("what").GetString()!.Length > 0);
    }

    /// <summary>One language, the reader's; names of things and not of tables; no word that only the database knows.</summary>
    [Theory]
    [InlineData("de", "Das ist alles", "This is everything", "Konto", "Lizenzen")]
    [InlineData("en", "This is everything", "Das ist alles", "account", "licenses")]
    public async Task The_export_speaks_plainly_in_one_language(string language, string said, string other, params string[] lists)
    {
        var marked = await MarkedCustomer.AddAsync(_portal);
        await using (var db = _portal.Open())
        {
            await db.Database.ExecuteSqlAsync($"UPDATE license_holder SET held_from = '-infinity'");
        }

        var files = await ReadAsync(
            target => Export.OfAccountAsync(marked.User.Id, CultureInfo.GetCultureInfo(language), target, CancellationToken.None));

        var readme = Encoding.UTF8.GetString(files["README.txt"]);
        (readme.Contains(said, StringComparison.Ordinal), readme.Contains(other, StringComparison.Ordinal)).ShouldBe((true, false));
        var names = new List<string>();
        foreach (var (name, bytes) in files.Where(f => f.Key.EndsWith(".json", StringComparison.Ordinal)))
        {
            var text = Encoding.UTF8.GetString(bytes);
            text.ShouldNotContain("infinity", customMessage: name);
            using var read = JsonDocument.Parse(text);
            names.AddRange(read.RootElement.EnumerateObject().Select(list => list.Name));
        }

        names.Count.ShouldBe(ExportTable.All.Count);
        names.Distinct().Count().ShouldBe(names.Count, "no two lists have one name");
        names.Intersect(lists).ShouldBe(lists, ignoreOrder: true);
        names.ShouldAllBe(name => !name.Contains('_', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Secrets_would_be_seen_and_every_table_has_its_place()
    {
        var marked = await MarkedCustomer.AddAsync(_portal);
        var secrets = await marked.SecretsAsync();
        await using (var db = _portal.Open())
        {
            var hash = (await db.Users.SingleAsync()).PasswordHash!;
            secrets.ShouldContain(hash);
            secrets.ShouldContain("sealed seed of the authenticator");
            secrets.ShouldContain(Convert.ToHexStringLower((await db.Licenses.SingleAsync()).Key.Hash));
        }

        var personal = PersonalDataTests.Named(PersonalDataTests.Document).Where(n => n.Class is not ("Secrets" or "Without personal data"))
            .Select(n => n.Column.Split('.')[0]).Distinct();
        personal.Except(ExportTable.All.Select(t => t.Table)).ShouldBe(NotExported.Keys, ignoreOrder: true);
    }

    [Fact]
    public async Task The_export_holds_nothing_of_others()
    {
        var marked = await MarkedCustomer.AddAsync(_portal);
        var other = await StrangerAsync(marked.CustomerId);

        var files = await ReadAsync(
            target => Export.OfAccountAsync(marked.User.Id, CultureInfo.GetCultureInfo("en"), target, CancellationToken.None));
        var text = string.Join('\n', files.Select(f => Encoding.UTF8.GetString(f.Value)));

        text.ShouldNotContain("Fremd");
        text.ShouldNotContain(other.Email);
        text.ShouldNotContain("support@muster-software.example");
        // Of a colleague: the role and a masked address.
        text.ShouldContain("pe•••@mu•••.example");
        // A member's export says for whom the person acts, and nothing of the customer's own.
        var member =
            await ReadAsync(target => Export.OfAccountAsync(other.Id, CultureInfo.GetCultureInfo("en"), target, CancellationToken.None));
        Encoding.UTF8.GetString(member["memberships.json"]).ShouldContain(marked.Number);
        foreach (var file in (string[])["customers.json", "licenses.json", "transfers.json", "invoices.json", "mails.json"])
        {
            Encoding.UTF8.GetString(member[file]).ShouldNotContain("Marke");
        }
    }

    [Fact]
    public async Task Erasure_leaves_markers_only_where_the_law_keeps_them()
    {
        var marked = await MarkedCustomer.AddAsync(_portal);
        await StrangerAsync(customer: null);
        await using var source = Npgsql.NpgsqlDataSource.Create(_portal.Database.OwnerConnection);
        var strangers = await StrangersAsync();

        var now = _portal.Clock.Now;
        var actor = await marked.User.ActorAsync();
        var old = actor with { AuthenticatedAt = now - FreshSignIn.Lifetime };
        (await _portal.Services.GetRequiredService<EraseCustomer>()
            .ExecuteAsync(new CustomerAct(Guid.NewGuid(), old), marked.CustomerId, now, CancellationToken.None))
            .Refused.ShouldBe(CustomerRefusal.NotPermitted, "the sign-in is too old");
        (await _portal.Services.GetRequiredService<EraseAccount>()
            .ExecuteAsync(new CustomerAct(Guid.NewGuid(), old), leaveAlone: true, now, CancellationToken.None))
            .Refused.ShouldBe(CustomerRefusal.NotPermitted, "the sign-in is too old");
        var erased = await _portal.Services.GetRequiredService<EraseCustomer>()
            .ExecuteAsync(new CustomerAct(Guid.NewGuid(), actor), marked.CustomerId, now, CancellationToken.None);
        erased.Value.ShouldBe(new Erased(marked.Number));
        var left = await _portal.Services.GetRequiredService<EraseAccount>()
            .ExecuteAsync(new CustomerAct(Guid.NewGuid(), actor), leaveAlone: false, now, CancellationToken.None);
        left.Value.ShouldBe(new Erased(null));

        // The two last mails are the receipt, until a day after they were sent.
        (await marked.FoundAsync()).Select(f => f.Table).Distinct().Except(KeptByLaw).ShouldBe(["outbox"]);
        await marked.ExecuteAsync("UPDATE outbox SET state = 2, payload = NULL, sent_at = created_at WHERE kind = 'account-erased'");
        _portal.Clock.Advance(TimeSpan.FromDays(1));
        await _portal.Services.GetRequiredService<RetentionJob>().RunAsync(_portal.Clock.Now, CancellationToken.None);

        (await marked.FoundAsync()).Where(f => !KeptByLaw.Contains(f.Table)).ShouldBeEmpty();
        (await marked.FoundAsync()).ShouldContain(f => f.Table == "invoice", "the law keeps it");
        (await StrangersAsync()).ShouldBe(strangers);
        await using var db = _portal.Open();
        foreach (var stream in (await db.Events.AsNoTracking().ToListAsync()).GroupBy(e => e.Stream))
        {
            EventLog.IsIntact([.. stream.OrderBy(e => e.Seq)]).ShouldBeTrue();
        }

        // What was paid for goes on: the license and its computer are there.
        (await db.Activations.CountAsync(a => a.State == SelfHelpPortal.Licensing.ActivationState.Active)).ShouldBe(2);
        (await db.Transfers.AsNoTracking().ToListAsync()).ShouldAllBe(r => r.Contact!.Email == "");

        async Task<string> StrangersAsync() =>
            string.Join('\n', (await Dump.ReadAsync(source, "customer", "asp_net_users", "activation", "outbox", "customer_member"))
            .Split('\n').Where(line => line.Contains("fremd", StringComparison.OrdinalIgnoreCase)
                || line.Contains("person", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_holds_a_license_still_writes_for_the_customer_who_is_being_erased()
    {
        var marked = await MarkedCustomer.AddAsync(_portal);
        var actor = await marked.User.ActorAsync();
        await using var holder = _portal.Open();
        await using var transaction = await holder.Database.BeginTransactionAsync();
        await holder.LockLicenseAsync(await holder.Licenses.Select(l => l.Id).SingleAsync(), CancellationToken.None);

        var erasing = Task.Run(() => _portal.Services.GetRequiredService<EraseCustomer>().ExecuteAsync(
            new CustomerAct(Guid.NewGuid(), actor), marked.CustomerId, _portal.Clock.Now, CancellationToken.None));
        await _portal.UntilSomebodyWaitsAsync();
        // What the database does for each row that names the customer, an invoice for example.
        await holder.Database.ExecuteSqlAsync($"SELECT 1 FROM customer WHERE id = {marked.CustomerId} FOR KEY SHARE");
        await transaction.CommitAsync();

        (await erasing).Value.ShouldBe(new Erased(marked.Number));
    }

    [Fact]
    public async Task What_was_merged_is_exported_and_erased_with_the_customer_it_went_to()
    {
        var marked = await MarkedCustomer.AddAsync(_portal);
        var license = await _portal.AddLicenseAsync(computers: "ZIEL-PC");
        var owner = await CustomerUser.CreateAsync(license);
        var target = (await license.ReadAsync()).CustomerId;
        var staff = await StaffUser.CreateAsync(_portal, StaffRoles.Administrator);
        var now = _portal.Clock.Now;
        (await _portal.Services.GetRequiredService<MergeCustomers>().ExecuteAsync(
            new StaffAct(Guid.NewGuid(), await staff.ActorAsync(), "Doppelt"), marked.CustomerId, target,
            new Dictionary<Guid, MergedAccess> { [marked.User.Id] = MergedAccess.None }, now, CancellationToken.None))
            .ShouldBe(StaffResult.Done);

        var files = await ReadAsync(
            export => Export.OfAccountAsync(owner.Id, CultureInfo.GetCultureInfo("de"), export, CancellationToken.None));
        MarkedCustomer.MarkersIn(Encoding.UTF8.GetString(files["transfers.json"])).ShouldNotBeEmpty();
        MarkedCustomer.MarkersIn(Encoding.UTF8.GetString(files["licenses.json"])).ShouldNotBeEmpty();
        files.Keys.ShouldContain(name => name.StartsWith("invoices/", StringComparison.Ordinal));

        (await _portal.Services.GetRequiredService<EraseCustomer>()
            .ExecuteAsync(new CustomerAct(Guid.NewGuid(), await owner.ActorAsync()), target, now, CancellationToken.None))
            .Refused.ShouldBeNull();
        (await _portal.Services.GetRequiredService<EraseAccount>()
            .ExecuteAsync(new CustomerAct(Guid.NewGuid(), await marked.User.ActorAsync()), leaveAlone: true, now, CancellationToken.None))
            .Refused.ShouldBeNull();
        await marked.ExecuteAsync(
            "UPDATE outbox SET state = 2, payload = NULL, sent_at = created_at WHERE kind = 'account-erased'; "
                + "UPDATE mail_address SET since = (SELECT min(at) FROM license_event)");
        _portal.Clock.Advance(TimeSpan.FromDays(91));
        await _portal.Services.GetRequiredService<RetentionJob>().RunAsync(_portal.Clock.Now, CancellationToken.None);

        (await marked.FoundAsync()).Where(f => !KeptByLaw.Contains(f.Table)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_event_has_words()
    {
        var words = new System.Resources.ResourceManager(typeof(ExportWords));
        foreach (var culture in (string[])["de", "en"])
        {
            Enum.GetNames<EventKind>().Where(kind => words.GetString("Event." + kind, CultureInfo.GetCultureInfo(culture)) is null)
                .ShouldBeEmpty(culture);
        }

        await Task.CompletedTask;
    }

    [Fact]
    public async Task The_command_writes_the_same_for_its_operator_alone()
    {
        var marked = await MarkedCustomer.AddAsync(_portal);
        var folder = Directory.CreateTempSubdirectory("export-");
        try
        {
            var path = Path.Combine(folder.FullName, "out.zip");

            (await _portal.RunAsync("export", "customer", marked.Number, "--out", path)).Exit.ShouldBe(ExitCode.Done);

            var files = await ReadAsync(async target => await target.WriteAsync(await File.ReadAllBytesAsync(path)));
            Encoding.UTF8.GetString(files["licenses.json"]).ShouldContain("Marke");
            Encoding.UTF8.GetString(files["account.json"]).ShouldNotContain("marke", Case.Insensitive);
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            // An older export is never written over.
            (await _portal.RunAsync("export", "customer", marked.Number, "--out", path)).Exit.ShouldBe(ExitCode.Refused);
            (await _portal.RunAsync("export", "customer", "C-1", "--out", path + "2"))
                .ShouldBe((ExitCode.Refused, $"There is no customer C-1.{Environment.NewLine}"));
            (await _portal.RunAsync("export", "customer")).Exit.ShouldBe(ExitCode.Usage);
            (await _portal.RunAsync("export", "customer", marked.Number, "--to", path)).Exit.ShouldBe(ExitCode.Usage);
            Directory.GetFiles(folder.FullName).ShouldBe([path]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private WriteExport Export => _portal.Services.GetRequiredService<WriteExport>();

    /// <summary>
    /// Another customer of the same product's kind, and somebody who belongs to it and, if told so, to the marked customer as a member.
    /// </summary>
    private async Task<CustomerUser> StrangerAsync(Guid? customer)
    {
        var license = await _portal.AddLicenseAsync(computers: "FREMD-PC");
        var user = await CustomerUser.CreateAsync(license);
        await using var db = _portal.Open();
        var stranger = await db.Customers.SingleAsync(c => c.Id == db.Licenses.Single(l => l.Id == license.Id).CustomerId);
        (stranger.Company, stranger.Email) = ("Fremd GmbH", "chefin@fremd.example");
        if (customer is { } also)
        {
            db.Add(new SelfHelpPortal.Data.Accounts.CustomerMember
            {
                CustomerId = also,
                UserId = user.Id,
                Role = SelfHelpPortal.Data.Accounts.CustomerRole.Member,
                Since = _portal.Clock.Now
            });
        }

        await db.SaveChangesAsync();
        return user;
    }

    private static async Task<Dictionary<string, byte[]>> ReadAsync(Func<Stream, Task> write)
    {
        using var bytes = new MemoryStream();
        await write(bytes);
        bytes.Position = 0;
        var files = new Dictionary<string, byte[]>();
        await using var zip = new ZipArchive(bytes, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            await using var stream = await entry.OpenAsync();
            await stream.CopyToAsync(content);
            files[entry.FullName] = content.ToArray();
        }

        return files;
    }
}
