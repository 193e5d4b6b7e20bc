using System.Text;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Portal.Licenses;

/// <summary>The latest license file of a computer that uses the license.</summary>
[CustomerUseCase(CustomerRole.Member)]
internal sealed class ReadMyLicenseFile(IDbContextFactory<PortalDbContext> contexts, LicenseFiles files)
{
    public async Task<DocumentFile?> ExecuteAsync(CustomerActor actor, string number, Guid computer, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await OwnLicense.FindAsync(db, actor, typeof(ReadMyLicenseFile), number, cancellationToken) is { } own
            && await db.Activations.AnyAsync(
                a => a.Id == computer && a.LicenseId == own.Id && a.State == ActivationState.Active, cancellationToken)
            && await files.LatestAsync(db, computer, cancellationToken) is { } text
            ? new DocumentFile(LicenseFiles.NameOf(number), "application/octet-stream", Encoding.UTF8.GetBytes(text))
            : null;
    }
}
