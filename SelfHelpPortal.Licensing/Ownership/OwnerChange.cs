using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing.Ownership;

public enum OwnerChangeKind
{
    /// <summary>The licensee stays; name, legal form, address or VAT id are others.</summary>
    Data,

    /// <summary>Another company becomes the licensee.</summary>
    Takeover,
}

public enum OwnerChangeState
{
    /// <summary>Being filled in.</summary>
    Draft,

    /// <summary>Sent; the licensee, or the company that takes over, has not agreed yet.</summary>
    AwaitingConfirmation,

    /// <summary>Staff decide.</summary>
    InReview,

    /// <summary>Staff have asked something.</summary>
    NeedsAnswer,
    Completed,
    Declined,

    /// <summary>One of the two does not want it, or the license went to somebody else meanwhile.</summary>
    Withdrawn,
    Expired,
}

/// <summary>The licensee as it is to stand on the license and on invoices.</summary>
public sealed record LicenseeData
{
    /// <summary>Firm with its legal form, or the person's name.</summary>
    public required string Company { get; init; }

    public bool IsConsumer { get; init; }
    public required string Street { get; init; }
    public required string PostalCode { get; init; }
    public required string City { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    public string? VatId { get; init; }

    /// <summary>Of the company that takes over; null where the licensee stays, whose address on file stays too.</summary>
    public string? Email { get; init; }
}

/// <summary>Who asks, for which license, for what.</summary>
public sealed record OwnerWish
{
    public required OwnerChangeKind Kind { get; init; }
    public required string ProductId { get; init; }

    /// <summary>The number or serial as typed, which proves nothing; null when the key was shown.</summary>
    public string? StatedLicense { get; init; }

    /// <summary>Whose key was typed.</summary>
    public Guid? LicenseId { get; init; }

    public required LicenseeData Licensee { get; init; }

    /// <summary>The person who asks.</summary>
    public required string AskedBy { get; init; }

    public string? Phone { get; init; }
    public required string Language { get; init; }
}

/// <summary>What it costs, as whoever pays was shown it.</summary>
/// <param name="EntryId">Of the price list.</param>
public sealed record OwnerChangePrice(Guid EntryId, long NetCents);

/// <summary>
/// Somebody asks for other data on a license, or for another licensee (domain.md, states). Nothing changes before the licensee has agreed
/// at the address on file, whoever takes over has agreed too, and staff have settled it.
/// </summary>
public sealed class OwnerChange
{
    /// <summary>How long it may be filled in, and how long it waits for those who have to agree.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    private OwnerChange()
    {
    }

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    /// <summary><c>H-7F3K-20</c></summary>
    public string Reference { get; private init; } = "";

    public OwnerChangeKind Kind { get; private init; }
    public OwnerChangeState State { get; private set; }
    public string ProductId { get; private set; } = "";
    public string? StatedLicense { get; private init; }

    /// <summary>Null while a number that was typed belongs to no license.</summary>
    public Guid? LicenseId { get; private set; }

    /// <summary>The licensee who has to agree; null while the license is not known.</summary>
    public Guid? CustomerId { get; private set; }

    /// <summary>Who has the license since it was settled.</summary>
    public Guid? NewCustomerId { get; private set; }

    public LicenseeData Licensee { get; private init; } = default!;
    public string AskedBy { get; private init; } = "";
    public string? Phone { get; private init; }
    public string Language { get; private init; } = "";

    /// <summary>Null while nobody has agreed to one, and when there is none.</summary>
    public OwnerChangePrice? Price { get; private set; }

    public Guid? InvoiceId { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? SentAt { get; private set; }
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>When the licensee agreed.</summary>
    public DateTimeOffset? OwnerAgreedAt { get; private set; }

    /// <summary>When the company agreed that takes over.</summary>
    public DateTimeOffset? TakerAgreedAt { get; private set; }

    public string? Question { get; private set; }
    public string? Answer { get; private set; }

    /// <summary>Why staff declined it; those concerned read it.</summary>
    public string? StaffReason { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public bool IsOver => EndedAt is not null;

    /// <summary>Whether the company that takes over is asked now.</summary>
    public bool WaitsForTaker =>
        State == OwnerChangeState.AwaitingConfirmation && Kind == OwnerChangeKind.Takeover && OwnerAgreedAt is not null;

    public static OwnerChange Begin(OwnerWish wish, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        // The letter of its own; the symbols as those of a transfer request.
        Reference = "H" + RequestReference.New().ToString()[1..],
        Kind = wish.Kind,
        ProductId = wish.ProductId,
        StatedLicense = wish.StatedLicense,
        LicenseId = wish.LicenseId,
        Licensee = wish.Licensee,
        AskedBy = wish.AskedBy,
        Phone = wish.Phone,
        Language = wish.Language,
        CreatedAt = now,
        ChangedAt = now,
    };

    /// <param name="license">Found by what was typed; null when there is none.</param>
    public Outcome<OwnerChange> Send(License? license, DateTimeOffset now)
    {
        if (State != OwnerChangeState.Draft || CreatedAt + Lifetime <= now)
        {
            return Refusal.Conflict;
        }

        (LicenseId, CustomerId) = (license?.Id, license?.CustomerId);
        ProductId = license?.ProductId ?? ProductId;
        SentAt = now;
        return To(OwnerChangeState.AwaitingConfirmation, now);
    }

    /// <summary>The licensee agrees; where the licensee stays, that includes the price.</summary>
    public Outcome<OwnerChange> OwnerAgrees(OwnerChangePrice? price, DateTimeOffset now)
    {
        if (State != OwnerChangeState.AwaitingConfirmation || CustomerId is null || OwnerAgreedAt is not null)
        {
            return Refusal.Conflict;
        }

        OwnerAgreedAt = now;
        Price = Kind == OwnerChangeKind.Data ? price : null;
        return To(Kind == OwnerChangeKind.Data ? OwnerChangeState.InReview : State, now);
    }

    /// <summary>The company that takes over agrees, and to the price.</summary>
    public Outcome<OwnerChange> TakerAgrees(OwnerChangePrice? price, DateTimeOffset now)
    {
        if (!WaitsForTaker)
        {
            return Refusal.Conflict;
        }

        (TakerAgreedAt, Price) = (now, price);
        return To(OwnerChangeState.InReview, now);
    }

    /// <summary>One of the two does not want it, or it cannot be any more; until staff have decided.</summary>
    public Outcome<OwnerChange> Withdraw(DateTimeOffset now) =>
        State is OwnerChangeState.AwaitingConfirmation or OwnerChangeState.InReview or OwnerChangeState.NeedsAnswer
            ? End(OwnerChangeState.Withdrawn, now)
            : Refusal.Conflict;

    public Outcome<OwnerChange> Ask(string question, DateTimeOffset now)
    {
        if (State != OwnerChangeState.InReview)
        {
            return Refusal.Conflict;
        }

        (Question, Answer) = (question, null);
        return To(OwnerChangeState.NeedsAnswer, now);
    }

    public Outcome<OwnerChange> Reply(string answer, DateTimeOffset now)
    {
        if (State != OwnerChangeState.NeedsAnswer)
        {
            return Refusal.Conflict;
        }

        Answer = answer;
        return To(OwnerChangeState.InReview, now);
    }

    /// <summary>Staff decline; also while the license or somebody's agreement is missing.</summary>
    public Outcome<OwnerChange> Decline(string reason, DateTimeOffset now)
    {
        if (State is not (OwnerChangeState.AwaitingConfirmation or OwnerChangeState.InReview or OwnerChangeState.NeedsAnswer))
        {
            return Refusal.Conflict;
        }

        StaffReason = reason;
        return End(OwnerChangeState.Declined, now);
    }

    /// <param name="customer">Who has the license from now on.</param>
    /// <param name="invoice">Null when it cost nothing.</param>
    public Outcome<OwnerChange> Complete(Guid customer, Guid? invoice, DateTimeOffset now)
    {
        if (State != OwnerChangeState.InReview || (Kind == OwnerChangeKind.Data) != (customer == CustomerId))
        {
            return Refusal.Conflict;
        }

        (NewCustomerId, InvoiceId) = (customer, invoice);
        return End(OwnerChangeState.Completed, now);
    }

    /// <summary>Those who have to agree have not done so in time.</summary>
    public Outcome<OwnerChange> Expire(DateTimeOffset now) =>
        State == OwnerChangeState.AwaitingConfirmation && SentAt + Lifetime <= now ? End(OwnerChangeState.Expired, now) : Refusal.Conflict;

    private OwnerChange End(OwnerChangeState state, DateTimeOffset now)
    {
        EndedAt = now;
        return To(state, now);
    }

    private OwnerChange To(OwnerChangeState state, DateTimeOffset now)
    {
        (State, ChangedAt) = (state, now);
        return this;
    }
}
