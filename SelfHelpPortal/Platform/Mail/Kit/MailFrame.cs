using System.Globalization;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Mail.Kit;

/// <summary>What every mail shows or needs whatever its kind: the sender's imprint, the language, how times are written.</summary>
public sealed class MailFrame
{
    private const int LongestPcName = 40;
    private const int MostSpaces = 3;

    private readonly LocalTimes _times;
    private readonly string? _otherLanguage;
    private string _page;
    private bool _hasPage;
    private Action _whenItOpens = () => { };

    internal MailFrame(string subject, CultureInfo culture, VendorOptions vendor, LocalTimes times, string publicUrl)
    {
        _times = times;
        Subject = subject;
        Culture = culture;
        VendorName = vendor.Name;
        VendorAddress = string.Join(", ", vendor.AddressLines());
        Company = VendorText.Given(vendor.Register) is not { } register ? null
            : CompanySeat.Of(register, VendorSettings.From(vendor).City ?? "") is { Length: > 0 } seat
                ? $"{new MailTexts(typeof(MailWords), culture)["Seat", seat]}, {register}"
                : register;
        SmallBusiness = vendor.SmallBusiness ? LegalTexts.SmallBusiness : null;
        RepresentedBy = string.IsNullOrWhiteSpace(vendor.RepresentedBy) ? null : vendor.RepresentedBy;
        Phone = vendor.Phone;
        PhoneHours = vendor.PhoneHours(culture);
        SupportMail = vendor.SupportMail;
        Accent = (vendor.Accent ?? new VendorAccent()).Light;
        Words = new MailTexts(typeof(MailWords), culture);
        Documents =
        [
            .. VendorDocument.Links(vendor, culture).Select(link => new MailFact(
                Words[link.Word], link.Href.StartsWith('/') ? publicUrl.TrimEnd('/') + link.Href : link.Href)),
        ];
        _otherLanguage = vendor.Offered().FirstOrDefault(language => language != culture.TwoLetterISOLanguageName);
        _page = publicUrl.TrimEnd('/') + "/";
    }

    public string Subject { get; }
    public CultureInfo Culture { get; }
    public string VendorName { get; }
    public string VendorAddress { get; }

    /// <summary>Null when the vendor does not say.</summary>
    public string? RepresentedBy { get; }

    /// <summary>Seat and register (§ 35a GmbHG); null for who is in no register.</summary>
    public string? Company { get; }

    /// <summary>What a small business says of the tax; null for everybody else.</summary>
    public string? SmallBusiness { get; }

    public string Phone { get; }

    /// <summary>When somebody answers; null when the vendor does not say.</summary>
    public string? PhoneHours { get; }

    public string SupportMail { get; }

    /// <summary>The ground of buttons, as #rrggbb; white can be read on it.</summary>
    public string Accent { get; }

    /// <summary>Words that several kinds share.</summary>
    public MailTexts Words { get; }

    /// <summary>What holds for an order, by its address: those documents that the vendor has.</summary>
    public IReadOnlyList<MailFact> Documents { get; }

    /// <summary>The mail's page in the other language, or the portal where it has none; null when the vendor offers one language.</summary>
    public string? OtherLanguageAddress => _otherLanguage is { } other ? Languages.InLanguage(_page, other) : null;

    /// <summary>The first of a mail's buttons opens what the mail is about.</summary>
    public void Opens(string address)
    {
        if (!_hasPage)
        {
            (_page, _hasPage) = (address, true);
            _whenItOpens();
        }
    }

    /// <summary>For the foot, which shows where the button leads.</summary>
    public void WhenItOpens(Action act) => _whenItOpens = act;

    /// <summary>With the zone, since a mail is read anywhere.</summary>
    public string Time(DateTimeOffset at)
    {
        var text = _times.DateAndTime(at, Culture);
        return text.Contains(_times.Zone.Id, StringComparison.Ordinal) ? text : $"{text} ({_times.Zone.Id})";
    }

    /// <summary>A computer without a name gets words instead.</summary>
    public string Pc(string? name) => PcName(name) ?? Words["UnnamedPc"];

    /// <summary>The same within a sentence: "PC KASSE-1", or "PC without a name".</summary>
    public string PcInText(string? name) => PcName(name) is { } named ? Words["NamedPc", named] : Words["UnnamedPc"];

    public string ByPerson(string? name) => Words["ByPerson", UntrustedText.Name(name) ?? "–"];

    /// <param name="name">Of the person, when one was signed in.</param>
    public string ByWhom(ReleaseMethod method, bool confirmedByMail = false, string? name = null) =>
        string.IsNullOrWhiteSpace(name) ? Words["By" + KeyOf(method, confirmedByMail)] : ByPerson(name);

    /// <summary>By which method and from where.</summary>
    public string Way(ReleaseMethod method, bool confirmedByMail = false) => Words["Way" + KeyOf(method, confirmedByMail)];

    /// <summary>
    /// Whoever has a key can call a computer anything. What could be read as an address, a telephone number or a sentence is no name, and
    /// is shortened.
    /// </summary>
    private static string? PcName(string? name) => UntrustedText.Name(name) is not { } text
        ? null
        : text.Length <= LongestPcName && text.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' or '(' or ')')
        && text.Count(c => c == ' ') <= MostSpaces
            ? text
            : PcNames.Masked(text);

    private static string KeyOf(ReleaseMethod method, bool confirmedByMail) => method switch
    {
        ReleaseMethod.InApp => "InApp",
        ReleaseMethod.QrCode => "QrCode",
        ReleaseMethod.VerificationCode => "VerificationCode",
        ReleaseMethod.ActivationKey => confirmedByMail ? "ConfirmedByMail" : "ActivationKey",
        ReleaseMethod.Account => "Account",
        ReleaseMethod.Transfer => "Transfer",
        ReleaseMethod.Staff => "Staff",
        ReleaseMethod.Ended => "Ended",
    };
}

/// <summary>Names the resources of the kit.</summary>
public sealed class MailWords;
