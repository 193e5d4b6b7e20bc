using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class TransferRequestConfiguration : IEntityTypeConfiguration<TransferRequest>
{
    public void Configure(EntityTypeBuilder<TransferRequest> builder)
    {
        builder.ToTable("transfer_request",
            t => t.HasCheckConstraint("ck_transfer_request_ordered", "state IN ('Draft', 'Expired') OR reference IS NOT NULL"));
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Reference).HasMaxLength(12);
        builder.Property(r => r.ProductId).HasMaxLength(40);
        builder.Property(r => r.Language).HasMaxLength(2);
        builder.Property(r => r.StaffReason).HasMaxLength(2000);
        builder.HasIndex(r => r.Reference).IsUnique();
        builder.HasIndex(r => r.CustomerId);

        // The work list, oldest first, and what the daily job gives up.
        builder.HasIndex(r => new { r.State, r.CreatedAt }).HasFilter("state NOT IN ('Completed', 'Declined', 'Withdrawn', 'Expired')")
            .HasDatabaseName("ix_transfer_request_open");

        // The list of what came to nothing, newest first.
        builder.HasIndex(r => r.Id).HasFilter("state IN ('Declined', 'Withdrawn', 'Expired')")
            .HasDatabaseName("ix_transfer_request_closed");
        builder.HasOne<Customer>().WithMany().HasForeignKey(r => r.CustomerId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(r => r.Draft).AsJson();
        builder.Property(r => r.Contact).AsJson();
        builder.Property(r => r.Price).AsJson();
        builder.Property(r => r.VatIdCheck).AsJson();
        builder.Property(r => r.ReviewReasons).AsJson();
        builder.Property(r => r.Checklist).AsJson();
        builder.Ignore(r => r.IsIdentified).Ignore(r => r.MayBeWithdrawn).Ignore(r => r.IsOver).Ignore(r => r.IsStatedOnly)
            .Ignore(r => r.IsOwnerShown).Ignore(r => r.IsUntouched).Ignore(r => r.HasChecklist);
        builder.HasMany(r => r.Items).WithOne().HasForeignKey(i => i.RequestId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(r => r.WorkingPcs).WithOne().HasForeignKey(p => p.RequestId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(r => r.Messages).WithOne().HasForeignKey(m => m.RequestId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class TransferItemConfiguration : IEntityTypeConfiguration<TransferItem>
{
    public const string WaitingIndex = "ux_transfer_item_waiting";

    public void Configure(EntityTypeBuilder<TransferItem> builder)
    {
        builder.ToTable("transfer_item");
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.NewPcName).HasMaxLength(200);
        builder.Property(i => i.AppVersion).HasMaxLength(60);
        builder.Property(i => i.StatedLicense).HasMaxLength(60);
        builder.HasIndex(i => new { i.RequestId, i.Position }).IsUnique();
        builder.HasIndex(i => i.LicenseId);

        // Two requests under way never move the same computer's license.
        builder.HasIndex(i => i.ActivationId).IsUnique().HasFilter("is_open").HasDatabaseName("ux_transfer_item_open");

        // Of two requests for one license, one waits for the owner.
        builder.HasIndex(i => i.LicenseId, WaitingIndex).IsUnique().HasFilter("is_waiting").HasDatabaseName(WaitingIndex);
        builder.HasOne<License>().WithMany().HasForeignKey(i => i.LicenseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Activation>().WithMany().HasForeignKey(i => i.ActivationId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class TransferPcConfiguration : IEntityTypeConfiguration<TransferPc>
{
    public void Configure(EntityTypeBuilder<TransferPc> builder)
    {
        builder.ToTable("transfer_pc");
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Name).HasMaxLength(200);
    }
}

internal sealed class TransferMessageConfiguration : IEntityTypeConfiguration<TransferMessage>
{
    public void Configure(EntityTypeBuilder<TransferMessage> builder)
    {
        builder.ToTable("transfer_message");
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Text).HasMaxLength(4000);
        builder.HasIndex(m => new { m.RequestId, m.At });
    }
}
