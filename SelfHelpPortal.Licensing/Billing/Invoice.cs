namespace SelfHelpPortal.Licensing.Billing;

/// <summary>
/// An issued invoice or cancellation. What it says never changes (the database refuses it); only what became of it does: paid, cancelled,
/// reminded of.
/// </summary>
public sealed class Invoice
{
    private const int YearsKept = 8;
    private const int MostTimesTheGross = 10;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required InvoiceKind Kind { get; init; }

    public required int Year { get; init; }

    /// <summary>1, 2, … in the series of this kind and year.</summary>
    public required int Place { get; init; }

    /// <summary><c>2026-00042</c>, <c>S2026-00007</c>.</summary>
    public required string Number { get; init; }

    public required DateOnly IssueDate { get; init; }
    public required DateOnly ServiceDate { get; init; }

    /// <summary>Null on cancellations.</summary>
    public required DateOnly? DueDate { get; init; }

    public required Guid CustomerId { get; init; }

    /// <summary>The request that it bills; at most one living invoice has it.</summary>
    public Guid? TransferRequestId { get; init; }

    /// <summary>The license whose subscription it renews, where no request did.</summary>
    public Guid? LicenseId { get; init; }

    /// <summary>Of a cancellation: the invoice that it takes back.</summary>
    public Guid? CancelsId { get; init; }

    /// <summary>All it says, as a copy.</summary>
    public required InvoiceContent Content { get; init; }

    public required VatCase VatCase { get; init; }

    /// <summary>Percent.</summary>
    public required decimal VatRate { get; init; }

    /// <summary>On what the tax case was decided, as JSON; never computed again.</summary>
    public string? VatEvidence { get; init; }

    public required Money Net { get; init; }
    public required Money Vat { get; init; }
    public required Money Gross { get; init; }

    /// <summary>The last day on which the documents have to be there (§ 14b UStG).</summary>
    public required DateOnly RetainUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public InvoiceState State { get; private set; }

    /// <summary>When the payment was recorded that covered it.</summary>
    public DateTimeOffset? PaidAt { get; private set; }

    public Guid? CancelledById { get; private set; }

    /// <summary>0 to 3.</summary>
    public int ReminderLevel { get; private set; }

    /// <summary>When the next level is due; null when there is none.</summary>
    public DateTimeOffset? NextReminderAt { get; private set; }

    public bool RemindersPaused { get; private set; }

    /// <summary>More came in than it asks for, which is nothing once it is cancelled: somebody has to send money back.</summary>
    public bool IsOverpaid { get; private set; }

    public IList<Payment> Payments { get; } = [];

    /// <summary>Its customer may still take it back alone: it is not cancelled, and no payment was ever recorded for it.</summary>
    public bool MayBeUndone => Kind == InvoiceKind.Invoice && State == InvoiceState.Issued && Payments.Count == 0;

    /// <summary>The one period that it bills, where it is the invoice of a renewal; null otherwise.</summary>
    public Period? RenewedPeriod => LicenseId is not null && Content.Lines is [{ Period: { } period }] ? period : null;

    public Money Received => Payments.Aggregate(new Money(0), (sum, payment) => sum + payment.Amount);

    /// <summary>Negative when more came in than was asked for.</summary>
    public Money Outstanding =>
        State == InvoiceState.Cancelled || Kind == InvoiceKind.Cancellation ? new Money(0) - Received : Gross - Received;

    /// <param name="content">With its number and dates.</param>
    /// <param name="zone">The vendor's, for the reminders.</param>
    public static Invoice Issue(InvoiceContent content, int place, InvoiceOrigin origin, TimeZoneInfo zone, DateTimeOffset now)
    {
        var totals = content.Totals;
        return new Invoice
        {
            Id = Guid.CreateVersion7(now),
            Kind = content.Kind,
            Year = content.IssueDate.Year,
            Place = place,
            Number = content.Number
            ?? throw new ArgumentException("The invoice content has no number; take one before issuing.", nameof(content)),
            IssueDate = content.IssueDate,
            ServiceDate = content.ServiceDate,
            DueDate = content.DueDate,
            CustomerId = origin.CustomerId,
            TransferRequestId = origin.TransferRequestId,
            LicenseId = origin.LicenseId,
            CancelsId = origin.CancelsId,
            Content = content,
            VatCase = content.Vat.Case,
            VatRate = content.Vat.Rate,
            VatEvidence = origin.VatEvidence,
            Net = totals.Net,
            Vat = totals.Vat,
            Gross = totals.Gross,
            RetainUntil = new DateOnly(content.IssueDate.Year + YearsKept, 12, 31),
            CreatedAt = now,
            NextReminderAt = content.DueDate is { } due ? ReminderPlan.Next(due, 0, since: null, zone) : null,
        };
    }

    /// <summary>What the document says that takes this one back: the same lines with the other sign. It has no number yet.</summary>
    /// <param name="notes">For its customer: why, and what becomes of the money.</param>
    public Outcome<InvoiceContent> DraftCancellation(DateOnly today, params IReadOnlyList<string> notes) => CanBeCancelled
        ? Content with
        {
            Kind = InvoiceKind.Cancellation,
            Number = null,
            IssueDate = today,
            DueDate = null,
            Cancels = new PrecedingInvoice(Number, IssueDate),
            Lines = [.. Content.Lines.Select(line => line with { Quantity = -line.Quantity })],
            Introduction = [],
            Notes = notes,
        }
        : Refusal.Conflict;

    public Outcome<Invoice> Cancel(Invoice cancellation)
    {
        if (!CanBeCancelled || cancellation.CancelsId != Id)
        {
            return Refusal.Conflict;
        }

        State = InvoiceState.Cancelled;
        CancelledById = cancellation.Id;
        NextReminderAt = null;
        IsOverpaid = Outstanding < new Money(0);
        return this;
    }

    /// <summary>What speaks against recording this amount.</summary>
    public PaymentDoubt Doubt(Money amount) => Doubt(amount, Gross, Received, Outstanding);

    /// <inheritdoc cref="Doubt(Money)" />
    internal static PaymentDoubt Doubt(Money amount, Money gross, Money received, Money outstanding) =>
        amount > gross * MostTimesTheGross || received + amount < new Money(0) ? PaymentDoubt.Impossible
        : amount != outstanding ? PaymentDoubt.Differs
        : PaymentDoubt.None;

    /// <summary>Whether somebody may still say that the payment was a mistake: on the day that it was recorded, and once.</summary>
    public bool CanUndo(Payment payment, DateOnly today, TimeZoneInfo zone) =>
        payment.UndoesId is null && Day(payment.RecordedAt, zone) == today && Payments.All(p => p.UndoesId != payment.Id);

    /// <summary>The payment that takes this one back. It is recorded like any other.</summary>
    public Outcome<Payment> DraftUndo(Guid payment, string note, TimeZoneInfo zone, DateTimeOffset now) =>
        Payments.SingleOrDefault(p => p.Id == payment) is { } wrong && CanUndo(wrong, Day(now, zone), zone)
            ? new Payment
            {
                InvoiceId = Id,
                Amount = -wrong.Amount,
                ReceivedOn = wrong.ReceivedOn,
                Note = note,
                RecordedAt = now,
                UndoesId = wrong.Id,
            }
            : Refusal.Conflict;

    /// <summary>Notes money that came in or went back; the invoice is paid when the sum reaches what it asks for.</summary>
    public Outcome<Payment> Record(Payment payment, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (Kind == InvoiceKind.Cancellation || payment.Amount == new Money(0))
        {
            return Refusal.Conflict;
        }

        Payments.Add(payment);
        IsOverpaid = Outstanding < new Money(0);
        if (State == InvoiceState.Issued && Outstanding <= new Money(0))
        {
            (State, PaidAt, NextReminderAt) = (InvoiceState.Paid, now, null);
        }
        else if (State == InvoiceState.Paid && Outstanding > new Money(0))
        {
            // The money went back: it is owed again, and reminded of again, no sooner than after another interval.
            (State, PaidAt) = (InvoiceState.Issued, null);
            NextReminderAt = DueDate is { } due ? ReminderPlan.Next(due, ReminderLevel, Day(now, zone), zone) : null;
        }

        return payment;
    }

    /// <summary>Reaches the next level, once it is due.</summary>
    /// <returns>The level.</returns>
    public Outcome<int> Remind(TimeZoneInfo zone, DateTimeOffset now)
    {
        if (State != InvoiceState.Issued || RemindersPaused || DueDate is not { } due || NextReminderAt is not { } at || at > now)
        {
            return Refusal.Conflict;
        }

        ReminderLevel++;
        NextReminderAt = ReminderPlan.Next(due, ReminderLevel, Day(now, zone), zone);
        return ReminderLevel;
    }

    /// <summary>Stops the reminders, or lets them go on.</summary>
    public Outcome<Invoice> PauseReminders(bool paused)
    {
        if (State != InvoiceState.Issued || Kind == InvoiceKind.Cancellation || RemindersPaused == paused)
        {
            return Refusal.Conflict;
        }

        RemindersPaused = paused;
        return this;
    }

    private bool CanBeCancelled => Kind == InvoiceKind.Invoice && State != InvoiceState.Cancelled;

    private static DateOnly Day(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
}

/// <summary>Where an invoice comes from.</summary>
/// <param name="VatEvidence">On what the tax case was decided, as JSON.</param>
/// <param name="LicenseId">Whose subscription is renewed, where no request does it.</param>
public sealed record InvoiceOrigin(
    Guid CustomerId, Guid? TransferRequestId = null, Guid? CancelsId = null, string? VatEvidence = null, Guid? LicenseId = null);
