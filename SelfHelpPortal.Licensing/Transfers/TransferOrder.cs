using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing.Transfers;

/// <summary>A checked draft: everything that is ordered, as it becomes part of the request and of its invoice.</summary>
public sealed record TransferOrder
{
    public required TransferRemedy Remedy { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<OrderedItem> Items { get; init; }

    public IReadOnlyList<OrderedPc> WorkingPcs { get; init; } = [];

    public required TransferContact Contact { get; init; }

    /// <summary>What was shown beside the button.</summary>
    public required ShownPrice Price { get; init; }

    /// <summary><c>de</c> or <c>en</c>, the language of the pages and of every mail that follows.</summary>
    public required string Language { get; init; }

    /// <summary>The owner, when the license is known.</summary>
    public Guid? CustomerId { get; init; }
}

/// <summary>One dead PC.</summary>
/// <param name="NewHardware">Of the computer that takes its place.</param>
/// <param name="StatedLicense">Number or serial as it was typed.</param>
/// <param name="LicenseId">The license it had, when that is known.</param>
/// <param name="ActivationId">The activation that ends with the transfer, when that is known.</param>
public sealed record OrderedItem(
    HardwareCode NewHardware, string? NewPcName, string? AppVersion, string? StatedLicense, Guid? LicenseId, Guid? ActivationId,
    TransferIdentification IdentifiedBy);

/// <summary>A computer that still works.</summary>
public sealed record OrderedPc(string? Name, HardwareCode HardwareCode);

/// <summary>Whom to write to, and the invoice's address.</summary>
public sealed record TransferContact
{
    /// <summary>Null for a consumer.</summary>
    public string? Company { get; init; }

    public required string Name { get; init; }
    public required string Email { get; init; }
    public string? Phone { get; init; }
    public required string Street { get; init; }
    public required string PostalCode { get; init; }
    public required string City { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    public string? VatId { get; init; }

    /// <summary>The "Leitweg-ID" of a public office, or whatever else the buyer wants to read on the invoice.</summary>
    public string? BuyerReference { get; init; }

    /// <summary>What a public office has chosen; null for everybody else.</summary>
    public InvoiceFormat? InvoiceFormat { get; init; }

    public string? OrderNumber { get; init; }

    /// <summary>Free text for people; never read by the portal.</summary>
    public string? Remark { get; init; }
}

/// <summary>The price as the customer saw it. It holds for 30 days, whatever the list says meanwhile.</summary>
public sealed record ShownPrice
{
    public const int HoldsForDays = 30;

    /// <summary>Of the price list.</summary>
    public required Guid EntryId { get; init; }

    /// <summary>Net cents for one license.</summary>
    public required long UnitNetCents { get; init; }

    /// <summary>Null when the rules leave the tax case to staff; what was shown then is without tax.</summary>
    public VatCase? VatCase { get; init; }

    /// <summary>Percent.</summary>
    public required decimal VatRate { get; init; }

    /// <summary>Cents for the whole request, with tax.</summary>
    public required long GrossCents { get; init; }

    /// <summary>The end of the subscription after a renewal; null for a fee.</summary>
    public DateOnly? SubscriptionEnd { get; init; }

    public required DateTimeOffset ShownAt { get; init; }

    public bool Holds(DateTimeOffset now) => now < ShownAt.AddDays(HoldsForDays);
}
