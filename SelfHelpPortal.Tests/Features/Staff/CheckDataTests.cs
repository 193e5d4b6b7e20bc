using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The check of the data finds each kind of damage, names it, and repairs nothing.</summary>
public class CheckDataTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private readonly List<string> _damage = [];

    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task Damage_is_found_by_its_rule_and_told_by_command_health_and_desk()
    {
        var fine = await SettledAsync();
        await ground.Use<DeclineTransfer>().ExecuteAsync(await ground.ActAsync(), (await Portal.AddTransferAsync()).Id, Now, default);
        (await ground.Use<CheckData>().RunAsync(allDocuments: true, Now, default)).ShouldBeEmpty();
        (await Portal.RunAsync("check", "data")).ShouldBe((0, "The data is whole.\n"));
        await ground.Use<CheckData>().RunDailyAsync(Now, default);
        (await ReadyAsync()).ShouldBe("ready");

        var subjects = await DamageAsync();
        var found = await ground.Use<CheckData>().RunAsync(allDocuments: true, Now, default);

        string[] beside = ["history", "document", "license-file"];
        found.Select(v => v.Rule).Distinct().ShouldBe(DataRule.All.Select(r => r.Name).Concat(beside), ignoreOrder: true);
        foreach (var (rule, subject) in subjects)
        {
            found.ShouldContain(v => v.Rule == rule && v.Subject.Contains(subject, StringComparison.Ordinal), $"{rule} {subject}");
        }

        found.ShouldNotContain(v => v.Subject.Contains(fine.Reference, StringComparison.Ordinal), "what was left alone is not named");
        var (exit, output) = await Portal.RunAsync("check", "data");
        exit.ShouldBe(1);
        output.ShouldContain(subjects[0].Subject);
        output.ShouldEndWith("Nothing was changed.\n");

        await ground.Use<CheckData>().RunDailyAsync(Now, default);
        (await ReadyAsync()).ShouldBe("degraded");
        var desk = (await ground.Use<ShowDesk>().ExecuteAsync(await ground.Clerk.ActorAsync(), Now, default)).Value.ShouldNotBeNull();
        desk.Findings.ShouldNotBeEmpty();
        (await ground.Use<CheckData>().RunAsync(allDocuments: true, Now, default)).Count.ShouldBe(found.Count, "nothing was repaired");
    }

    private async Task<SampleTransfer> SettledAsync(TransferSetting? setting = null)
    {
        var order = await Portal.AddTransferAsync(setting);
        (await ground.Use<SettleTransfer>().ExecuteAsync(await ground.ActAsync(), order.Id, Now, default)).ShouldBe(StaffResult.Done);
        return order;
    }

    /// <summary>As a broken disk or a hand in the database would: past every trigger.</summary>
    private async Task<IReadOnlyList<(string Rule, string Subject)>> DamageAsync()
    {
        var subjects = new List<(string, string)>();

        var notAccepted = await SettledAsync();
        subjects.Add(("invoice-not-accepted", await InvoiceNumberAsync(notAccepted)));
        Damage($"UPDATE transfer_request SET accepted_at = NULL WHERE id = '{notAccepted.Id}'");

        var notBilled = await SettledAsync();
        subjects.Add(("order-without-invoice", notBilled.Reference));
        subjects.Add(("invoice-number", "Invoice"));
        Damage($"""
            DELETE FROM invoice_document WHERE invoice_id IN (SELECT id FROM invoice WHERE transfer_request_id = '{notBilled.Id}');
            DELETE FROM invoice_line WHERE invoice_id IN (SELECT id FROM invoice WHERE transfer_request_id = '{notBilled.Id}');
            DELETE FROM invoice WHERE transfer_request_id = '{notBilled.Id}'
            """);

        var renewal = await Portal.AddRenewalAsync();
        var renewed = (await renewal.RenewAsync()).Done.ShouldNotBeNull().InvoiceNumber;
        subjects.Add(("invoice-without-renewal", renewed));
        Damage($"DELETE FROM license_event WHERE stream = '{renewal.License.Id}' AND kind = 'SubscriptionRenewed'");

        var silent = await SettledAsync();
        subjects.Add(("invoice-without-event", await InvoiceNumberAsync(silent)));
        Damage($"DELETE FROM license_event WHERE stream IN (SELECT id FROM invoice WHERE transfer_request_id = '{silent.Id}')");

        var crowded = await Portal.AddLicenseAsync(seats: 2, computers: ["KASSE-1", "KASSE-2"]);
        subjects.Add(("seat", crowded.Number));
        Damage($"UPDATE license SET seats = 1 WHERE id = '{crowded.Id}'");

        var bare = await Portal.AddLicenseAsync();
        subjects.Add(("history", bare.Id.ToString()));
        Damage($"DELETE FROM event_detail WHERE event_id IN (SELECT id FROM license_event WHERE stream = '{bare.Id}')");

        var changed = await Portal.AddLicenseAsync();
        subjects.Add(("history", changed.Id.ToString()));
        Damage($"UPDATE license_event SET at = at - interval '1 day' WHERE stream = '{changed.Id}'");

        var back = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var computer = (await back.ReadAsync()).ActiveComputers.Single();
        (await ground.Use<ReleaseForCustomer>().ExecuteAsync(await ground.ActAsync(), back.Id, computer.Id, Now, default))
            .ShouldBe(StaffResult.Done);
        subjects.Add(("mail-without-release", computer.Handle));
        subjects.Add(("command-without-answer", nameof(ReleaseForCustomer)));
        Damage($"UPDATE activation SET state = 'Active', ended_at = NULL WHERE id = '{computer.Id}'; UPDATE command SET answer = NULL "
            + $"WHERE kind = 'ReleaseForCustomer'");

        var undone = await SettledAsync();
        subjects.Add(("mail-without-order", undone.Reference));
        Damage($"UPDATE transfer_request SET state = 'InReview' WHERE id = '{undone.Id}'");

        var broken = await SettledAsync();
        subjects.Add(("document", $"Rechnung-{await InvoiceNumberAsync(broken)}.pdf"));
        subjects.Add(("license-file", broken.Licenses[0].Number));
        Damage($"""
            UPDATE invoice_document SET bytes = set_byte(bytes, 100, get_byte(bytes, 100) # 1)
            WHERE kind = 'Pdf' AND invoice_id IN (SELECT id FROM invoice WHERE transfer_request_id = '{broken.Id}');
            UPDATE license_file SET sealed_text = set_byte(sealed_text, 100, get_byte(sealed_text, 100) # 1)
            WHERE activation_id IN (SELECT id FROM activation WHERE license_id = '{broken.Licenses[0].Id}')
            """);

        var merged = await (await Portal.AddLicenseAsync()).ReadAsync();
        var into = await (await Portal.AddLicenseAsync()).ReadAsync();
        await using (var db = Portal.Open())
        {
            subjects.Add(("merged-customer", await db.Customers.Where(c => c.Id == merged.CustomerId).Select(c => c.Number).SingleAsync()));
        }

        Damage($"UPDATE customer SET merged_into_id = '{into.CustomerId}' WHERE id = '{merged.CustomerId}'");

        await UntoldAsync(subjects);
        await DoDamageAsync();
        return subjects;
    }

    /// <summary>Events of which somebody has to be told, and is not.</summary>
    private async Task UntoldAsync(List<(string, string)> subjects)
    {
        var (locked, number) = await ground.LockedAsync();
        var order = await SettledAsync();
        var released = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var computer = (await released.ReadAsync()).ActiveComputers.Single().Id;
        await using var db = Portal.Open();
        var invoice = await db.Invoices.SingleAsync(i => i.TransferRequestId == order.Id);
        foreach (var kind in new[] { EventKind.LicenseLocked, EventKind.ComputerLocked, EventKind.Unlocked, EventKind.Objected })
        {
            await AppendAsync(locked.Id, kind, new EventData { Case = number }, locked.Number);
        }

        await AppendAsync(released.Id, EventKind.Released, new EventData { Activation = computer }, released.Number);
        await AppendAsync(invoice.Id, EventKind.InvoiceCancelled, new EventData { Document = "S-0" }, invoice.Number);
        await AppendAsync(invoice.Id, EventKind.InvoiceReminded, new EventData { Level = 1 }, invoice.Number);
        await db.SaveChangesAsync();
        foreach (var state in new[] { TransferState.Completed, TransferState.Accepted, TransferState.Declined, TransferState.Withdrawn,
            TransferState.Expired })
        {
            var untold = await Portal.AddTransferAsync();
            var data = new EventData { Reference = untold.Reference, Before = nameof(TransferState.InReview), After = state.ToString() };
            await EventLog.AppendAsync(db, untold.Id, EventKind.Transfer, data, Actor.System, null, Now, default);
            await db.SaveChangesAsync();
            subjects.Add(($"mail-of-{state}", untold.Reference));
        }

        async Task AppendAsync(Guid stream, EventKind kind, EventData data, string subject)
        {
            await EventLog.AppendAsync(db, stream, kind, data, Actor.System, null, Now, default);
            subjects.Add(($"mail-of-{kind}", subject));
        }
    }

    private async Task<string> InvoiceNumberAsync(SampleTransfer order)
    {
        await using var db = Portal.Open();
        return await db.Invoices.Where(i => i.TransferRequestId == order.Id).Select(i => i.Number).SingleAsync();
    }

    private void Damage(string sql) => _damage.Add(sql);

    private async Task DoDamageAsync()
    {
        await using var owner = new NpgsqlConnection(Portal.Database.OwnerConnection + ";Pooling=false");
        await owner.OpenAsync();
#pragma warning disable CA2100 // Made in this test.
        await using var command = new NpgsqlCommand($"SET session_replication_role = replica; {string.Join(";\n", _damage)}", owner);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> ReadyAsync()
    {
        using var client = Portal.CreateClient();
        return await client.GetStringAsync(new Uri("/healthz/ready", UriKind.Relative));
    }
}
