using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class PortalUserConfiguration : IEntityTypeConfiguration<PortalUser>
{
    public void Configure(EntityTypeBuilder<PortalUser> builder)
    {
        // One account for one address, however it is spelled (AccountLookUp, MailAddresses).
        builder.ToTable(t => t.HasCheckConstraint(
            "ck_asp_net_users_one_spelling",
            "email ~ '^[!-~]+@[a-z0-9.-]+$' AND normalized_email = upper(email COLLATE \"C\") "
                + "AND normalized_user_name = normalized_email"));
        builder.HasIndex(u => u.NormalizedEmail).IsUnique().HasDatabaseName("email_index");
        builder.Property(u => u.DisplayName).HasMaxLength(200);
        builder.Property(u => u.Culture).HasMaxLength(2);

        // Written by one statement only, the one that accepts a code. Identity saves whole users, and an older copy must not bring a used
        // step back.
        builder.Property(u => u.LastTotpStep).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
    }
}
