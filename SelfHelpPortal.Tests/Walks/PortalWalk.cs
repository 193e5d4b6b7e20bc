using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Customer.AnswerFlag;
using SelfHelpPortal.Features.Customer.Disputes;
using SelfHelpPortal.Features.Customer.ReleaseByQr;
using SelfHelpPortal.Features.Customer.ReleaseLicense;
using SelfHelpPortal.Features.Machine.CheckIn;
using SelfHelpPortal.Features.Machine.Release;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Walks;

/// <summary>Who does the acts of staff, and who is the second person where one is needed.</summary>
internal sealed record WalkStaff(StaffActor Clerk, StaffActor Administrator);

/// <summary>A walk through the real use cases on PostgreSQL, on a license of its own.</summary>
internal sealed class PortalWalk : WalkedLicense
{
    private static int _callers;
    private readonly IServiceProvider _services;
    private readonly WalkStaff _staff;
    private readonly Terms _terms;
    private readonly string _productId;
    private readonly string _key;
    private readonly Guid _licenseId;
    private readonly List<Held> _held = [];

    private PortalWalk(IServiceProvider services, WalkStaff staff, Terms terms, string productId, string key, Guid licenseId) =>
        (_services, _staff, _terms, _productId, _key, _licenseId) = (services, staff, terms, productId, key, licenseId);

    /// <summary>What the software of one activation holds.</summary>
    private sealed record Held(Guid Id, string Handle, int Generation, byte[] Secret);

    public override int MailsPerHour => 3;

    public override int Count => _held.Count;

    /// <summary>Everybody comes from an address of their own, so that nobody queues for a budget before the race begins.</summary>
    public static Caller Caller => new(new IPAddress(0x0A00_0000L + (Interlocked.Increment(ref _callers) & 0xFF_FFFF)));

    private PortalDbContext Open() => _services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext();

    public static string ProductOf(int terms) => $"walk-{terms}";

    /// <summary>The products of all terms, their customer, and accounts that may do everything the walks do.</summary>
    public static async Task<WalkStaff> PrepareAsync(PortalFactory portal)
    {
        await using var db = portal.Open();
        for (var place = 0; place < RandomWalks.AllTerms.Count; place++)
        {
            db.Products.Add(Product.Create(ProductOf(place), $"Walk {place}", PoliciesOf(RandomWalks.AllTerms[place])));
        }

        db.Customers.Add(new Customer { Number = "C-1", Company = "Muster GmbH", Email = "walker@example.org" });
        await db.SaveChangesAsync();
        return new(await (await StaffUser.CreateAsync(portal)).ActorAsync(),
            await (await StaffUser.CreateAsync(portal, StaffRoles.Administrator)).ActorAsync());
    }

    public static Task<PortalWalk> BeginAsync(IServiceProvider services, WalkStaff staff, int terms) =>
        BeginAsync(services, staff, ProductOf(terms), RandomWalks.AllTerms[terms]);

    /// <param name="terms">As in the policies of the product.</param>
    public static async Task<PortalWalk> BeginAsync(IServiceProvider services, WalkStaff staff, string productId, Terms terms)
    {
        await using var db = services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext();
        var key = ActivationKey.New();
        var customer = await db.Customers.Where(c => c.Number == "C-1").Select(c => c.Id).SingleAsync();
        var license = services.GetRequiredService<LicenseFactory>().Make(
            $"L-{Guid.NewGuid():N}"[..20], productId, customer, key.Normalized, key.ToString(), terms.Seats, RandomWalks.Start);
        license.ExpiresAt = terms.EndsAfterDays is { } days ? RandomWalks.Start.AddDays(days) : null;
        db.Licenses.Add(license);
        await db.SaveChangesAsync();
        return new PortalWalk(services, staff, terms, productId, key.ToString(), license.Id);
    }

    /// <summary>Pages put several reasons into one word.</summary>
    public override string Expect(Act act, string word) => (act, word) switch
    {
        (Act.ReleaseByKey or Act.ReleaseByCode or Act.ReleaseByQr, "suspended" or "frozen" or "banned" or "ask-staff") => "ask-support",
        (Act.ReleaseByKey, "choose") => "confirm",
        _ => word,
    };

    public override async Task<string> ActivateAsync(string pc, int parts, DateTimeOffset now)
    {
        var (word, activated) = await TryActivateAsync(pc, parts, now);
        if (activated is not null && _held.TrueForAll(h => h.Handle != activated.Handle))
        {
            await HoldNewestAsync();
            (_held[^1].Handle, _held[^1].Generation).ShouldBe((activated.Handle, activated.Generation));
            _held[^1].Secret.ShouldBe(activated.ReleaseSecret);
        }

        return word;
    }

    /// <summary>As many at once as one likes: what was activated is not held for later acts.</summary>
    public async Task<string> ActivateAgainAsync(string pc, DateTimeOffset now) => (await TryActivateAsync(pc, parts: 0, now)).Word;

    private async Task<(string Word, ActivatedLicense? Activated)> TryActivateAsync(string pc, int parts, DateTimeOffset now)
    {
        var request = new ActivateRequest(_key, _productId, new Computer(A.Hardware(pc, parts), pc, "1.0"));
        var answer = await Do<ActivateLicense>().ExecuteAsync(request, Caller, now, default);
        if (!answer.Outcome.Succeeded)
        {
            (answer.InUse.Count > 0).ShouldBe(answer.Outcome.Refused.Refusal == Refusal.TooManyActivations);
            var word = answer.Outcome.Refused.Refusal switch
            {
                Refusal.DeviceExcluded => "banned",
                Refusal.Suspended => "suspended",
                Refusal.Locked => "locked",
                Refusal.Expired => "expired",
                Refusal.TooManyActivations => "full",
                var other => other.ToString(),
            };
            return (word, null);
        }

        var activated = answer.Outcome.Value;
        return ($"{(activated.IsNew ? "new" : "again")} {activated.Generation}", activated);
    }

    public override async Task<string> ReleaseInAppAsync(int place, DateTimeOffset now)
    {
        var outcome = await Do<ReleaseFromApp>().ExecuteAsync(Proof(place, DeviceProof.Release, now), Caller, now, default);
        return outcome.Succeeded ? Word(outcome.Value, now) : outcome.Refused.Refusal switch
        {
            Refusal.DeviceExcluded => "banned",
            Refusal.Suspended => "suspended",
            Refusal.Locked => "locked",
            Refusal.Frozen => "frozen",
            Refusal.ProofNotYet => "proof-not-yet",
            var other => other.ToString(),
        };
    }

    public override async Task<string> ReleaseByQrAsync(int place, DateTimeOffset now)
    {
        var view = await Do<ReleaseByQr>().ExecuteAsync(QrToken(place), Caller, now, default);
        return view.Outcome switch
        {
            QrOutcome.Released or QrOutcome.AlreadyReleased => Word(view.At, now),
            QrOutcome.Locked => "locked",
            QrOutcome.ProofNotYet => "proof-not-yet",
            QrOutcome.AskSupport => "ask-support",
            var other => other.ToString(),
        };
    }

    public override async Task<string> ReleaseByCodeAsync(int place, DateTimeOffset now)
    {
        var code = VerificationCode.Compute(_held[place].Secret, _held[place].Handle, _held[place].Generation);
        return (await ReleaseAsync(new ReleaseChoice(null, code, null), now)).Word;
    }

    public override async Task<string> ReleaseByKeyAsync(int? place, bool confirms, DateTimeOffset now)
    {
        var (page, word) = await ReleaseAsync(new ReleaseChoice(place is { } p ? _held[p].Id : null, null, "dead"), now);
        if (word != "mail-sent" || !confirms)
        {
            return word;
        }

        // The token itself is only in the mail, so another one is made for the same request.
        await using var db = Open();
        var request = (await SecretLinks.FindAsync(db, LinkPurpose.ReleaseRequest, page, now))!.RecordId;
        var token = SecretLinks.Issue(db, LinkPurpose.ReleaseConfirm, request, now);
        await db.SaveChangesAsync();
        var view = await Do<ConfirmRelease>().ExecuteAsync(token, _key[^5..].ToLowerInvariant(), Caller, now, default);
        return view!.Outcome.Word();
    }

    public override async Task<string> CheckInAsync(int place, string pc, int parts, DateTimeOffset signedAt, DateTimeOffset now)
    {
        var result = (await TryCheckInAsync(place, A.Hardware(pc, parts), signedAt, now)).ShouldSucceed();
        (result.CaseNumber is not null).ShouldBe(result.Code == CheckInCode.LockedIllegal);
        return result.Code.Wire();
    }

    /// <param name="forged">With the proof of another purpose.</param>
    public Task<Outcome<CheckInResult>> TryCheckInAsync(
        int place, HardwareCode hardware, DateTimeOffset signedAt, DateTimeOffset now, bool forged = false) =>
        Do<CheckInComputer>().ExecuteAsync(
            new CheckInRequest(Proof(place, forged ? DeviceProof.Release : DeviceProof.Check, signedAt), hardware, "1.0"), Caller, now,
            default);

    /// <summary>The link under the QR code of a computer.</summary>
    public string QrToken(int place) => ReleaseLink.Token(_held[place].Secret, _held[place].Handle, _held[place].Generation);

    /// <summary>The license as it is stored, with its open cases.</summary>
    public async Task<License> LoadAsync()
    {
        await using var db = Open();
        return (await db.LoadLicenseAsync(_licenseId, default))!;
    }

    public override async Task<string> ObjectAsync(int place, DateTimeOffset now)
    {
        await using var db = Open();
        var before = await db.Activations.CountAsync(a => a.LicenseId == _licenseId);
        var token = SecretLinks.Issue(db, LinkPurpose.Objection, _held[place].Id, now);
        await db.SaveChangesAsync();
        var view = await Do<DisputeRelease>().ExecuteAsync(token, "not me", Caller, now, default);
        view!.Outcome.ShouldBe(ObjectionOutcome.Objected);
        if (await db.Activations.CountAsync(a => a.LicenseId == _licenseId) == before)
        {
            return "objected";
        }

        await HoldNewestAsync();
        return "restored";
    }

    public override async Task<string> FetchEmergencyCodeAsync(int? place, DateTimeOffset now)
    {
        await using var db = Open();
        if ((await db.LoadLicenseAsync(_licenseId, default))!.OpenFlag(FlagKind.Sighting) is not { } flag)
        {
            return "conflict";
        }

        var token = SecretLinks.Issue(db, LinkPurpose.Flag, flag.Id, now);
        await db.SaveChangesAsync();
        var outcome =
            (await Do<FetchEmergencyCode>().ExecuteAsync(token, place is { } p ? _held[p].Id : null, Caller, now, default))!.Value;
        return outcome.Succeeded ? "fetched" : outcome.Refused.Refusal switch
        {
            Refusal.LimitUsedUp => "used-up",
            Refusal.StaffOnly => "ask-staff",
            Refusal.ChooseComputer => "choose",
            Refusal.NotActive => "not-active",
            Refusal.Suspended => "suspended",
            Refusal.Conflict => "conflict",
            var other => other.ToString(),
        };
    }

    public override async Task<string> ResolveAsync(FlagKind kind, DateTimeOffset now)
    {
        await using var db = Open();
        var flag = await db.Flags.Where(f => f.LicenseId == _licenseId && f.Kind == kind).OrderByDescending(f => f.OpenedAt)
            .Select(f => f.Number).FirstOrDefaultAsync();
        return flag is null
            ? "conflict"
            : Word(await Do<UnlockLicense>().ExecuteAsync(Asked(now), flag, new(FlagCause.RepairedPc), now, default));
    }

    public override async Task<string> SuspendAsync(DateTimeOffset now) =>
        Word(await Do<SuspendLicense>().ExecuteAsync(Asked(now), _licenseId, now, default));

    public override async Task<string> ResumeAsync(DateTimeOffset now) =>
        Word(await Do<ReinstateLicense>().ExecuteAsync(Asked(now), _licenseId, now, default));

    public override async Task<string> BanAsync(int place, DateTimeOffset now)
    {
        var asked = await Do<RequestExclusion>().ExecuteAsync(Asked(now), _licenseId, _held[place].Id, now, default);
        if (asked.Refused is not null)
        {
            return Word(asked);
        }

        await using var db = Open();
        var request = await db.ExclusionRequests.SingleAsync(
            r => r.LicenseId == _licenseId && r.ActivationId == _held[place].Id && r.Decision == null);
        return Word(await Do<ApproveExclusion>().ExecuteAsync(Asked(now, _staff.Administrator), _licenseId, request.Id, now, default));
    }

    public override async Task<string> ReleaseByStaffAsync(int place, DateTimeOffset now) =>
        Word(await Do<ReleaseForCustomer>().ExecuteAsync(Asked(now), _licenseId, _held[place].Id, now, default));

    public override async Task<string> GrantAsync(DateTimeOffset until, DateTimeOffset now) =>
        Word(await Do<GrantRelease>().ExecuteAsync(Asked(now), _licenseId, until, now, default));

    public override async Task<string> DescribeAsync(DateTimeOffset now) => Describe(await LoadAsync(), PoliciesOf(_terms).Release, now);

    /// <summary>domain.md, rules 1, 2, 5 and 8.</summary>
    public override async Task CheckInvariantsAsync()
    {
        await using var db = Open();
        var license = (await db.LoadLicenseAsync(_licenseId, default))!;
        license.ActiveComputers.Count().ShouldBeLessThanOrEqualTo(license.Seats);

        var events = await db.Events.AsNoTracking().Where(e => e.Stream == _licenseId).OrderBy(e => e.Seq).ToListAsync();
        EventLog.IsIntact(events).ShouldBeTrue();

        var released = license.Activations.Where(a => a.ReleasedBy is not null).ToList();
        events.Where(e => e.Kind == EventKind.Released).Select(e => EventLog.Read(e.Data).Activation!.Value)
            .ShouldBe(released.Select(a => a.Id), ignoreOrder: true);
        events.Count(e => e.Kind is EventKind.Activated or EventKind.Restored).ShouldBe(license.Activations.Count);

        var mails = await db.Set<OutboxMessage>().Where(m => m.Reference == license.Number && m.Kind == "released")
            .Select(m => m.BusinessKey).ToListAsync();
        mails.ShouldBe(released.Select(a => $"{a.Handle}/{a.Generation}"), ignoreOrder: true);
    }

    private static string Word(StaffResult result) => result.Refused switch
    {
        null => "done",
        StaffRefusal.Conflict => "conflict",
        var other => other.ToString()!,
    };

    // A repetition is answered like the first time, and with the first time.
    private static string Word(DateTimeOffset? releasedAt, DateTimeOffset now) => releasedAt == now ? "released" : "already-released";

    private T Do<T>()
        where T : notnull => _services.GetRequiredService<T>();

    private StaffAct Asked(DateTimeOffset now, StaffActor? by = null) =>
        new(Guid.NewGuid(), (by ?? _staff.Clerk) with { AuthenticatedAt = now.AddMinutes(-1) }, "a walk");

    private DeviceRequest Proof(int place, string purpose, DateTimeOffset signedAt)
    {
        var (held, nonce, ts) = (_held[place], Guid.NewGuid().ToString("n"), signedAt.ToUnixTimeSeconds());
        return new DeviceRequest(
            held.Handle, held.Generation, nonce, ts, DeviceProof.Compute(purpose, held.Handle, held.Generation, nonce, ts, held.Secret));
    }

    private async Task<(string Token, string Word)> ReleaseAsync(ReleaseChoice choice, DateTimeOffset now)
    {
        var (token, _) = await Do<BeginRelease>().ExecuteAsync(_key, Caller, now, default);
        var view = await Do<ReleaseLicense>().ExecuteAsync(token!, choice, Caller, now, default);
        return (token!, view!.Outcome.Word());
    }

    private async Task HoldNewestAsync()
    {
        await using var db = Open();
        var newest = await db.Activations.AsNoTracking().Where(a => a.LicenseId == _licenseId).OrderByDescending(a => a.ActivatedAt)
            .FirstAsync();
        _held.Add(new Held(newest.Id, newest.Handle, newest.Generation, Do<ActivationSecretsFactory>().Open(newest)));
    }
}
