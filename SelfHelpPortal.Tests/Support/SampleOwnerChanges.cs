using SelfHelpPortal.Licensing.Ownership;

namespace SelfHelpPortal.Tests.Support;

internal static partial class SampleOwnerChanges
{
    private static int _count;

    public static OwnerWish Wish(OwnerChangeKind kind, string product) => new()
    {
        Kind = kind,
        ProductId = product,
        Licensee = new LicenseeData
        {
            Company = kind == OwnerChangeKind.Data ? "Muster Gastro AG" : "Beispiel Betriebs GmbH",
            Street = "Beispielweg 2",
            PostalCode = "54321",
            City = "Beispielstadt",
            Country = "DE",
            Email = kind == OwnerChangeKind.Data ? null : $"neu-{Interlocked.Increment(ref _count)}@beispiel.example",
        },
        AskedBy = "Erika Muster",
        Language = "de",
    };
}
