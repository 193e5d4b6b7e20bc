namespace SelfHelpPortal.Licensing;

/// <summary>Somebody who had a license before its present customer. Who has it now is said by the license alone.</summary>
public sealed class LicenseHolder
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid LicenseId { get; init; }
    public required Guid CustomerId { get; set; }

    /// <summary>When it was entered, or when the one before handed it over.</summary>
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset Until { get; init; }
}
