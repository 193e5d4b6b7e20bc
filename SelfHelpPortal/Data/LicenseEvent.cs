namespace SelfHelpPortal.Data;

internal enum EventKind
{
    Imported,
    Activated,
    Released,
    Superseded,
    Sighted,
    ComputerLocked,
    LicenseLocked,
    LockHeld,
    Unlocked,

    /// <summary>Staff opened a resolved case again.</summary>
    Reopened,

    /// <summary>A person of staff asks for several cases to be resolved as one incident, which another one decides.</summary>
    IncidentRequested,
    IncidentDeclined,
    IncidentWithdrawn,
    Excluded,

    /// <summary>A person of staff asks for a computer to be excluded, which another one decides.</summary>
    ExclusionRequested,
    ExclusionDeclined,
    ExclusionWithdrawn,
    Suspended,
    Resumed,
    Revoked,
    ReleaseGranted,

    /// <summary>Staff allowed computers of which too few parts can be read to tell them from others.</summary>
    FewPartsAllowed,

    /// <summary>A colleague wrote something down for the others.</summary>
    Noted,
    Objected,
    Restored,

    /// <summary>A loan to another computer was asked for, and waits for staff.</summary>
    LoanAsked,
    LoanDeclined,

    /// <summary>Another computer uses the license until a day while one is being repaired.</summary>
    Lent,

    /// <summary>A computer gave up its seat, and goes on until a day.</summary>
    Leaving,

    /// <summary>A computer's use ended by itself.</summary>
    RanOut,

    /// <summary>A computer that was to end by itself has a seat now.</summary>
    EndLifted,
    FlagAsked,
    FlagAnswered,
    EmergencyCodeGranted,
    SubscriptionRenewed,

    /// <summary>A renewal was taken back with its invoice.</summary>
    SubscriptionShortened,

    /// <summary>A transfer request, whose own stream it is, changed its state.</summary>
    Transfer,

    /// <summary>An appointment, whose own stream it is, was booked or changed.</summary>
    Appointment,

    /// <summary>A change of the licensee or its data, whose own stream it is, came on.</summary>
    OwnerChange,

    /// <summary>The license went to another customer; it stands in its stream and in those of both.</summary>
    HolderChanged,
    InvoiceIssued,
    InvoiceCancelled,
    PaymentRecorded,
    InvoiceReminded,
    InvoiceSent,
    RemindersPaused,
    RemindersResumed,
    CustomerRemindersPaused,
    CustomerRemindersResumed,

    /// <summary>Somebody joined a customer, whose own stream it is, left it, or has another role there.</summary>
    MemberChanged,

    /// <summary>A person has left; the stream is the account's.</summary>
    AccountErased,

    /// <summary>An owner had the customer's data erased; the stream is the customer's.</summary>
    CustomerErased,

    /// <summary>An owner or staff has changed name or address of a customer, whose own stream it is.</summary>
    CustomerChanged,

    /// <summary>
    /// An import has changed serial, seats or the end of the subscription, or the license has come to another customer by a merge.
    /// </summary>
    LicenseChanged,

    /// <summary>The vendor's shop or staff have entered a customer, whose own stream it is.</summary>
    CustomerCreated,

    /// <summary>Staff have changed a customer's address on file; the stream is the customer's.</summary>
    CustomerMailChanged,

    /// <summary>Staff found two customers to be one; it stands in the streams of both.</summary>
    CustomerMerged,
    Refused,
}

/// <summary>
/// One change, written in its transaction and never altered: a trigger refuses update, delete and truncate. Each row carries the hash of
/// its predecessor in the stream, so that a missing or changed row shows.
/// </summary>
internal sealed class LicenseEvent
{
    public long Id { get; init; }

    /// <summary>
    /// The license, transfer request, invoice or customer the event belongs to; a staff account for refused acts without one.
    /// </summary>
    public required Guid Stream { get; init; }

    /// <summary>1, 2, … within the stream, without a gap.</summary>
    public required int Seq { get; init; }

    public required DateTimeOffset At { get; init; }
    public required EventKind Kind { get; init; }
    public required ActorKind ActorKind { get; init; }
    public Guid? ActorId { get; init; }

    /// <summary>What changed, as JSON (<see cref="EventData"/>); ids and states only.</summary>
    public required string Data { get; init; }

    /// <summary>
    /// Three salted digests, one for each part of <see cref="EventDetail"/>: a part that is blanked leaves the chain and the other parts
    /// provable. Events of the first version have one digest over all three.
    /// </summary>
    public required byte[] DetailDigest { get; init; }

    public required byte[] PreviousHash { get; init; }
    public required byte[] Hash { get; init; }

    public EventDetail? Detail { get; init; }
}

/// <summary>
/// What names a person or a network; the only part of an event that erasure may blank. A trigger refuses every other change, and takes the
/// salt of a part with it, since a digest whose salt is gone says nothing about what was there.
/// </summary>
internal sealed class EventDetail
{
    public long EventId { get; init; }

    /// <summary>Of an event of the first version, for its one digest; null when a part was blanked since.</summary>
    public byte[]? Salt { get; init; }

    public byte[]? ActorNameSalt { get; init; }
    public byte[]? IpPrefixSalt { get; init; }
    public byte[]? TextSalt { get; init; }
    public string? ActorName { get; set; }
    public string? IpPrefix { get; set; }

    /// <summary>The reason or message that was typed.</summary>
    public string? Text { get; set; }
}

/// <summary>The facts of an event. A field that does not apply is left out.</summary>
internal sealed record EventData
{
    public Guid? Activation { get; init; }
    public int? Seat { get; init; }
    public int? Generation { get; init; }
    public string? Method { get; init; }
    public string? Before { get; init; }
    public string? After { get; init; }
    public string? Case { get; init; }

    /// <summary>Of a transfer request, <c>M-…</c>.</summary>
    public string? Reference { get; init; }

    /// <summary>Why a staff act was refused.</summary>
    public string? Refusal { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Number of an invoice or cancellation.</summary>
    public string? Document { get; init; }

    public long? Cents { get; init; }

    /// <summary>The account that belongs to a customer, or did.</summary>
    public Guid? Member { get; init; }

    /// <summary>Of a reminder.</summary>
    public int? Level { get; init; }

    /// <summary>What a case turned out to be.</summary>
    public string? Cause { get; init; }

    /// <summary>A consumer asked for the service before the withdrawal period ends; null where nobody had to.</summary>
    public bool? EarlyStart { get; init; }
}
