using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Flags;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Machine.CheckIn;

/// <summary>
/// Lets the license look at a check-in of a computer that gave it up, and records what follows: events, mails to the owner and to staff,
/// and the breaker that stops automatic locks when there are too many to be fraud.
/// </summary>
internal sealed class UsageConflictHandler(
    Outbox outbox, OwnerMails owners, FlagLinks links, PublicAddress address, IOptions<MailOptions> mail, LocalTimes times)
{
    public async Task RecordAsync(
        PortalDbContext db, License license, Activation activation, HardwareCode hardware, DateTimeOffset signedAt, Product product,
        Caller caller,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!license.FactsOf(activation, hardware, product.Policies.Hardware).SeatTakenByAnother)
        {
            return;
        }

        var hadCase = license.OpenFlag(FlagKind.Sighting) is not null;
        var stageBefore = license.OpenFlag(FlagKind.Sighting)?.Stage;
        var breaker = await BreakerAsync(db, product, now, cancellationToken);
        var circumstances =
            new SightingCircumstances(signedAt, product.Policies.BusinessHours.Contains(times.ToLocal(now).DateTime), !breaker.IsOpen);
        var number = hadCase ? "" : await Numbers.NextFlagAsync(db, cancellationToken);
        if (license.DetectConcurrentUse(activation, hardware, product.Policies, circumstances, number, now) is not { } sighting)
        {
            return;
        }

        var computer = sighting.Flag.Computers.Single(c => c.ActivationId == activation.Id);
        var taker = license.Activations.Single(a => a.Id == computer.UsedByActivationId);
        var use = new SightedUse(
            product.Name, license.Number, activation.PcName, activation.EndedAt!.Value, taker.PcName, taker.ActivatedAt, now);
        var data = new EventData
        {
            Activation = activation.Id,
            Seat = activation.Seat,
            Generation = activation.Generation,
            Case = sighting.Flag.Number
        };
        if (sighting.IsNewComputer)
        {
            await EventLog.AppendAsync(
                db, license.Id, EventKind.Sighted, data, caller.As(ActorKind.Device), text: null, now, cancellationToken);
        }

        if (sighting.HeldByBreaker)
        {
            await EventLog.AppendAsync(db, license.Id, EventKind.LockHeld, data, Actor.System, text: null, now, cancellationToken);
            await NotifyBreakerAsync(db, product, breaker, now, cancellationToken);
        }

        if (sighting.Reached is not { } reached)
        {
            return;
        }

        if (KindOf(reached) is { } kind)
        {
            var change = reached == FlagStage.LicenseLocked
                ? data with { Before = nameof(LicenseState.Active), After = license.State.ToString() }
                : data;
            await EventLog.AppendAsync(db, license.Id, kind, change, Actor.System, text: null, now, cancellationToken);
        }

        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        if (stageBefore is null || sighting.Flag.Stage > stageBefore)
        {
            await NotifyOwnerAsync(db, customer, sighting.Flag, product, use, now, cancellationToken);
        }

        await NotifyStaffAsync(db, customer, sighting.Flag, computer, activation, reached, use, now, cancellationToken);
    }

    private static EventKind? KindOf(FlagStage stage) => stage switch
    {
        FlagStage.Noticed => null,
        FlagStage.ComputerLocked => EventKind.ComputerLocked,
        FlagStage.LicenseLocked => EventKind.LicenseLocked,
    };

    private Task NotifyOwnerAsync(
        PortalDbContext db, Licensing.Customer customer, Flag flag, Product product, SightedUse use, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var answer = links.Issue(db, flag, now);
        MailModel model = flag.Stage switch
        {
            FlagStage.Noticed => new SeenAgainMail(
                customer.AsRecipient())
            {
                CaseNumber = flag.Number,
                CaseKey = flag.MailKey,
                Use = use,
                Answer = answer,
                ProductId = product.Id,
                CustomerId = customer.Id
            },
            FlagStage.ComputerLocked =>
                new ComputerLockedMail(customer.AsRecipient())
                {
                    CaseNumber = flag.Number,
                    CaseKey = flag.MailKey,
                    Use = use,
                    Answer = answer,
                    ProductId = product.Id,
                    CustomerId = customer.Id
                },
            FlagStage.LicenseLocked => new LockedMail(customer.AsRecipient())
            {
                CaseNumber = flag.Number,
                CaseKey = flag.MailKey,
                Use = use,
                Answer = answer,
                OffersEmergencyCode = product.Policies.Flag.GrantsEmergencyCode,
                ProductId = product.Id,
                CustomerId = customer.Id,
            },
        };
        return owners.EnqueueAsync(db, customer.Id, model, m => m.CopiesLocks, now, cancellationToken);
    }

    private async Task NotifyStaffAsync(
        PortalDbContext db, Licensing.Customer customer, Flag flag, FlaggedComputer computer, Activation activation, FlagStage reached,
        SightedUse use,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var staff in mail.Value.StaffRecipients())
        {
            await outbox.EnqueueAsync(
                db,
                new StaffFlagMail(staff)
                {
                    CaseNumber = flag.Number,
                    CaseKey = flag.MailKey,
                    Stage = reached,
                    Handle = activation.Handle,
                    Customer = customer.Company,
                    Use = use,
                    TimesSeen = computer.TimesSeen,
                    CaseAddress = address.For($"/staff/flags/{flag.Number}"),
                },
                now,
                cancellationToken);
        }
    }

    private async Task NotifyBreakerAsync(
        PortalDbContext db, Product product, Breaker breaker, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var staff in mail.Value.StaffRecipients())
        {
            var model = new StaffBreakerMail(staff)
            {
                Product = product.Name,
                Count = breaker.Locks + 1,
                AllowedPerHour = breaker.Allowed,
                StoppedAt = now,
                FlagsAddress = address.For("/staff"),
            };

            // One an hour is enough; who gets here holds the breaker's lock, so nobody else is adding it right now.
            if (!await db.Set<OutboxMessage>().AnyAsync(m => m.Kind == model.Kind && m.BusinessKey == model.BusinessKey, cancellationToken))
            {
                await outbox.EnqueueAsync(db, model, now, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Automatic locks of the product within the last hour. The advisory lock makes the count hold until this transaction ends, so that
    /// parallel check-ins cannot all be the last one that was allowed.
    /// </summary>
    private static async Task<Breaker> BreakerAsync(
        PortalDbContext db, Product product, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"locks/" + product.Id}, 0))", cancellationToken);
        var since = now.AddHours(-1).ToUniversalTime();
        var locks = await db.Events
            .Where(e => e.At > since && (e.Kind == EventKind.LicenseLocked || e.Kind == EventKind.ComputerLocked))
            .Join(db.Licenses.Where(l => l.ProductId == product.Id), e => e.Stream, l => l.Id, (e, _) => e)
            .CountAsync(cancellationToken);
        var allowed = product.Policies.Flag.LocksPerHour;
        if (locks < allowed)
        {
            return new Breaker(locks, allowed);
        }

        var active = await db.Licenses.CountAsync(l => l.ProductId == product.Id && l.State == LicenseState.Active, cancellationToken);
        return new Breaker(locks, Math.Max(allowed, active / 100));
    }

    private readonly record struct Breaker(int Locks, int Allowed)
    {
        public bool IsOpen => Locks >= Allowed;
    }
}
