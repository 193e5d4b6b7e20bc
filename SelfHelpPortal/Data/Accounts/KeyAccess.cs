namespace SelfHelpPortal.Data.Accounts;

/// <summary>
/// An account that was shown the key of a license sees and releases that license alone. It belongs to the customer, with a
/// <see cref="CustomerMember"/> in place of this, once an owner or the address on file has agreed.
/// </summary>
internal sealed class KeyAccess
{
    public required Guid UserId { get; init; }

    public required Guid LicenseId { get; init; }

    /// <summary>Of the license then: should it come to another customer, the key's access ends.</summary>
    public required Guid CustomerId { get; init; }

    public required DateTimeOffset Since { get; init; }
}
