using System.Text.RegularExpressions;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>Of which computer a hardware code is, as far as the words around it say.</summary>
internal enum CodeOf
{
    Unknown,
    NewPc,
    OldPc,

    /// <summary>A till that still works, from which follows which one does not.</summary>
    WorkingPc,
}

internal readonly record struct FoundCode(string Code, CodeOf Of);

/// <summary>
/// What a pasted mail, or what a clerk has noted on the telephone, says of a transfer: codes and numbers wherever they stand, labelled
/// lines, and the words that the vendor's page of old told customers to write into its form.
/// </summary>
internal sealed partial record PastedTransfer
{
    /// <summary>What customers were told to write as the order number of a till that still works.</summary>
    private static readonly string[] WorkingWords = ["funktionierender pc", "working pc"];

    /// <summary>And as the order number of the order itself.</summary>
    private static readonly string[] OrderWords = ["migration", "lizenz-migration", "license migration"];

    private static readonly (string Field, Regex Label)[] Labels =
    [
        (nameof(DraftContact.Email), EmailLabel()),
        (nameof(DraftContact.Company), CompanyLabel()),
        (nameof(DraftContact.Name), NameLabel()),
        (nameof(DraftContact.Phone), PhoneLabel()),
        (nameof(DraftContact.Street), StreetLabel()),
        (nameof(DraftContact.PostalCode), PostalCodeLabel()),
        (nameof(DraftContact.City), CityLabel()),
        (nameof(DraftContact.VatId), VatIdLabel()),
        (nameof(DraftContact.OrderNumber), OrderNumberLabel()),
        (nameof(DraftContact.Remark), RemarkLabel()),
    ];

    /// <summary>Our own activation key; keys of other formats only the products know.</summary>
    public string? Key { get; private init; }

    /// <summary>Numbers and serials of licenses, in their order.</summary>
    public IReadOnlyList<string> Licenses { get; private init; } = [];

    public IReadOnlyList<FoundCode> Codes { get; private init; } = [];

    /// <summary>What the text asks for; null when it does not say.</summary>
    public TransferRemedy? Remedy { get; private init; }

    public DraftContact Contact { get; private init; } = new();

    public static PastedTransfer Read(string? pasted)
    {
        var plain = CodeFinder.PlainText(pasted ?? "");
        string[] lines = [.. plain.Split('\n').Select(line => line.Trim())];
        var said = LabelledOf(lines);
        var order = said.GetValueOrDefault(nameof(DraftContact.OrderNumber));
        var remark = said.GetValueOrDefault(nameof(DraftContact.Remark));
        var ordersMigration = lines.Any(line => OrderNumberLabel().Match(line) is { Success: true } label && IsOne(
            OrderWords, line[label.Length..]));
        return new PastedTransfer
        {
            Key = CodeFinder.FindAll(pasted, CodeKind.ActivationKey) is [var first, ..] ? first : null,
            Licenses = [.. LicensePattern().Matches(plain).Select(m => LicenseNumber.ReadDigits(LicenseOf(m))).OfType<string>().Distinct()],
            Codes =
            [
                .. CodeFinder.FindAll(pasted, CodeKind.HardwareCode).Select(code => new FoundCode(code, OfWhich(code, lines))),
            ],
            Remedy = RenewalPattern().IsMatch(plain) ? TransferRemedy.Renewal
                : ordersMigration || FeePattern().IsMatch(plain) ? TransferRemedy.Fee
                : null,
            Contact = new DraftContact
            {
                Company = said.GetValueOrDefault(nameof(DraftContact.Company)),
                Name = said.GetValueOrDefault(nameof(DraftContact.Name)) ?? SenderOf(lines).Name,
                Email = EmailIn(said.GetValueOrDefault(nameof(DraftContact.Email))) ?? SenderOf(lines).Email ?? FirstEmail(lines),
                Phone = said.GetValueOrDefault(nameof(DraftContact.Phone)),
                Street = said.GetValueOrDefault(nameof(DraftContact.Street)),
                PostalCode = PostalCodeOf(said),
                City = CityOf(said),
                VatId = said.GetValueOrDefault(nameof(DraftContact.VatId)),
                OrderNumber = order is null || IsOne(OrderWords, order) || IsOne(WorkingWords, order) ? null : order,

                // A key is a secret, and a remark is not.
                Remark = remark is null || CodeFinder.Find(remark, CodeKind.ActivationKey) is not null ? null : remark,
            },
        };
    }

    private static Dictionary<string, string> LabelledOf(string[] lines)
    {
        Dictionary<string, string> said = [];
        for (var i = 0; i < lines.Length; i++)
        {
            foreach (var (field, label) in Labels)
            {
                if (label.Match(lines[i]) is not { Success: true } match)
                {
                    continue;
                }

                // The form of old put what was typed under its label.
                var value = lines[i][match.Length..].Trim();
                value = value.Length > 0 ? value : i + 1 < lines.Length && !IsLabelled(lines[i + 1]) ? lines[i + 1] : "";
                if (value.Length > 0)
                {
                    said.TryAdd(field, value.Trim('"', '„', '“', '”', ' '));
                }

                break;
            }
        }

        return said;
    }

    private static bool IsLabelled(string line) => Labels.Any(l => l.Label.IsMatch(line));

    /// <summary>What stands before the code in its line or over it, else the last order number over it: a till sends its own.</summary>
    private static CodeOf OfWhich(string code, string[] lines)
    {
        // The first group is the same in all codes.
        var group = code.Split('-')[1];
        var at = Array.FindIndex(lines, line => line.Contains(group, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
        {
            return CodeOf.Unknown;
        }

        var place = lines[at].IndexOf(group, StringComparison.OrdinalIgnoreCase);
        var over = lines.Take(at).LastOrDefault(line => line.Length > 0) ?? "";
        string[] near = over.EndsWith(':') ? [lines[at][..place], over] : [lines[at][..place]];
        foreach (var words in near)
        {
            if (WordsOf(words) is var of && of != CodeOf.Unknown)
            {
                return of;
            }
        }

        for (var i = at; i >= 0; i--)
        {
            if (OrderNumberLabel().Match(lines[i]) is { Success: true } label)
            {
                var value = lines[i][label.Length..].Trim();
                var order = value.Length > 0 || i + 1 >= lines.Length ? value : lines[i + 1];
                return IsOne(WorkingWords, order) ? CodeOf.WorkingPc : IsOne(OrderWords, order) ? CodeOf.NewPc : CodeOf.Unknown;
            }
        }

        return CodeOf.Unknown;
    }

    private static CodeOf WordsOf(string words) =>
        WorkingPattern().IsMatch(words) ? CodeOf.WorkingPc
        : NewPattern().IsMatch(words) ? CodeOf.NewPc
        : OldPattern().IsMatch(words) ? CodeOf.OldPc
        : CodeOf.Unknown;

    private static bool IsOne(string[] words, string text) =>
        words.Contains(text.Trim(' ', '"', '„', '“', '”', '.', '\'').ToLowerInvariant());

    private static string LicenseOf(Match found) =>
        found.Groups["digits"] is { Success: true } digits ? digits.Value : found.Value;

    /// <summary>Of a forwarded or quoted mail: its first sender, for the clerk's own program puts the newest on top.</summary>
    private static (string? Name, string? Email) SenderOf(string[] lines)
    {
        var sender = lines.Select(line => SenderPattern().Match(line)).FirstOrDefault(m => m.Success && EmailIn(m.Value) is not null);
        return sender is null ? (null, null)
            : (sender.Groups["name"].Value.Trim(' ', '"') is { Length: > 0 } name && EmailIn(name) is null ? name : null,
                EmailIn(sender.Value));
    }

    private static string? FirstEmail(string[] lines) =>
        lines.Where(line => !RecipientPattern().IsMatch(line)).Select(EmailIn).FirstOrDefault(email => email is not null);

    private static string? EmailIn(string? text) => EmailPattern().Match(text ?? "") is { Success: true } email ? email.Value : null;

    private static string? PostalCodeOf(Dictionary<string, string> said) =>
        said.GetValueOrDefault(nameof(DraftContact.PostalCode)) is not { } line ? null
        : PlacePattern().Match(line) is { Success: true } place ? place.Groups["code"].Value : line;

    private static string? CityOf(Dictionary<string, string> said) =>
        said.GetValueOrDefault(nameof(DraftContact.City))
        ?? (said.GetValueOrDefault(nameof(DraftContact.PostalCode)) is { } line && PlacePattern().Match(line) is { Success: true } place
            ? place.Groups["city"].Value : null);

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const string End = @"\s*[:=]\s*";

    [GeneratedRegex(@"^e-?mail(?:[ -]?adresse| address)?" + End, Options)]
    private static partial Regex EmailLabel();

    [GeneratedRegex(@"^(?:firma|firmenname|unternehmen|lizenznehmer(?:in)?|company(?: name)?|licensee|organi[sz]ation)" + End, Options)]
    private static partial Regex CompanyLabel();

    [GeneratedRegex(@"^(?:name|ansprechpartner(?:in)?|kontakt(?:person)?|contact(?: person| name)?)" + End, Options)]
    private static partial Regex NameLabel();

    [GeneratedRegex(@"^(?:tel(?:efon)?(?:nummer)?\.?|mobil(?:telefon)?|phone(?: number)?|mobile)" + End, Options)]
    private static partial Regex PhoneLabel();

    [GeneratedRegex(@"^(?:stra(?:ß|ss)e(?: und hausnummer)?|str\.|street|street address)" + End, Options)]
    private static partial Regex StreetLabel();

    [GeneratedRegex(@"^(?:(?:plz|postleitzahl)(?:\s*[/,]?\s*(?:und )?ort)?|zip(?: code)?|post(?:al )?code)" + End, Options)]
    private static partial Regex PostalCodeLabel();

    [GeneratedRegex(@"^(?:ort|stadt|city|town)" + End, Options)]
    private static partial Regex CityLabel();

    [GeneratedRegex(@"^(?:ust\.?-?\s?id(?:\.?-?nr)?\.?|umsatzsteuer-?id|vat(?: ?id| number| no\.?)?)" + End, Options)]
    private static partial Regex VatIdLabel();

    [GeneratedRegex(@"^(?:bestell-?\s?(?:nummer|nr\.?)|order (?:number|no\.?))" + End, Options)]
    private static partial Regex OrderNumberLabel();

    [GeneratedRegex(@"^(?:anmerkung(?:en)?|bemerkung(?:en)?|remarks?|comments?|notes?)" + End, Options)]
    private static partial Regex RemarkLabel();

    [GeneratedRegex(@"^(?:von|from)\s*:\s*(?<name>[^<\[]*)[<\[]?.*$", Options)]
    private static partial Regex SenderPattern();

    [GeneratedRegex(@"^(?:an|to|cc|kopie)\s*:", Options)]
    private static partial Regex RecipientPattern();

    [GeneratedRegex(@"[A-Z0-9._%+\-]{1,64}@[A-Z0-9\-]{1,63}(?:\.[A-Z0-9\-]{1,63}){1,8}", Options)]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"^(?:[A-Z]{1,2}-)?(?<code>\d[\d ]{2,8}\d)[ ,]+(?<city>\p{L}.*)$", Options)]
    private static partial Regex PlacePattern();

    [GeneratedRegex(
        @"(?<![\p{L}\d-])(?:L\s?[\p{Pd}]\s?\d{1,10}|S\s?[\p{Pd}]\s?[0-9A-Z]{5}\s?[\p{Pd}]\s?[0-9A-Z]{5}"
        + @"|(?:lizenz|license)(?:-|\s)?(?:id|nr\.?|nummer|number|no\.?)\s*[:#]*\s*#?\s*(?<digits>\d{1,9}))(?![\p{L}\d-])",
        Options)]
    private static partial Regex LicensePattern();

    [GeneratedRegex(
        "subscriptions?[ -]?verl(?:ä|ae)nger|mit verl(?:ä|ae)ngerung|renew(?:al of)? (?:the |my |our )?subscription", Options)]
    private static partial Regex RenewalPattern();

    [GeneratedRegex("lizenz kostenpflichtig zusenden|license against payment", Options)]
    private static partial Regex FeePattern();

    [GeneratedRegex(@"funktionier|l(?:ä|ae)uft noch|working|still runs", Options)]
    private static partial Regex WorkingPattern();

    [GeneratedRegex(@"\b(?:neue?[rsmn]?|new|ersatz-?pc|replacement)\b", Options)]
    private static partial Regex NewPattern();

    [GeneratedRegex(@"\b(?:alte?[rsmn]?|defekte?[rsmn]?|old|dead|broken)\b", Options)]
    private static partial Regex OldPattern();
}
