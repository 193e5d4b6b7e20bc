using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

internal sealed record TransferView
{
    public required TransferRequest Request { get; init; }
    public required string Product { get; init; }

    /// <summary>Null while no owner is known.</summary>
    public required TransferOwner? Owner { get; init; }

    public required IReadOnlyList<TransferItemView> Items { get; init; }
    public required IReadOnlyList<WorkingPcView> WorkingPcs { get; init; }

    /// <summary>The owner's other computers that use the product and are not among the working ones.</summary>
    public required IReadOnlyList<DeadComputer> Left { get; init; }

    /// <summary>The tax case as the rules decide it now; null when no invoices can be issued at all.</summary>
    public required TaxDecision? Tax { get; init; }

    /// <summary>What would be invoiced now; null when the tax case is not decided.</summary>
    public required InvoiceTotals? Totals { get; init; }

    /// <summary>What keeps the licenses from moving; null when nothing does.</summary>
    public required SettlementError? Stands { get; init; }

    /// <summary>Why no invoice can go to this recipient.</summary>
    public required IReadOnlyList<BrokenRule> RecipientProblems { get; init; }

    /// <summary>The licenses are known, and no computer uses them.</summary>
    public required bool IsNothingToMove { get; init; }

    public required LicenseIssue IssueLicense { get; init; }
    public required IReadOnlyList<TransferInvoiceView> Invoices { get; init; }
    public required IReadOnlyList<TransferMailView> Mails { get; init; }

    /// <summary>Newest first.</summary>
    public required History History { get; init; }

    public bool IsOpen => Request.State is TransferState.Submitted or TransferState.InReview or TransferState.NeedsAnswer;
}

internal sealed record TransferOwner(string Number, string Company, string Email);

/// <param name="OldPc">Of the dead computer; null while it is unknown.</param>
internal sealed record TransferItemView(
    TransferItem Item, string? LicenseNumber, LicenseState? LicenseState, DateOnly? MaintenanceUntil, string? OldPc,
    ActivationState? OldState, DateTimeOffset? OldSeenAt);

/// <param name="LicenseNumber">What that computer uses; null when no license in use has its code.</param>
internal sealed record WorkingPcView(string? Name, string HardwareCode, string? LicenseNumber, string? PcName);

internal sealed record TransferInvoiceView(string Number, InvoiceKind Kind, InvoiceState State, Money Gross);

internal sealed record TransferMailView(
    Guid Id, string Subject, string ToAddress, OutboxState State, DateTimeOffset CreatedAt, DateTimeOffset? SentAt);

/// <summary>A transfer request with everything a clerk decides by.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowTransfer(StaffReads reads, TransferInvoicing invoicing, InvoiceLetters letters)
{
    private const int MostMails = 50;

    public Task<StaffAnswer<TransferView>> ExecuteAsync(
        StaffActor actor, string reference, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(ShowTransfer), actor, new(AuditKind.TransferOpened, reference),
            db => ReadAsync(db, reference, now, cancellationToken), now, cancellationToken);

    private async Task<TransferView?> ReadAsync(
        PortalDbContext db, string reference, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = await db.Transfers.Where(r => r.Reference == reference).Select(r => (Guid?)r.Id).SingleOrDefaultAsync(cancellationToken);
        if (id is null || await db.LoadTransferAsync(id.Value, cancellationToken) is not { } request)
        {
            return null;
        }

        var product = await db.Products.AsNoTracking().SingleAsync(p => p.Id == request.ProductId, cancellationToken);
        var licenses = new Dictionary<Guid, License>();
        foreach (var license in request.Items.Select(i => i.LicenseId).OfType<Guid>().Distinct())
        {
            licenses[license] = (await db.LoadLicenseAsync(license, cancellationToken))!;
        }

        var old = request.Items.Select(i => i.ActivationId).OfType<Guid>().ToArray();
        var seen = await db.ActivationsSeen.AsNoTracking().Where(s => old.Contains(s.ActivationId))
            .ToDictionaryAsync(s => s.ActivationId, s => s.SeenAt, cancellationToken);
        var tax = await invoicing.DecideTaxAsync(db, request, licenses.Values, now, cancellationToken);
        var (working, left) = await EliminateAsync(db, request, product, cancellationToken);
        return new TransferView
        {
            Request = request,
            Product = product.Name,
            Owner = await db.Customers.Where(c => c.Id == request.CustomerId).Select(c => new TransferOwner(c.Number, c.Company, c.Email))
            .SingleOrDefaultAsync(cancellationToken),
            Items = [.. request.Items.Select(i => ItemView(i, licenses, seen))],
            WorkingPcs = working,
            Left = left,
            Tax = tax,
            Totals = tax is { IsDecided: true } ? TransferInvoicing.Totals(request, tax.Treatment) : null,
            Stands = MoveLicenses.FindObstacle(new LockedTransfer(request, licenses), product, now),
            RecipientProblems = [.. DrawableContact.ProblemsOf(request.Contact!, letters).Select(ContactSentences.Of)],
            IsNothingToMove = await FreeLicenses.AreAllAsync(db, request.Items.Select(i => i.LicenseId), cancellationToken),
            IssueLicense = product.Policies.Transfer.IssueLicense,
            Invoices = await db.Invoices.Where(i => i.TransferRequestId == request.Id).OrderBy(i => i.Id)
                .Select(i => new TransferInvoiceView(i.Number, i.Kind, i.State, i.Gross)).ToListAsync(cancellationToken),
            Mails = await db.Set<OutboxMessage>().Where(m => m.Reference == request.Reference).OrderByDescending(m => m.CreatedAt)
            .Take(MostMails)
                .Select(m => new TransferMailView(m.Id, m.Subject, m.ToAddress, m.State, m.CreatedAt, m.SentAt))
                .ToListAsync(cancellationToken),
            History = await History.ReadAsync(db, request.Id, [], cancellationToken),
        };
    }

    private static TransferItemView ItemView(TransferItem item, Dictionary<Guid, License> licenses, Dictionary<Guid, DateTimeOffset> seen)
    {
        var license = item.LicenseId is { } id ? licenses[id] : null;
        var old = license?.Activations.SingleOrDefault(a => a.Id == item.ActivationId);
        return new TransferItemView(
            item, license?.Number, license?.State, license?.MaintenanceUntil, old?.PcName, old?.State, old is not null
            && seen.TryGetValue(old.Id, out var at) ? at : null);
    }

    /// <summary>Which license each working computer has, and which of the owner's computers are left.</summary>
    private static async Task<(IReadOnlyList<WorkingPcView> Working, IReadOnlyList<DeadComputer> Left)> EliminateAsync(
        PortalDbContext db, TransferRequest request, Product product, CancellationToken cancellationToken)
    {
        var codes = request.WorkingPcs.Select(p => p.HardwareCode).ToList();
        var computers = (await DeadComputer.InUse(db, request.ProductId)
            .Where(c => c.CustomerId == request.CustomerId || (request.CustomerId == null && codes.Contains(c.HardwareCode)))
            .ToListAsync(cancellationToken)).OrderBy(c => c.LicenseNumber, StringComparer.Ordinal).ToList();
        var rows = new List<WorkingPcView>();
        foreach (var pc in request.WorkingPcs)
        {
            var found = computers.Find(c => c.HardwareCode.Match(pc.HardwareCode, product.Policies.Hardware.Points).Matches);
            rows.Add(new WorkingPcView(pc.Name, pc.HardwareCode.ToString(), found?.LicenseNumber, found?.PcName));
        }

        bool Works(HardwareCode code) => codes.Exists(c => code.Match(c, product.Policies.Hardware.Points).Matches);
        return (rows, request.CustomerId is null ? [] : [.. computers.Where(c => !Works(c.HardwareCode))]);
    }
}
