using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>The formats that a public office may choose from, with that which the law asks for first.</summary>
internal static class InvoiceFormatChoices
{
    public static IReadOnlyList<Choice> All(IStringLocalizer<TransferWords> words) =>
    [
        .. new[] { InvoiceFormat.XRechnung, InvoiceFormat.Zugferd, InvoiceFormat.PlainPdf }
            .Select(format => new Choice(format.ToString(), words["InvoiceFormat." + format])),
    ];

    /// <summary>Null for whatever is none of them.</summary>
    public static InvoiceFormat? Read(string? typed) =>
        Enum.GetValues<InvoiceFormat>().Where(format => format.ToString() == typed).Select(format => (InvoiceFormat?)format)
            .FirstOrDefault();
}
