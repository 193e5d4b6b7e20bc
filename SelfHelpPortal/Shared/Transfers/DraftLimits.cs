using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// How much a draft holds. The pages refuse what is longer in their own words; this is the last look before it is stored, so that no page
/// stores more.
/// </summary>
internal static class DraftLimits
{
    /// <summary>Rows of one draft; more tills than that are for a telephone call.</summary>
    public const int Rows = 20;

    /// <summary>A code as it was typed or pasted, right or wrong, with some words around it.</summary>
    public const int TypedCode = 400;

    public const int LicenseNumber = 60;
    public const int PcName = 200;
    public const int AppVersion = 60;
    public const int TillName = 100;

    /// <summary>
    /// A line of an address, or of what else stands on an invoice: longer than any needs, and short enough for an invoice's address field.
    /// </summary>
    public const int Line = 120;

    public const int Remark = 2000;

    /// <summary>All of a draft together, in characters.</summary>
    public const int Total = 30_000;

    private const int ProductId = 60;
    private const int Code = 2;

    /// <summary>What is too long; null when the draft may be stored.</summary>
    public static string? Validate(TransferDraft draft)
    {
        if (draft.Items.Count > Rows || draft.WorkingPcs.Count > Rows)
        {
            return "more rows than allowed";
        }

        var fields = FieldsOf(draft).ToList();
        return fields.Find(f => f.Text is { Length: var length } && length > f.Limit) is { Name: { } name } ? name
            : fields.Sum(f => f.Text?.Length ?? 0) > Total ? "more in all than allowed"
            : null;
    }

    private static IEnumerable<(string Name, string? Text, int Limit)> FieldsOf(TransferDraft draft)
    {
        yield return (nameof(draft.ProductId), draft.ProductId, ProductId);
        foreach (var item in draft.Items)
        {
            yield return (nameof(item.HardwareCode), item.HardwareCode, TypedCode);
            yield return (nameof(item.LicenseNumber), item.LicenseNumber, LicenseNumber);
            yield return (nameof(item.PcName), item.PcName, PcName);
            yield return (nameof(item.AppVersion), item.AppVersion, AppVersion);
        }

        foreach (var pc in draft.WorkingPcs)
        {
            yield return (nameof(pc.Name), pc.Name, TillName);
            yield return (nameof(pc.HardwareCode), pc.HardwareCode, TypedCode);
        }

        if (draft.Contact is not { } contact)
        {
            yield break;
        }

        (string Name, string? Text)[] lines =
        [
            (nameof(contact.Company), contact.Company), (nameof(contact.Name), contact.Name), (nameof(contact.Email), contact.Email),
                (nameof(contact.Phone), contact.Phone),
            (nameof(contact.Street), contact.Street), (nameof(contact.PostalCode), contact.PostalCode),
            (nameof(contact.City), contact.City),
            (nameof(contact.VatId), contact.VatId), (nameof(contact.BuyerReference), contact.BuyerReference),
            (nameof(contact.OrderNumber), contact.OrderNumber),
        ];
        foreach (var (name, text) in lines)
        {
            yield return (name, text, Line);
        }

        yield return (nameof(contact.Country), contact.Country, Code);
        yield return (nameof(contact.Language), contact.Language, Code);
        yield return (nameof(contact.Remark), contact.Remark, Remark);
    }
}
