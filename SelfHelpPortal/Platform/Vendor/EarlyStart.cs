namespace SelfHelpPortal.Platform.Vendor;

/// <summary>
/// A consumer may withdraw from an order for fourteen days. What is done before is only paid for when the consumer asked for it, and the
/// right ends with the service only when he knew that (§ 356(4) and (5), § 357a(2) BGB). It is asked where the vendor has told consumers
/// of the right; a business has none.
/// </summary>
internal static class EarlyStart
{
    /// <summary>The field of the tick; the form that sends it shows it by <c>BuyerDocuments</c>.</summary>
    public const string Field = "EarlyStart";

    public static bool IsAsked(VendorOptions vendor, bool isConsumer) => isConsumer && VendorDocument.HasWithdrawal(vendor);

    public static bool IsIn(IFormCollection form) => form[Field] == "yes";
}
