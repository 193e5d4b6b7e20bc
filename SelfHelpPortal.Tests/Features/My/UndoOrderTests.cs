using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Portal.Renew;
using SelfHelpPortal.Features.Portal.Transfers;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.My;

/// <summary>What nobody has paid and nothing was delivered for is taken back by whoever may order, with its invoice.</summary>
public class UndoOrderTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, SampleInvoices.Zone).DateTime);

    [Theory]
    [InlineData("unpaid", null)]
    [InlineData("ends today", null)]
    [InlineData("paid", CustomerRefusal.Conflict)]
    [InlineData("paid in part", CustomerRefusal.Conflict)]
    [InlineData("begun", CustomerRefusal.Conflict)]
    [InlineData("renewed again", CustomerRefusal.Conflict)]
    [InlineData("cancelled", CustomerRefusal.Conflict)]
    [InlineData("a member", CustomerRefusal.NotPermitted)]
    [InlineData("a stranger", CustomerRefusal.NotFound)]
    [InlineData("another invoice", CustomerRefusal.NotFound)]
    public async Task A_renewal_is_undone_until_it_is_paid_or_begins(string given, CustomerRefusal? expected)
    {
        var end = given switch { "begun" => Today.AddDays(-1), "ends today" => Today, _ => Today.AddDays(30) };
        var renewal = await Portal.AddRenewalAsync(end, computers: ["KASSE-1"]);
        var other = await CustomerUser.CreateAsync(Portal, renewal.CustomerId);
        var number = (await renewal.RenewAsync()).Done.ShouldNotBeNull().InvoiceNumber;
        var invoice = await InvoiceAsync(number);
        switch (given)
        {
            case "paid" or "paid in part":
                await PayAsync(invoice, given == "paid" ? invoice.Gross : new Money(1_00));
                break;
            case "renewed again":
                (await renewal.RenewAsync()).Done.ShouldNotBeNull();
                break;
            case "cancelled":
                (await ground.Use<CancelInvoice>().ExecuteAsync(
                    await ground.ActAsync("Doch nicht", by: ground.Accountant), invoice.Id, Now, default)).ShouldBe(StaffResult.Done);
                break;
        }

        var by = given switch
        {
            "a member" => await CustomerUser.CreateAsync(Portal, renewal.CustomerId, CustomerRole.Member),
            "a stranger" => (await Portal.AddRenewalAsync()).Owner,
            _ => renewal.Owner,
        };
        var before = (await renewal.License.ReadAsync()).MaintenanceUntil;
        var act = await renewal.ActAsync(by);
        var asked = given == "another invoice" ? "2026-99999" : number;
        var done = await ground.Use<UndoRenewal>().ExecuteAsync(act, renewal.License.Number, asked, Now, default);

        done.Refused.ShouldBe(expected);
        var license = await renewal.License.ReadAsync();
        license.MaintenanceUntil.ShouldBe(expected is null ? end : before);
        if (expected is not null)
        {
            return;
        }

        var cancelled = await InvoiceAsync(number);
        cancelled.State.ShouldBe(InvoiceState.Cancelled);
        var cancellation = await Portal.ReadInvoiceAsync(cancelled.CancelledById!.Value);
        cancellation.Gross.ShouldBe(-invoice.Gross);
        cancellation.Content.Notes[0].ShouldBe("Grund der Stornierung: vor der Zahlung vom Kunden zurückgenommen");
        (await ground.MailsAsync("invoice-cancelled", renewal.License.Number)).Select(m => m.ToAddress)
            .ShouldBe([cancelled.Content.Buyer.Email, renewal.Owner.Email, other.Email], ignoreOrder: true);

        // The same form again, and then another one for a new renewal.
        (await ground.Use<UndoRenewal>().ExecuteAsync(act, renewal.License.Number, asked, Now, default)).Refused.ShouldBeNull();
        (await renewal.RenewAsync()).Done.ShouldNotBeNull().Until.ShouldBe(before!.Value);
    }

    [Theory]
    [InlineData("unpaid", true)]
    [InlineData("paid in part", false)]
    [InlineData("delivered", false)]
    public async Task An_order_whose_license_waits_for_the_payment_is_withdrawn_with_its_invoice(string given, bool expected)
    {
        var order = await Portal.AddTransferAsync(new(Issue: LicenseIssue.OnPayment, AddressOnFile: $"{Guid.NewGuid():n}@muster.example"));
        (await ground.Use<SettleTransfer>().ExecuteAsync(await ground.ActAsync(), order.Id, Now, default)).ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        var invoice = await db.Invoices.AsNoTracking().SingleAsync(i => i.TransferRequestId == order.Id);
        if (given == "paid in part")
        {
            await PayAsync(invoice, new Money(1_00));
        }
        else if (given == "delivered")
        {
            (await ground.Use<IssueLicense>().ExecuteAsync(await ground.ActAsync(), order.Id, Now, default)).ShouldBe(StaffResult.Done);
        }

        var owner = await CustomerUser.CreateAsync(order.Licenses[0]);
        var act = new CustomerAct(Guid.NewGuid(), await owner.ActorAsync());
        var shown = await ground.Use<ShowMyTransfer>().ExecuteAsync(act.Actor, order.Reference, default);
        shown.ShouldNotBeNull().Status.MayBeWithdrawn.ShouldBe(expected, "the button is there only when it works");

        var done = await ground.Use<WithdrawMyTransfer>().ExecuteAsync(act, order.Reference, Now, default);

        done.Refused.ShouldBe(expected ? null : CustomerRefusal.Conflict);
        (await order.ReadAsync()).State.ShouldBe(
            expected ? TransferState.Withdrawn : given == "delivered" ? TransferState.Completed : TransferState.Accepted);
        (await Portal.ReadInvoiceAsync(invoice.Id)).State.ShouldBe(expected ? InvoiceState.Cancelled : InvoiceState.Issued);
        (await ground.MailsAsync("invoice-cancelled", order.Reference)).Count.ShouldBe(expected ? 1 : 0);
        (await ground.MailsAsync("transfer-withdrawn", order.Reference)).Select(m => m.ToAddress)
            .Contains(SampleTransfer.Orderer).ShouldBe(expected);
        (await order.Licenses[0].ReadAsync()).ActiveComputers.ShouldNotBeEmpty();
    }

    private async Task<Invoice> InvoiceAsync(string number)
    {
        await using var db = Portal.Open();
        return await db.Invoices.AsNoTracking().SingleAsync(i => i.Number == number);
    }

    private async Task PayAsync(Invoice invoice, Money amount) =>
        (await ground.Use<RecordPayment>().ExecuteAsync(
            await ground.ActAsync("Kontoauszug 47"), invoice.Id, new(amount, Today) { IsConfirmed = true }, Now, default))
            .ShouldBe(StaffResult.Done);
}
