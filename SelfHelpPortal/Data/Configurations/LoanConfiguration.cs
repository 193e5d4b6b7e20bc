using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Loans;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class LoanConfiguration : IEntityTypeConfiguration<Loan>
{
    public void Configure(EntityTypeBuilder<Loan> builder)
    {
        builder.ToTable("loan");
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.Property(l => l.ProductId).HasMaxLength(40);
        builder.Property(l => l.StatedLicense).HasMaxLength(60);
        builder.Property(l => l.HardwareCode).HasMaxLength(35);
        builder.Property(l => l.PcName).HasMaxLength(100);
        builder.Property(l => l.AppVersion).HasMaxLength(50);
        builder.Property(l => l.Reason).HasMaxLength(Loan.LongestReason);
        builder.Ignore(l => l.HasKey).Ignore(l => l.Computer);
        builder.HasIndex(l => l.LicenseId);

        // Staff decide one request of a license at a time.
        builder.HasIndex(l => l.LicenseId, "ux_loan_awaiting_staff").IsUnique().HasFilter("state = 'AwaitingStaff'");
        builder.HasOne<License>().WithMany().HasForeignKey(l => l.LicenseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Activation>().WithMany().HasForeignKey(l => l.RepairedId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Activation>().WithMany().HasForeignKey(l => l.ActivationId).OnDelete(DeleteBehavior.Restrict);
    }
}
