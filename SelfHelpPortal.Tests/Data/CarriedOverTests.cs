using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Data.Migrations;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>What the migration to single licenses by key makes of the people and orders that an installation has.</summary>
public class CarriedOverTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private readonly PortalFactory _portal = portal.Portal;

    [Fact]
    public async Task Members_by_key_alone_keep_their_license_and_everybody_else_stays()
    {
        var license = await _portal.AddLicenseAsync();
        var customer = (await license.ReadAsync()).CustomerId;
        var now = _portal.Clock.Now;
        var (byKey, mailedOnly, invited, promoted, agreed, old) =
            (await MemberAsync(), await MemberAsync(), await MemberAsync(), await MemberAsync(CustomerRole.Owner), await MemberAsync(),
                await MemberAsync());
        await using (var db = _portal.Open())
        {
            foreach (var user in new[] { byKey, promoted, agreed })
            {
                db.Add(new Registration
                {
                    Id = Guid.NewGuid(),
                    Email = user.Email,
                    LicenseId = license.Id,
                    CreatedAt = now,
                    ExpiresAt = now.AddDays(1),
                    UsedAt = now,
                    UserId = user.Id
                });
            }

            db.Add(new Registration
            {
                Id = Guid.NewGuid(),
                Email = invited.Email,
                CustomerId = customer,
                Role = CustomerRole.Member,
                CreatedAt = now,
                ExpiresAt = now.AddDays(1),
                UsedAt = now,
                UserId = invited.Id
            });
            await db.CustomerMembers.Where(m => m.UserId == mailedOnly.Id)
                .ExecuteUpdateAsync(s => s.SetProperty(m => m.Since, now.AddMinutes(-1)));
            await db.CustomerMembers.Where(m => m.UserId == old.Id)
                .ExecuteUpdateAsync(s => s.SetProperty(m => m.Since, now.AddMinutes(-2)));
            db.Add(new OutboxMessage
            {
                Kind = "account-opened",
                BusinessKey = Guid.NewGuid().ToString(),
                State = OutboxState.Sent,
                Priority = MailPriority.Urgent,
                DueAt = now,
                MessageId = "<a@b.example>",
                Reference = license.Number,
                CustomerId = customer,
                ToAddress = "a@b.example",
                Culture = "de",
                Subject = "",
                CopyText = "",
                CreatedAt = now.AddMinutes(-1),
            });
            await EventLog.AppendAsync(
                db, customer, EventKind.MemberChanged, new EventData { Member = agreed.Id, Before = "Owner", After = "Member" },
                new Actor(ActorKind.Customer, promoted.Id), null, now.AddMinutes(1), default);
            await db.SaveChangesAsync();
        }

        await MigrateAsync();

        await using var read = _portal.Open();
        var keys = await read.KeyAccesses.Where(k => k.CustomerId == customer).ToListAsync();
        keys.Select(k => (k.UserId, k.LicenseId)).ShouldBe([(byKey.Id, license.Id), (mailedOnly.Id, license.Id)], ignoreOrder: true);
        var members = await read.CustomerMembers.Where(m => m.CustomerId == customer).Select(m => m.UserId).ToListAsync();
        members.ShouldBe([invited.Id, promoted.Id, agreed.Id, old.Id], ignoreOrder: true);

        Task<CustomerUser> MemberAsync(CustomerRole role = CustomerRole.Member) => CustomerUser.CreateAsync(_portal, customer, role);
    }

    [Fact]
    public async Task Of_several_orders_that_wait_the_latest_is_guarded_and_whoever_has_a_license_file_keeps_it()
    {
        var completed = await _portal.AddTransferAsync();
        await completed.ActAsync(r =>
        {
            r.Accept(_portal.Clock.Now).ShouldSucceed();
            r.Complete(_portal.Clock.Now).ShouldSucceed();
        });
        var earlier = await _portal.AddTransferAsync(new TransferSetting(AwaitsOwner: true));
        var later = await _portal.AddTransferAsync(new TransferSetting(AwaitsOwner: true));
        await using (var db = _portal.Open())
        {
            await db.Set<TransferItem>().ExecuteUpdateAsync(s => s.SetProperty(i => i.IsWaiting, false));
            await db.Set<TransferItem>().Where(i => i.RequestId == later.Id)
                .ExecuteUpdateAsync(s => s.SetProperty(i => i.LicenseId, earlier.Licenses[0].Id));
        }

        await MigrateAsync();

        (await earlier.ReadAsync()).Items.ShouldHaveSingleItem().IsWaiting.ShouldBeFalse();
        (await later.ReadAsync()).Items.ShouldHaveSingleItem().IsWaiting.ShouldBeTrue();
        (await completed.ReadAsync()).OrdererGetsLicense.ShouldBeTrue();
        (await later.ReadAsync()).OrdererGetsLicense.ShouldBeFalse();

        // The one that is not guarded goes on by its own link all the same.
        await earlier.ActAsync(r => r.Confirm(_portal.Clock.Now).ShouldSucceed());
    }

    private async Task MigrateAsync()
    {
        await using var db = _portal.Open();
        await db.Database.ExecuteSqlRawAsync(KeysAndConfirmations.CarryOver);
    }
}
