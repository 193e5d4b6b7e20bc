using System.Security.Claims;

namespace SelfHelpPortal.Shared.Access;

/// <summary>How long a sign-in lasts.</summary>
internal sealed class AccountOptions
{
    /// <summary>Stamp, roles and state of an account are looked at again in cookies and circuits after this time.</summary>
    public static readonly TimeSpan Revalidation = TimeSpan.FromMinutes(1);

    /// <summary>Hours without a request after which one signs in again.</summary>
    public double StaffIdleHours { get; set; } = 8;

    /// <summary>Hours after the sign-in when it ends in any case.</summary>
    public double StaffAbsoluteHours { get; set; } = 12;

    /// <summary>Days without a request after which a customer signs in again.</summary>
    public double CustomerIdleDays { get; set; } = 14;

    /// <summary>Days after the sign-in when a customer's ends in any case.</summary>
    public double CustomerAbsoluteDays { get; set; } = 30;

    public TimeSpan CustomerIdleTime => TimeSpan.FromDays(CustomerIdleDays);

    public TimeSpan CustomerAbsoluteTime => TimeSpan.FromDays(CustomerAbsoluteDays);

    public TimeSpan IdleTime => TimeSpan.FromHours(StaffIdleHours);

    public TimeSpan AbsoluteTime => TimeSpan.FromHours(StaffAbsoluteHours);

    /// <summary>No sign-in lasts longer than this.</summary>
    public TimeSpan LongestTime => CustomerAbsoluteTime > AbsoluteTime ? CustomerAbsoluteTime : AbsoluteTime;

    /// <summary>For staff, however they signed in, other times than for customers.</summary>
    public (TimeSpan Idle, TimeSpan Absolute) TimesOf(ClaimsPrincipal principal) =>
        StaffPolicy.HasRole(principal) ? (IdleTime, AbsoluteTime) : (CustomerIdleTime, CustomerAbsoluteTime);

    public IEnumerable<string> Validate()
    {
        if (StaffIdleHours is not (> 0 and <= 24) || StaffAbsoluteHours is not (> 0 and <= 24))
        {
            yield return "Accounts:StaffIdleHours and Accounts:StaffAbsoluteHours are more than 0 and at most 24.";
        }

        if (CustomerIdleDays is not (> 0 and <= 90) || CustomerAbsoluteDays is not (> 0 and <= 90))
        {
            yield return "Accounts:CustomerIdleDays and Accounts:CustomerAbsoluteDays are more than 0 and at most 90.";
        }
    }
}
