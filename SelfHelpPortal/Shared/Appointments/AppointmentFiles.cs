using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Appointments;

/// <summary>A calendar file as it goes out by mail; it never changes, whatever becomes of the appointment.</summary>
internal sealed class AppointmentFile
{
    public required Guid Id { get; init; }
    public required Guid AppointmentId { get; init; }
    public required byte[] Content { get; init; }
}

internal sealed class AppointmentFileConfiguration : IEntityTypeConfiguration<AppointmentFile>
{
    public void Configure(EntityTypeBuilder<AppointmentFile> builder)
    {
        builder.ToTable("appointment_file");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.HasOne<Appointment>().WithMany().HasForeignKey(f => f.AppointmentId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal static class AppointmentFiles
{
    private const string Source = "appointment";

    public static MailAttachmentSource AttachmentSource(IDbContextFactory<PortalDbContext> contexts) =>
        new(Source, async (id, cancellationToken) =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.Set<AppointmentFile>().Where(f => f.Id == id).Select(f => f.Content).SingleOrDefaultAsync(cancellationToken);
        });

    /// <summary>Adds the file to the caller's context.</summary>
    /// <returns>What a mail names to carry it.</returns>
    public static MailAttachment Keep(PortalDbContext db, Guid appointmentId, CalendarEntry entry)
    {
        var file = new AppointmentFile
        {
            Id = Guid.CreateVersion7(entry.WrittenAt),
            AppointmentId = appointmentId,
            Content = CalendarFile.Write(entry),
        };
        db.Add(file);
        return new MailAttachment(
            Source, file.Id, "appointment.ics", CalendarFile.ContentType(entry.IsCancelled), InvoiceDocument.HashOf(file.Content),
            file.Content.Length);
    }
}
