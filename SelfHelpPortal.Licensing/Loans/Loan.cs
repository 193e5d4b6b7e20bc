using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Licensing.Loans;

public enum LoanState
{
    /// <summary>Typed and not sent yet.</summary>
    Draft,

    /// <summary>The owner was asked by mail.</summary>
    AwaitingOwner,
    AwaitingStaff,

    /// <summary>The license was lent; the computer's activation says whether it still is.</summary>
    Granted,
    Declined,
}

/// <summary>Somebody asks for a license to be lent to another computer while one is being repaired.</summary>
public sealed class Loan
{
    public const int LongestReason = 300;

    /// <summary>How long the owner may agree by the link in the mail.</summary>
    public static readonly TimeSpan OwnerMayAgreeFor = TimeSpan.FromHours(24);

    /// <summary>What was never agreed to is kept so long.</summary>
    public static readonly TimeSpan KeptUndecided = TimeSpan.FromDays(14);

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string ProductId { get; init; }

    /// <summary>Null until the number that was typed is looked up, and for good when it is that of no license.</summary>
    public Guid? LicenseId { get; set; }

    /// <summary>What was typed instead of the key, in capitals.</summary>
    public required string? StatedLicense { get; init; }

    public required HardwareCode HardwareCode { get; init; }
    public required string? PcName { get; init; }
    public required string? AppVersion { get; init; }
    public required string Reason { get; set; }

    /// <summary>The last day of the loan, where the customer is.</summary>
    public required DateOnly LastDay { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public LoanState State { get; private set; }
    public DateTimeOffset? AskedAt { get; private set; }
    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>The computer that is being repaired, once that is clear.</summary>
    public Guid? RepairedId { get; private set; }

    /// <summary>The computer on loan.</summary>
    public Guid? ActivationId { get; private set; }

    /// <summary>Whoever asked has typed the key.</summary>
    public bool HasKey => StatedLicense is null;

    public Computer Computer => new(HardwareCode, PcName, AppVersion);

    /// <summary>A key alone lends only what it would release at once; a number is a name that anybody may know.</summary>
    public bool NeedsOwner(ReleasePolicy policy) => !HasKey || policy.DeadPc != DeadPcRule.Immediate;

    public Outcome<Loan> AskOwner(DateTimeOffset now)
    {
        if (State != LoanState.Draft)
        {
            return Refusal.Conflict;
        }

        (State, AskedAt) = (LoanState.AwaitingOwner, now);
        return this;
    }

    public Outcome<Loan> AskStaff(Guid repaired, DateTimeOffset now)
    {
        if (State is not (LoanState.Draft or LoanState.AwaitingOwner))
        {
            return Refusal.Conflict;
        }

        (State, RepairedId) = (LoanState.AwaitingStaff, repaired);
        AskedAt ??= now;
        return this;
    }

    public Outcome<Loan> Grant(Guid repaired, Activation lent, DateTimeOffset now)
    {
        if (State is LoanState.Granted or LoanState.Declined)
        {
            return Refusal.Conflict;
        }

        (State, RepairedId, ActivationId, DecidedAt) = (LoanState.Granted, repaired, lent.Id, now);
        AskedAt ??= now;
        return this;
    }

    public Outcome<Loan> Decline(DateTimeOffset now)
    {
        if (State != LoanState.AwaitingStaff)
        {
            return Refusal.Conflict;
        }

        (State, DecidedAt) = (LoanState.Declined, now);
        return this;
    }
}
