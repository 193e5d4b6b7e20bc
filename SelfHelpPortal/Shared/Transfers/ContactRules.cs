using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>What is missing or malformed: the field's name and the key of its words.</summary>
internal sealed record ContactProblem(string Field, string Word, string? Value = null);

/// <summary>The rules of the contact page; the order checks them again.</summary>
internal static class ContactRules
{
    public const int RemarkLimit = DraftLimits.Remark;

    private const int LineLimit = DraftLimits.Line;

    public static IEnumerable<ContactProblem> ProblemsOf(DraftContact contact)
    {
        (string Field, string? Value)[] needed = [(nameof(contact.Name), contact.Name), (nameof(contact.Email), contact.Email)];
        (string Field, string? Value)[] given =
            [(nameof(contact.Phone), contact.Phone), (nameof(contact.BuyerReference), contact.BuyerReference),
                (nameof(contact.OrderNumber), contact.OrderNumber)];
        foreach (var problem in Missing(needed).Concat(TooLong([.. needed, .. given])).Concat(AddressProblemsOf(contact)))
        {
            yield return problem;
        }

        if (!string.IsNullOrWhiteSpace(contact.Email) && MailAddresses.Normalize(contact.Email) is null)
        {
            yield return new(nameof(contact.Email), MailAddresses.WordOfProblem(contact.Email));
        }

        if (AuthorityProblemOf(contact) is { } authority)
        {
            yield return authority;
        }

        if (contact.Remark is { Length: > RemarkLimit })
        {
            yield return new(nameof(contact.Remark), "RemarkTooLong");
        }
    }

    /// <summary>A public office gets nowhere with a wrong number: its mailbox refuses the invoice.</summary>
    private static ContactProblem? AuthorityProblemOf(DraftContact contact) => contact switch
    {
        { IsAuthority: false } => null,
        { BuyerReference: null } => new(nameof(contact.BuyerReference), "EnterLeitwegId"),
        _ when !LeitwegId.IsWellFormed(contact.BuyerReference) => new(nameof(contact.BuyerReference), "LeitwegIdForm"),
        _ when !LeitwegId.IsValid(contact.BuyerReference) => new(nameof(contact.BuyerReference), "LeitwegIdDigits"),
        _ => null,
    };

    /// <summary>Of the part that stands on an invoice: company, address and VAT id.</summary>
    public static IEnumerable<ContactProblem> AddressProblemsOf(DraftContact contact)
    {
        (string Field, string? Value)[] needed =
        [
            (nameof(contact.Street), contact.Street), (nameof(contact.PostalCode), contact.PostalCode),
                (nameof(contact.City), contact.City), (nameof(contact.Country), contact.Country),
        ];
        foreach (var problem in Missing(needed)
            .Concat(TooLong([(nameof(contact.Company), contact.Company), .. needed, (nameof(contact.VatId), contact.VatId)])))
        {
            yield return problem;
        }

        if (!string.IsNullOrWhiteSpace(contact.PostalCode) && !PostalCodes.IsWellFormed(contact.Country ?? "", contact.PostalCode))
        {
            yield return new(nameof(contact.PostalCode), "PostalCodeForm", PostalCodes.Example(contact.Country!));
        }

        if (!string.IsNullOrWhiteSpace(contact.Country) && !Countries.All.Contains(contact.Country))
        {
            yield return new(nameof(contact.Country), "EnterCountry");
        }
        else if (!string.IsNullOrWhiteSpace(contact.VatId) && VatTerritories.Find(contact.Country ?? "").Country is var country
            && !VatIds.CanBeOf(country, VatIds.Normalize(contact.VatId)))
        {
            yield return new(nameof(contact.VatId), "VatIdForm", contact.Country);
        }
    }

    private static IEnumerable<ContactProblem> Missing(IEnumerable<(string Field, string? Value)> lines) =>
        lines.Where(l => string.IsNullOrWhiteSpace(l.Value)).Select(l => new ContactProblem(l.Field, $"Enter{l.Field}"));

    private static IEnumerable<ContactProblem> TooLong(IEnumerable<(string Field, string? Value)> lines) =>
        lines.Where(l => l.Value is { Length: > LineLimit }).Select(l => new ContactProblem(l.Field, "LineTooLong", l.Value));

    public static TransferContact Checked(DraftContact contact) => new()
    {
        Company = Given(contact.Company),
        Name = contact.Name!.Trim(),
        Email = MailAddresses.Normalize(contact.Email)!,
        Phone = Given(contact.Phone),
        Street = contact.Street!.Trim(),
        PostalCode = contact.PostalCode!.Trim(),
        City = contact.City!.Trim(),
        Country = contact.Country!,
        VatId = Given(contact.VatId) is { } vatId ? VatIds.Normalize(vatId) : null,
        BuyerReference = Given(contact.BuyerReference) is { } reference
            ? contact.IsAuthority ? LeitwegId.Normalize(reference) : reference
            : null,
        InvoiceFormat = contact.IsAuthority ? contact.InvoiceFormat ?? InvoiceFormat.XRechnung : null,
        OrderNumber = Given(contact.OrderNumber),
        Remark = Given(contact.Remark),
    };

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
