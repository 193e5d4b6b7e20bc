using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Acts of staff on one invoice, in the order of <see cref="StaffActs"/>.</summary>
internal sealed class InvoiceActs(StaffActs acts)
{
    /// <summary>
    /// What one use case adds: the decision on the locked invoice, with its event and mail. It neither saves nor commits.
    /// </summary>
    public delegate Task<StaffResult> Decision(PortalDbContext db, Invoice invoice);

    /// <param name="useCase">Whose <see cref="Shared.Access.StaffUseCaseAttribute"/> counts.</param>
    /// <param name="content">What is asked for besides the invoice, so that a repetition with another content is noticed.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffAct act, Guid invoiceId, string content, Decision decide, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase,
            act,
            new(invoiceId, async db => await db.LockInvoiceAsync(invoiceId, cancellationToken) is not null),
            content,
            async db => await db.LockInvoiceAsync(invoiceId, cancellationToken) is { } invoice
                ? await decide(db, invoice)
                : StaffRefusal.NotFound,
            now,
            cancellationToken);
}
