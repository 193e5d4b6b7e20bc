namespace SelfHelpPortal.Platform.Pdf;

/// <summary>A font of the vendor's cannot be used.</summary>
/// <param name="word">Why: a text of <see cref="Vendor.InvoicingWords"/>.</param>
internal sealed class UnusableFileException(string word) : Exception(word)
{
    public string Word => Message;
}
