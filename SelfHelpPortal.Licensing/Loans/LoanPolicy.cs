namespace SelfHelpPortal.Licensing.Loans;

public enum LoanReview
{
    /// <summary>Lent as soon as the owner agrees.</summary>
    Automatic,

    /// <summary>Staff look at it first.</summary>
    ByStaff,
}

/// <summary>How a license is lent to another computer while one is being repaired, and how long both run when it moves.</summary>
public sealed record LoanPolicy
{
    /// <summary>Days that a loan lasts at most, the day of the request not counted; 0 = there are no loans.</summary>
    public int LongestDays { get; init; }

    /// <summary>Loans of a license within 365 days.</summary>
    public int PerYear { get; init; } = 2;

    public LoanReview Review { get; init; } = LoanReview.Automatic;

    /// <summary>The computer that is being repaired may go on using the license; otherwise it pauses until the loan ends.</summary>
    public bool OldPcStaysValid { get; init; } = true;

    /// <summary>Days that an old computer goes on after the license has moved on request; 0 = it ends at once.</summary>
    public int OverlapDays { get; init; }

    public bool IsOffered => LongestDays > 0;

    /// <summary>The last day a loan that is asked for today may last.</summary>
    public DateOnly Latest(DateOnly today) => today.AddDays(LongestDays);

    /// <summary>When another loan may begin after these of the last year; null when now.</summary>
    public DateTimeOffset? NextAt(IEnumerable<DateTimeOffset> begun, DateTimeOffset now)
    {
        var counted = begun.Where(b => b > now.AddDays(-365)).Order().ToList();
        return counted.Count < PerYear ? null : counted[counted.Count - PerYear].AddDays(365);
    }

    /// <summary>What cannot be meant, by the path of the setting.</summary>
    public IEnumerable<BrokenRule> Problems()
    {
        (bool Holds, string Path, string German, string English)[] rules =
        [
            (LongestDays is >= 0 and <= 90, "loans.longestDays",
                "Geben Sie eine Zahl von 0 bis 90 ein; 0 heißt keine Leihlizenzen.", "Enter a number from 0 to 90; 0 means no loans."),
            (PerYear is >= 1 and <= 12, "loans.perYear", "Geben Sie eine Zahl von 1 bis 12 ein.", "Enter a number from 1 to 12."),
            (OverlapDays is >= 0 and <= 30, "loans.overlapDays",
                "Geben Sie eine Zahl von 0 bis 30 ein; 0 heißt nicht angeboten.", "Enter a number from 0 to 30; 0 means not offered."),
        ];
        return rules.Where(r => !r.Holds).Select(r => new BrokenRule(r.Path, r.German, r.English));
    }
}
