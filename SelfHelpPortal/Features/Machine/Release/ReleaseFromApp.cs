using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Machine.Release;

/// <summary>The licensed software gives up its license while it is online.</summary>
internal sealed class ReleaseFromApp(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, ProvenActivations proven, ReleaseRecorder recorder)
{
    /// <summary>When it was released; the same again for a repetition.</summary>
    public async Task<Outcome<DateTimeOffset>> ExecuteAsync(
        DeviceRequest request, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var proof = await proven.FindAsync(request, DeviceProof.Release, caller, now, cancellationToken);
        if (!proof.Succeeded)
        {
            return proof.Refused;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var license = await db.LockLicenseAsync(proof.Value.LicenseId, cancellationToken)
            ?? throw new MissingRowException("License", proof.Value.LicenseId, "an activation");
        var activation = license.Activations.Single(a => a.Id == proof.Value.ActivationId);
        var policy = (await products.GetAsync(db, license.ProductId, cancellationToken)).Policies.Release;
        var outcome = license.Release(activation, ReleaseMethod.InApp, policy, now);
        if (!outcome.Succeeded)
        {
            return outcome.Refused;
        }

        if (!outcome.Value.IsRepetition)
        {
            await recorder.RecordAsync(
                db, license, activation, caller.As(ActorKind.Device), reason: null, confirmedByMail: false, now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return activation.EndedAt ?? now;
    }
}
