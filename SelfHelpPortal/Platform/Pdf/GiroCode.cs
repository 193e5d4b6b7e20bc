using System.Text;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// What the code on the invoice says: a SEPA credit transfer that a banking app reads. Source: EPC069-12, version 002. QRCoder's own
/// payload is not used: it declares UTF-8 and writes ISO 8859-1, and a line break in a name shifts its fields.
/// </summary>
internal static class GiroCode
{
    /// <summary>What fits into QR version 13 with error correction M, the largest that the standard allows.</summary>
    private const int MaxBytes = 331;

    private const int MaxName = 70;
    private const int MaxText = 140;

    private static readonly Money Least = new(1);
    private static readonly Money Most = new(999_999_999_99);

    /// <summary>Null where there is nothing to pay: drafts, cancellations, amounts that no transfer can have.</summary>
    /// <param name="outstanding">What is left to pay, where a part has come in.</param>
    public static byte[]? For(InvoiceContent invoice, Money? outstanding = null)
    {
        var due = outstanding ?? invoice.Totals.Gross;
        return invoice is { Kind: InvoiceKind.Invoice, Number: { } number } && due >= Least && due <= Most
            ? Payload(invoice.Seller, due, number)
            : null;
    }

    private static byte[] Payload(InvoiceSeller payee, Money amount, string text)
    {
        if (!Iban.IsValid(payee.Iban))
        {
            throw new ArgumentException("The payee's IBAN is wrong.", nameof(payee));
        }

        // Version, character set (1 is UTF-8), kind of transfer, bank, payee, account, amount; no purpose, no structured reference; text.
        string[] lines =
        [
            "BCD", "002", "1", "SCT", Line(payee.Bic ?? "", 11), Line(payee.Name, MaxName), payee.Iban, $"{Money.Currency}{amount}", "", "",
                Line(text, MaxText),
        ];
        var payload = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        return payload.Length <= MaxBytes
            ? payload
            : throw new ArgumentException($"{payload.Length} bytes; a code holds {MaxBytes}.", nameof(text));
    }

    /// <summary>A line break would shift every field after it.</summary>
    private static string Line(string text, int most)
    {
        var line = string.Concat(text.Select(symbol => char.IsControl(symbol) || symbol is '\u2028' or '\u2029' ? ' ' : symbol)).Trim();
        return line.Length <= most ? line : line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)].TrimEnd();
    }
}
