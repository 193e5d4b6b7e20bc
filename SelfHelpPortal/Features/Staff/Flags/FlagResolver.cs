using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>Resolves a case under the lock of its license, with event and mail, however staff came to it.</summary>
internal sealed class FlagResolver(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, ReleaseForCustomer releases, Outbox outbox)
{
    public async Task<Guid> LicenseOfAsync(string flagNumber, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Flags.Where(f => f.Number == flagNumber).Select(f => f.LicenseId).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, string flagNumber, FlagResolution resolution, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // Resolved cases are not loaded with the license.
        if (license.Flags.SingleOrDefault(f => f.Number == flagNumber) is not { } flag)
        {
            return StaffRefusal.Conflict;
        }

        var isSighting = flag.Kind == FlagKind.Sighting;
        if (isSighting && resolution.Cause is null)
        {
            return StaffRefusal.Cause;
        }

        var before = license.State;
        var cause = isSighting ? resolution.Cause : null;
        if (!license.Unlock(
            flag, now, cause, isSighting ? await VerdictOfAsync(db, flag, license, cancellationToken) : null).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var data = new EventData
        {
            Case = flag.Number,
            Before = before.ToString(),
            After = license.State.ToString(),
            Cause = cause?.ToString(),
        };
        await EventLog.AppendAsync(
            db, license.Id, EventKind.Unlocked, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        if (isSighting)
        {
            await NotifyOwnerAsync(db, license, flag, wasLocked: before == LicenseState.Locked, now, cancellationToken);
        }

        return await PreventAsync(db, license, act, resolution, now, cancellationToken);
    }

    /// <summary>What the page took the case for.</summary>
    private async Task<FlagCause?> VerdictOfAsync(
        PortalDbContext db, Flag flag, License license, CancellationToken cancellationToken)
    {
        var policy = (await products.GetAsync(db, license.ProductId, cancellationToken)).Policies.CheckIn;
        return (await CaseFacts.ReadAsync(db, flag, license, policy, cancellationToken)).Select(f => f.Verdict.Cause).FirstOrDefault();
    }

    /// <summary>A part of the same act: where it cannot be done, nothing is.</summary>
    private async Task<StaffResult> PreventAsync(
        PortalDbContext db, License license, StaffAct act, FlagResolution resolution, DateTimeOffset now,
        CancellationToken cancellationToken) => resolution.Prevention switch
        {
            FlagPrevention.Nothing => StaffResult.Done,
            FlagPrevention.GrantRelease => resolution.Until is { } until && GrantRelease.Allows(until, now)
                ? await GrantRelease.DecideAsync(db, license, act, until, now, cancellationToken)
                : StaffRefusal.Until,
            FlagPrevention.ReleaseOther => await releases.DecideAsync(
                db, license, act, resolution.Computer ?? Guid.Empty, now, cancellationToken),
            FlagPrevention.Exclude => await RequestExclusion.DecideAsync(
                db, license, act, resolution.Computer ?? Guid.Empty, now, cancellationToken),
        };

    private async Task NotifyOwnerAsync(
        PortalDbContext db, License license, Flag flag, bool wasLocked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new UnlockedMail(customer.AsRecipient())
            {
                ProductId = license.ProductId,
                CustomerId = customer.Id,
                CaseNumber = flag.Number,
                CaseKey = flag.MailKey,
                Product = product.Name,
                LicenseNumber = license.Number,
                UnlockedAt = now,
                WasLocked = wasLocked,
                OldPcNames =
                    [.. license.Activations.Where(a => flag.Computers.Any(c => c.ActivationId == a.Id)).Select(a => a.PcName ?? "")],
            },
            now,
            cancellationToken);
    }
}
