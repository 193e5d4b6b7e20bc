using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Backoffice.Licenses;

/// <summary>The vendor's shop has sold a license. Its key is made here, unless the vendor has its own.</summary>
internal sealed class CreateLicense(TokenActs acts, LicenseFactory maker, LicenseEntry entry, Peppers peppers)
{
    /// <param name="serial">As it is kept.</param>
    /// <returns>Why not, or the license with its key; the same again for a repetition.</returns>
    public Task<BackofficeAnswer<LicenseReply>> ExecuteAsync(
        TokenCaller caller, Once once, CreateLicenseBody body, string? serial, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync<LicenseReply>(
            typeof(CreateLicense), caller, once, body, act => CreateAsync(act, body, serial, now, cancellationToken), now,
            cancellationToken);

    private async Task<BackofficeAnswer<LicenseReply>> CreateAsync(
        TokenAct act, CreateLicenseBody body, string? serial, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await act.Db.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Id == body.Product, cancellationToken) is not { } product)
        {
            return BackofficeRefusal.UnknownProduct;
        }

        // Held, so that its owner cannot have it erased, and staff cannot merge it, between this look and the commit.
        if (await act.Db.HoldCustomerAsync(body.Customer!, cancellationToken) is not { ErasedAt: null } customer)
        {
            return BackofficeRefusal.UnknownCustomer;
        }

        if (body.Number is not null && await act.Db.Licenses.AnyAsync(l => l.Number == body.Number, cancellationToken))
        {
            return BackofficeRefusal.NumberTaken;
        }

        await PepperWatch.HoldAsync(peppers, act.Db, cancellationToken);
        var key = GivenKey.Mint();
        if (body.ActivationKey is { } own && !GivenKey.TryRead(own, product.Policies.Key, out key, out _))
        {
            return BackofficeRefusal.InvalidKey;
        }

        var hashes = maker.HashesOf(key.Normalized);
        if (await act.Db.Licenses.AnyAsync(l => hashes.Contains(l.Key.Hash), cancellationToken))
        {
            return BackofficeRefusal.KeyTaken;
        }

        var sold = new NewLicense(body.Number, product.Id, customer.Id, key)
        {
            Seats = body.Seats ?? 1,
            MaintenanceUntil = body.MaintenanceUntil,
            Serial = serial,
        };
        var license = await entry.AddAsync(act.Db, sold, act.By, now, cancellationToken);
        await act.Db.SaveChangesAsync(cancellationToken);
        if (body.Number is not null)
        {
            await Numbers.MoveBehindAsync(act.Db, body.Number, customer: null, cancellationToken);
        }

        return LicenseReply.From(license, customer.Number, seatsInUse: 0) with { ActivationKey = key.Display };
    }
}
