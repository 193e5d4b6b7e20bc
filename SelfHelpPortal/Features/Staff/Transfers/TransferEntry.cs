using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>What becomes of a typed order.</summary>
/// <param name="Draft">As the customer's own pages would have filled it in; without the price that was chosen.</param>
/// <param name="Problems">What is missing or wrong; empty when it can be ordered.</param>
internal sealed record CheckedTransfer(
    TransferDraft Draft, License? License, Licensing.Customer? Customer, Product? Product, IReadOnlyList<TransferOffer> Offers,
    bool AsksEarlyStart, IReadOnlyList<BrokenRule> Problems)
{
    public TransferOffer? Chosen => Offers.SingleOrDefault(o => o.Remedy == Draft.Remedy);
}

/// <summary>Checks what a clerk has typed of a caller's order, by the rules of the customer's own pages.</summary>
internal sealed class TransferEntry(
    ProductCatalog products, TransferPricing pricing, KeyHasher hasher, InvoiceLetters letters, IOptions<VendorOptions> vendor)
{
    public async Task<CheckedTransfer> CheckAsync(
        PortalDbContext db, TypedTransfer typed, string language, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (license, isProven) = await FindAsync(db, typed.License, cancellationToken);
        var customer = license is null ? null
            : await db.Customers.AsNoTracking().SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        var product = license is null ? null : await products.GetAsync(db, license.ProductId, cancellationToken);
        var hardware = HardwareInput.Parse(typed.NewHardware);
        var computer = hardware.Code is null ? null : hardware.Computer;
        var working = CodeFinder.FindAll(typed.WorkingPcs, CodeKind.HardwareCode);
        var contact = typed.AsDraft(customer?.Language ?? language);
        var draft = new TransferDraft
        {
            ProductId = product?.Id,
            Remedy = typed.Remedy,
            Items =
            [
                new DraftItem(hardware.Code?.ToString(), isProven ? null : license?.Number)
                {
                    PcName = computer?.PcName,
                    AppVersion = computer?.AppVersion,
                },
            ],
            HardwareRead = true,
            WorkingPcs = [.. working.Take(DraftLimits.Rows).Select(code => new DraftPc(null, code))],
            LicenseAsked = true,
            LicenseId = isProven ? license!.Id : null,
            Contact = contact,
        };
        var offers = product is null ? [] : await pricing.OffersAsync(
            db, product, draft, await Identify.LicensesAsync(db, product, draft, cancellationToken), language, now, cancellationToken);
        var asksEarlyStart = EarlyStart.IsAsked(vendor.Value, isConsumer: contact.Company is null);
        List<BrokenRule> problems =
        [
            .. await ProblemsOfLicenseAsync(db, license, customer, product, cancellationToken),
            .. await ProblemsOfHardwareAsync(db, hardware.Code, license, product, cancellationToken),
            .. working.Count == 0 && typed.WorkingPcs.Trim().Length > 0 ? [TransferProblems.WorkingPcs] : new List<BrokenRule>(),
            .. product is not null && offers.All(o => o.Remedy != typed.Remedy) ? [TransferProblems.NoRemedy] : new List<BrokenRule>(),
            .. ContactRules.ProblemsOf(contact).Concat(DrawableContact.ProblemsOf(contact, letters)).Select(ContactSentences.Of),
            .. asksEarlyStart && !typed.EarlyStart ? [TransferProblems.EarlyStart] : new List<BrokenRule>(),
        ];
        if (problems.Count == 0 && DraftLimits.Validate(draft) is not null)
        {
            problems.Add(TransferProblems.TooLong);
        }

        return new CheckedTransfer(draft, license, customer, product, offers, asksEarlyStart, problems);
    }

    /// <summary>By the key, which proves that the caller has it; else by the number or serial, which proves nothing.</summary>
    public async Task<(License? License, bool IsProven)> FindAsync(PortalDbContext db, string typed, CancellationToken cancellationToken)
    {
        List<string> keys = ActivationKey.TryParse(typed, out var own, out _) ? [own.Normalized] : [];
        keys.AddRange((await products.AllAsync(cancellationToken)).Values.Select(p => p.Policies.Key)
            .SelectMany(scheme => scheme.TryNormalizeForeign(typed) is { } foreign ? [foreign] : scheme.FindIn(typed)));
        var hashes = keys.Distinct().SelectMany(hasher.HashWithAll).ToArray();
        if (hashes.Length > 0
            && await db.Licenses.AsNoTracking().FirstOrDefaultAsync(l => hashes.Contains(l.Key.Hash), cancellationToken) is { } byKey)
        {
            return (byKey, true);
        }

        var numbers = LicenseNumber.Readings(typed);
        return (
            await db.Licenses.AsNoTracking().Where(l => numbers.Contains(l.Number) || numbers.Contains(l.Serial!)).OrderBy(l => l.Number)
                .FirstOrDefaultAsync(cancellationToken),
            false);
    }

    private static async Task<IReadOnlyList<BrokenRule>> ProblemsOfLicenseAsync(
        PortalDbContext db, License? license, Licensing.Customer? customer, Product? product, CancellationToken cancellationToken) =>
        license is null || customer is null ? [TransferProblems.NoLicense]
        : customer.ErasedAt is not null ? [TransferProblems.NoOwner]
        : product is not { Policies.Transfer.IsOffered: true } ? [TransferProblems.NotOffered]
        : await FreeLicenses.AreAllAsync(db, [license.Id], cancellationToken) ? [TransferProblems.NothingToMove]
        : [];

    private static async Task<IReadOnlyList<BrokenRule>> ProblemsOfHardwareAsync(
        PortalDbContext db, HardwareCode? code, License? license, Product? product, CancellationToken cancellationToken) =>
        code is null ? [TransferProblems.Hardware]
        : product is not null && await FindComputers.UsedByAsync(db, product, code, cancellationToken) is { } used
            ? [TransferProblems.OldPc(used.LicenseNumber)]
        : code.HasFewParts && license is { FewPartsAllowedAt: null } ? [TransferProblems.FewParts]
        : [];
}
