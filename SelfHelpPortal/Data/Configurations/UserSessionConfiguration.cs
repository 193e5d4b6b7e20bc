using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class UserSessionConfiguration : IEntityTypeConfiguration<UserSession>
{
    public void Configure(EntityTypeBuilder<UserSession> builder)
    {
        builder.ToTable("user_session");
        builder.Property(s => s.Network).HasMaxLength(60);
        builder.Property(s => s.Browser).HasMaxLength(60);
        builder.Property(s => s.Strength).HasConversion<string>().HasMaxLength(20);
        builder.HasIndex(s => s.UserId).HasFilter("ended_at IS NULL");
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
