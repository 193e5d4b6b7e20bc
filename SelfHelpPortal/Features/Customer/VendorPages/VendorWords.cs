namespace SelfHelpPortal.Features.Customer.VendorPages;

/// <summary>Names the words of the pages about the vendor.</summary>
public sealed class VendorWords;
