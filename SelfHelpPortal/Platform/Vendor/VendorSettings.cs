using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using SelfHelpPortal.Data;
using static SelfHelpPortal.Platform.Vendor.VendorText;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>
/// The vendor's data as an administrator writes them, and as their versions keep them: all of <see cref="VendorOptions"/> but what belongs
/// to the machine (files of fonts, the time zone). Null is nothing, not the demo's value.
/// </summary>
internal sealed partial record VendorSettings
{
    // Nodes of an earlier version read what a later one has written, and know nothing of its new values.
    private static readonly JsonSerializerOptions Lenient =
        new(PolicyJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    public string? Name { get; init; }

    public string? RepresentedBy { get; init; }

    /// <summary>Everything of the address above the city; lines are kept.</summary>
    public string? Street { get; init; }

    public string? PostalCode { get; init; }

    public string? City { get; init; }

    public string? Country { get; init; }

    public string? Register { get; init; }

    public string? PortalName { get; init; }

    public string? Phone { get; init; }

    public string? PhoneHoursDe { get; init; }

    public string? PhoneHoursEn { get; init; }

    public string? SupportMail { get; init; }

    public string? SecurityContact { get; init; }

    public string? RemoteSupportUrl { get; init; }

    public OfferedLanguages Languages { get; init; }

    public string? TermsDe { get; init; }

    public string? TermsEn { get; init; }

    public string? WithdrawalDe { get; init; }

    public string? WithdrawalEn { get; init; }

    public string? VatId { get; init; }

    public string? TaxNumber { get; init; }

    public string? SellerId { get; init; }

    public bool SmallBusiness { get; init; }

    public bool CashAccounting { get; init; }

    public string? Iban { get; init; }

    public string? Bic { get; init; }

    public int PaymentDays { get; init; } = 14;

    public string? BillingMail { get; init; }

    public string? ContactName { get; init; }

    public string? ContactPhone { get; init; }

    public string? ContactMail { get; init; }

    public string? OrderButtonDe { get; init; }

    public string? OrderButtonEn { get; init; }

    /// <summary>
    /// A PNG: in Base64 in the form and in the file of settings; in a version the checksum by which it is stored
    /// (<see cref="VendorImageStore"/>).
    /// </summary>
    public string? Logo { get; init; }

    /// <inheritdoc cref="Logo"/>
    public string? LogoDark { get; init; }

    /// <inheritdoc cref="Logo"/>
    public string? Icon { get; init; }

    public VendorAccent Accent { get; init => field = value ?? new(); } = new();

    public static IReadOnlyList<string> ImagePaths { get; } = ["logo", "logoDark", "icon"];

    /// <summary>Every value by its path in the JSON, as <c>accent.light</c>.</summary>
    public static FrozenSet<string> Paths { get; } = new VendorSettings().ToJson()
        .SelectMany(m => m.Value is JsonObject inner ? inner.Select(i => $"{m.Key}.{i.Key}") : [m.Key]).ToFrozenSet();

    /// <returns>
    /// Where the configuration has the value, within the section: <c>Accent:Light</c>. The three parts of the address are one list.
    /// </returns>
    public static string KeyOf(string path) => path is "street" or "postalCode" or "city"
        ? nameof(VendorOptions.Address)
        : string.Join(':', path.Split('.').Select(name => char.ToUpperInvariant(name[0]) + name[1..]));

    /// <exception cref="JsonException">The content is none.</exception>
    public static VendorSettings Read(string content) => JsonSerializer.Deserialize<VendorSettings>(content, Lenient)
        ?? throw new JsonException("The stored data of the vendor are null; restore the row of setting_version.");

    public static VendorSettings From(VendorOptions vendor)
    {
        var lines = vendor.AddressLines().Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        var last = lines.LastOrDefault() ?? "";
        var (postalCode, city) = CityLine().Match(last) is { Success: true } parts
            ? (parts.Groups[1].Value, parts.Groups[2].Value)
            : ("", last);
        return new()
        {
            Name = Given(vendor.Name),
            RepresentedBy = Given(vendor.RepresentedBy),
            Street = Given(string.Join('\n', lines.SkipLast(1))),
            PostalCode = Given(postalCode),
            City = Given(city),
            Country = Given(vendor.Country),
            Register = Given(vendor.Register),
            PortalName = Given(vendor.PortalName),
            Phone = Given(vendor.Phone),
            PhoneHoursDe = Given(vendor.PhoneHoursDe),
            PhoneHoursEn = Given(vendor.PhoneHoursEn),
            SupportMail = Given(vendor.SupportMail),
            SecurityContact = Given(vendor.SecurityContact),
            RemoteSupportUrl = Given(vendor.RemoteSupportUrl),
            Languages = vendor.Languages,
            TermsDe = Given(vendor.TermsDe),
            TermsEn = Given(vendor.TermsEn),
            WithdrawalDe = Given(vendor.WithdrawalDe),
            WithdrawalEn = Given(vendor.WithdrawalEn),
            VatId = Given(vendor.VatId),
            TaxNumber = Given(vendor.TaxNumber),
            SellerId = Given(vendor.SellerId),
            SmallBusiness = vendor.SmallBusiness,
            CashAccounting = vendor.CashAccounting,
            Iban = Given(vendor.Iban),
            Bic = Given(vendor.Bic),
            PaymentDays = vendor.PaymentDays,
            BillingMail = Given(vendor.BillingMail),
            ContactName = Given(vendor.ContactName),
            ContactPhone = Given(vendor.ContactPhone),
            ContactMail = Given(vendor.ContactMail),
            OrderButtonDe = Given(vendor.OrderButtonDe),
            OrderButtonEn = Given(vendor.OrderButtonEn),
            Accent = vendor.Accent ?? new(),
            Logo = vendor.Images.Logo?.Base64,
            LogoDark = vendor.Images.LogoDark?.Base64,
            Icon = vendor.Images.Icon?.Base64,
        };
    }

    /// <param name="machine">Whose files, pictures and time zone stay.</param>
    public VendorOptions ToOptions(VendorOptions machine)
    {
        var vendor = new VendorOptions
        {
            Name = Name ?? "",
            RepresentedBy = RepresentedBy ?? "",
            Country = Country ?? "",
            Register = Register ?? "",
            PortalName = PortalName,
            Phone = Phone ?? "",
            PhoneHoursDe = PhoneHoursDe,
            PhoneHoursEn = PhoneHoursEn,
            SupportMail = SupportMail ?? "",
            SecurityContact = SecurityContact,
            RemoteSupportUrl = RemoteSupportUrl,
            Languages = Languages,
            TermsDe = TermsDe,
            TermsEn = TermsEn,
            WithdrawalDe = WithdrawalDe,
            WithdrawalEn = WithdrawalEn,
            VatId = VatId ?? "",
            TaxNumber = TaxNumber ?? "",
            SellerId = SellerId,
            SmallBusiness = SmallBusiness,
            CashAccounting = CashAccounting,
            Iban = Iban ?? "",
            Bic = Bic,
            PaymentDays = PaymentDays,
            BillingMail = BillingMail ?? "",
            ContactName = ContactName ?? "",
            ContactPhone = ContactPhone,
            ContactMail = ContactMail,
            OrderButtonDe = OrderButtonDe,
            OrderButtonEn = OrderButtonEn,
            // The portal's own colors need no style sheet of the vendor's.
            Accent = Accent.IsPortals ? null : Accent,
            Font = machine.Font,
            FontBold = machine.FontBold,
            Logo = machine.Logo,
            LogoDark = machine.LogoDark,
            Icon = machine.Icon,
            Images = machine.Images,
            TimeZone = machine.TimeZone,
        };
        foreach (var font in machine.Fonts)
        {
            vendor.Fonts.Add(font);
        }

        foreach (var line in AddressLines())
        {
            vendor.Address.Add(line);
        }

        return vendor;
    }

    /// <returns>The same with the values that <paramref name="other"/> has at these paths.</returns>
    public VendorSettings With(VendorSettings other, IReadOnlyCollection<string> paths)
    {
        var (mine, theirs) = (ToJson(), other.ToJson());
        foreach (var names in paths.Select(path => path.Split('.')))
        {
            var (to, from) = names.Length == 1 ? (mine, theirs) : (mine[names[0]]!.AsObject(), theirs[names[0]]!.AsObject());
            to[names[^1]] = from[names[^1]]?.DeepClone();
        }

        return Read(mine.ToJsonString());
    }

    /// <param name="path">Of <see cref="ImagePaths"/>.</param>
    public string? ImageAt(string path) => path switch
    {
        "logo" => Given(Logo),
        "logoDark" => Given(LogoDark),
        "icon" => Given(Icon),
        _ => null,
    };

    /// <returns>The same with other values for the pictures that there are.</returns>
    public VendorSettings WithImages(Func<string, string, string?> replace)
    {
        return this with { Logo = At("logo"), LogoDark = At("logoDark"), Icon = At("icon") };

        string? At(string path) => ImageAt(path) is { } value ? replace(path, value) : null;
    }

    private IEnumerable<string> AddressLines()
    {
        var street = (Street ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var city = string.Join(' ', new[] { Given(PostalCode), Given(City) }.OfType<string>());
        return city.Length > 0 ? [.. street, city] : street;
    }

    private JsonObject ToJson() => JsonSerializer.SerializeToNode(this, PolicyJson.Options)!.AsObject();

    /// <summary>Digits, after the letters of a country where some write them (A-1010 Wien). Other addresses stay in one piece.</summary>
    [GeneratedRegex(@"^((?:[A-Z]{1,3}-)?[0-9]{3,6})\s+(\S.*)$")]
    private static partial Regex CityLine();
}
