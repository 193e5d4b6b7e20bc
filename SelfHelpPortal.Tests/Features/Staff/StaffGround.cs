using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>A portal with a clerk, somebody who works on invoices, and an administrator.</summary>
public sealed class StaffGround : IAsyncLifetime
{
    internal PortalFactory Portal { get; init; } = new();

    internal StaffUser Clerk { get; private set; } = default!;

    internal StaffUser Accountant { get; private set; } = default!;

    internal StaffUser Administrator { get; private set; } = default!;

    public async Task InitializeAsync()
    {
        Portal.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
        await Portal.InitializeAsync();
        Clerk = await StaffUser.CreateAsync(Portal);
        Accountant = await StaffUser.CreateAsync(Portal, StaffRoles.Billing);
        Administrator = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
    }

    public async Task DisposeAsync() => await Portal.DisposeAsync();

    internal T Use<T>()
        where T : notnull => Portal.Services.GetRequiredService<T>();

    /// <summary>An act of the clerk, unless somebody else is given.</summary>
    internal async Task<StaffAct> ActAsync(string reason = "Der Kunde hat angerufen", StaffUser? by = null, Guid? command = null) =>
        new(command ?? Guid.NewGuid(), await (by ?? Clerk).ActorAsync(), reason);

    internal async Task<IReadOnlyList<OutboxMessage>> MailsAsync(string kind, string reference)
    {
        await using var db = Portal.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Kind == kind && m.Reference == reference).ToListAsync();
    }

    /// <summary>What the clerk finds on the work list.</summary>
    internal async Task<IReadOnlyList<WorkLine>> WorkAsync(WorkView view, StaffUser? by = null, WorkOrder order = WorkOrder.Age)
    {
        List<WorkLine> lines = [];
        WorkPage page;
        do
        {
            var question = new WorkQuestion(view, ProductId: null, order, Descending: false, lines.Count, 25);
            page = (await Use<ListWork>().ExecuteAsync(await (by ?? Clerk).ActorAsync(), question, Portal.Clock.Now, default)).Value!;
            lines.AddRange(page.Lines);
        }
        while (page.Lines.Count > 0 && lines.Count < page.Total);
        return lines;
    }

    /// <summary>A license whose old computer was seen beside the new one, and is therefore locked.</summary>
    internal async Task<(SampleLicense License, string Case)> LockedAsync()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-ALT"]);
        await license.ReleaseAsync("KASSE-ALT");
        Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        await license.ActivateAsync("KASSE-NEU");
        Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        return (license, await license.SightAsync("KASSE-ALT"));
    }
}
