using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Account;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Staff;

/// <summary>What a screen of staff shows, or why it shows nothing.</summary>
internal readonly record struct StaffAnswer<T>(T? Value, StaffRefusal? Refused)
    where T : class;

/// <summary>Reads for a screen: the account is looked at first, by the same rules as for an act, and nothing is locked.</summary>
internal sealed class StaffReads(IDbContextFactory<PortalDbContext> contexts, StaffGate gate)
{
    /// <param name="read">Null when there is no such thing.</param>
    public async Task<StaffAnswer<T>> ReadAsync<T>(
        Type useCase, StaffActor actor, Func<PortalDbContext, Task<T?>> read, DateTimeOffset now, CancellationToken cancellationToken)
        where T : class
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await gate.LookAsync(db, actor, StaffPermissions.Of(useCase), now, cancellationToken) is { } stopped)
        {
            return new(null, stopped.AsStaffRefusal());
        }

        var value = await read(db);
        return new(value, value is null ? StaffRefusal.NotFound : null);
    }
}
