using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Limits;

namespace SelfHelpPortal.Platform.Mail.Requests;

/// <summary>
/// A mail that somebody asked for at a form that anybody can fill in, to an address that may be nobody's. Whether it is written is found
/// out after the answer, so that neither the answer nor its time tells. The row goes once that is done.
/// </summary>
internal sealed class MailRequest
{
    public required Guid Id { get; init; }

    /// <summary>Which <see cref="AskedMailKind"/> writes it.</summary>
    public required string Kind { get; init; }

    /// <summary>As it was typed, normalized.</summary>
    public required string Address { get; init; }

    /// <summary>The language in which it was asked for.</summary>
    public required string Culture { get; init; }

    /// <summary>What the kind needs beside the address, for example the license of a key.</summary>
    public Guid? RecordId { get; init; }

    /// <summary>How long what the mail tells lasts; null where it tells no such thing.</summary>
    public DateTimeOffset? Until { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    public int Failures { get; init; }
}

/// <summary>Finds out who has the address and, if anybody, adds the mail to the context, which is saved with the row's removal.</summary>
/// <param name="Mail">Which line of <see cref="MailLimits"/> it is counted by.</param>
internal sealed record MailRequestKind(string Name, LimitedMail Mail,
    Func<IServiceProvider, PortalDbContext, MailRequest, DateTimeOffset, CancellationToken, Task> WriteAsync);

internal sealed class MailRequestConfiguration : IEntityTypeConfiguration<MailRequest>
{
    public void Configure(EntityTypeBuilder<MailRequest> builder)
    {
        builder.ToTable("asked_mail");
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Kind).HasMaxLength(60);
        builder.Property(m => m.Address).HasMaxLength(254);
        builder.Property(m => m.Culture).HasMaxLength(2);
        builder.HasIndex(m => m.DueAt);
    }
}
