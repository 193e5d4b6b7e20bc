using SelfHelpPortal.Licensing.CheckIn;

namespace SelfHelpPortal.Licensing;

public sealed partial class License
{
    private readonly List<EmergencyGrant> _emergencyGrants = [];

    /// <summary>The emergency codes that were handed out. They bridge a lock, so they are loaded with a locked license only.</summary>
    public IReadOnlyList<EmergencyGrant> EmergencyGrants => _emergencyGrants;

    /// <summary>
    /// Lets one computer in use go on for <see cref="EmergencyGrant.Lasts"/> although the license is locked: once a year, and as long as it
    /// runs the same again.
    /// </summary>
    /// <param name="chosen">Which computer, when there are several.</param>
    public Outcome<EmergencyGranted> GrantEmergency(Guid? chosen, FlagPolicy policy, DateTimeOffset now)
    {
        if (State == LicenseState.Locked && OfYear(now) is { } given && given.Runs(now))
        {
            return new EmergencyGranted(given, IsRepetition: true);
        }

        if (CheckEmergencyCode(policy, now) is { } refused)
        {
            return refused;
        }

        if (ActiveComputers.Where(a => chosen is null || a.Id == chosen).Take(2).ToList() is not [var computer])
        {
            return Refusal.ChooseComputer;
        }

        var grant = new EmergencyGrant
        {
            LicenseId = Id,
            ActivationId = computer.Id,
            Year = now.UtcDateTime.Year,
            GrantedAt = now,
            ValidUntil = now + EmergencyGrant.Lasts,
        };
        _emergencyGrants.Add(grant);
        return new EmergencyGranted(grant, IsRepetition: false);
    }

    /// <summary>Why a new code would be refused now, without handing it out; null when it would be granted.</summary>
    public RefusalDetail? CheckEmergencyCode(FlagPolicy policy, DateTimeOffset now) => GetBlockingReason() switch
    {
        null => new RefusalDetail(Refusal.Conflict),
        { Refusal: not Refusal.Locked } standing => standing,
        _ when !policy.GrantsEmergencyCode => new RefusalDetail(Refusal.StaffOnly),
        _ when OfYear(now) is { Year: var year } =>
            new RefusalDetail(Refusal.LimitUsedUp, new DateTimeOffset(year + 1, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        _ when !ActiveComputers.Any() => new RefusalDetail(Refusal.NotActive),
        _ => null,
    };

    private EmergencyGrant? OfYear(DateTimeOffset now) => _emergencyGrants.SingleOrDefault(g => g.Year == now.UtcDateTime.Year);
}
