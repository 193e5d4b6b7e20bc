using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing.Transfers;

/// <summary>
/// The order of somebody whose old PC is dead: move the license to the new one, for a fee or with a renewal of the subscription. It begins
/// as a draft and changes its state here only (domain.md, states).
/// </summary>
public sealed class TransferRequest
{
    /// <summary>How long a draft, or an order that nobody confirms, is kept.</summary>
    public static readonly TimeSpan DraftLifetime = TimeSpan.FromDays(14);

    private readonly List<TransferItem> _items = [];
    private readonly List<TransferPc> _workingPcs = [];
    private readonly List<TransferMessage> _messages = [];

    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary><c>M-7F3K-20</c>, from the moment it is more than a draft.</summary>
    public string? Reference { get; private set; }

    public TransferState State { get; private set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What has been typed so far; kept as it was when the order was sent.</summary>
    public TransferDraft Draft { get; set; } = new();

    /// <summary>Known from the order on.</summary>
    public string ProductId { get; private set; } = "";

    public Guid? CustomerId { get; private set; }
    public TransferRemedy? Remedy { get; private set; }
    public string Language { get; private set; } = "de";
    public TransferContact? Contact { get; private set; }
    public ShownPrice? Price { get; private set; }

    /// <summary>What is known of the VAT id, if one was given; staff enter the result of their own look-up.</summary>
    public VatIdCheck? VatIdCheck { get; private set; }

    public DateTimeOffset? OrderedAt { get; private set; }
    public DateTimeOffset? ConfirmedAt { get; private set; }
    public DateTimeOffset? AcceptedAt { get; private set; }

    /// <summary>When it was completed, declined, withdrawn or given up.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Why staff look at it; empty when it was settled at once.</summary>
    public IReadOnlyList<ReviewReason> ReviewReasons { get; private set; } = [];

    /// <summary>Staff move the license without a fee, and without an invoice.</summary>
    public bool FeeWaived { get; private set; }

    /// <summary>What the customer is told about a refusal or a waived fee.</summary>
    public string? StaffReason { get; private set; }

    /// <summary>What is said and ticked of the product's checklist; null = nothing so far.</summary>
    public ChecklistAnswers? Checklist { get; private set; }

    public IReadOnlyList<TransferItem> Items => _items;
    public IReadOnlyList<TransferPc> WorkingPcs => _workingPcs;

    /// <summary>The owner lets whoever ordered have the license file as well, which goes to the address on file.</summary>
    public bool OrdererGetsLicense { get; private set; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<TransferMessage> Messages => _messages;

    /// <summary>Every license is known, with the activation that ends.</summary>
    public bool IsIdentified => _items.Count > 0 && _items.TrueForAll(i => i.ActivationId is not null);

    /// <summary>
    /// A license was stated by its number or serial only, which proves nothing: nothing about it, or its owner, is shown to who typed it.
    /// </summary>
    public bool IsStatedOnly =>
        _items.Exists(i => i.StatedLicense is not null && i.IdentifiedBy is TransferIdentification.None or TransferIdentification.Stated);

    /// <summary>Whoever ordered holds the key or the codes of the owner's computers, and may see where the owner is asked.</summary>
    public bool IsOwnerShown => CustomerId is not null && !_items.Exists(i => i.StatedLicense is not null);

    /// <summary>Neither the owner nor staff have done anything yet.</summary>
    public bool IsUntouched => ConfirmedAt is null && State is TransferState.AwaitingConfirmation or TransferState.Submitted
        or TransferState.InReview && _messages.Count == 0;

    /// <summary>The owner is asked or, where a license was only stated, may be: both read the same until somebody has acted.</summary>
    public bool AsksOwner => State == TransferState.AwaitingConfirmation || (IsStatedOnly && IsUntouched);

    /// <summary>The customer may still take it back: no invoice has been issued.</summary>
    public bool MayBeWithdrawn =>
        State is TransferState.AwaitingConfirmation or TransferState.Submitted or TransferState.InReview or TransferState.NeedsAnswer;

    /// <summary>
    /// Its invoice is out, and it may be taken back with it: nothing was paid, and no license has moved (then it would be completed).
    /// </summary>
    public bool MayBeUndone(Invoice invoice) =>
        State == TransferState.Accepted && invoice.TransferRequestId == Id && invoice.MayBeUndone;

    /// <summary>Over, one way or another.</summary>
    public bool IsOver => State is TransferState.Completed or TransferState.Declined or TransferState.Withdrawn or TransferState.Expired;

    /// <summary>Draft → awaiting the owner's confirmation or, where no owner is known, straight to those who find out.</summary>
    public Outcome<TransferRequest> Order(
        TransferOrder order, RequestReference reference, string productId, VatIdCheck? vatIdCheck, DateTimeOffset now)
    {
        if (State != TransferState.Draft || order.Items.Count == 0)
        {
            return Refusal.Conflict;
        }

        Reference = reference.ToString();
        ProductId = productId;
        CustomerId = order.CustomerId;
        Remedy = order.Remedy;
        Language = order.Language;
        Contact = order.Contact;
        Price = order.Price;
        VatIdCheck = vatIdCheck;
        OrderedAt = now;
        foreach (var (place, ordered) in order.Items.Index())
        {
            var item = new TransferItem
            {
                RequestId = Id,
                Position = place + 1,
                NewHardware = ordered.NewHardware,
                NewPcName = ordered.NewPcName,
                AppVersion = ordered.AppVersion,
                StatedLicense = ordered.StatedLicense,
            };
            if (ordered.LicenseId is { } license)
            {
                item.Identify(license, ordered.ActivationId, ordered.IdentifiedBy);
            }

            _items.Add(item);
        }

        _workingPcs.AddRange(order.WorkingPcs.Index().Select(pc => new TransferPc
        {
            RequestId = Id,
            Position = pc.Index + 1,
            Name = pc.Item.Name,
            HardwareCode = pc.Item.HardwareCode,
        }));
        return Become(CustomerId is null ? TransferState.Submitted : TransferState.AwaitingConfirmation, now);
    }

    /// <summary>There is a new PC to set up: it is ordered, and the order has not come to nothing.</summary>
    public bool HasChecklist =>
        State is not (TransferState.Draft or TransferState.Declined or TransferState.Withdrawn or TransferState.Expired);

    /// <summary>What is ticked of the checklist. It is no step of the order, so the order's state and history know nothing of it.</summary>
    public Outcome<TransferRequest> KeepChecklist(ChecklistReply reply, ChecklistPolicy policy)
    {
        if (!HasChecklist)
        {
            return Refusal.Conflict;
        }

        var before = Checklist ?? ChecklistAnswers.None;
        if (before.With(reply, policy) is var after && after != before)
        {
            Checklist = after;
        }

        return this;
    }

    /// <summary>The owner agreed: by the link in the mail to the address on file, or signed in.</summary>
    public Outcome<TransferRequest> Confirm(DateTimeOffset now, bool ordererGetsLicense = false)
    {
        if (State != TransferState.AwaitingConfirmation)
        {
            return Refusal.Conflict;
        }

        ConfirmedAt = now;
        OrdererGetsLicense = ordererGetsLicense;
        return Become(TransferState.Submitted, now);
    }

    /// <summary>To staff.</summary>
    /// <param name="reasons">At least one.</param>
    public Outcome<TransferRequest> Review(IReadOnlyList<ReviewReason> reasons, DateTimeOffset now)
    {
        if (State != TransferState.Submitted || reasons.Count == 0)
        {
            return Refusal.Conflict;
        }

        ReviewReasons = reasons;
        return Become(TransferState.InReview, now);
    }

    public Outcome<TransferRequest> Ask(string question, DateTimeOffset now)
    {
        if (State is not (TransferState.InReview or TransferState.NeedsAnswer))
        {
            return Refusal.Conflict;
        }

        _messages.Add(new TransferMessage { RequestId = Id, At = now, FromCustomer = false, Text = question });
        return Become(TransferState.NeedsAnswer, now);
    }

    public Outcome<TransferRequest> Answer(string text, DateTimeOffset now)
    {
        if (State != TransferState.NeedsAnswer)
        {
            return Refusal.Conflict;
        }

        _messages.Add(new TransferMessage { RequestId = Id, At = now, FromCustomer = true, Text = text });
        return Become(TransferState.InReview, now);
    }

    /// <summary>Staff say which license was on the dead PC.</summary>
    /// <param name="customerId">Its owner.</param>
    public Outcome<TransferRequest> Identify(TransferItem item, Guid licenseId, Guid? activationId, Guid customerId, DateTimeOffset now)
    {
        var others = _items.Where(i => i != item);
        if (State is not (TransferState.InReview or TransferState.NeedsAnswer) || !_items.Contains(item)
            || (CustomerId is { } owner && owner != customerId)
            || (activationId is not null && others.Any(i => i.ActivationId == activationId)))
        {
            return Refusal.Conflict;
        }

        item.Identify(licenseId, activationId, TransferIdentification.Staff);
        CustomerId = customerId;
        return Become(State, now);
    }

    public Outcome<TransferRequest> CheckVatId(VatIdCheck check, DateTimeOffset now)
    {
        if (State is not (TransferState.InReview or TransferState.NeedsAnswer) || Contact?.VatId is null)
        {
            return Refusal.Conflict;
        }

        VatIdCheck = check;
        return Become(State, now);
    }

    /// <summary>Staff correct to whom the invoice goes. What was shown and ordered stays; a VAT id keeps its check.</summary>
    public Outcome<TransferRequest> CorrectRecipient(TransferContact corrected, DateTimeOffset now)
    {
        if (State is not (TransferState.Submitted or TransferState.InReview or TransferState.NeedsAnswer) || Contact is null)
        {
            return Refusal.Conflict;
        }

        Contact = corrected;
        return Become(State, now);
    }

    /// <summary>Staff, or the policy, take the order; from here on it cannot be withdrawn.</summary>
    public Outcome<TransferRequest> Accept(DateTimeOffset now, bool waiveFee = false, string? reason = null)
    {
        if (State is not (TransferState.Submitted or TransferState.InReview or TransferState.NeedsAnswer) || !IsIdentified)
        {
            return Refusal.Conflict;
        }

        FeeWaived = waiveFee;
        StaffReason = reason;
        AcceptedAt = now;
        return Become(TransferState.Accepted, now);
    }

    /// <summary>The new computer has its license.</summary>
    public Outcome<TransferRequest> Complete(DateTimeOffset now) => End(TransferState.Completed, State == TransferState.Accepted, now);

    /// <summary>Staff refuse it; an accepted one only while it has no invoice, which the caller looks at.</summary>
    public Outcome<TransferRequest> Decline(string reason, DateTimeOffset now)
    {
        var ended = End(
            TransferState.Declined, State is TransferState.Submitted or TransferState.InReview or TransferState.NeedsAnswer
            or TransferState.Accepted, now);
        StaffReason = ended.Succeeded ? reason : StaffReason;
        return ended;
    }

    /// <param name="invoice">The living one, where there is one; it is to be cancelled in the same transaction.</param>
    public Outcome<TransferRequest> Withdraw(DateTimeOffset now, Invoice? invoice = null) =>
        End(TransferState.Withdrawn, MayBeWithdrawn || (invoice is not null && MayBeUndone(invoice)), now);

    /// <summary>A draft that nobody sent, or an order that no owner confirmed, for too long.</summary>
    public Outcome<TransferRequest> Expire(DateTimeOffset now) => End(
        TransferState.Expired,
        State is TransferState.Draft or TransferState.AwaitingConfirmation && (OrderedAt ?? CreatedAt) + DraftLifetime <= now,
        now);

    /// <summary>It waited for its owner, and another order for the same license takes its place.</summary>
    public Outcome<TransferRequest> GiveWay(DateTimeOffset now) =>
        End(TransferState.Expired, State == TransferState.AwaitingConfirmation, now);

    private Outcome<TransferRequest> End(TransferState state, bool allowed, DateTimeOffset now)
    {
        if (!allowed)
        {
            return Refusal.Conflict;
        }

        EndedAt = now;
        return Become(state, now);
    }

    private TransferRequest Become(TransferState state, DateTimeOffset now)
    {
        State = state;
        ChangedAt = now;
        var open = state is TransferState.Submitted or TransferState.InReview or TransferState.NeedsAnswer or TransferState.Accepted;
        var waiting = state == TransferState.AwaitingConfirmation ? new HashSet<Guid>() : null;
        _items.ForEach(i => (i.IsOpen, i.IsWaiting) = (open, i.LicenseId is { } license && waiting?.Add(license) == true));
        return this;
    }
}
