using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

public class InvoiceTests
{
    private static readonly DateTimeOffset Now = A.Morning;
    private static readonly DateOnly Today = DateOnly.FromDateTime(Now.Date);
    private static readonly TimeZoneInfo Zone = SampleInvoices.Zone;

    [Theory]
    [InlineData(InvoiceKind.Invoice, 42, "2026-00042")]
    [InlineData(InvoiceKind.Cancellation, 7, "S2026-00007")]
    [InlineData(InvoiceKind.Invoice, 99_999, "2026-99999")]
    [InlineData(InvoiceKind.Invoice, 100_000, "2026-100000")]
    public void A_number_has_its_series_and_five_digits_or_more(InvoiceKind kind, int place, string expected) =>
        InvoiceNumber.Format(kind, 2026, place).ShouldBe(expected);

    [Fact]
    public void A_cancellation_is_the_invoice_times_minus_one()
    {
        foreach (var cents in (long[])[7000, 9750, 1, 33, 99_999_99])
        {
            var invoice =
                Issue(SampleInvoices.Content(
                    Today, InvoiceKind.Invoice, SampleInvoices.Fee(3), SampleInvoices.Fee() with { UnitNet = new Money(cents) }));
            var draft = invoice.DraftCancellation(Today.AddDays(3), "Doppelt bestellt").ShouldSucceed();

            draft.Totals.ShouldBe(new InvoiceTotals(-invoice.Net, -invoice.Vat, -invoice.Gross));
            draft.Lines.Select(l => (l.UnitNet, l.Quantity)).ShouldBe(invoice.Content.Lines.Select(l => (l.UnitNet, -l.Quantity)));
            draft.Cancels.ShouldBe(new PrecedingInvoice(invoice.Number, invoice.IssueDate));
            draft.DueDate.ShouldBeNull();
            draft.Notes.ShouldBe(["Doppelt bestellt"]);
        }
    }

    [Fact]
    public void An_invoice_is_cancelled_once_and_a_cancellation_never()
    {
        var invoice = Issue();
        var cancellation = CancellationOf(invoice);
        invoice.Cancel(CancellationOf(Issue())).ShouldBeRefused(Refusal.Conflict);

        invoice.Cancel(cancellation).ShouldSucceed();

        invoice.State.ShouldBe(InvoiceState.Cancelled);
        invoice.NextReminderAt.ShouldBeNull();
        invoice.Outstanding.ShouldBe(new Money(0));
        invoice.Cancel(cancellation).ShouldBeRefused(Refusal.Conflict);
        invoice.DraftCancellation(Today, "x").ShouldBeRefused(Refusal.Conflict);
        cancellation.DraftCancellation(Today, "x").ShouldBeRefused(Refusal.Conflict);
    }

    [Fact]
    public void It_is_paid_when_the_sum_is_reached_and_owed_again_when_money_goes_back()
    {
        var invoice = Issue();
        invoice.Gross.ShouldBe(new Money(8330));

        Pay(invoice, 5000).ShouldSucceed();
        invoice.State.ShouldBe(InvoiceState.Issued);
        Pay(invoice, 3330).ShouldSucceed();
        invoice.State.ShouldBe(InvoiceState.Paid);
        invoice.PaidAt.ShouldBe(Now);
        invoice.NextReminderAt.ShouldBeNull();
        Pay(invoice, 100).ShouldSucceed();
        invoice.Outstanding.ShouldBe(new Money(-100), "too much came in");

        Pay(invoice, -3430).ShouldSucceed();
        invoice.State.ShouldBe(InvoiceState.Issued);
        invoice.PaidAt.ShouldBeNull();
        invoice.NextReminderAt.ShouldNotBeNull();
        Pay(invoice, 0).ShouldBeRefused(Refusal.Conflict);
        Pay(CancellationOf(invoice), 100).ShouldBeRefused(Refusal.Conflict);
    }

    [Fact]
    public void Reminders_come_7_21_and_35_days_after_it_was_due_at_six_in_the_morning()
    {
        // Due on 18 March: level 1 in winter time, the others in summer time.
        var invoice = Issue();
        invoice.DueDate.ShouldBe(new DateOnly(2026, 3, 18));
        var told = new List<DateTimeOffset>();
        for (var at = Now; told.Count < 3; at = at.AddHours(1))
        {
            if (invoice.Remind(Zone, at).Succeeded)
            {
                told.Add(at);
            }
        }

        told.Select(at => TimeZoneInfo.ConvertTime(at, Zone).Date).ShouldBe([new(2026, 3, 25), new(2026, 4, 8), new(2026, 4, 22)]);
        told.ShouldAllBe(at => TimeZoneInfo.ConvertTime(at, Zone).Hour == 6 || at.Minute != 0);
        invoice.ReminderLevel.ShouldBe(3);
        invoice.Remind(Zone, Now.AddYears(1)).ShouldBeRefused(Refusal.Conflict);
    }

    [Fact]
    public void A_late_reminder_leaves_the_same_time_to_pay()
    {
        var invoice = Issue();
        var late = Now.AddDays(90);

        invoice.Remind(Zone, late).ShouldSucceed().ShouldBe(1);
        invoice.Remind(Zone, late.AddDays(13)).ShouldBeRefused(Refusal.Conflict);
        invoice.Remind(Zone, late.AddDays(14)).ShouldSucceed().ShouldBe(2);
    }

    [Fact]
    public void Paused_paid_and_cancelled_invoices_are_not_reminded_of()
    {
        var paused = Issue();
        paused.PauseReminders(paused: true).ShouldSucceed();
        paused.PauseReminders(paused: true).ShouldBeRefused(Refusal.Conflict);
        var paid = Issue();
        Pay(paid, 8330).ShouldSucceed();
        var cancelled = Issue();
        cancelled.Cancel(CancellationOf(cancelled)).ShouldSucceed();

        foreach (var invoice in (Invoice[])[paused, paid, cancelled, CancellationOf(Issue())])
        {
            invoice.Remind(Zone, Now.AddYears(1)).ShouldBeRefused(Refusal.Conflict);
        }

        paused.PauseReminders(paused: false).ShouldSucceed();
        paused.Remind(Zone, Now.AddYears(1)).ShouldSucceed();
    }

    [Fact]
    public void It_is_kept_for_eight_years_from_the_end_of_the_year() => Issue().RetainUntil.ShouldBe(new DateOnly(2034, 12, 31));

    private static Invoice Issue(InvoiceContent? content = null) => Invoice.Issue(
        (content ?? SampleInvoices.Content(Today)) with { Number = "2026-00001" }, 1, new InvoiceOrigin(Guid.NewGuid()), Zone, Now);

    private static Invoice CancellationOf(Invoice invoice) => Invoice.Issue(
        invoice.DraftCancellation(Today, "Doppelt").ShouldSucceed() with { Number = "S2026-00001" }, 1,
        new InvoiceOrigin(invoice.CustomerId, CancelsId: invoice.Id), Zone, Now);

    private static Outcome<Payment> Pay(Invoice invoice, long cents) => invoice.Record(
        new Payment { InvoiceId = invoice.Id, ReceivedOn = Today, Amount = new Money(cents), Note = "Kontoauszug", RecordedAt = Now }, Zone,
        Now);
}
