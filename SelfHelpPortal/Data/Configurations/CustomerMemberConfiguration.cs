using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class CustomerMemberConfiguration : IEntityTypeConfiguration<CustomerMember>
{
    public void Configure(EntityTypeBuilder<CustomerMember> builder)
    {
        builder.ToTable("customer_member", table => table.HasCheckConstraint("ck_customer_member_role", "role IN (0, 1)"));
        builder.HasKey(m => new { m.CustomerId, m.UserId });
        builder.HasIndex(m => m.UserId);
        builder.HasOne<Customer>().WithMany().HasForeignKey(m => m.CustomerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(m => m.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
