using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>What a screen of staff shows, or why it shows nothing.</summary>
internal readonly record struct StaffAnswer<T>(T? Value, StaffRefusal? Refused)
    where T : class;

/// <summary>What the audit log is told of a read.</summary>
/// <param name="Subject">The number of what was opened; null for a search.</param>
/// <param name="Text">What was searched for, or which document was read.</param>
internal sealed record AuditedRead(AuditKind Kind, string? Subject, string? Text = null)
{
    /// <summary>Numbers and serials have at most this many symbols, keys more.</summary>
    private const int LongestNumber = 14;

    private const int KeptOfKey = 5;

    /// <summary>A search, unless the whole list was asked for.</summary>
    public static AuditedRead? Search(AuditKind kind, string term) => term.Length == 0 ? null : new(kind, null, WithoutKey(term));

    /// <summary>
    /// Whoever pastes a key into a search field must not put it into the log: of what could be one, only the end is kept.
    /// </summary>
    private static string WithoutKey(string term) =>
        term.Length > LongestNumber && !term.Contains(' ', StringComparison.Ordinal) && !term.Contains('@', StringComparison.Ordinal)
            && term.Any(char.IsAsciiDigit)
            ? "…" + term[^KeptOfKey..]
            : term;
}

/// <summary>
/// Reads for a screen: the account is looked at first, by the same rules as for an act, and nothing is locked. What shows personal data is
/// noted in the audit log, before it is shown; the same page again within the hour is one entry.
/// </summary>
internal sealed class StaffReads(IDbContextFactory<PortalDbContext> contexts, StaffGate gate, AttemptLimiter limiter)
{
    /// <summary>
    /// A list that is searched. Whoever pages through it guesses nothing; who tries one term after the other may, so that is limited.
    /// </summary>
    /// <param name="term">As it may stand in an address; empty for the whole list.</param>
    /// <param name="isFirstPage">Whether this is a look-up and not the next page of one.</param>
    public Task<StaffAnswer<T>> SearchAsync<T>(
        Type useCase, StaffActor actor, AuditKind kind, string term, bool isFirstPage, Func<PortalDbContext, Task<T?>> read,
        DateTimeOffset now, CancellationToken cancellationToken)
        where T : class =>
        SearchAsync(
            useCase, actor, term.Length > 0 && isFirstPage, _ => AuditedRead.Search(kind, term), read, now, cancellationToken);

    /// <param name="isLookUp">Whether it counts towards the limit.</param>
    /// <param name="audited">What the audit log is told of what was found.</param>
    public async Task<StaffAnswer<T>> SearchAsync<T>(
        Type useCase, StaffActor actor, bool isLookUp, Func<T, AuditedRead?> audited, Func<PortalDbContext, Task<T?>> read,
        DateTimeOffset now, CancellationToken cancellationToken)
        where T : class
    {
        if (isLookUp)
        {
            var counted = await limiter.RecordFailureAsync([AttemptSubjects.StaffLookUp(actor.Id)], now, cancellationToken);
            if (!counted.Allowed)
            {
                return new(null, StaffRefusal.TooManyLookUps);
            }
        }

        return await ReadAsync(useCase, actor, audited, read, now, cancellationToken);
    }

    /// <param name="audited">Null for what names no customer or is only a list of work.</param>
    /// <param name="read">Null when there is no such thing.</param>
    public Task<StaffAnswer<T>> ReadAsync<T>(
        Type useCase, StaffActor actor, AuditedRead? audited, Func<PortalDbContext, Task<T?>> read, DateTimeOffset now,
        CancellationToken cancellationToken)
        where T : class => ReadAsync(useCase, actor, _ => audited, read, now, cancellationToken);

    private async Task<StaffAnswer<T>> ReadAsync<T>(
        Type useCase, StaffActor actor, Func<T, AuditedRead?> audited, Func<PortalDbContext, Task<T?>> read, DateTimeOffset now,
        CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await TryAsync(useCase, actor, audited, read, now, cancellationToken);
        }
        catch (Exception failure) when (InvalidTextException.IsCauseOf(failure))
        {
            return new(null, StaffRefusal.NotText);
        }
        catch (Exception failure) when (DatabaseFaults.IsUnavailable(failure))
        {
            return new(null, DatabaseFaults.TookTooLong(failure) ? StaffRefusal.TookTooLong : StaffRefusal.Unavailable);
        }
    }

    private async Task<StaffAnswer<T>> TryAsync<T>(
        Type useCase, StaffActor actor, Func<T, AuditedRead?> audited, Func<PortalDbContext, Task<T?>> read, DateTimeOffset now,
        CancellationToken cancellationToken)
        where T : class
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await gate.LookAsync(db, actor, StaffPermission.For(useCase), now, cancellationToken) is { } stopped)
        {
            return new(null, stopped.AsStaffRefusal());
        }

        var value = await read(db);
        if (value is not null && audited(value) is { } noted)
        {
            await AuditLog.NoteReadAsync(db, contexts, actor.Id, noted.Kind, noted.Subject, noted.Text, now, cancellationToken);
        }

        return new(value, value is null ? StaffRefusal.NotFound : null);
    }
}
