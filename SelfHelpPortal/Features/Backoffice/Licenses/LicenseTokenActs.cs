using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Features.Backoffice.Licenses;

/// <summary>Acts of the vendor's programs on one license, in the order of <see cref="TokenActs"/>.</summary>
internal sealed class LicenseTokenActs(TokenActs acts)
{
    /// <param name="content">What is asked for besides the license.</param>
    /// <param name="decide">Decides on the locked license, with event and mail; null when it is done.</param>
    /// <returns>Why not, or the license as it is now; for a repetition, as it was then.</returns>
    public Task<BackofficeAnswer<LicenseReply>> RunAsync(
        Type useCase, TokenCaller caller, Once once, string number, string content,
        Func<TokenAct, License, Task<BackofficeRefusal?>> decide, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync<LicenseReply>(
            useCase, caller, once, new { number, content }, act => DecideAsync(act, number, decide, cancellationToken), now,
            cancellationToken);

    private static async Task<BackofficeAnswer<LicenseReply>> DecideAsync(
        TokenAct act, string number, Func<TokenAct, License, Task<BackofficeRefusal?>> decide, CancellationToken cancellationToken)
    {
        var id = await act.Db.Licenses.Where(l => l.Number == number).Select(l => (Guid?)l.Id).SingleOrDefaultAsync(cancellationToken);
        if (id is null || await act.Db.LockLicenseAsync(id.Value, cancellationToken) is not { } license)
        {
            return BackofficeRefusal.UnknownLicense;
        }

        if (await decide(act, license) is { } refused)
        {
            return refused;
        }

        var customer = await act.Db.Customers.Where(c => c.Id == license.CustomerId).Select(c => c.Number)
            .SingleAsync(cancellationToken);
        return LicenseReply.From(license, customer, license.ActiveComputers.Count(a => a.HasSeat));
    }
}
