namespace SelfHelpPortal.Client;

/// <summary>How this computer stands with its license.</summary>
public enum LicenseCondition
{
    /// <summary>No license was found on this system: show the License Wizard.</summary>
    NoLicense,

    /// <summary>
    /// The license was taken off this computer, and <see cref="LicenseClient.PendingRelease"/> has to reach the portal yet.
    /// </summary>
    Released,

    /// <summary>Go on.</summary>
    Valid,

    /// <summary>Go on, but show why: see <see cref="LicenseStatus.Code"/> and <see cref="LicenseStatus.UsableUntil"/>.</summary>
    Warning,

    /// <summary>Too long without an answer of the portal; a check-in that succeeds ends it.</summary>
    OutOfTouch,

    /// <summary>A limited license is over.</summary>
    Expired,

    /// <summary>Locked because a released computer used the license; only the vendor's staff unlock, an emergency code bridges.</summary>
    Locked,

    /// <summary>Ended by the vendor: suspended, revoked, excluded; see <see cref="LicenseStatus.Code"/>.</summary>
    Blocked,

    /// <summary>License or state belong to another computer: copied, or too many parts changed.</summary>
    AnotherComputer,

    /// <summary>The state cannot be read or was changed by something else than this library; activating again costs nothing.</summary>
    Damaged,
}

/// <summary>How this computer stands with its license, judged without asking anybody.</summary>
/// <param name="Condition">What to do.</param>
/// <param name="Code">Why: a word of <see cref="LicenseCodes"/> or of the portal.</param>
public sealed record LicenseStatus(LicenseCondition Condition, string Code)
{
    /// <summary>Whether the program may run.</summary>
    public bool IsUsable => Condition is LicenseCondition.Valid or LicenseCondition.Warning;

    /// <summary>The portal's sentence about it, fit to be shown, when there is one.</summary>
    public string? Message { get; init; }

    /// <summary>The case to name when calling support.</summary>
    public string? CaseNumber { get; init; }

    /// <summary>Until when the program goes on if nothing else is heard; null = unlimited, or not usable.</summary>
    public DateTimeOffset? UsableUntil { get; init; }

    /// <summary>When the next check-in is due.</summary>
    public DateTimeOffset? NextCheckIn { get; init; }

    /// <summary>
    /// So little of this computer can be read that it cannot be told from others of its model. The portal refuses to activate it unless the
    /// vendor's staff allow it, and after a repair the license may be another computer's. Say so before that: more rights may help.
    /// </summary>
    public bool HasFewParts { get; init; }

    /// <summary>What was bought, if a license is there.</summary>
    public LicenseFacts? License { get; init; }
}

/// <summary>What the license says about itself.</summary>
/// <param name="Number"><c>L-…</c>.</param>
/// <param name="Customer">Whose it is.</param>
/// <param name="KeyLastFive">The last five symbols of the activation key.</param>
/// <param name="Seats">Computers that may use it.</param>
/// <param name="Edition">The edition, if the product has some.</param>
/// <param name="Features">What it unlocks, by name.</param>
/// <param name="MaintenanceUntil">Until when updates are included.</param>
/// <param name="ExpiresAt">End of a limited license.</param>
public sealed record LicenseFacts(
    string Number,
    string Customer,
    string KeyLastFive,
    int Seats,
    string? Edition,
    IReadOnlyDictionary<string, string> Features,
    DateTimeOffset? MaintenanceUntil,
    DateTimeOffset? ExpiresAt);

/// <summary>What became of an act.</summary>
/// <param name="Succeeded">Whether it was done.</param>
/// <param name="Code">A word of <see cref="LicenseCodes"/> or of the portal.</param>
public sealed record LicenseResult(bool Succeeded, string Code)
{
    /// <summary>The portal's sentence, when it gave one.</summary>
    public string? Message { get; init; }

    /// <summary>The case to name when calling support.</summary>
    public string? CaseNumber { get; init; }

    /// <summary>When the same act would be allowed.</summary>
    public DateTimeOffset? NextAllowedAt { get; init; }

    /// <summary>With <c>TOO_MANY_ACTIVATIONS</c>: the computers that use the license, by masked name.</summary>
    public IReadOnlyList<string> Computers { get; init; } = [];

    /// <summary>With <c>TOO_MANY_ACTIVATIONS</c>: where one of them can be released.</summary>
    public Uri? ReleasePage { get; init; }
}

/// <summary>A license that was taken off this computer while it was offline: what frees the seat.</summary>
/// <param name="VerificationCode">For somebody at another PC, together with the activation key.</param>
/// <param name="Link">For the QR code; the whole link, mostly in capitals so that the code stays small.</param>
/// <param name="LastFour">The end of the link, to show under the QR code for comparison.</param>
/// <param name="ReleasePage">Where key and code are typed.</param>
/// <param name="ReleasedAt">When, by this computer's clock.</param>
public sealed record PendingRelease(string VerificationCode, string Link, string LastFour, Uri ReleasePage, DateTimeOffset ReleasedAt);

/// <summary>Something the user should see.</summary>
public sealed class LicenseEventArgs(LicenseStatus status) : EventArgs
{
    /// <summary>How the computer stands now.</summary>
    public LicenseStatus Status { get; } = status;
}

/// <summary>
/// The words this library adds to those of the portal (<c>VALID</c>, <c>RELEASED </c>, <c>LOCKED_ILLEGAL </c>, <c>UNKNOWN_KEY </c> …).
/// </summary>
public static class LicenseCodes
{
    /// <summary>Nothing to complain of.</summary>
    public const string Valid = "VALID";

    /// <summary>The license was taken off and the portal knows.</summary>
    public const string Released = "RELEASED";

    /// <summary>The license was taken off here; the portal does not know yet, so show code and QR.</summary>
    public const string ReleasedHere = "RELEASED_HERE";

    /// <summary>No license on this system.</summary>
    public const string NoLicense = "NO_LICENSE";

    /// <summary>
    /// An activation was begun and no answer came; calling <see cref="LicenseClient.ActivateAsync"/> without a key finishes it.
    /// </summary>
    public const string ActivationUnfinished = "ACTIVATION_UNFINISHED";

    /// <summary>No key was given and none is stored.</summary>
    public const string NoKey = "NO_KEY";

    /// <summary>The portal was not reached; nothing has changed.</summary>
    public const string NoConnection = "NO_CONNECTION";

    /// <summary>What answered is not the portal, or its answer is old or damaged; it was not believed.</summary>
    public const string BadAnswer = "BAD_ANSWER";

    /// <summary>No license file, a changed one, or one signed with another key.</summary>
    public const string BadFile = "BAD_FILE";

    /// <summary>The file is for another product.</summary>
    public const string WrongProduct = "WRONG_PRODUCT";

    /// <summary>The file was made for another computer.</summary>
    public const string AnotherComputer = "ANOTHER_COMPUTER";

    /// <summary>The file's activation was released on this computer.</summary>
    public const string AlreadyReleased = "ALREADY_RELEASED";

    /// <summary>No check-in for longer than the grace days.</summary>
    public const string OutOfTouch = "OUT_OF_TOUCH";

    /// <summary>A check-in is due and did not succeed yet.</summary>
    public const string CheckInDue = "CHECK_IN_DUE";

    /// <summary>The limited license has ended and goes on for the grace days, or an emergency code lets a locked one go on.</summary>
    public const string EndsSoon = "VALID_GRACE";

    /// <summary>The clock was set back; time is counted on from where it was.</summary>
    public const string ClockSetBack = "CLOCK_SET_BACK";

    /// <summary>The emergency code is wrong, or was used this year.</summary>
    public const string WrongEmergencyCode = "WRONG_EMERGENCY_CODE";

    /// <summary>An emergency code keeps the program running.</summary>
    public const string Emergency = "EMERGENCY";

    /// <summary>The license stands on the blocklist.</summary>
    public const string Blocklisted = "BLOCKLISTED";

    /// <summary>Nothing about this computer could be read that tells it from others.</summary>
    public const string NoHardware = "NO_HARDWARE";

    /// <summary>The license is valid, but few parts of this computer can be read: see <see cref="LicenseStatus.HasFewParts"/>.</summary>
    public const string FewParts = "FEW_PARTS";

    /// <summary>The state file cannot be written; nothing was done.</summary>
    public const string StateNotWritable = "STATE_NOT_WRITABLE";

    /// <summary>The state file cannot be read, or is damaged.</summary>
    public const string StateDamaged = "STATE_DAMAGED";

    /// <summary>The file for key and code cannot be written; nothing was released.</summary>
    public const string FileNotWritten = "FILE_NOT_WRITTEN";
}
