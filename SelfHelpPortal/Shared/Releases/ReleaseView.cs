using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Releases;

/// <summary>What the pages of a release show: to the holder of the key, so no names in full and no address.</summary>
public sealed record ReleaseView
{
    public required ReleaseOutcome Outcome { get; init; }
    public string? ProductName { get; init; }
    public string? LicenseNumber { get; init; }
    public string? KeyLastFive { get; init; }

    /// <summary>The computers to choose from, or the one the result is about.</summary>
    public IReadOnlyList<ComputerLine> Computers { get; init; } = [];

    public ReleaseAllowance? Allowance { get; init; }
    public ReleasePolicy? Policy { get; init; }

    /// <summary>Where the product can be had, for the next steps.</summary>
    public ProductLinks? Links { get; init; }

    /// <summary>When the free releases began to be used, for the sentence that explains the limit.</summary>
    public DateTimeOffset? UsedSince { get; init; }

    public DateTimeOffset? At { get; init; }

    /// <summary>The last day on which a computer could go on that gives up its seat now; null when that is not offered.</summary>
    public DateOnly? OverlapUntil { get; init; }

    /// <summary>The last day on which the computer that gave up its seat goes on.</summary>
    public DateOnly? GoesOnUntil { get; init; }
    public ReleaseMethod? Method { get; init; }
    public DateTimeOffset? NextAllowedAt { get; init; }
    public string? CaseNumber { get; init; }

    /// <summary>What moving the license from a dead PC costs; null when that cannot be ordered here.</summary>
    public InvoiceTotals? TransferFee { get; init; }

    /// <summary>Where the mail went, masked.</summary>
    public string? MaskedAddress { get; init; }
}

/// <param name="Name">As it is stored; the page masks it.</param>
public sealed record ComputerLine(Guid Id, string? Name, DateTimeOffset ActivatedAt, DateTimeOffset? LastSeen);

/// <summary>Reads what a release page shows. It changes nothing, however often the page is opened.</summary>
internal sealed class ShowRelease(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, LocalTimes times)
{
    /// <summary>Null when there is no such page.</summary>
    public async Task<ReleaseView?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var link = await SecretLinks.FindAsync(db, LinkPurpose.ReleaseRequest, token, now, cancellationToken);
        if (link is not { State: not LinkState.Expired })
        {
            return null;
        }

        var request = await db.Set<ReleaseRequest>().AsNoTracking().SingleAsync(r => r.Id == link.RecordId, cancellationToken);
        var license = await db.LoadLicenseAsync(request.LicenseId, cancellationToken)
            ?? throw new InvalidOperationException("The license of a release request was not found; run check data.");
        return await ViewAsync(db, license, request, now, cancellationToken);
    }

    /// <summary>The state of a request in the words of its page.</summary>
    public async Task<ReleaseView> ViewAsync(
        PortalDbContext db, License license, ReleaseRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var view = await AskAsync(db, license, now, cancellationToken);
        if (request is { Outcome: { } outcome, ActivationId: { } decided })
        {
            var activation = license.Activations.Single(a => a.Id == decided);
            return view with
            {
                Outcome = outcome,
                Computers = [await LineAsync(db, activation, cancellationToken)],
                At = activation.EndedAt ?? request.DecidedAt,
                Method = activation.ReleasedBy,
                GoesOnUntil = request.GoesOnUntil is { } end && activation.EndsAt == end && !activation.IsOver(now) && activation.IsActive
                    ? times.LastDayOf(end, await CustomerAsync(db, license, cancellationToken))
                    : null,
            };
        }

        if (!request.MayAct(now))
        {
            return view with { Outcome = ReleaseOutcome.Expired };
        }

        if (request is { MailedAt: { } mailed, ActivationId: not null })
        {
            var email = await db.Customers.Where(c => c.Id == license.CustomerId).Select(c => c.Email).SingleAsync(cancellationToken);
            return view with { Outcome = ReleaseOutcome.MailSent, MaskedAddress = Masks.Address(email), At = mailed };
        }

        var means = license.ComputerToRelease(null);
        if (means.Succeeded)
        {
            return means.Value.IsActive
                ? view with { Computers = [await LineAsync(db, means.Value, cancellationToken)] }
                : view with
                {
                    Outcome = ReleaseOutcome.AlreadyReleased,
                    Computers = [await LineAsync(db, means.Value, cancellationToken)],
                    At = means.Value.EndedAt,
                    Method = means.Value.ReleasedBy,
                };
        }

        if (means.Refused.Refusal != Refusal.ChooseComputer)
        {
            return view with { Outcome = ReleaseOutcomes.From(means.Refused.Refusal), CaseNumber = means.Refused.CaseNumber };
        }

        var computers = new List<ComputerLine>();
        foreach (var computer in license.ActiveComputers.OrderBy(a => a.Seat))
        {
            computers.Add(await LineAsync(db, computer, cancellationToken));
        }

        return view with { Computers = computers };
    }

    /// <summary>What stands on every page about a release of the license, before there is an answer.</summary>
    public async Task<ReleaseView> AskAsync(PortalDbContext db, License license, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        return new ReleaseView
        {
            Outcome = ReleaseOutcome.Confirm,
            ProductName = product.Name,
            LicenseNumber = license.Number,
            KeyLastFive = license.Key.LastFive,
            Policy = product.Policies.Release,
            Links = product.Policies.Links,
            Allowance = license.AllowanceAt(now, product.Policies.Release),
            UsedSince = license.Activations.Min(a => a.ChargedAt),
            OverlapUntil = license.Temporary(now) is null && product.Policies.OffersOverlap
                ? LastDayOfOverlap(product, await CustomerAsync(db, license, cancellationToken), now)
                : null,
            TransferFee = await FeeAsync(db, product, now, cancellationToken),
        };
    }

    /// <summary>When a computer ends that gives up its seat now and goes on for the days of its product.</summary>
    public async Task<DateTimeOffset> EndOfOverlapAsync(
        PortalDbContext db, License license, Product product, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var customer = await CustomerAsync(db, license, cancellationToken);
        return times.EndOf(LastDayOfOverlap(product, customer, now), customer);
    }

    private DateOnly LastDayOfOverlap(Product product, Licensing.Customer customer, DateTimeOffset now) =>
        times.Today(now, customer).AddDays(product.Policies.Loans.OverlapDays);

    private static Task<Licensing.Customer> CustomerAsync(PortalDbContext db, License license, CancellationToken cancellationToken) =>
        db.Customers.AsNoTracking().SingleAsync(c => c.Id == license.CustomerId, cancellationToken);

    /// <summary>For a customer in Germany, as long as nothing else is known.</summary>
    private async Task<InvoiceTotals?> FeeAsync(
        PortalDbContext db, Product product, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = times.Today(now);
        return product.Policies.Transfer.FeeSku is { } sku
            && await PriceList.FindAsync(db, product.Id, sku, today, cancellationToken) is { } entry
            && await PriceList.VatRateAsync(db, today, cancellationToken) is { } rate
            ? InvoiceTotals.FromNet(entry.Net, rate)
            : null;
    }

    public static async Task<ComputerLine> LineAsync(PortalDbContext db, Activation activation, CancellationToken cancellationToken)
    {
        var seen = await db.ActivationsSeen.Where(s => s.ActivationId == activation.Id).Select(s => (DateTimeOffset?)s.SeenAt)
            .SingleOrDefaultAsync(cancellationToken);
        return new ComputerLine(activation.Id, activation.PcName, activation.ActivatedAt, seen);
    }
}
