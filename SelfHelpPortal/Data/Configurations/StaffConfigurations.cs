using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entry");
        builder.Property(e => e.Kind).HasMaxLength(30);
        builder.Property(e => e.Subject).HasMaxLength(AuditLog.LongestSubject);
        builder.Property(e => e.Text).HasMaxLength(AuditLog.LongestText);
        builder.HasIndex(e => new { e.Stream, e.Seq }).IsUnique();

        // Who opens the same page again is asked for here, and the list is searched by what was seen.
        builder.HasIndex(e => new { e.Subject, e.Stream, e.At });
        builder.HasIndex(e => e.At);
    }
}

internal sealed class ExclusionRequestConfiguration : IEntityTypeConfiguration<ExclusionRequest>
{
    public void Configure(EntityTypeBuilder<ExclusionRequest> builder)
    {
        builder.ToTable("exclusion_request");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Decision).HasMaxLength(20);
        builder.HasIndex(r => r.LicenseId);
        builder.HasIndex(r => r.ActivationId).IsUnique().HasFilter("decision IS NULL").HasDatabaseName("ix_exclusion_request_open");
        builder.HasOne<License>().WithMany().HasForeignKey(r => r.LicenseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Activation>().WithMany().HasForeignKey(r => r.ActivationId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class IncidentRequestConfiguration : IEntityTypeConfiguration<IncidentRequest>
{
    public void Configure(EntityTypeBuilder<IncidentRequest> builder)
    {
        builder.ToTable("incident_request", table =>
        {
            table.HasCheckConstraint("ck_incident_request_two_people", "decision <> 'Approved' OR decided_by <> requested_by");
            table.HasCheckConstraint("ck_incident_request_decided", "(decision IS NULL) = (decided_at IS NULL)");
        });
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Decision).HasMaxLength(20);
        builder.HasIndex(r => r.LicenseId);

        // Those that wait, to be found by a case; they are few.
        builder.HasIndex(r => r.ExpiresAt).HasFilter("decision IS NULL").HasDatabaseName("ix_incident_request_open");
        builder.HasOne<License>().WithMany().HasForeignKey(r => r.LicenseId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class StaffDraftConfiguration : IEntityTypeConfiguration<StaffDraft>
{
    public void Configure(EntityTypeBuilder<StaffDraft> builder)
    {
        builder.ToTable("staff_draft");
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Property(d => d.Act).HasMaxLength(60);
        builder.Property(d => d.Reason).HasMaxLength(1000);
        builder.Property(d => d.Form).HasColumnType("jsonb");
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(d => d.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class TypedTextConfiguration : IEntityTypeConfiguration<TypedText>
{
    public void Configure(EntityTypeBuilder<TypedText> builder)
    {
        builder.ToTable("typed_text");
        builder.HasKey(t => new { t.UserId, t.Place });
        builder.Property(t => t.Place).HasMaxLength(TypedText.LongestPlace);
        builder.Property(t => t.Text).HasMaxLength(TypedText.Longest);
        builder.HasIndex(t => t.At);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class TextTemplateConfiguration : IEntityTypeConfiguration<TextTemplate>
{
    public void Configure(EntityTypeBuilder<TextTemplate> builder)
    {
        builder.ToTable("text_template");
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Word).HasMaxLength(TextTemplate.LongestWord);
        builder.Property(t => t.Text).HasMaxLength(TypedText.Longest);
        builder.HasIndex(t => t.Word);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class CaseAssignmentConfiguration : IEntityTypeConfiguration<CaseAssignment>
{
    public void Configure(EntityTypeBuilder<CaseAssignment> builder)
    {
        builder.ToTable("case_assignment");
        builder.HasKey(a => a.Subject);
        builder.Property(a => a.Subject).ValueGeneratedNever();
        builder.HasIndex(a => a.UserId);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(a => a.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class StaffResetConfiguration : IEntityTypeConfiguration<StaffReset>
{
    public void Configure(EntityTypeBuilder<StaffReset> builder)
    {
        builder.ToTable("staff_reset", table =>
        {
            table.HasCheckConstraint("ck_staff_reset_own", "requested_by <> user_id");
            table.HasCheckConstraint(
                "ck_staff_reset_two_people",
                "decision <> 'Approved' OR (decided_by IS NOT NULL AND decided_by NOT IN (requested_by, user_id))");
            table.HasCheckConstraint("ck_staff_reset_decided", "(decision IS NULL) = (decided_at IS NULL)");
        });
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Reason).HasMaxLength(1000);
        builder.Property(r => r.Decision).HasMaxLength(20);
        builder.HasIndex(r => r.UserId).IsUnique().HasFilter("decision IS NULL").HasDatabaseName("ix_staff_reset_open");
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(r => r.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
