using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Customer.ReleaseLicense;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Tests.Support;

/// <param name="Says">The outcome that the page announces, so that a link that opens nothing does not pass for one that does
/// nothing.</param>
internal sealed record MailedLink(LinkPurpose Purpose, string Path, string Says)
{
    /// <summary>Whose sign-in the page asks for.</summary>
    public CustomerUser? Person { get; init; }
}

/// <summary>
/// A link of each kind that a mail carries, each in every state in which the page behind it offers an act, and each still able to act.
/// </summary>
internal static class MailedLinks
{
    public static async Task<IReadOnlyList<MailedLink>> AllAsync(PortalFactory portal) =>
        [.. await FlagsAsync(portal), .. await ReleasesAsync(portal), .. await LoansAsync(portal), .. await OrdersAsync(portal),
            .. await AccountsAsync(portal), .. await LicenseesAsync(portal),
            new(LinkPurpose.Appointment, (await portal.AddAppointmentAsync()).Page, "booked")];

    private static async Task<IEnumerable<MailedLink>> LicenseesAsync(PortalFactory portal)
    {
        var (waiting, agreed) = (
            await portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover), await portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover));
        await agreed.AgreeAsync(LinkPurpose.OwnerConfirm);
        var asked = await (await portal.AddOwnerChangeAsync(OwnerChangeKind.Data)).AgreedAsync();
        await using var db = portal.Open();
        (await db.OwnerChanges.SingleAsync(c => c.Id == asked.Id)).Ask("Seit wann?", portal.Clock.Now).ShouldSucceed();
        await db.SaveChangesAsync();
        return
        [
            new(LinkPurpose.OwnerConfirm, "/owner/confirm/" + await waiting.LinkAsync(LinkPurpose.OwnerConfirm), "confirm"),
            new(LinkPurpose.TakerConfirm, "/owner/confirm/" + await agreed.LinkAsync(LinkPurpose.TakerConfirm), "confirm"),
            new(LinkPurpose.OwnerAnswer, "/owner/answer/" + await asked.LinkAsync(LinkPurpose.OwnerAnswer), "question"),
        ];
    }

    private static async Task<IEnumerable<MailedLink>> ReleasesAsync(PortalFactory portal)
    {
        var released = await portal.AddLicenseAsync(computers: "KASSE-ALT");
        var objection = await released.ReleaseAsync("KASSE-ALT");
        var mailed = await portal.AddLicenseAsync(new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail }, computers: "KASSE-ALT");
        var request = new ReleaseRequest { LicenseId = mailed.Id, CreatedAt = portal.Clock.Now };
        request.Mailed((await mailed.ReadAsync()).Activations.Single().Id, portal.Clock.Now);
        await using var db = portal.Open();
        db.Add(request);
        await db.SaveChangesAsync();
        return
        [
            new(LinkPurpose.Objection, "/object/" + await released.LinkAsync(LinkPurpose.Objection, objection.Id), "ready"),
            new(LinkPurpose.ReleaseConfirm, "/release/confirm/" + await mailed.LinkAsync(LinkPurpose.ReleaseConfirm, request.Id),
                "confirm"),
        ];
    }

    private static async Task<IEnumerable<MailedLink>> LoansAsync(PortalFactory portal)
    {
        var (asked, granted) = (await portal.AddLoanAsync(byKey: false), await portal.AddLoanAsync());
        await asked.SendAsync();
        await portal.WriteAskedMailsAsync();
        await granted.SendAsync();
        return
        [
            new(LinkPurpose.Loan, "/loan/owner/" + await asked.OwnerTokenAsync(), "check"),
            new(LinkPurpose.Loan, "/loan/owner/" + await granted.OwnerTokenAsync(), "granted"),
        ];
    }

    private static async Task<IEnumerable<MailedLink>> FlagsAsync(PortalFactory portal)
    {
        var locked = await portal.AddLicenseAsync(flag: new FlagPolicy { HoursBetweenStages = 1 }, computers: "KASSE-ALT");
        await locked.ReleaseAsync("KASSE-ALT");
        await locked.ActivateAsync("KASSE-NEU");
        // The clock goes on, so this comes before every link that lives minutes.
        for (var stage = 0; stage < 3; stage++)
        {
            portal.Clock.Advance(TimeSpan.FromHours(1));
            await locked.SightAsync("KASSE-ALT");
        }

        return [new(LinkPurpose.Flag, "/flag/"
            + await locked.LinkAsync(LinkPurpose.Flag, (await locked.ReadAsync()).OpenFlag(FlagKind.Sighting)!.Id), "ready")];
    }

    private static async Task<IEnumerable<MailedLink>> OrdersAsync(PortalFactory portal)
    {
        var waiting = await portal.AddTransferAsync(new TransferSetting(AwaitsOwner: true));
        var elsewhere = await portal.AddTransferAsync(new TransferSetting(AwaitsOwner: true, AddressOnFile: SampleLicense.Owner));
        var late = await portal.AddTransferAsync(new TransferSetting(AwaitsOwner: true));
        var review = await portal.AddTransferAsync();
        var asked = await portal.AddTransferAsync();
        await asked.ActAsync(r => r.Ask("Welche Kasse ist es?", portal.Clock.Now).ShouldSucceed());
        await using var db = portal.Open();
        var tooOld = SecretLinks.Issue(db, LinkPurpose.TransferConfirm, late.Id, portal.Clock.Now, TimeSpan.Zero);
        await db.SaveChangesAsync();
        return
        [
            new(LinkPurpose.TransferConfirm, "/transfer/confirm/" + await LinkAsync(waiting, LinkPurpose.TransferConfirm), "confirm"),
            new(LinkPurpose.TransferConfirm, "/transfer/confirm/" + await LinkAsync(elsewhere, LinkPurpose.TransferConfirm), "confirm"),
            new(LinkPurpose.TransferConfirm, "/transfer/confirm/" + tooOld, "expired"),
            new(LinkPurpose.TransferStatus, "/transfer/status/" + await LinkAsync(waiting, LinkPurpose.TransferStatus),
                "awaiting-confirmation"),
            new(LinkPurpose.TransferStatus, "/transfer/status/" + await LinkAsync(review, LinkPurpose.TransferStatus), "in-review"),
            new(LinkPurpose.TransferStatus, "/transfer/status/" + await LinkAsync(asked, LinkPurpose.TransferStatus), "needs-answer"),
        ];

        static Task<string> LinkAsync(SampleTransfer order, LinkPurpose purpose) => order.Licenses[0].LinkAsync(purpose, order.Id);
    }

    private static async Task<IEnumerable<MailedLink>> AccountsAsync(PortalFactory portal)
    {
        var license = await portal.AddLicenseAsync();
        var customer = await license.OfAsync(SampleLicense.Owner);
        var user = await CustomerUser.CreateAsync(portal, customer, CustomerRole.Member);
        var holder = await CustomerUser.CreateAsync(portal, null);
        var now = portal.Clock.Now;
        var opening = new Registration { Id = Guid.NewGuid(), Email = SampleLicense.Owner, CreatedAt = now, ExpiresAt = now.AddDays(1) };
        var invitation = new Registration
        {
            Id = Guid.NewGuid(),
            Email = user.Email,
            CustomerId = customer,
            Role = CustomerRole.Owner,
            CreatedAt = now,
            ExpiresAt = now.AddDays(1)
        };
        var used = new Registration
        {
            Id = Guid.NewGuid(),
            Email = holder.Email,
            LicenseId = license.Id,
            CreatedAt = now,
            ExpiresAt = now.AddDays(1),
            UsedAt = now,
            UserId = holder.Id
        };
        var key = new KeyAccess { UserId = holder.Id, LicenseId = license.Id, CustomerId = customer, Since = now };
        var change = new AddressChange
        {
            Id = Guid.NewGuid(),
            UserId = user.Id,
            OldEmail = user.Email,
            NewEmail = $"next.{user.Email}",
            CreatedAt = now,
            ExpiresAt = now.AddDays(1),
        };
        await using (var db = portal.Open())
        {
            db.AddRange(opening, invitation, used, key, change);
            await db.SaveChangesAsync();
        }

        return
        [
            new(LinkPurpose.Registration, "/account/confirm/" + await license.LinkAsync(LinkPurpose.Registration, opening.Id), "open"),
            new(LinkPurpose.Invitation, "/account/confirm/" + await license.LinkAsync(LinkPurpose.Invitation, invitation.Id), "join"),
            new(LinkPurpose.AccessObjection, "/account/access/" + await license.LinkAsync(LinkPurpose.AccessObjection, used.Id), "ready"),
            new(LinkPurpose.PasswordReset, "/account/reset/" + await license.LinkAsync(LinkPurpose.PasswordReset, user.Id), "password"),
            new(LinkPurpose.AddressOld, "/account/address/" + await license.LinkAsync(LinkPurpose.AddressOld, change.Id), "ready"),
            new(LinkPurpose.AddressNew, "/account/address/" + await license.LinkAsync(LinkPurpose.AddressNew, change.Id), "ready"),
            new(LinkPurpose.DataExport, "/my/data/" + await license.LinkAsync(LinkPurpose.DataExport, user.Id), "ready") { Person = user },
            new(LinkPurpose.StaffAccount, await StaffAsync(portal, $"new.{user.Email}"), "password"),
        ];
    }

    private static async Task<string> StaffAsync(PortalFactory portal, string email)
    {
        await using var db = portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var made = await portal.Services.GetRequiredService<StaffAccounts>().CreateAsync(
            db, new NewStaffAccount(email, "Neu", StaffRoles.Support), AuditLog.CommandLine, portal.Clock.Now, default);
        await transaction.CommitAsync();
        return new Uri(made.Link!.Address).AbsolutePath;
    }
}
