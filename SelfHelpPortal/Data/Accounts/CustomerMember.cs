
namespace SelfHelpPortal.Data.Accounts;

/// <summary>What a person may do for a customer. The order is the order of what is allowed.</summary>
internal enum CustomerRole
{
    /// <summary>Has the key of a license and sees that license alone; stands in <see cref="KeyAccess"/>, never in a membership.</summary>
    KeyHolder = -1,

    /// <summary>Sees the licenses and releases computers.</summary>
    Member = 0,

    /// <summary>Everything: invoices, renewals, the customer's data, and who else belongs to it.</summary>
    Owner = 1,
}

/// <summary>An account that belongs to a customer. A person may belong to several customers, and a customer has several people.</summary>
internal sealed class CustomerMember
{
    public required Guid CustomerId { get; init; }

    public required Guid UserId { get; init; }

    public required CustomerRole Role { get; set; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>An owner wants a copy of the mails about releases at the account's own address.</summary>
    public bool CopiesReleases { get; set; }

    /// <summary>The same of the mails about locks and what leads to them.</summary>
    public bool CopiesLocks { get; set; }
}
