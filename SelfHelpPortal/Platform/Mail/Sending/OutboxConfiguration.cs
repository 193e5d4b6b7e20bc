using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Platform.Mail.Sending;

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.ToTable("outbox");
        builder.HasKey(m => m.Id);
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Attachments)
            .HasColumnType("jsonb")
            .HasConversion(
                list => JsonSerializer.Serialize(list, JsonSerializerOptions.Web),
                json => JsonSerializer.Deserialize<List<MailAttachment>>(json, JsonSerializerOptions.Web)!,
                new ValueComparer<IReadOnlyList<MailAttachment>>((a, b) => a!.SequenceEqual(b!), list => list.Count, list => list));

        // The last guard behind "one fact, one mail".
        builder.HasIndex(m => new { m.Kind, m.BusinessKey }).IsUnique();

        // Only mails that still need work are in this one, so it stays small however many were sent.
        builder.HasIndex(m => new { m.Priority, m.DueAt }).HasFilter("state in (0, 1, 4)").HasDatabaseName("ix_outbox_open");
        builder.HasIndex(m => m.Id).HasFilter("state = 3").HasDatabaseName("ix_outbox_failed");
        builder.HasIndex(m => new { m.CustomerId, m.CreatedAt });
        builder.HasIndex(m => m.Reference);
    }
}

internal sealed class OutboxAttemptConfiguration : IEntityTypeConfiguration<OutboxAttempt>
{
    public void Configure(EntityTypeBuilder<OutboxAttempt> builder)
    {
        builder.ToTable("outbox_attempt");
        builder.HasKey(a => new { a.OutboxId, a.Number });
        builder.HasOne<OutboxMessage>().WithMany().HasForeignKey(a => a.OutboxId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(a => a.Reply).HasMaxLength(500);

        // The circuit looks at the last few.
        builder.HasIndex(a => a.EndedAt);
    }
}

internal sealed class MailCircuitConfiguration : IEntityTypeConfiguration<MailCircuit>
{
    public void Configure(EntityTypeBuilder<MailCircuit> builder)
    {
        builder.ToTable("mail_circuit", table => table.HasCheckConstraint("ck_mail_circuit_one_row", "id = 1"));
        builder.Property(c => c.Id).ValueGeneratedNever();
    }
}

internal sealed class MailAddressStandingConfiguration : IEntityTypeConfiguration<MailAddressStanding>
{
    public void Configure(EntityTypeBuilder<MailAddressStanding> builder)
    {
        builder.ToTable("mail_address");
        builder.HasKey(a => a.AddressHash);
    }
}
