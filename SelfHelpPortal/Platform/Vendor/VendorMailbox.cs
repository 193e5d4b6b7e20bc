using MimeKit;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>The addresses of the settings, that is of people whom customers and other programs are told to write to.</summary>
internal static class VendorMailbox
{
    private static readonly ParserOptions Strict = new()
    {
        AddressParserComplianceMode = RfcComplianceMode.Strict,
        AllowAddressesWithoutDomain = false,
    };

    /// <summary>The address without a name that may stand before it, its domain in ASCII; null when the text is not one mailbox.</summary>
    public static string? AddressOf(string? text) =>
        MailboxAddress.TryParse(Strict, text ?? "", out var mailbox) ? mailbox.GetAddress(idnEncode: true) : null;
}
