using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class PasskeyUseConfiguration : IEntityTypeConfiguration<PasskeyUse>
{
    public void Configure(EntityTypeBuilder<PasskeyUse> builder)
    {
        builder.ToTable("passkey_use");
        builder.HasKey(u => u.QuestionHash);
        builder.HasIndex(u => new { u.CredentialId, u.UsedAt });
        builder.HasOne<IdentityUserPasskey<Guid>>().WithMany().HasForeignKey(u => u.CredentialId).OnDelete(DeleteBehavior.Cascade);
    }
}
