using System.Collections.Frozen;
using SelfHelpPortal.Features.Staff.Kit.Lists;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>What a column may be read as, under the names of the documentation, and what others call it.</summary>
internal static class ImportField
{
    public const string Product = "product";
    public const string LicenseNumber = "license_number";
    public const string Serial = "serial";
    public const string ActivationKey = "activation_key";
    public const string Seats = "seats";
    public const string MaintenanceUntil = "maintenance_until";
    public const string CustomerNumber = "customer_number";
    public const string Company = "company";
    public const string Email = "email";
    public const string Language = "language";
    public const string Street = "street";
    public const string PostalCode = "postal_code";
    public const string City = "city";
    public const string Country = "country";
    public const string VatId = "vat_id";

    /// <summary>In the order in which they are exported.</summary>
    public static readonly string[] All =
    [
        Product, LicenseNumber, Serial, ActivationKey, Seats, MaintenanceUntil, CustomerNumber, Company, Email, Language, Street,
        PostalCode, City, Country, VatId,
    ];

    public static readonly string[] Needed = [Product, Company, Email];

    private static readonly FrozenDictionary<string, string> Names = Synonyms().ToFrozenDictionary(s => s.Name, s => s.Field);

    /// <summary>For each column the field that its name means; empty where there is none, or an earlier column has it.</summary>
    public static string[] Guess(IEnumerable<string> header)
    {
        HashSet<string> taken = [];
        return
        [
            .. header.Select(name =>
                Names.GetValueOrDefault(ListReader.PlainHeading(name)) is { } field && taken.Add(field) ? field : ""),
        ];
    }

    private static IEnumerable<(string Name, string Field)> Synonyms()
    {
        (string Field, string Names)[] all =
        [
            (Product, "product produkt productid produktid artikel artikelnummer artikelnr item programm software sku"),
            (LicenseNumber, "licensenumber licenseno licensenr license lizenznummer lizenznr lizenz licencenumber licenceno "
                + "vertragsnummer"),
            (Serial, "serial serialnumber serialno seriennummer seriennr"),
            (ActivationKey, "activationkey key licensekey productkey aktivierungsschluessel aktivierungscode lizenzschluessel "
                + "lizenzcode produktschluessel schluessel freischaltcode licencekey"),
            (Seats, "seats seat plaetze platz arbeitsplaetze anzahl anzahlplaetze anzahllizenzen quantity qty menge devices geraete"),
            (MaintenanceUntil, "maintenanceuntil maintenance wartungbis wartungsende wartung gueltigbis ablauf ablaufdatum laufzeitende "
                + "abobis updatesbis validuntil expires expiry expirydate expirationdate subscriptionuntil supportuntil"),
            (CustomerNumber, "customernumber customerno customernr customerid kundennummer kundennr kdnr kundenid debitor debitornummer "
                + "debitorennr debitorennummer clientnumber"),
            (Company, "company companyname firma firmenname firmierung kunde kundenname customer customername name organisation "
                + "organization"),
            (Email, "email emailaddress emailadresse mail mailadresse eemail kontaktemail contactemail"),
            (Language, "language sprache lang sprachcode"),
            (Street, "street strasse str strassehausnr strassehausnummer strasseundhausnummer anschrift address adresse address1 "
                + "streetaddress"),
            (PostalCode, "postalcode postcode zip zipcode plz postleitzahl"),
            (City, "city ort stadt wohnort town place"),
            (Country, "country land laendercode countrycode landcode laenderkennzeichen"),
            (VatId, "vatid vatnumber vatno vat ustid ustidnr umsatzsteuerid umsatzsteueridnr "
                + "umsatzsteueridentifikationsnummer uid uidnummer"),
        ];
        return all.SelectMany(one => one.Names.Split(' ').Select(name => (name, one.Field)));
    }
}
