using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Data.Accounts;

/// <summary>Somebody who opens an account, or joins a customer with the one he has, once he uses the link in the mail.</summary>
internal sealed class Registration
{
    public required Guid Id { get; init; }

    /// <summary>Where the link goes; using it shows that the mailbox is his.</summary>
    public required string Email { get; init; }

    /// <summary>The license whose key was typed with the address.</summary>
    public Guid? LicenseId { get; init; }

    /// <summary>The customer whose owner invites.</summary>
    public Guid? CustomerId { get; init; }

    /// <summary>As what; only of an invitation.</summary>
    public CustomerRole? Role { get; init; }

    public Guid? InvitedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>Whose account came of it.</summary>
    public Guid? UserId { get; set; }
}

internal sealed class RegistrationConfiguration : IEntityTypeConfiguration<Registration>
{
    public void Configure(EntityTypeBuilder<Registration> builder)
    {
        builder.ToTable("registration");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Email).HasMaxLength(254);
        builder.HasIndex(r => r.CustomerId);
        builder.HasIndex(r => r.UserId);
    }
}
