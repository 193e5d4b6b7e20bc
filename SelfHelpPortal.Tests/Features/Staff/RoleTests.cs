using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What support no longer does alone, and how an account gets another role.</summary>
public sealed class RoleTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task Support_takes_no_invoice_back_and_billing_does()
    {
        var invoice = await Portal.StoreAsync();

        (await CancelAsync(ground.Clerk)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        await using (var db = Portal.Open())
        {
            (await db.Invoices.SingleAsync(i => i.Id == invoice.Id)).State.ShouldBe(InvoiceState.Issued);
        }

        (await CancelAsync(ground.Accountant)).ShouldBe(StaffResult.Done);

        async Task<StaffResult> CancelAsync(StaffUser by) =>
            await ground.Use<CancelInvoice>().ExecuteAsync(await ground.ActAsync("Falscher Empfänger", by), invoice.Id, Now, default);
    }

    [Fact]
    public async Task Support_exports_nothing_and_billing_does()
    {
        var day = DateOnly.FromDateTime(Now.UtcDateTime);
        using var target = new MemoryStream();

        (await ground.Use<ExportInvoices>()
            .ExecuteAsync(await ground.Clerk.ActorAsync(), day, day, () => throw new InvalidOperationException("nothing is written"), Now,
                default))
            .ShouldBe(StaffRefusal.NotPermitted);
        (await ground.Use<ExportInvoices>().ExecuteAsync(await ground.Accountant.ActorAsync(), day, day, () => target, Now, default))
            .ShouldBeNull();

        target.Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Support_waives_a_fee_up_to_the_limit_and_billing_any()
    {
        var options = ground.Use<IOptions<InvoicingOptions>>().Value;
        var usual = options.SupportWaivesUpTo;
        try
        {
            var (first, second) = (await Portal.AddTransferAsync(), await Portal.AddTransferAsync());
            var fee = (await first.ReadAsync()).Price!.UnitNetCents / 100m;
            fee.ShouldBeInRange(1, usual, "the start value lets support waive one migration");
            options.SupportWaivesUpTo = fee - 0.01m;
            (await WaiveAsync(first, ground.Clerk)).Refused.ShouldBe(StaffRefusal.AboveLimit);
            (await first.ReadAsync()).FeeWaived.ShouldBeFalse();
            (await WaiveAsync(first, ground.Accountant)).ShouldBe(StaffResult.Done);
            options.SupportWaivesUpTo = fee;
            (await WaiveAsync(second, ground.Clerk)).ShouldBe(StaffResult.Done);
        }
        finally
        {
            options.SupportWaivesUpTo = usual;
        }

        async Task<StaffResult> WaiveAsync(SampleTransfer order, StaffUser by) =>
            await ground.Use<WaiveFee>().ExecuteAsync(await ground.ActAsync("Unser Fehler", by), order.Id, Now, default);
    }

    [Fact]
    public async Task The_operator_gives_another_role_which_ends_the_sign_ins_and_sees_who_has_which()
    {
        var person = await StaffUser.CreateAsync(Portal);
        var before = await person.ActorAsync();

        var (exit, output) = await Portal.RunAsync("admin", "role", "--email", person.Email, "--role", "billing");

        exit.ShouldBe(0, output);
        (await Portal.RunAsync("admin", "list")).Output.Split(Environment.NewLine).ShouldContain($"{person.Email}  {StaffRoles.Billing}");
        var read = ground.Use<SearchInvoices>();
        (await read.ExecuteAsync(before, InvoiceFilter.All, "", null, default, Now, default)).Refused.ShouldBe(StaffRefusal.SignInEnded);
        (await person.ActorAsync()).Roles.ShouldBe([StaffRoles.Billing]);
        (await Portal.RunAsync("admin", "role", "--email", person.Email, "--role", "owner")).Exit.ShouldBe(2);
        (await Portal.RunAsync("admin", "role", "--email", "nobody@team.example", "--role", "support")).Exit.ShouldBe(1);
        (await Portal.RunAsync("admin", "create", "--email", "money@team.example", "--role", "billing")).Exit.ShouldBe(0);
        (await Portal.RunAsync("admin", "list")).Output.ShouldContain("money@team.example  Billing  (no second factor yet)");
    }

    [Fact]
    public async Task The_only_administrator_stays_one()
    {
        await using var portal = new PortalFactory();
        await portal.BuildAsync();
        var only = await StaffUser.CreateAsync(portal, StaffRoles.Administrator);

        (await portal.RunAsync("admin", "role", "--email", only.Email, "--role", "support"))
            .ShouldBe((1, $"{only.Email} is the only active administrator.{Environment.NewLine}"));

        await StaffUser.CreateAsync(portal, StaffRoles.Administrator);
        (await portal.RunAsync("admin", "role", "--email", only.Email, "--role", "support")).Exit.ShouldBe(0);
    }
}
