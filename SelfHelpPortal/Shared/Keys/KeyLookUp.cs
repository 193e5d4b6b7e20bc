using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Keys;

/// <summary>What a typed key led to.</summary>
internal abstract record KeyAnswer
{
    private KeyAnswer()
    {
    }

    /// <param name="Hash">The keyed hash of what was typed: names the key for the limits of attempts without being it.</param>
    public sealed record Found(Guid LicenseId, byte[] Hash) : KeyAnswer;

    /// <summary>No look-up was made.</summary>
    public sealed record Mistyped(CodeProblem Problem) : KeyAnswer;

    /// <summary>Exactly one imported key looks the same but for O/0, I/1 or B/8.</summary>
    public sealed record DidYouMean(string Key) : KeyAnswer;

    /// <summary>
    /// The same where keys can be guessed: where to look again, counted from 1 without dashes and spaces, and never the right key itself.
    /// </summary>
    public sealed record LooksAlike(IReadOnlyList<int> Places) : KeyAnswer;

    public sealed record NotFound : KeyAnswer;

    public sealed record TooManyTries(DateTimeOffset RetryAt) : KeyAnswer;
}

/// <summary>
/// Finds the license of a typed or pasted activation key: our own keys, and imported ones of any format. A key that is too long to be
/// guessed is looked up first, and only a miss is counted and refused; one that can be guessed is looked up within the limit. An
/// unknown key is answered like a wrong one.
/// </summary>
internal sealed class KeyLookUp(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, KeyHasher hasher, StoredSecrets secrets, AttemptLimiter limiter,
    RateLimits limits)
{
    // A pasted mail may be long; what is longer is no mail with a key in it.
    private const int MaxInputLength = 20_000;

    /// <summary>As many passages of a text are looked up as keys of a foreign format; each is a try of its own.</summary>
    private const int MostPassages = 5;

    /// <summary>As <see cref="FindAsync"/>, for programs: they may ask in a loop even with a right key.</summary>
    public async Task<KeyAnswer> FindForMachineAsync(string? given, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await FindAsync(given, caller, now, cancellationToken);
        return answer is KeyAnswer.Found && limits.Request(caller.Address, now) is { } wait
            ? new KeyAnswer.TooManyTries(now + wait)
            : answer;
    }

    /// <summary>
    /// What is wrong with the text before any look-up, so that a page can say it together with its other errors; null when it could be a
    /// key.
    /// </summary>
    public async Task<CodeProblem?> MistypedAsync(string? typed, CancellationToken cancellationToken) =>
        await ReadAsync(typed, cancellationToken) is { Candidates: [], Passages: [] } read ? read.Problem : null;

    public async Task<KeyAnswer> FindAsync(string? typed, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (candidates, passages, guessable, own, problem) = await ReadAsync(typed, cancellationToken);
        if (candidates is [] && passages is [])
        {
            return new KeyAnswer.Mistyped(problem);
        }

        // Whatever the whole text may be is one try; each passage of it that may be a key is another. What cannot be guessed is looked up
        // with the first, so that the wrong tries of others never refuse it.
        List<string> first = [.. candidates, .. passages.Where(p => !guessable.Contains(p))];
        var result = await TryAsync(first is [] ? [passages[0]] : first, guessable, caller, now, cancellationToken);
        foreach (var passage in passages.Skip(candidates is [] ? 1 : 0))
        {
            if (result is { Allowed: true, Value: null })
            {
                result = await TryAsync([passage], guessable, caller, now, cancellationToken);
            }
        }

        if (!result.Allowed)
        {
            return new KeyAnswer.TooManyTries(result.RetryAt);
        }

        if (result.Value is { } found)
        {
            return found;
        }

        // A look-alike counts as a miss: only who has nearly the whole key gets here, yet it must not widen the limit.
        if (await LookAlikeAsync(own ? candidates[1..] : [.. candidates, .. passages], cancellationToken) is { } alike)
        {
            return alike;
        }

        // A key with a wrong check symbol may also fit a foreign format; found under neither, it is our own key mistyped.
        return !own && problem.Kind is CodeProblemKind.WrongGroup or CodeProblemKind.WrongKind
            ? new KeyAnswer.Mistyped(problem)
            : new KeyAnswer.NotFound();
    }

    private Task<LimitedResult<KeyAnswer.Found>> TryAsync(
        List<string> candidates, List<string> guessable, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var risky = candidates.FindAll(guessable.Contains);
        var certain = candidates.FindAll(c => !guessable.Contains(c));
        var subjects = AttemptSubjects.ForKey(caller.Address, hasher.Hash(candidates[0]), risky.Count > 0);
        return certain is []
            ? limiter.TryAsync(subjects, () => ByHashAsync(risky, cancellationToken), now, cancellationToken)
            : limiter.HitFirstAsync(
                subjects, () => ByHashAsync(certain, cancellationToken),
                risky is [] ? null : () => ByHashAsync(risky, cancellationToken), now, cancellationToken);
    }

    /// <summary>
    /// Every form in which the whole text could be a stored key, our own first; where ours is not in it, the passages that could be a
    /// foreign one; and those of all that could be guessed.
    /// </summary>
    private async Task<(List<string> Candidates, List<string> Passages, List<string> Guessable, bool Own, CodeProblem Problem)> ReadAsync(
        string? typed, CancellationToken cancellationToken)
    {
        var text = typed is { Length: <= MaxInputLength } ? typed : typed?[..MaxInputLength] ?? "";
        var own = ActivationKey.TryParse(text, out var key, out var problem);
        List<string> candidates = own ? [key!.Normalized] : [];
        List<string> passages = [];
        List<string> guessable = [];
        foreach (var scheme in (await products.AllAsync(cancellationToken)).Values.Select(p => p.Policies.Key))
        {
            if (scheme.TryNormalizeForeign(text) is { } foreign)
            {
                Add(candidates, scheme, foreign);
                continue;
            }

            foreach (var passage in own ? [] : scheme.FindIn(text))
            {
                Add(passages, scheme, passage);
            }
        }

        passages.RemoveAll(candidates.Contains);
        return (candidates, [.. passages.Take(MostPassages)], guessable, own, problem);

        void Add(List<string> to, KeyScheme scheme, string read)
        {
            if (!to.Contains(read))
            {
                to.Add(read);
            }

            // What has our own form and its check symbols is not guessed, whatever a loose pattern of another product says.
            if (scheme.LowEntropy && read != key?.Normalized && !guessable.Contains(read))
            {
                guessable.Add(read);
            }
        }
    }

    private async Task<KeyAnswer.Found?> ByHashAsync(List<string> candidates, CancellationToken cancellationToken)
    {
        var hashes = candidates.SelectMany(hasher.HashWithAll).ToArray();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Licenses.Where(l => hashes.Contains(l.Key.Hash)).Select(l => new { l.Id, l.Key.Hash })
            .FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : new KeyAnswer.Found(row.Id, row.Hash);
    }

    private async Task<KeyAnswer?> LookAlikeAsync(List<string> foreign, CancellationToken cancellationToken)
    {
        var hashes = foreign.Select(KeyScheme.Fold).SelectMany(hasher.HashFoldedWithAll).ToArray();
        if (hashes is [])
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Licenses.Where(l => hashes.Contains(l.Key.FoldedHash)).Select(l => new { l.Id, l.ProductId, l.Key.Sealed })
            .Take(2).ToListAsync(cancellationToken);
        if (rows is not [var only])
        {
            return null;
        }

        var meant = secrets.UnsealText(only.Sealed, LicenseFactory.KeyRecordKind, only.Id);
        var scheme = (await products.GetAsync(db, only.ProductId, cancellationToken)).Policies.Key;
        return scheme.LowEntropy
            ? new KeyAnswer.LooksAlike(Places(foreign, scheme.TryNormalizeForeign(meant) ?? meant))
            : new KeyAnswer.DidYouMean(meant);
    }

    /// <summary>Where the typed key differs from the one that it looks like.</summary>
    private static List<int> Places(List<string> typed, string meant)
    {
        var places = new List<int>();
        var alike = typed.Find(t => KeyScheme.Fold(t) == KeyScheme.Fold(meant)) ?? meant;
        var place = 0;
        for (var i = 0; i < meant.Length; i++)
        {
            place += char.IsLetterOrDigit(meant[i]) ? 1 : 0;
            if (meant[i] != alike[i])
            {
                places.Add(place);
            }
        }

        return places;
    }
}
