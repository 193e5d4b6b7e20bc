using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class InvoiceSeriesConfiguration : IEntityTypeConfiguration<InvoiceSeries>
{
    public void Configure(EntityTypeBuilder<InvoiceSeries> builder)
    {
        builder.ToTable("invoice_series");
        builder.HasKey(s => new { s.Kind, s.Year });
        builder.Property(s => s.Kind).HasMaxLength(20);
        builder.Property(s => s.Year).ValueGeneratedNever();
    }
}

internal sealed class InvoiceConfiguration : IEntityTypeConfiguration<Invoice>
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public void Configure(EntityTypeBuilder<Invoice> builder)
    {
        builder.ToTable("invoice", t =>
        {
            t.HasCheckConstraint("ck_invoice_sum", "net_cents + vat_cents = gross_cents");
            t.HasCheckConstraint("ck_invoice_kind",
                "(kind = 'Cancellation') = (cancels_id IS NOT NULL) AND (kind = 'Invoice') = (due_date IS NOT NULL)");
            t.HasCheckConstraint("ck_invoice_state",
                "(state = 'Cancelled') = (cancelled_by_id IS NOT NULL) AND (state = 'Paid') <= (paid_at IS NOT NULL)");
            t.HasCheckConstraint("ck_invoice_reminder_level", "reminder_level BETWEEN 0 AND 3");
        });
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Kind).HasMaxLength(20);
        builder.Property(i => i.State).HasMaxLength(20);
        builder.Property(i => i.VatCase).HasMaxLength(20);
        builder.Property(i => i.Number).HasMaxLength(20);
        builder.Property(i => i.VatRate).HasPrecision(5, 2);
        builder.Property(i => i.VatEvidence).HasColumnType("jsonb");
        builder.Property(i => i.Content).HasColumnType("jsonb").HasConversion(
            content => JsonSerializer.Serialize(content, Json),
            json => JsonSerializer.Deserialize<InvoiceContent>(json, Json)!);
        builder.Property(i => i.Net).HasColumnName("net_cents");
        builder.Property(i => i.Vat).HasColumnName("vat_cents");
        builder.Property(i => i.Gross).HasColumnName("gross_cents");
        builder.Ignore(i => i.RenewedPeriod).Ignore(i => i.MayBeUndone).Ignore(i => i.Received).Ignore(i => i.Outstanding);

        // The last guards: no number twice, one living invoice per request, one cancellation per invoice.
        builder.HasIndex(i => new { i.Kind, i.Year, i.Place }).IsUnique();
        builder.HasIndex(i => i.Number).IsUnique();
        builder.HasIndex(i => i.TransferRequestId).IsUnique().HasFilter("kind = 'Invoice' AND cancelled_by_id IS NULL")
            .HasDatabaseName("ux_invoice_living");
        builder.HasIndex(i => i.CancelsId).IsUnique();
        builder.HasIndex(i => i.CancelledById).IsUnique();

        // What the daily run looks for, and the list of a customer.
        builder.HasIndex(i => new { i.NextReminderAt, i.Id }).HasFilter("state = 'Issued' AND NOT reminders_paused")
            .HasDatabaseName("ix_invoice_reminder");

        // The lists of staff by state, newest first, and what the desk counts.
        builder.HasIndex(i => new { i.State, i.Id });
        builder.HasIndex(i => i.Id, "ix_invoice_last_reminder").HasFilter("state = 'Issued' AND reminder_level = 3");
        builder.HasIndex(i => i.Id, "ix_invoice_overpaid").HasFilter("is_overpaid");
        builder.HasIndex(i => new { i.CustomerId, i.Id });
        builder.HasIndex(i => i.IssueDate);
        builder.HasOne<Customer>().WithMany().HasForeignKey(i => i.CustomerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<TransferRequest>().WithMany().HasForeignKey(i => i.TransferRequestId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<License>().WithMany().HasForeignKey(i => i.LicenseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Invoice>().WithOne().HasForeignKey<Invoice>(i => i.CancelsId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Invoice>().WithOne().HasForeignKey<Invoice>(i => i.CancelledById).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(i => i.Payments).WithOne().HasForeignKey(p => p.InvoiceId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class InvoiceLineConfiguration : IEntityTypeConfiguration<InvoiceLineRow>
{
    public void Configure(EntityTypeBuilder<InvoiceLineRow> builder)
    {
        builder.ToTable("invoice_line");
        builder.HasKey(l => new { l.InvoiceId, l.Position });
        builder.Property(l => l.Sku).HasMaxLength(60);
        builder.Property(l => l.UnitNet).HasColumnName("unit_net_cents");
        builder.Property(l => l.Net).HasColumnName("net_cents");
        builder.HasOne<Invoice>().WithMany().HasForeignKey(l => l.InvoiceId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class InvoiceDocumentConfiguration : IEntityTypeConfiguration<InvoiceDocument>
{
    public void Configure(EntityTypeBuilder<InvoiceDocument> builder)
    {
        builder.ToTable("invoice_document");
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Property(d => d.Kind).HasMaxLength(10);
        builder.Property(d => d.FileName).HasMaxLength(100);
        builder.Property(d => d.ContentType).HasMaxLength(60);
        builder.Property(d => d.Sha256).HasMaxLength(64);
        builder.HasIndex(d => new { d.InvoiceId, d.Kind }).IsUnique();
        builder.HasIndex(d => d.CreatedAt);
        builder.HasOne<Invoice>().WithMany().HasForeignKey(d => d.InvoiceId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class PaymentConfiguration : IEntityTypeConfiguration<Payment>
{
    public void Configure(EntityTypeBuilder<Payment> builder)
    {
        builder.ToTable("payment", t => t.HasCheckConstraint("ck_payment_amount", "amount_cents <> 0"));
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Amount).HasColumnName("amount_cents");
        builder.Property(p => p.Note).HasMaxLength(1000);
        builder.Property(p => p.BankLine).HasMaxLength(BankLine.IdLength);
        builder.HasOne<Payment>().WithOne().HasForeignKey<Payment>(p => p.UndoesId).OnDelete(DeleteBehavior.Restrict);
        // One line of a statement may pay several invoices, each of them once.
        builder.HasIndex(p => new { p.BankLine, p.InvoiceId }).IsUnique();
    }
}
