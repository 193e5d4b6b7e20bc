using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Guessing;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Common;

/// <summary>What a typed key led to.</summary>
internal abstract record KeyAnswer
{
    private KeyAnswer()
    {
    }

    /// <param name="Hash">The keyed hash of what was typed: names the key in guess budgets without being it.</param>
    public sealed record Found(Guid LicenseId, byte[] Hash) : KeyAnswer;

    /// <summary>No look-up was made.</summary>
    public sealed record Mistyped(CodeProblem Problem) : KeyAnswer;

    /// <summary>Exactly one imported key looks the same but for O/0, I/1 or B/8.</summary>
    public sealed record DidYouMean(string Key) : KeyAnswer;

    public sealed record NotFound : KeyAnswer;

    public sealed record TooManyTries(DateTimeOffset RetryAt) : KeyAnswer;
}

/// <summary>
/// Finds the license of a typed or pasted activation key: our own keys, and imported ones of any format. Every look-up runs under the
/// guess budget, and an unknown key is answered like a wrong one.
/// </summary>
internal sealed class KeyLookUp(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, KeyHasher hasher, StoredSecrets secrets, GuessBudget budget, RateLimits limits)
{
    // A pasted mail may be long; what is longer is no mail with a key in it.
    private const int LongestInput = 20_000;

    /// <summary>As <see cref="FindAsync"/>, for programs: they may ask in a loop even with a right key.</summary>
    public async Task<KeyAnswer> FindForMachineAsync(string? given, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await FindAsync(given, caller, now, cancellationToken);
        return answer is KeyAnswer.Found && limits.Request(caller.Address, now) is { } wait ? new KeyAnswer.TooManyTries(now + wait) : answer;
    }

    /// <summary>What is wrong with the text before any look-up, so that a page can say it together with its other errors; null when it could be a key.</summary>
    public async Task<CodeProblem?> MistypedAsync(string? typed, CancellationToken cancellationToken) =>
        await ReadAsync(typed, cancellationToken) is { Candidates: [] } read ? read.Problem : null;

    public async Task<KeyAnswer> FindAsync(string? typed, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (candidates, own, lowEntropy, problem) = await ReadAsync(typed, cancellationToken);
        if (candidates is [])
        {
            return new KeyAnswer.Mistyped(problem);
        }

        var subjects = GuessSubjects.ForKey(caller.Address, hasher.Hash(candidates[0]), lowEntropy);
        var result = await budget.TryAsync<KeyAnswer.Found>(subjects, () => ByHashAsync(candidates, cancellationToken), now, cancellationToken);
        if (!result.Allowed)
        {
            return new KeyAnswer.TooManyTries(result.RetryAt);
        }

        if (result.Value is { } found)
        {
            return found;
        }

        // A look-alike counts as a miss: only who has nearly the whole key gets here, yet it must not widen the budget.
        var meant = await LookAlikeAsync(candidates, own, cancellationToken);
        if (meant is not null)
        {
            return new KeyAnswer.DidYouMean(meant);
        }

        // A key with a wrong check symbol may also fit a foreign format; found under neither, it is our own key mistyped.
        return !own && problem.Kind == CodeProblemKind.WrongGroup ? new KeyAnswer.Mistyped(problem) : new KeyAnswer.NotFound();
    }

    /// <summary>Every form in which the text could be a stored key, our own first.</summary>
    private async Task<(List<string> Candidates, bool Own, bool LowEntropy, CodeProblem Problem)> ReadAsync(string? typed, CancellationToken cancellationToken)
    {
        var text = typed is { Length: <= LongestInput } ? typed : typed?[..LongestInput] ?? "";
        var own = ActivationKey.TryParse(ActivationKey.FindIn(text) ?? text, out var key, out var problem);
        var candidates = new List<string>();
        if (own)
        {
            candidates.Add(key!.Normalized);
        }

        var lowEntropy = false;
        foreach (var product in (await products.AllAsync(cancellationToken)).Values)
        {
            if (product.Policies.Key.TryNormalizeForeign(text) is { } foreign && !candidates.Contains(foreign))
            {
                candidates.Add(foreign);
                lowEntropy |= product.Policies.Key.LowEntropy;
            }
        }

        return (candidates, own, lowEntropy, problem);
    }

    private async Task<KeyAnswer.Found?> ByHashAsync(List<string> candidates, CancellationToken cancellationToken)
    {
        var hashes = candidates.SelectMany(hasher.HashWithAll).ToArray();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Licenses.Where(l => hashes.Contains(l.Key.Hash)).Select(l => new { l.Id, l.Key.Hash }).FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : new KeyAnswer.Found(row.Id, row.Hash);
    }

    private async Task<string?> LookAlikeAsync(List<string> candidates, bool own, CancellationToken cancellationToken)
    {
        var foreign = own ? candidates.Skip(1) : candidates;
        var hashes = foreign.Select(KeyScheme.Fold).SelectMany(hasher.HashFoldedWithAll).ToArray();
        if (hashes is [])
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Licenses.Where(l => hashes.Contains(l.Key.FoldedHash)).Select(l => new { l.Id, l.Key.Sealed }).Take(2).ToListAsync(cancellationToken);
        return rows is [var only] ? secrets.UnsealText(only.Sealed, LicenseMaker.KeyRecordKind, only.Id) : null;
    }
}
