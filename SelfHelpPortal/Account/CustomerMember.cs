namespace SelfHelpPortal.Account;

/// <summary>What a person may do for a customer. The order is the order of what is allowed.</summary>
internal enum CustomerRole
{
    /// <summary>Sees the licenses and releases computers.</summary>
    Member,

    /// <summary>Everything: invoices, renewals, the customer's data, and who else belongs to it.</summary>
    Owner,
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
