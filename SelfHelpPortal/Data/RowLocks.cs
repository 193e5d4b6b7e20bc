using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Data;

/// <summary>
/// The lock on one row, taken before what belongs to it is read: in one statement the rows beside it would be those from before the wait.
/// </summary>
internal static class RowLocks
{
    /// <returns>False when there is no such row.</returns>
    public static async Task<bool> LockRowAsync<TEntity>(this PortalDbContext db, Guid id, CancellationToken cancellationToken)
        where TEntity : class
    {
        var table = db.Model.FindEntityType(typeof(TEntity))?.GetTableName()
            ?? throw new InvalidOperationException($"{typeof(TEntity).Name} has no table of its own; lock the row that it belongs to.");
        var sql = $"SELECT id AS \"Value\" FROM {table} WHERE id = {{0}} FOR UPDATE";
        return await db.Database.SqlQueryRaw<Guid>(sql, id).ToListAsync(cancellationToken) is not [];
    }
}
