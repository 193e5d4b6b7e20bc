using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Walks;

/// <summary>A walk on the rules alone, in memory.</summary>
internal sealed class AggregateWalk(Terms terms) : WalkedLicense
{
    private readonly ProductPolicies _policies = PoliciesOf(terms);
    private readonly License _license = new()
    {
        Number = "L-1043",
        ProductId = A.ProductId,
        CustomerId = Guid.CreateVersion7(),
        Seats = terms.Seats,
        CreatedAt = RandomWalks.Start,
        ExpiresAt = terms.EndsAfterDays is { } days ? RandomWalks.Start.AddDays(days) : null,
        Key = new StoredKey { Hash = [1], FoldedHash = [2], PepperId = "p1", Sealed = [3], LastFive = "PP7FH" },
    };

    private int _cases;

    public override int MailsPerHour => int.MaxValue;

    public override int Count => _license.Activations.Count;

    public override Task<string> ActivateAsync(string pc, int parts, DateTimeOffset now)
    {
        var outcome = _license.Activate(new Computer(A.Hardware(pc, parts), pc, null), Secrets(), _policies.Hardware, now);
        return Say(outcome.Succeeded
            ? $"{(outcome.Value.IsNew ? "new" : "again")} {outcome.Value.Activation.Generation}"
            : Word(outcome.Refused));
    }

    public override Task<string> ReleaseInAppAsync(int place, DateTimeOffset now) => Release(place, ReleaseMethod.InApp, now);

    // To a phone the license of a banned computer is simply off it.
    public override async Task<string> ReleaseByQrAsync(int place, DateTimeOffset now) =>
        await Release(place, ReleaseMethod.QrCode, now) is var word && word == "banned" ? "already-released" : word;

    public override Task<string> ReleaseByCodeAsync(int place, DateTimeOffset now)
    {
        var means = _license.ComputerToRelease(_license.Activations[place].Id);
        return means.Succeeded ? Release(place, ReleaseMethod.VerificationCode, now) : Say(Word(means.Refused));
    }

    public override Task<string> ReleaseByKeyAsync(int? place, bool confirms, DateTimeOffset now)
    {
        var means = _license.ComputerToRelease(place is { } p ? _license.Activations[p].Id : null);
        if (!means.Succeeded)
        {
            return Say(Word(means.Refused));
        }

        var outcome = _license.Release(means.Value, ReleaseMethod.ActivationKey, _policies.Release, now);
        if (confirms && outcome is { Succeeded: false, Refused.Refusal: Refusal.ConfirmByMail })
        {
            outcome = _license.Release(means.Value, ReleaseMethod.ActivationKey, _policies.Release, now, confirmed: true);
        }

        return Say(Word(outcome));
    }

    public override Task<string> CheckInAsync(int place, string pc, int parts, DateTimeOffset signedAt, DateTimeOffset now)
    {
        var activation = _license.Activations[place];
        var hardware = A.Hardware(pc, parts);
        if (activation.RestoredAsId is { } id && _license.State == LicenseState.Active
            && _license.Activations.Single(a => a.Id == id) is { IsActive: true } restored)
        {
            activation = restored;
        }

        var berlin = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).DateTime;
        var circumstances = new SightingCircumstances(signedAt, _policies.BusinessHours.Contains(berlin), LocksAllowed: true);
        _license.DetectConcurrentUse(activation, hardware, _policies, circumstances, $"F-{_cases++}", now);
        var code = _license.FactsOf(activation, hardware, _policies.Hardware).Decide(now, _policies.CheckIn.GraceDays);
        if (code == CheckInCode.ValidDrift)
        {
            activation.HardwareCode = hardware;
        }

        return Say(code.Wire());
    }

    public override Task<string> ObjectAsync(int place, DateTimeOffset now) => Say(
        _license.Object(_license.Activations[place], null, $"F-{_cases++}", Secrets(), _policies.Hardware, now).Restored is null
        ? "objected"
        : "restored");

    public override Task<string> FetchEmergencyCodeAsync(int? place, DateTimeOffset now)
    {
        if (_license.OpenFlag(FlagKind.Sighting) is null)
        {
            return Say("conflict");
        }

        var outcome = _license.GrantEmergency(place is { } p ? _license.Activations[p].Id : null, _policies.Flag, now);
        return Say(outcome.Succeeded ? "fetched" : outcome.Refused.Refusal == Refusal.LimitUsedUp ? "used-up" : Word(outcome.Refused));
    }

    public override Task<string> ResolveAsync(FlagKind kind, DateTimeOffset now) =>
        Say(_license.OpenFlag(kind) is { } flag ? Done(_license.Unlock(flag, now)) : "conflict");

    public override Task<string> SuspendAsync(DateTimeOffset now) => Say(Done(_license.Suspend()));

    public override Task<string> ResumeAsync(DateTimeOffset now) => Say(Done(_license.Resume()));

    public override Task<string> BanAsync(int place, DateTimeOffset now) =>
        Say(Done(_license.Exclude(_license.Activations[place], _policies.Hardware, now)));

    public override Task<string> ReleaseByStaffAsync(int place, DateTimeOffset now) =>
        Say(Done(_license.ReleaseByStaff(_license.Activations[place], now)));

    public override Task<string> GrantAsync(DateTimeOffset until, DateTimeOffset now) => Say(Done(_license.Grant("reason", until, now)));

    public override Task<string> DescribeAsync(DateTimeOffset now) => Say(Describe(_license, _policies.Release, now));

    public override Task CheckInvariantsAsync()
    {
        _license.ActiveComputers.Select(a => a.Seat).ShouldBeUnique();
        _license.ActiveComputers.Count().ShouldBeLessThanOrEqualTo(_license.Seats);
        return Task.CompletedTask;
    }

    private Task<string> Release(int place, ReleaseMethod method, DateTimeOffset now) =>
        Say(Word(_license.Release(_license.Activations[place], method, _policies.Release, now)));

    private static ActivationSecrets Secrets() => new(Guid.CreateVersion7(), Handles.New(), [4]);

    private static string Word(Outcome<Released> outcome) =>
        !outcome.Succeeded ? Word(outcome.Refused) : outcome.Value.IsRepetition ? "already-released" : "released";

    private static string Done<T>(Outcome<T> outcome) => outcome.Succeeded ? "done" : Word(outcome.Refused);

    private static string Word(RefusalDetail refused) => refused.Refusal switch
    {
        Refusal.DeviceExcluded => "banned",
        Refusal.Suspended => "suspended",
        Refusal.Locked => "locked",
        Refusal.Frozen => "frozen",
        Refusal.Expired => "expired",
        Refusal.NotActive => "not-active",
        Refusal.ChooseComputer => "choose",
        Refusal.StaffOnly => "ask-staff",
        Refusal.PaidTransfer or Refusal.LimitUsedUp => "offer-transfer",
        Refusal.TooSoon => "too-soon",
        Refusal.ProofNotYet => "proof-not-yet",
        Refusal.ConfirmByMail => "mail-sent",
        Refusal.TooManyActivations => "full",
        Refusal.Conflict => "conflict",
        var other => other.ToString(),
    };

    private static Task<string> Say(string word) => Task.FromResult(word);
}
