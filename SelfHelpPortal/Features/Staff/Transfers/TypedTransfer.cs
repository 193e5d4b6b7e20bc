using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>A caller's order as a clerk has typed it, or taken it over from a mail.</summary>
internal sealed record TypedTransfer
{
    /// <summary>The fields of <see cref="DraftContact"/> that a clerk fills in, in the order of the form.</summary>
    public static readonly IReadOnlyList<string> ContactFields =
    [
        nameof(DraftContact.Company), nameof(DraftContact.Name), nameof(DraftContact.Email), nameof(DraftContact.Phone),
        nameof(DraftContact.Street), nameof(DraftContact.PostalCode), nameof(DraftContact.City), nameof(DraftContact.VatId),
        nameof(DraftContact.OrderNumber), nameof(DraftContact.Remark),
    ];

    /// <summary>Number, serial or key.</summary>
    public string License { get; set; } = "";

    /// <summary>The code, or the text of a license information file.</summary>
    public string NewHardware { get; set; } = "";

    /// <summary>Codes of tills that still work, with anything between them.</summary>
    public string WorkingPcs { get; set; } = "";

    public TransferRemedy? Remedy { get; set; }

    public string Country { get; set; } = "DE";

    /// <summary>A consumer has asked for it before the withdrawal period ends.</summary>
    public bool EarlyStart { get; set; }

    public Dictionary<string, string> Contact { get; init; } = [];

    public string ContactOf(string field) => Contact.GetValueOrDefault(field) ?? "";

    public DraftContact AsDraft(string language) => new()
    {
        Company = Given(nameof(DraftContact.Company)),
        Name = Given(nameof(DraftContact.Name)),
        Email = Given(nameof(DraftContact.Email)),
        Phone = Given(nameof(DraftContact.Phone)),
        Street = Given(nameof(DraftContact.Street)),
        PostalCode = Given(nameof(DraftContact.PostalCode)),
        City = Given(nameof(DraftContact.City)),
        Country = Country,
        VatId = Given(nameof(DraftContact.VatId)),
        OrderNumber = Given(nameof(DraftContact.OrderNumber)),
        Remark = Given(nameof(DraftContact.Remark)),
        Language = language,
    };

    /// <summary>What the mail says; of the rest what was typed before, and then what is on file.</summary>
    public void Fill(DraftContact read, Licensing.Customer? onFile)
    {
        (string Field, string? Said, string? Kept)[] values =
        [
            (nameof(read.Company), read.Company, onFile is { IsConsumer: false } ? onFile.Company : null),
            (nameof(read.Name), read.Name, onFile is { IsConsumer: true } ? onFile.Company : null),
            (nameof(read.Email), read.Email, onFile?.Email),
            (nameof(read.Phone), read.Phone, null),
            (nameof(read.VatId), read.VatId, onFile?.VatId),
            (nameof(read.OrderNumber), read.OrderNumber, null),
            (nameof(read.Remark), read.Remark, null),
        ];

        // Never a street from here and a town from there.
        var kept = onFile;
        if (read.Street is not null || read.PostalCode is not null || read.City is not null
            || ContactOf(nameof(read.Street)).Length > 0 || ContactOf(nameof(read.City)).Length > 0)
        {
            kept = null;
        }

        Country = kept?.Country ?? Country;
        (string Field, string? Said, string? Kept)[] address =
        [
            (nameof(read.Street), read.Street, kept?.Street),
            (nameof(read.PostalCode), read.PostalCode, kept?.PostalCode),
            (nameof(read.City), read.City, kept?.City),
        ];
        foreach (var (field, said, file) in values.Concat(address).Where(v => ContactOf(v.Field).Length == 0 || v.Said is not null))
        {
            Contact[field] = said ?? file ?? "";
        }
    }

    /// <summary>As it may be kept until it is sent. No key is stored anywhere, so what may be one is left out.</summary>
    public TypedTransfer WithoutKeys()
    {
        return this with
        {
            License = LicenseNumber.ReadDigits(License) ?? "",
            NewHardware = WithoutKey(NewHardware),
            WorkingPcs = WithoutKey(WorkingPcs),
            Contact = Contact.ToDictionary(field => field.Key, field => WithoutKey(field.Value)),
        };

        static string WithoutKey(string text) => CodeFinder.Find(text, CodeKind.ActivationKey) is null ? text : "";
    }

    private string? Given(string field) => ContactOf(field).Trim() is { Length: > 0 } text ? text : null;
}

/// <summary>What stands against a typed order, by its field.</summary>
internal static class TransferProblems
{
    public static readonly BrokenRule NoLicense = new(
        nameof(TypedTransfer.License),
        "Diese Lizenz kennen wir nicht. Geben Sie Nummer, Seriennummer oder Aktivierungsschlüssel an, oder suchen Sie den Kunden.",
        "We do not know this license. Enter its number, serial number or activation key, or search for the customer.");

    public static readonly BrokenRule NoOwner = new(
        nameof(TypedTransfer.License),
        "Dieser Kunde hat seine Daten löschen lassen; niemand kann der Bestellung zustimmen.",
        "This customer had its data erased; nobody can agree to the order.");

    public static readonly BrokenRule NotOffered = new(
        nameof(TypedTransfer.License),
        "Für dieses Produkt gibt es keine kostenpflichtige Migration.",
        "There is no paid migration of this product.");

    public static readonly BrokenRule NothingToMove = new(
        nameof(TypedTransfer.License),
        "Kein PC benutzt diese Lizenz: Der Kunde kann sie ohne Bestellung auf dem neuen PC aktivieren.",
        "No PC uses this license: the customer can activate it on the new PC without an order.");

    public static readonly BrokenRule Hardware = new(
        nameof(TypedTransfer.NewHardware),
        "Hier fehlt der Hardwarecode des neuen PCs, oder er ist nicht vollständig: Er hat 35 Zeichen und beginnt mit H.",
        "The hardware code of the new PC is missing or incomplete: it has 35 characters and starts with H.");

    public static readonly BrokenRule FewParts = new(
        nameof(TypedTransfer.NewHardware),
        "Dieser Code nennt zu wenige Teile des PCs. Erlauben Sie das zuerst auf der Seite der Lizenz.",
        "This code names too few parts of the PC. Allow that on the license's page first.");

    public static readonly BrokenRule WorkingPcs = new(
        nameof(TypedTransfer.WorkingPcs), "Darin steht kein Hardwarecode.", "There is no hardware code in this.");

    public static readonly BrokenRule NoRemedy = new(
        nameof(TypedTransfer.Remedy), "Wählen Sie Gebühr oder Verlängerung.", "Choose fee or renewal.");

    public static readonly BrokenRule EarlyStart = new(
        nameof(TypedTransfer.EarlyStart),
        "Ein Verbraucher muss verlangen, dass wir vor Ende der Widerrufsfrist beginnen.",
        "A consumer has to ask us to begin before the withdrawal period ends.");

    public static readonly BrokenRule PriceChanged = new(
        nameof(TypedTransfer.Remedy),
        "Der Preis hat sich eben geändert. Prüfen Sie ihn noch einmal mit dem Kunden.",
        "The price has just changed. Check it with the customer once more.");

    public static readonly BrokenRule TooLong = new(
        nameof(DraftContact.Remark), "Das ist zu lang für eine Bestellung.", "This is too long for an order.");

    public static BrokenRule OldPc(string license) => new(
        nameof(TypedTransfer.NewHardware),
        $"Dieser Code gehört zur Lizenz {license}, das ist der alte PC. Wir brauchen den Code des neuen PCs.",
        $"This code belongs to license {license}, that is the old PC. We need the new PC's code.");
}
