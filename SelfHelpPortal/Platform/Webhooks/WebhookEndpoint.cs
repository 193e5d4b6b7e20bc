using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Webhooks;

/// <summary>An address of the vendor's that wants to hear of events.</summary>
internal sealed class WebhookEndpoint
{
    public const int LongestUrl = 500;
    public const int LongestDescription = 80;

    public required Guid Id { get; init; }
    public required string Url { get; set; }

    /// <summary>What administrators call it; empty where they do not.</summary>
    public string Description { get; set; } = "";

    /// <summary>Of <see cref="EventTypes.Topics"/>.</summary>
    public required string[] Topics { get; set; }

    /// <summary>Signs what is sent; sealed.</summary>
    public required byte[] Secret { get; set; }

    /// <summary>The secret before the last exchange, which signs too for a while; sealed.</summary>
    public byte[]? FormerSecret { get; set; }

    public DateTimeOffset? FormerSecretUntil { get; set; }

    /// <summary>The account.</summary>
    public required Guid CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The id of the last event that was looked at for it. What was before it was made is nobody's business there.</summary>
    public required long LastEventId { get; set; }

    /// <summary>Since when nothing has arrived; null while it does.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>The account; null when the portal gave it up.</summary>
    public Guid? DisabledBy { get; set; }

    /// <summary>Without its path, which may hold a secret of the receiver's: for logs.</summary>
    public string Host => new Uri(Url).Authority;
}

internal enum WebhookState
{
    /// <summary>Waits for its time, or is being sent.</summary>
    Pending,
    Delivered,

    /// <summary>It was tried for days.</summary>
    GivenUp,
}

/// <summary>One event for one endpoint.</summary>
internal sealed class WebhookDelivery
{
    /// <summary>The receiver knows it by this, however often it comes.</summary>
    public required Guid Id { get; init; }

    public required Guid EndpointId { get; init; }

    /// <summary>Null for a test.</summary>
    public long? EventId { get; init; }

    public required string Type { get; init; }

    /// <summary>What is sent and signed, to the byte.</summary>
    public required string Body { get; init; }

    public WebhookState State { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>Until when it is given up if it does not arrive.</summary>
    public required DateTimeOffset TriedUntil { get; set; }

    /// <summary>Of this row since it was made, or since somebody sent it again.</summary>
    public int Attempts { get; set; }

    /// <summary>Who has claimed it; whoever lost the lease writes nothing.</summary>
    public Guid? LeaseToken { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }
    public DateTimeOffset? LastTriedAt { get; set; }

    /// <summary>The status code of the last answer; null when there was none.</summary>
    public int? LastStatus { get; set; }

    /// <summary>Why there was none.</summary>
    public WebhookFault? LastFault { get; set; }
}

internal sealed class WebhookEndpointConfiguration : IEntityTypeConfiguration<WebhookEndpoint>
{
    public void Configure(EntityTypeBuilder<WebhookEndpoint> builder)
    {
        builder.ToTable("webhook_endpoint");
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Url).HasMaxLength(WebhookEndpoint.LongestUrl);
        builder.Property(e => e.Description).HasMaxLength(WebhookEndpoint.LongestDescription).HasDefaultValue("");
        builder.Ignore(e => e.Host);
    }
}

internal sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("webhook_delivery");
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Property(d => d.Type).HasMaxLength(60);
        builder.Property(d => d.State).HasConversion<string>().HasMaxLength(20);
        builder.Property(d => d.LastFault).HasConversion<string>().HasMaxLength(20);
        builder.HasOne<WebhookEndpoint>().WithMany().HasForeignKey(d => d.EndpointId).OnDelete(DeleteBehavior.Cascade);

        // An event goes to an endpoint once, whatever happens to the node that writes it down.
        builder.HasIndex(d => new { d.EndpointId, d.EventId }).IsUnique();
        builder.HasIndex(d => d.DueAt).HasFilter("state = 'Pending'").HasDatabaseName("ix_webhook_delivery_due");
        builder.HasIndex(d => d.CreatedAt);
    }
}
