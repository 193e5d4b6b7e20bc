using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Money that came in, or with a minus went back.</summary>
/// <param name="On">When the bank booked it.</param>
public sealed record ReceivedMoney(Money Amount, DateOnly On)
{
    /// <summary>Somebody has looked at the difference to what is outstanding and means the amount.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary><see cref="Licensing.Billing.BankLine.Id"/> of the line of a statement that it is from.</summary>
    public string? BankLine { get; init; }
}

/// <summary>Notes money that came in for an invoice, or went back. No document changes.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class RecordPayment(InvoiceActs acts, PaymentWriter writer, LocalTimes times)
{
    private static readonly Money Largest = new(1_000_000_00);
    private const int MostDaysAgo = 366;

    /// <param name="act">Its reason is the note: where the payment was seen.</param>
    public async Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid invoice, ReceivedMoney received, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (amount, today) = (received.Amount, times.Today(now));
        if (amount == new Money(0) || amount > Largest || amount < -Largest)
        {
            return StaffRefusal.Amount;
        }

        if (received.On > today || received.On < today.AddDays(-MostDaysAgo))
        {
            return StaffRefusal.Day;
        }

        var content = string.Create(CultureInfo.InvariantCulture, $"{amount.Cents}/{received.On:yyyy-MM-dd}{received.BankLine}");
        return await acts.RunAsync(
            typeof(RecordPayment), act, invoice, content,
            (db, locked) => DecideAsync(db, locked, act, received, now, cancellationToken), now, cancellationToken);
    }

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, Invoice invoice, StaffAct act, ReceivedMoney received, DateTimeOffset now, CancellationToken cancellationToken)
    {
        switch (invoice.Doubt(received.Amount))
        {
            case PaymentDoubt.Impossible:
                return StaffRefusal.AmountImpossible;
            case PaymentDoubt.Differs when !received.IsConfirmed:
                return StaffRefusal.AmountDiffers;
        }

        if (received.BankLine is { } line
            && await db.Set<Payment>().AnyAsync(p => p.BankLine == line && p.InvoiceId == invoice.Id, cancellationToken))
        {
            return StaffRefusal.Conflict;
        }

        var payment = new Payment
        {
            InvoiceId = invoice.Id,
            Amount = received.Amount,
            ReceivedOn = received.On,
            Note = act.Reason.Trim(),
            RecordedAt = now,
            BankLine = received.BankLine,
        };
        return await writer.WriteAsync(db, invoice, payment, act, now, cancellationToken);
    }
}
