using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features;

/// <summary>
/// The process is killed while it issues: afterwards there is one number, one set of documents and one mail, or nothing of it.
/// </summary>
public sealed class IssuingCrashTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new();

    public async Task InitializeAsync() => await _portal.BuildAsync();

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    [Fact]
    public async Task Killed_anywhere_it_is_all_there_or_nothing()
    {
        var customer = SampleInvoices.Customer(40_001);
        await using (var db = _portal.Open())
        {
            db.Add(customer);
            await db.SaveChangesAsync();
        }

        var place = 0;
        foreach (var point in Effort.SomeOf(2, Enum.GetValues<IssuingPoint>()))
        {
            var request = new TransferRequest { CreatedAt = _portal.Clock.Now };
            await using (var db = _portal.Open())
            {
                db.Add(request);
                await db.SaveChangesAsync();
            }

            var (exit, output) = await ChildMain.StartAsync(
                ["issue-invoice", _portal.Database.PortalConnection, _portal.SecretsFolder, _portal.MailFolder, customer.Id.ToString(),
                    request.Id.ToString(), point.ToString()], []);
            exit.ShouldNotBe(0, output);
            output.ShouldNotContain("came to its end", Case.Sensitive, $"{point} was not met");

            var survived = point == IssuingPoint.Committed;
            (await CountAsync(request.Id)).ShouldBe(survived ? (1, 3, 1) : (0, 0, 0), point.ToString());

            // After the restart somebody sends the same again.
            if (survived)
            {
                await Should.ThrowAsync<DbUpdateException>(
                    () => IssuingChild.IssueAsync(_portal.Services, customer.Id, request.Id, _portal.Clock.Now));
            }
            else
            {
                await IssuingChild.IssueAsync(_portal.Services, customer.Id, request.Id, _portal.Clock.Now);
            }

            (await CountAsync(request.Id)).ShouldBe((1, 3, 1), point.ToString());
            await using var after = _portal.Open();
            (await after.Invoices.SingleAsync(i => i.TransferRequestId == request.Id)).Place.ShouldBe(++place, $"{point} left a gap");
        }
    }

    private async Task<(int Invoices, int Documents, int Mails)> CountAsync(Guid request)
    {
        await using var db = _portal.Open();
        var key = request.ToString();
        return (
            await db.Invoices.CountAsync(i => i.TransferRequestId == request),
            await db.InvoiceDocuments.CountAsync(d => db.Invoices.Any(i => i.Id == d.InvoiceId && i.TransferRequestId == request)),
            await db.Set<OutboxMessage>().CountAsync(m => m.BusinessKey == key));
    }
}

internal enum IssuingPoint
{
    BeforeNumber,
    AfterNumber,
    BeforeRows,
    AfterRows,
    Committing,
    Committed,
}

/// <summary>Issues an invoice with its mail, and dies at one point of it.</summary>
internal static class IssuingChild
{
    public static async Task<int> RunAsync(string connection, string secrets, string mails, Guid customer, Guid request, IssuingPoint point)
    {
        static bool TakesNumber(string sql) => sql.Contains("INSERT INTO invoice_series", StringComparison.Ordinal);
        static bool WritesRows(string sql) => sql.Contains("INSERT INTO invoice_document", StringComparison.Ordinal);

        await using var app = DyingPortal.Build(connection, secrets, new() { ["Mail:PickupDirectory"] = mails }, new DeathPlan
        {
            Before = sql => (point == IssuingPoint.BeforeNumber && TakesNumber(sql))
                || (point == IssuingPoint.BeforeRows && WritesRows(sql)),
            After = sql => (point == IssuingPoint.AfterNumber && TakesNumber(sql)) || (point == IssuingPoint.AfterRows && WritesRows(sql)),
            Committing = point == IssuingPoint.Committing,
            Committed = point == IssuingPoint.Committed,
        });
        await IssueAsync(app.Services, customer, request, TestClock.Start);
        await Console.Out.WriteLineAsync("came to its end");
        return 1;
    }

    public static async Task IssueAsync(IServiceProvider services, Guid customer, Guid request, DateTimeOffset now)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var sample = SampleInvoices.Content(DateOnly.FromDateTime(now.Date));
        var order = new InvoiceOrder
        {
            CustomerId = customer,
            TransferRequestId = request,
            Buyer = sample.Buyer,
            Lines = sample.Lines,
            ServiceDate = sample.ServiceDate,
            Vat = sample.Vat,
            Language = "de",
        };
        var issued = (await services.GetRequiredService<IssueInvoice>().ExecuteAsync(db, order, Actor.System, now, CancellationToken.None))
            .ShouldSucceed();
        await services.GetRequiredService<Outbox>().EnqueueAsync(
            db,
            new InvoiceCopyMail(issued.Invoice.Content.AsRecipient())
            {
                CopyId = request,
                Document = InvoiceKind.Invoice,
                Invoice = InvoiceFacts.From(issued.Invoice),
                SentAt = now,
                Files = issued.Attachments,
            },
            now);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}
