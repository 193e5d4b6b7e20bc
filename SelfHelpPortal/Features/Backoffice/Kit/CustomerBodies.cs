using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Api;
using SelfHelpPortal.Shared.Licenses;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Backoffice.Kit;

/// <summary>The attributes are for the OpenAPI document; <see cref="Read"/> decides.</summary>
internal sealed record CreateCustomerBody
{
    [StringLength(20)]
    [Description("Your own number for the customer, in capitals; without it the portal gives the next one, C-…")]
    public string? Number { get; init; }

    [Required, StringLength(EntryRules.LongestCompany)]
    [Description("Firm, or the person's name.")]
    public string? Company { get; init; }

    [Description("A private person.")]
    public bool? IsConsumer { get; init; }

    [Required, StringLength(254)]
    [Description("The address on file: every release and lock is told there.")]
    public string? Email { get; init; }

    [Description("Of the mails: de or en. Without it de.")]
    public string? Language { get; init; }

    [StringLength(DraftLimits.Line)]
    public string? Street { get; init; }

    [StringLength(DraftLimits.Line)]
    public string? PostalCode { get; init; }

    [StringLength(DraftLimits.Line)]
    public string? City { get; init; }

    [Description("ISO 3166-1 alpha-2. Without it DE.")]
    public string? Country { get; init; }

    [StringLength(DraftLimits.Line)]
    public string? VatId { get; init; }

    public FieldProblem? Read(out NewCustomer? customer)
    {
        customer = null;
        string? street = null, postalCode = null, city = null, vatId = null;
        var problem = Fields.Text("company", Company, EntryRules.LongestCompany, out var company)
            ?? Fields.Text("street", Street, DraftLimits.Line, out street)
            ?? Fields.Text("postalCode", PostalCode, DraftLimits.Line, out postalCode)
            ?? Fields.Text("city", City, DraftLimits.Line, out city)
            ?? Fields.Text("vatId", VatId, DraftLimits.Line, out vatId);
        if (problem is not null)
        {
            return problem;
        }

        if ((company is null ? Fields.Missing("company") : string.IsNullOrWhiteSpace(Email) ? Fields.Missing("email") : null)
            is { } missing)
        {
            return missing;
        }

        var given = new NewCustomer(Number, company!, Email!)
        {
            Language = Language,
            Street = street,
            PostalCode = postalCode,
            City = city,
            Country = Country ?? Countries.Germany,
            VatId = vatId is null ? null : VatIds.Normalize(vatId),
            IsConsumer = IsConsumer ?? false,
        };
        if (EntryRules.FaultsOf(given).FirstOrDefault() is { } field)
        {
            return new FieldProblem("Field." + char.ToUpperInvariant(field[0]) + field[1..], field);
        }

        customer = given with { Email = MailAddresses.Normalize(Email)! };
        return null;
    }
}

internal sealed record CustomerReply
{
    [Description("Names the customer everywhere in this API.")]
    public required string Number { get; init; }

    public required string Company { get; init; }
    public required bool IsConsumer { get; init; }
    public required string Email { get; init; }

    [Description("de or en")]
    public required string Language { get; init; }

    public string? Street { get; init; }
    public string? PostalCode { get; init; }
    public string? City { get; init; }
    public required string Country { get; init; }
    public string? VatId { get; init; }

    [Description("When the customer had the data erased; what is left then is number, language and country.")]
    public DateTimeOffset? ErasedAt { get; init; }

    public static CustomerReply From(Licensing.Customer customer) => new()
    {
        Number = customer.Number,
        Company = customer.Company,
        IsConsumer = customer.IsConsumer,
        Email = customer.Email,
        Language = customer.Language,
        Street = customer.Street,
        PostalCode = customer.PostalCode,
        City = customer.City,
        Country = customer.Country,
        VatId = customer.VatId,
        ErasedAt = customer.ErasedAt,
    };
}
