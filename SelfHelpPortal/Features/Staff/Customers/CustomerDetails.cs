using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Licenses;
using Buyer = SelfHelpPortal.Licensing.Customer;

namespace SelfHelpPortal.Features.Staff.Customers;

/// <summary>One field that differs.</summary>
/// <param name="Field">Of <see cref="CustomerField"/>.</param>
internal sealed record CustomerDifference(string Field, string Before, string After);

/// <summary>What staff may change of a customer without further ado; the address on file is none of it.</summary>
internal sealed record CustomerDetails(
    string Company, bool IsConsumer, string Language, string? Street, string? PostalCode, string? City, string Country, string? VatId,
    InvoiceFormat InvoiceFormat)
{
    private bool HasAddress => Street is not null || PostalCode is not null || City is not null;

    public static CustomerDetails From(Buyer customer) => new(
        customer.Company, customer.IsConsumer, customer.Language, customer.Street, customer.PostalCode, customer.City, customer.Country,
        customer.VatId, customer.InvoiceFormat);

    /// <param name="language">Where none is given.</param>
    public static CustomerDetails From(NewCustomer given, string language) => new(
        given.Company, given.IsConsumer, given.Language ?? language, given.Street, given.PostalCode, given.City, given.Country,
        given.VatId, given.InvoiceFormat);

    public void WriteTo(Buyer customer)
    {
        (customer.Company, customer.IsConsumer, customer.Language) = (Company, IsConsumer, Language);
        (customer.Street, customer.PostalCode, customer.City) = (Street, PostalCode, City);
        (customer.Country, customer.VatId, customer.InvoiceFormat) = (Country, VatId, InvoiceFormat);
    }

    /// <summary>What differs between this and what came after it.</summary>
    public IReadOnlyList<CustomerDifference> To(CustomerDetails later) =>
        [.. Fields().Zip(later.Fields(), (before, after) => new CustomerDifference(before.Field, before.Value, after.Value))
            .Where(both => both.Before != both.After)];

    /// <summary>
    /// These details with what only the other customer has. An address is one thing: a street of the one and a town of the other would be
    /// nobody's.
    /// </summary>
    public CustomerDetails FilledFrom(CustomerDetails other)
    {
        var filled = HasAddress
            ? this
            : this with
            {
                Street = other.Street,
                PostalCode = other.PostalCode,
                City = other.City,
                Country = other.AddressCountry(Country),
            };
        return filled.VatId is null && other.VatId is { } vatId && filled.Country == other.Country
            ? filled with { VatId = vatId }
            : filled;
    }

    private string AddressCountry(string otherwise) => HasAddress ? Country : otherwise;

    /// <summary>Every field as text; nothing where it is empty.</summary>
    public (string Field, string Value)[] Fields() =>
    [
        (CustomerField.Company, Company), (CustomerField.IsConsumer, IsConsumer ? "true" : "false"), (CustomerField.Language, Language),
        (CustomerField.Street, Street ?? ""), (CustomerField.PostalCode, PostalCode ?? ""), (CustomerField.City, City ?? ""),
        (CustomerField.Country, Country), (CustomerField.VatId, VatId ?? ""),
        (CustomerField.InvoiceFormat, InvoiceFormat.ToString()),
    ];
}
