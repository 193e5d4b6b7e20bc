using System.Net;

namespace SelfHelpPortal.Platform.Guessing;

internal sealed record GuessSubject(string Scope, string Subject);

internal sealed record BudgetedResult<T>(bool Allowed, T? Value, DateTimeOffset RetryAt)
    where T : class;

/// <summary>Which budgets a guess is counted against.</summary>
internal static class GuessSubjects
{
    public static IReadOnlyList<GuessSubject> ForKey(IPAddress? address, byte[] keyHash, bool lowEntropy) => [];

    public static IReadOnlyList<GuessSubject> ForLink(IPAddress? address) => [];

    public static IReadOnlyList<GuessSubject> ForDevice(IPAddress? address) => [];

    public static GuessSubject VerificationCode(Guid licenseId) => new("code", licenseId.ToString());

    public static GuessSubject LastFive(Guid requestId) => new("last-five", requestId.ToString());
}

/// <summary>The budget of wrong guesses. This first form lets everything through; the counting comes with its table.</summary>
internal sealed class GuessBudget
{
    public async Task<BudgetedResult<T>> TryAsync<T>(
        IReadOnlyList<GuessSubject> subjects, Func<Task<T?>> lookUp, DateTimeOffset now, CancellationToken cancellationToken = default)
        where T : class => new(true, await lookUp(), now);
}
