using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Licenses;
using Buyer = SelfHelpPortal.Licensing.Customer;

namespace SelfHelpPortal.Features.Staff.Import;

/// <param name="IsBroken">Nobody knows where its fields end.</param>
internal sealed record ReadRow(int Seq, ImportedLicense Row, bool IsBroken = false);

/// <summary>What a row means beside what is stored.</summary>
/// <param name="State"><see cref="ImportRowState.New"/>, Changed, Same or Faulty.</param>
/// <param name="Customer">The stored one; null when it is to be made.</param>
internal sealed record JudgedRow(
    ImportRowState State, ImportNotes Notes, GoodRow? Good, License? License, Buyer? Customer, string? LicenseNumber,
    string? CustomerNumber, byte[]? KeyHash);

/// <summary>
/// Compares some rows with the database and with the rows before them. Checking and importing ask the same question, since what is stored
/// may be another between the two.
/// </summary>
internal sealed class RowJudge
{
    private readonly LicenseFactory _maker;
    private readonly Dictionary<int, CheckedRow> _rows = [];
    private readonly Dictionary<string, License> _licenses = [];
    private readonly Dictionary<Guid, Buyer> _customers = [];
    private readonly Dictionary<string, Buyer> _byName = [];
    private readonly Dictionary<string, string> _keyOwners = [];
    private readonly Dictionary<string, int> _lines = [];
    private readonly Dictionary<string, ImportedLicense> _firstOf = [];

    private RowJudge(LicenseFactory maker) => _maker = maker;

    /// <summary>Reads what the rows may meet.</summary>
    /// <param name="file">Whose rows before these count; null for rows that stand alone.</param>
    /// <param name="rows">In order, without a gap that could hold another one.</param>
    /// <param name="hold">Whether stored licenses and customers are held until the commit.</param>
    /// <param name="readBefore">Reads a row before these, as long as the file keeps what stood in it.</param>
    public static async Task<RowJudge> PrepareAsync(
        PortalDbContext db, Guid? file, IReadOnlyList<ReadRow> rows, LicenseFactory maker, LicenseRowCheck check, bool hold,
        CancellationToken cancellationToken, Func<ImportRow, ReadRow>? readBefore = null)
    {
        var judge = new RowJudge(maker);
        foreach (var (seq, row, isBroken) in rows)
        {
            var findings = check.Check(row, out var accepted);
            judge._rows[seq] = isBroken ? new(row, [ImportContent.Broken], null) : new(row, findings, accepted);
        }

        var read = judge._rows.Values;
        var numbers = read.Select(r => r.Row.LicenseNumber).Where(EntryRules.IsNumber).ToArray();
        var customers = read.Select(r => r.Row.CustomerNumber).Where(EntryRules.IsNumber).ToArray();
        var good = read.Select(r => r.Good).OfType<GoodRow>().ToList();
        var emails = good.Select(row => row.Email).ToArray();
        var keys = good.Where(row => row.Key is not null).SelectMany(row => maker.HashesOf(row.Key!.Normalized)).ToArray();
        if (hold)
        {
            // No license changes its customer meanwhile: who merges customers holds LicenseEntry.HoldAsync, too.
            await db.Database.ExecuteSqlAsync(
                $"""
                SELECT 1 FROM customer WHERE number = ANY ({customers}) OR email = ANY ({emails})
                    OR id IN (SELECT customer_id FROM license WHERE number = ANY ({numbers}))
                    OR id IN (SELECT merged_into_id FROM customer WHERE number = ANY ({customers}))
                ORDER BY id FOR NO KEY UPDATE
                """,
                cancellationToken);
            await db.Database.ExecuteSqlAsync(
                $"SELECT 1 FROM license WHERE number = ANY ({numbers}) ORDER BY id FOR UPDATE", cancellationToken);
        }

        var licenses = await db.Licenses.Where(l => numbers.Contains(l.Number)).ToListAsync(cancellationToken);
        var owners = licenses.Select(license => license.CustomerId).ToArray();
        foreach (var license in licenses)
        {
            judge._licenses[license.Number] = license;
        }

        foreach (var customer in await db.Customers
            .Where(c => c.MergedIntoId == null && (owners.Contains(c.Id) || customers.Contains(c.Number) || emails.Contains(c.Email)
                || db.Customers.Any(m => m.MergedIntoId == c.Id && customers.Contains(m.Number))))
            .OrderBy(c => c.Id).ToListAsync(cancellationToken))
        {
            judge.Know(customer);
        }

        foreach (var merged in await db.Customers.Where(m => m.MergedIntoId != null && customers.Contains(m.Number))
            .Select(m => new { m.Number, Into = m.MergedIntoId!.Value }).ToListAsync(cancellationToken))
        {
            judge._byName.TryAdd(merged.Number, judge._customers[merged.Into]);
        }

        foreach (var owner in await db.Licenses.Where(l => keys.Contains(l.Key.Hash)).Select(l => new { l.Key.Hash, l.Number })
            .ToListAsync(cancellationToken))
        {
            judge._keyOwners[Convert.ToHexString(owner.Hash)] = owner.Number;
        }

        var before = db.Set<ImportRow>().AsNoTracking().Where(r => r.FileId == file && r.Seq < rows[0].Seq);
        await judge.ReadLinesAsync(before, numbers, [.. good.Select(judge.HashOf).OfType<byte[]>()], cancellationToken);
        if (readBefore is not null)
        {
            foreach (var first in await before.Where(r => customers.Contains(r.CustomerNumber)).GroupBy(r => r.CustomerNumber)
                .Select(same => same.OrderBy(r => r.Seq).First()).ToListAsync(cancellationToken))
            {
                judge._firstOf[first.CustomerNumber!] = readBefore(first).Row;
            }
        }

        return judge;
    }

    /// <summary>A customer that was made meanwhile; the next row of the same belongs to it.</summary>
    public void Know(Buyer customer)
    {
        _customers[customer.Id] = customer;
        _byName.TryAdd(customer.Number, customer);
        _byName.TryAdd(NameOf(customer.Email, customer.Company), customer);
    }

    /// <summary>Called for each row once, in order.</summary>
    public JudgedRow Judge(int seq)
    {
        var (row, found, good) = _rows[seq];
        List<BrokenRule> findings = [.. found];
        var number = EntryRules.IsNumber(row.LicenseNumber) ? row.LicenseNumber : null;
        if (number is not null && !_lines.TryAdd(number, row.Line))
        {
            findings.Add(new(ImportField.LicenseNumber, $"{number} steht schon in Zeile {_lines[number]}.",
                $"{number} is already in line {_lines[number]}."));
        }

        var hash = good is null ? null : HashOf(good);
        if (hash is not null && !_lines.TryAdd(Convert.ToHexString(hash), row.Line))
        {
            var line = _lines[Convert.ToHexString(hash)];
            findings.Add(new(ImportField.ActivationKey, $"Steht schon in Zeile {line}.", $"it is already in line {line}."));
        }

        findings.AddRange(AgainstFirst(row));
        var license = number is null ? null : _licenses.GetValueOrDefault(number);
        var customer = good is null ? null : CustomerOf(good, license);
        if (good is not null && findings.Count == 0)
        {
            findings.AddRange(license is null ? AgainstOthers(good, customer) : AgainstLicense(good, license, customer!));
        }

        if (findings.Count == 0 && customer is { ErasedAt: not null })
        {
            findings.Add(new(ImportField.CustomerNumber, $"Der Kunde {customer.Number} hat seine Daten löschen lassen.",
                $"the customer {customer.Number} has had its data erased."));
        }

        var isGood = good is not null && findings.Count == 0;
        List<ImportChange> changes = isGood ? [.. Changes(good!, license, customer)] : [];
        var state = !isGood ? ImportRowState.Faulty
            : license is null ? ImportRowState.New
            : changes.Count > 0 ? ImportRowState.Changed
            : ImportRowState.Same;
        var customerNumber = EntryRules.IsNumber(row.CustomerNumber) ? row.CustomerNumber : null;
        return new(state, new(findings, changes), isGood ? good : null, license, customer, number, customerNumber, hash);
    }

    /// <summary>What the row says otherwise. An empty field says nothing, so that it takes nothing away.</summary>
    public static IEnumerable<ImportChange> Changes(GoodRow good, License? license, Buyer? customer)
    {
        var row = good.Row;
        if (license is not null)
        {
            if (row.Serial.Length > 0 && row.Serial != license.Serial)
            {
                yield return new(ImportField.Serial, license.Serial ?? "", row.Serial);
            }

            if (good.Seats is { } seats && seats != license.Seats)
            {
                yield return new(ImportField.Seats, $"{license.Seats}", $"{seats}");
            }

            if (good.MaintenanceUntil is { } until && until != license.MaintenanceUntil)
            {
                yield return new(ImportField.MaintenanceUntil, $"{license.MaintenanceUntil:yyyy-MM-dd}", $"{until:yyyy-MM-dd}");
            }
        }

        if (customer is null)
        {
            yield break;
        }

        (string Field, string? Before, string After)[] all =
        [
            (ImportField.Company, customer.Company, row.Company),
            (ImportField.Email, customer.Email, good.Email),
            (ImportField.Language, customer.Language, row.Language),
            (ImportField.Street, customer.Street, row.Street),
            (ImportField.PostalCode, customer.PostalCode, row.PostalCode),
            (ImportField.City, customer.City, row.City),
            (ImportField.Country, customer.Country, row.Country),
            (ImportField.VatId, customer.VatId, row.VatId),
        ];
        foreach (var (field, before, after) in all)
        {
            if (after.Length > 0 && after != before?.Trim())
            {
                yield return new(field, before ?? "", after);
            }
        }
    }

    private byte[]? HashOf(GoodRow good) => good.Key is { } key ? _maker.HashesOf(key.Normalized)[0] : null;

    /// <summary>Rows without a customer number belong together by address and company.</summary>
    private Buyer? CustomerOf(GoodRow good, License? license) =>
        license is not null ? _customers.GetValueOrDefault(license.CustomerId)
        : _byName.GetValueOrDefault(good.Row.CustomerNumber is "" ? NameOf(good.Email, good.Row.Company) : good.Row.CustomerNumber);

    private static string NameOf(string email, string company) => $"{email}\n{company}";

    /// <summary>A customer has one name and one address: of two that a list gives, one would be lost without a word.</summary>
    private IEnumerable<BrokenRule> AgainstFirst(ImportedLicense row)
    {
        if (!EntryRules.IsNumber(row.CustomerNumber) || _firstOf.TryAdd(row.CustomerNumber, row))
        {
            yield break;
        }

        var first = _firstOf[row.CustomerNumber];
        if (!string.Equals(row.Company, first.Company, StringComparison.OrdinalIgnoreCase))
        {
            yield return new(ImportField.CustomerNumber,
                $"{row.CustomerNumber} steht in Zeile {first.Line} mit einer anderen Firma: „{first.Company}“.",
                $"{row.CustomerNumber} is in line {first.Line} with another company: '{first.Company}'.");
        }
        else if (!string.Equals(row.Email, first.Email, StringComparison.OrdinalIgnoreCase))
        {
            yield return new(ImportField.CustomerNumber,
                $"{row.CustomerNumber} steht in Zeile {first.Line} mit einer anderen E-Mail-Adresse: {first.Email}.",
                $"{row.CustomerNumber} is in line {first.Line} with another e-mail address: {first.Email}.");
        }
    }

    private IEnumerable<BrokenRule> AgainstOthers(GoodRow good, Buyer? customer)
    {
        if (good.Key is { } key && _maker.HashesOf(key.Normalized).Any(hash => _keyOwners.ContainsKey(Convert.ToHexString(hash))))
        {
            yield return new(ImportField.ActivationKey, "Eine andere Lizenz hat ihn schon.", "another license already has it.");
        }

        // A number with a typing error must not give the license to somebody else.
        if (good.Row.CustomerNumber.Length > 0 && customer is not null && IsStranger(good, customer))
        {
            yield return new(ImportField.CustomerNumber,
                $"{customer.Number} ist mit anderer Firma und anderer E-Mail-Adresse gespeichert.",
                $"{customer.Number} is stored with another company and another e-mail address.");
        }
    }

    /// <summary>What an import never changes of a license.</summary>
    private IEnumerable<BrokenRule> AgainstLicense(GoodRow good, License license, Buyer owner)
    {
        if (good.Product != license.ProductId)
        {
            yield return new(ImportField.Product, $"{license.Number} gehört zu {license.ProductId}; eine Lizenz behält ihr Produkt.",
                $"{license.Number} belongs to {license.ProductId}; a license keeps its product.");
        }

        if (good.Key is { } key && !_maker.HashesOf(key.Normalized).Any(hash => hash.AsSpan().SequenceEqual(license.Key.Hash)))
        {
            yield return new(ImportField.ActivationKey, $"{license.Number} hat einen anderen Schlüssel und behält ihn.",
                $"{license.Number} has another key and keeps it.");
        }

        if (good.Seats < license.Seats)
        {
            yield return new(ImportField.Seats, $"{license.Number} hat {license.Seats} Plätze; ein Import nimmt keine weg.",
                $"{license.Number} has {license.Seats} seats; an import takes none away.");
        }

        // A list from before a merge has the former number with the former name and address, which must not come back.
        var number = good.Row.CustomerNumber;
        if (number != owner.Number
            && ((number.Length > 0 && _byName.GetValueOrDefault(number) != owner) || IsStranger(good, owner)))
        {
            yield return new(number.Length > 0 ? ImportField.CustomerNumber : ImportField.Company,
                $"{license.Number} gehört {owner.Number}; ein Import gibt sie keinem anderen Kunden.",
                $"{license.Number} belongs to {owner.Number}; an import does not give it to another customer.");
        }
    }

    private static bool IsStranger(GoodRow good, Buyer customer) =>
        good.Email != customer.Email && good.Row.Company != customer.Company.Trim();

    /// <summary>The lines in which a number or key of these rows stands before them.</summary>
    private async Task ReadLinesAsync(
        IQueryable<ImportRow> before, string[] numbers, byte[][] hashes, CancellationToken cancellationToken)
    {
        foreach (var row in await before.Where(r => numbers.Contains(r.LicenseNumber)).OrderBy(r => r.Seq)
            .Select(r => new { r.LicenseNumber, r.Line }).ToListAsync(cancellationToken))
        {
            _lines.TryAdd(row.LicenseNumber!, row.Line);
        }

        foreach (var row in await before.Where(r => hashes.Contains(r.KeyHash)).OrderBy(r => r.Seq)
            .Select(r => new { r.KeyHash, r.Line }).ToListAsync(cancellationToken))
        {
            _lines.TryAdd(Convert.ToHexString(row.KeyHash!), row.Line);
        }
    }

    private sealed record CheckedRow(ImportedLicense Row, IReadOnlyList<BrokenRule> Findings, GoodRow? Good);
}
