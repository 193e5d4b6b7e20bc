using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>What a statement could pay.</summary>
/// <param name="Matches">In the order of the statement, without the lines that are recorded already.</param>
/// <param name="Recorded">Lines that were recorded before.</param>
/// <param name="Skipped">Lines that are not booked yet, or in another currency.</param>
internal sealed record BankProposal(IReadOnlyList<BankMatch> Matches, int Recorded, int Skipped);

/// <summary>What became of a file: a proposal, or why it cannot be read.</summary>
internal sealed record BankReading(BankProposal? Proposal, BrokenRule? Unreadable);

/// <summary>Holds a statement of the bank against the invoices. Nothing of the file is kept.</summary>
[StaffUseCase(StaffWork.Invoices)]
internal sealed class ReadBankStatement(StaffReads reads)
{
    public Task<StaffAnswer<BankReading>> ExecuteAsync(
        StaffActor actor, string name, Stream file, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ReadBankStatement), actor, new AuditedRead(AuditKind.BankStatementRead, null, name),
            db => ReadAsync(db, file, cancellationToken), now, cancellationToken);

    private static async Task<BankReading?> ReadAsync(PortalDbContext db, Stream file, CancellationToken cancellationToken)
    {
        try
        {
            return new(await MatchAsync(db, BankStatement.Read(file), cancellationToken), null);
        }
        catch (UnreadableListException unreadable)
        {
            return new(null, new BrokenRule("file", unreadable.German, unreadable.Message));
        }
    }

    private static async Task<BankProposal> MatchAsync(PortalDbContext db, BankStatement statement, CancellationToken cancellationToken)
    {
        var numbers = statement.Lines.SelectMany(l => InvoiceNumber.FindIn(l.Text)).ToHashSet();
        var amounts = statement.Lines.Select(l => l.Amount).ToHashSet();
        // Of the open ones those of the same amount, for the lines that name none; partly paid ones ask for less than their amount.
        var invoices = await db.Invoices.AsNoTracking().Include(i => i.Payments)
            .Where(i => i.Kind == InvoiceKind.Invoice && (numbers.Contains(i.Number)
                || (i.State == InvoiceState.Issued && (amounts.Contains(i.Gross) || i.Payments.Any()))))
            .ToListAsync(cancellationToken);
        var payable = invoices
            .Select(i => new PayableInvoice(i.Id, i.Number, i.Gross, i.Received, i.Outstanding, i.Content.Buyer.Name)).ToList();
        var ids = statement.Lines.Select(l => l.Id).ToList();
        var recorded = await db.Set<Payment>().Where(p => p.BankLine != null && ids.Contains(p.BankLine))
            .Select(p => p.BankLine!).Distinct().ToListAsync(cancellationToken);
        return new(
            [.. statement.Lines.Where(l => !recorded.Contains(l.Id)).Select(l => BankMatch.Find(l, payable))],
            statement.Lines.Count(l => recorded.Contains(l.Id)),
            statement.Skipped);
    }
}
