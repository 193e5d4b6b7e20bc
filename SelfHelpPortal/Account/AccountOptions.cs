namespace SelfHelpPortal.Account;

/// <summary>How long a sign-in of staff lasts.</summary>
internal sealed class AccountOptions
{
    /// <summary>Hours without a request after which one signs in again.</summary>
    public double StaffIdleHours { get; set; } = 8;

    /// <summary>Hours after the sign-in when it ends in any case.</summary>
    public double StaffAbsoluteHours { get; set; } = 12;

    public TimeSpan IdleTime => TimeSpan.FromHours(StaffIdleHours);

    public TimeSpan AbsoluteTime => TimeSpan.FromHours(StaffAbsoluteHours);

    public string? Complaint() => StaffIdleHours is > 0 and <= 24 && StaffAbsoluteHours is > 0 and <= 24
        ? null
        : "Accounts:StaffIdleHours and Accounts:StaffAbsoluteHours are more than 0 and at most 24.";
}
