using System.Globalization;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Bench;

/// <summary>One invoice of the set.</summary>
/// <param name="Name">Of its files: seed, tax case, format, language, kind.</param>
/// <param name="Evidence">What its rules have to know besides.</param>
/// <param name="Net">In cents, added up here and not by the code that is looked at; so are the others.</param>
internal sealed record SetInvoice(int Seed, string Name, InvoiceContent Content, InvoiceEvidence Evidence, long Net, long Vat, long Gross);

/// <summary>
/// Invoices of every case, each made of its seed alone: the same everywhere and always, so that seeds are kept and not files. The tests ask
/// the portal's rules of all of them; <c>invoice-set OUT</c> writes them as files for the official validators, which run elsewhere.
/// </summary>
internal static class InvoiceSet
{
    /// <summary>Seeds 1 to this.</summary>
    public const int Count = 336;

    private static readonly DateOnly FirstDay = new(2026, 1, 2);

    private static readonly string[] Companies =
    [
        "Muster Gastro GmbH", "Müller & Söhne OHG", "Muster <Test> \"Bar\" & 'Grill'", "Łódź Muster Sp. z o.o.", "Παράδειγμα Α.Ε.",
        "Пример ООО", "Mu\u0308ller Muster KG", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH",
        "Muster Software und Lizenzverwaltungs-Beteiligungsgesellschaft für Gastronomie mbH & Co. KG", "Éditions d’Exemple S.à r.l.",
    ];

    private static readonly string[] People = ["Erika Muster", "Zoë Łódź", "Prof. Dr. Maria-Magdalena von Musterhausen", "Ǻse Ømeråde"];

    /// <summary>With its case: country, post code, city, VAT id.</summary>
    private static readonly (VatCase Case, string Country, string PostalCode, string City, string? Id)[] Places =
    [
        (VatCase.Domestic, "DE", "12345", "Musterstadt", null), (VatCase.Domestic, "DE", "90402", "Nürnberg", null),
        (VatCase.ReverseCharge, "AT", "1010", "Wien", "ATU12345678"), (VatCase.ReverseCharge, "FR", "75001", "Paris", "FR12345678901"),
        (VatCase.ReverseCharge, "MC", "98000", "Monaco", "FR12345678901"), (VatCase.ReverseCharge, "GR", "10431", "Athen", "EL123456789"),
        (VatCase.ReverseCharge, "ES", "28001", "Madrid", "ESB12345678"), (VatCase.ThirdCountry, "CH", "8001", "Zürich", null),
        (VatCase.ThirdCountry, "ES", "35001", "Las Palmas", null), (VatCase.ThirdCountry, "DE", "27498", "Helgoland", null),
        (VatCase.ThirdCountry, "GB", "BT1 1AA", "Belfast", null), (VatCase.ThirdCountry, "IM", "IM1 1AA", "Douglas", null),
        (VatCase.SmallBusiness, "DE", "54321", "Beispielstadt", null),
    ];

    public static IEnumerable<SetInvoice> All => Enumerable.Range(1, Count).Select(Make);

    public static SetInvoice Make(int seed)
    {
        var dice = new Dice((ulong)seed);
        var cases = Enum.GetValues<VatCase>();
        var formats = Enum.GetValues<InvoiceFormat>();

        // Every combination of case, format, language and kind comes before any chance.
        var place = dice.Of([.. Places.Where(place => place.Case == cases[seed % cases.Length])]);
        var format = formats[seed / cases.Length % formats.Length];
        var language = seed / (cases.Length * formats.Length) % 2 == 0 ? "de" : "en";
        var isCancelled = seed / (cases.Length * formats.Length * 2) % 2 == 1;
        var isRenewal = dice.Below(3) == 0;
        var day = FirstDay.AddDays(dice.Below(360));
        var count = dice.Of([1, 1, 1, 2, 3, 7, 30, 45]);
        IReadOnlyList<InvoiceLine> lines = [.. Enumerable.Range(1, count).Select(i => Line(dice, i, isRenewal, day, language))];
        var check = place.Case == VatCase.ReverseCharge
            ? new VatIdCheck(place.Id!, VatIdResult.Valid, new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero), "VIES")
            : null;
        var seller = Seller(dice);
        var isBusiness = place.Country != "DE" || place.Case == VatCase.ThirdCountry || dice.Below(4) > 0;
        var decided = TaxDecision.For(
            TaxSeller.From(seller, place.Case == VatCase.SmallBusiness),
            new TaxBuyer(place.Country, isBusiness, check, place.PostalCode, place.City), EuConsumers.StaffDecide, dice.Of([19m, 16m, 7m]),
            language);
        if (decided.Treatment?.Case != place.Case)
        {
            throw new InvalidOperationException($"Seed {seed} is {decided.Treatment?.Case}, {decided.Refused}, not {place.Case}.");
        }

        var invoice = new InvoiceContent
        {
            Kind = InvoiceKind.Invoice,
            Number = InvoiceNumber.Format(InvoiceKind.Invoice, day.Year, seed),
            IssueDate = day,
            ServiceDate = Period.Around(lines.Select(line => line.Period).OfType<Period>())?.To ?? day.AddDays(-dice.Below(2)),
            DueDate = day.AddDays(14),
            Format = format,
            Language = language,
            Reference = "M-7F3K-20",
            Seller = seller,
            Buyer = Buyer(dice, place, isBusiness, format),
            Vat = decided.Treatment,
            Lines = lines,
            Introduction = [language == "de" ? "Wir berechnen wie angekündigt:" : "We charge as announced:"],
            Notes = dice.Below(5) == 0 ? ["Versteuerung nach vereinnahmten Entgelten"] : [],
        };
        var original = invoice;
        if (isCancelled)
        {
            invoice = invoice with
            {
                Kind = InvoiceKind.Cancellation,
                Number = InvoiceNumber.Format(InvoiceKind.Cancellation, day.Year, seed),
                IssueDate = day.AddDays(3),
                DueDate = null,
                Cancels = new PrecedingInvoice(original.Number!, original.IssueDate),
                Lines = [.. lines.Select(line => line with { Quantity = -line.Quantity })],
                Introduction = [],
                Notes = [language == "de" ? "Grund der Stornierung: doppelt bestellt" : "Reason for the cancellation: ordered twice"],
            };
        }

        var net = invoice.Lines.Sum(line => line.Quantity * line.UnitNet.Cents);
        var vat = HalfUp(net * invoice.Vat.Rate / 100);
        var evidence = new InvoiceEvidence(invoice)
        {
            VatId = check,
            Original = isCancelled ? original : null,
            LastIssueDate = invoice.IssueDate,
        };
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{seed:000}-{place.Case}-{place.Country}-{format}-{language}-{invoice.Kind}");
        return new SetInvoice(seed, name, invoice, evidence, net, vat, net + vat);
    }

    /// <summary>By hand: what is half a cent or more away from zero counts as one.</summary>
    private static long HalfUp(decimal cents) => (long)(Math.Sign(cents) * Math.Floor(Math.Abs(cents) + 0.5m));

    private static InvoiceLine Line(Dice dice, int place, bool isRenewal, DateOnly day, string language)
    {
        var months = dice.Of([1, 6, 12, 24]);
        return new InvoiceLine
        {
            Sku = isRenewal ? $"RENEWAL-muster-pos-{months}M" : "TRANSFER-muster-pos",
            Name = (isRenewal, language) switch
            {
                (true, "de") => $"Verlängerung der Subscription, {months} Monate",
                (true, _) => $"Renewal of the subscription, {months} months",
                (false, "de") => "Lizenz-Migration (Altgerät defekt)",
                (false, _) => "License migration (old PC defective)",
            },
            Description = $"{(language == "de" ? "Lizenz" : "License")} L-{1000 + place}",
            Quantity = dice.Of([1, 1, 1, 2, 12]),

            // 97.50 at 19 percent is half a cent, and so is 0.50 at 7.
            UnitNet = new Money(dice.Of([70_00, 97_50, 149_00, 50, 1, 33_33, 123_456_78])),
            Period = isRenewal ? RenewalPeriod.From(dice.Below(2) == 0 ? day.AddDays(dice.Below(200)) : null, months, day) : null,
        };
    }

    private static InvoiceSeller Seller(Dice dice)
    {
        var isInRegister = dice.Below(4) > 0;
        return new InvoiceSeller
        {
            Name = "Muster Software GmbH",
            SellerId = isInRegister ? null : "4711",
            Register = isInRegister ? "Amtsgericht Musterstadt, HRB 00000" : null,
            RepresentedBy = dice.Below(2) == 0 ? "Erika Muster und Max Muster" : null,
            VatId = "DE123456788",
            TaxNumber = "12/345/67890",
            Street = "Musterstraße 1",
            PostalCode = "12345",
            City = "Musterstadt",
            Country = "DE",
            BillingMail = "rechnung@muster-software.example",
            ContactName = "Buchhaltung",
            ContactPhone = "+49 30 0000000",
            ContactMail = "rechnung@muster-software.example",
            Iban = "DE02120300000000202051",
            Bic = dice.Below(2) == 0 ? "BYLADEM1001" : null,
        };
    }

    private static InvoiceBuyer Buyer(
        Dice dice, (VatCase Case, string Country, string PostalCode, string City, string? Id) place, bool isBusiness,
        InvoiceFormat format) =>
        new()
        {
            CustomerNumber = dice.Below(3) > 0 ? "C-10042" : null,
            Company = isBusiness ? dice.Of(Companies) : null,
            Person = isBusiness && dice.Below(2) == 0 ? null : dice.Of(People),
            Email = "buchhaltung@muster-gastro.example",
            Street = dice.Of(["Beispielweg 7", "Größenstraße 2", "Straße der Deutsch-Österreichischen Freundschaft 12345, Hinterhaus"]),
            Street2 = dice.Below(4) == 0 ? "Aufgang C" : null,
            PostalCode = place.PostalCode,
            City = place.City,
            Country = place.Country,
            VatId = place.Case == VatCase.ReverseCharge ? place.Id : null,
            BuyerReference = format == InvoiceFormat.XRechnung ? "04011000-12345-03" : dice.Below(4) == 0 ? "Kostenstelle 4711" : null,
            OrderNumber = dice.Below(3) == 0 ? "PO-4711" : null,
        };

    /// <summary>SplitMix64: chance that is the same on every machine and in every version.</summary>
    private sealed class Dice(ulong seed)
    {
        private ulong _state = seed * 0x9E3779B97F4A7C15;

        public int Below(int limit)
        {
            _state += 0x9E3779B97F4A7C15;
            var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return (int)((mixed ^ (mixed >> 31)) % (ulong)limit);
        }

        public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
    }
}
