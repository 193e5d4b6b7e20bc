using System.Text.Json;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Api;
using SelfHelpPortal.Shared.Licenses;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Customers;

/// <summary>A customer as somebody types it, by the names of <see cref="CustomerField"/>.</summary>
public sealed class CustomerInput
{
    private readonly Dictionary<string, string> _typed = [];

    public bool IsConsumer { get; set; }

    public string this[string field]
    {
        get => _typed.GetValueOrDefault(field, "");
        set => _typed[field] = value;
    }

    internal static CustomerInput From(CustomerDetails details) => new()
    {
        IsConsumer = details.IsConsumer,
        [CustomerField.Company] = details.Company,
        [CustomerField.Language] = details.Language,
        [CustomerField.Street] = details.Street ?? "",
        [CustomerField.PostalCode] = details.PostalCode ?? "",
        [CustomerField.City] = details.City ?? "",
        [CustomerField.Country] = details.Country,
        [CustomerField.VatId] = details.VatId ?? "",
        [CustomerField.InvoiceFormat] = details.InvoiceFormat.ToString(),
    };

    /// <summary>All that was typed, so that another content is noticed.</summary>
    public string Keep() => JsonSerializer.Serialize(new { IsConsumer, _typed });

    /// <summary>As the database will have it.</summary>
    /// <param name="isNew">False: number and address on file are not asked for and stay empty.</param>
    /// <param name="customer">Set when nothing is wrong.</param>
    /// <returns>What is wrong, with the field that it stands in.</returns>
    internal IReadOnlyList<BrokenRule> Read(bool isNew, out NewCustomer? customer)
    {
        customer = null;
        List<BrokenRule> problems = [];
        var company = Text(CustomerField.Company, EntryRules.LongestCompany);
        var street = Text(CustomerField.Street, DraftLimits.Line);
        var postalCode = Text(CustomerField.PostalCode, DraftLimits.Line);
        var city = Text(CustomerField.City, DraftLimits.Line);
        var vatId = Text(CustomerField.VatId, DraftLimits.Line);
        if (company is null && problems.TrueForAll(p => p.Id != CustomerField.Company))
        {
            problems.Add(CustomerField.Missing);
        }

        var (number, email) = isNew ? (this[CustomerField.Number].Trim(), this[CustomerField.Email].Trim()) : ("", "");
        var given = new NewCustomer(number.Length == 0 ? null : number, company ?? "", email)
        {
            IsConsumer = IsConsumer,
            Language = this[CustomerField.Language],
            Street = street,
            PostalCode = postalCode,
            City = city,
            Country = this[CustomerField.Country],
            VatId = vatId is null ? null : VatIds.Normalize(vatId),
            InvoiceFormat = InvoiceFormatChoices.Read(this[CustomerField.InvoiceFormat]) ?? InvoiceFormat.Zugferd,
        };
        problems.AddRange(EntryRules.FaultsOf(given).Where(field => isNew || field != CustomerField.Email)
            .Select(field => CustomerField.Faulty(field, this[field].Trim())));
        if (problems.Count == 0)
        {
            customer = given with { Email = MailAddresses.Normalize(given.Email) ?? "" };
        }

        return problems;

        string? Text(string field, int longest)
        {
            if (!ValidText.Is(this[field]))
            {
                problems.Add(CustomerField.NotText(field));
            }
            else if (Fields.Text(field, this[field], longest, out var text) is null)
            {
                return text;
            }
            else
            {
                problems.Add(CustomerField.TooLong(field, longest));
            }

            return null;
        }
    }
}

/// <summary>The fields of a customer, by their names in the API, and what can be wrong with them.</summary>
internal static class CustomerField
{
    public const string Number = "number";
    public const string Company = "company";
    public const string Email = "email";
    public const string Language = "language";
    public const string Street = "street";
    public const string PostalCode = "postalCode";
    public const string City = "city";
    public const string Country = "country";
    public const string VatId = "vatId";

    /// <summary>What its invoices are, where an order does not say.</summary>
    public const string InvoiceFormat = "invoiceFormat";

    /// <summary>Whether a private person; no text.</summary>
    public const string IsConsumer = "isConsumer";

    public static readonly BrokenRule Missing = new(Company, "Geben Sie die Firma oder den Namen an.", "Enter the company or the name.");

    public static readonly BrokenRule NumberTaken =
        new(Number, "Diese Nummer hat schon ein Kunde.", "A customer has this number already.");

    public static BrokenRule TooLong(string field, int longest) =>
        new(field, $"Höchstens {longest} Zeichen.", $"At most {longest} characters.");

    public static BrokenRule NotText(string field) =>
        new(field, "Hier steht ein Zeichen, das kein Text ist.", "This holds a character that is not text.");

    public static BrokenRule Faulty(string field, string typed) => field switch
    {
        Email => new(field, "Geben Sie eine E-Mail-Adresse wie name@example.com an.", "Enter an e-mail address such as name@example.com."),
        Number => new(
            field, $"„{typed}“ ist keine Nummer wie C-10042: höchstens 20 Großbuchstaben, Ziffern und Bindestriche.",
            $"“{typed}” is not a number such as C-10042: at most 20 capitals, digits and hyphens."),
        Language => new(field, "Wählen Sie die Sprache.", "Choose the language."),
        Country => new(field, "Wählen Sie das Land.", "Choose the country."),
        PostalCode => new(field, "Eine deutsche Postleitzahl hat fünf Ziffern.", "A German postal code has five digits."),
        VatId => new(
            field, "Das ist keine USt-IdNr. dieses Landes. Prüfen Sie Nummer und Land.",
            "This is not a VAT id of that country. Check the number and the country."),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "No rule of a customer names this field; add its sentence here."),
    };
}
