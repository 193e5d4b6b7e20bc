using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Platform.Signing;

internal enum RevokeResult
{
    Revoked,
    Unknown,
    AlreadyRevoked,
}

/// <summary>
/// What <see cref="SigningKeys.Rotate"/> did: the names of the keys that sign now, or the moment from which the next ones may be used.
/// </summary>
internal sealed record RotateResult(IReadOnlyList<string> Current, DateTimeOffset? PossibleFrom);

/// <summary>
/// The signing keys of the portal, one line of them per purpose. Any number of threads may sign and verify while another rotates.
/// Other processes that share the secrets directory see a change within seconds (<see cref="Reload"/>).
/// </summary>
internal sealed class SigningKeys
{
    /// <summary>How long a key is published before it signs, so that software that fetched the key set meanwhile knows it.</summary>
    public static readonly TimeSpan PublishedBeforeUse = TimeSpan.FromDays(30);

    private readonly SecretsDirectory _directory;
    private volatile Snapshot _snapshot;

    private SigningKeys(SecretsDirectory directory, Snapshot snapshot) => (_directory, _snapshot) = (directory, snapshot);

    /// <summary>What verifies: every published key that is not revoked.</summary>
    public VerificationKeys Verifier => _snapshot.Verifier;

    /// <summary>The body of <c>/.well-known/jwks.json</c>: current, next, then every earlier key not revoked.</summary>
    public ReadOnlyMemory<byte> Jwks => _snapshot.Jwks;

    /// <summary>
    /// The body of <c>/.well-known/key-statements.json</c>: what leads a program from the keys that it was built with to those of today,
    /// the oldest first.
    /// </summary>
    public ReadOnlyMemory<byte> Statements => _snapshot.Statements;

    /// <summary>Every key there is or was, for the operator.</summary>
    public IReadOnlyList<SigningKeyEntry> Entries => _snapshot.Entries;

    /// <summary>Opens the keys; makes the first ones where the directory allows it.</summary>
    /// <exception cref="Configuration.StartRefusedException">A key is missing or damaged.</exception>
    public static SigningKeys Open(SecretsDirectory directory, DateTimeOffset now)
    {
        directory.ReadOrCreate(SigningKeyFile.Name, "without the signing keys no license can be issued", () => SigningKeyFile.Write(
            SignaturePurposes.All.SelectMany(purpose => new[]
            {
                SigningKeyFile.Create(directory, purpose, SigningKeyState.Current, now),
                SigningKeyFile.Create(directory, purpose, SigningKeyState.Next, now),
            })));
        return new SigningKeys(directory, Snapshot.Read(directory));
    }

    /// <summary>The key that signs now.</summary>
    public Es256Key For(SignaturePurpose purpose) => _snapshot.Current[(int)purpose];

    /// <summary>
    /// Lets the next key of each purpose sign and publishes a new next one. Refused while a next key is younger than
    /// <see cref="PublishedBeforeUse"/>, unless <paramref name="evenIfYoung"/>.
    /// </summary>
    public RotateResult Rotate(DateTimeOffset now, bool evenIfYoung = false) => _directory.Exclusively(() =>
    {
        var entries = Snapshot.Read(_directory).Entries;
        var possibleFrom = entries.Where(e => e.State == SigningKeyState.Next).Max(e => e.CreatedAt) + PublishedBeforeUse;
        if (possibleFrom > now && !evenIfYoung)
        {
            return new RotateResult([], possibleFrom);
        }

        Store(entries, [.. entries.Select(e => e.State switch
        {
            SigningKeyState.Current => e with { State = SigningKeyState.Earlier, ChangedAt = now },
            SigningKeyState.Next => e with { State = SigningKeyState.Current, ChangedAt = now },
            SigningKeyState.Earlier or SigningKeyState.Revoked => e,
        })], now);
        return new RotateResult([.. SignaturePurposes.All.Select(p => For(p).Kid)], null);
    });

    /// <summary>
    /// Withdraws a key at once: nothing it signed is accepted any more. If it was in use, the next one takes its place without waiting.
    /// </summary>
    public RevokeResult Revoke(string kid, DateTimeOffset now) => _directory.Exclusively(() =>
    {
        var entries = Snapshot.Read(_directory).Entries;
        var revoked = entries.FirstOrDefault(e => e.Kid == kid);
        if (revoked is null or { State: SigningKeyState.Revoked })
        {
            return revoked is null ? RevokeResult.Unknown : RevokeResult.AlreadyRevoked;
        }

        Store(entries, [.. entries.Select(e =>
            e == revoked ? e with { State = SigningKeyState.Revoked, ChangedAt = now }
            : revoked.State == SigningKeyState.Current && e.State == SigningKeyState.Next && e.Purpose == revoked.Purpose
                ? e with { State = SigningKeyState.Current, ChangedAt = now }
                : e)], now);
        return RevokeResult.Revoked;
    });

    /// <summary>Reads the keys again if another process changed them. True if it did.</summary>
    public bool Reload()
    {
        var before = _snapshot;
        if (_directory.ChangedAt(SigningKeyFile.Name) == before.ChangedAt)
        {
            return false;
        }

        _snapshot = Snapshot.Read(_directory);
        return true;
    }

    /// <summary>
    /// Adds the next keys that are missing now, writes everything and deletes the private parts that nobody needs any more.
    /// </summary>
    private void Store(IReadOnlyList<SigningKeyEntry> before, List<SigningKeyEntry> entries, DateTimeOffset now)
    {
        foreach (var purpose in SignaturePurposes.All)
        {
            if (!entries.Exists(e => e.Purpose == purpose && e.State == SigningKeyState.Next))
            {
                entries.Add(SigningKeyFile.Create(_directory, purpose, SigningKeyState.Next, now));
            }
        }

        // First: without a statement the programs would never believe keys that are in use already.
        AddStatement(before, entries, now);
        _directory.Write(SigningKeyFile.Name, SigningKeyFile.Write(entries));
        foreach (var retired in entries.Where(e => e.State is SigningKeyState.Earlier or SigningKeyState.Revoked))
        {
            _directory.Delete(retired.PemName);
        }

        _snapshot = Snapshot.Read(_directory);
    }

    /// <summary>Says what changes, signed by the license key that signed until now or, when it is revoked, by the next one.</summary>
    private void AddStatement(IReadOnlyList<SigningKeyEntry> before, List<SigningKeyEntry> entries, DateTimeOffset now)
    {
        var was = before.Single(e => e is { Purpose: SignaturePurpose.License, State: SigningKeyState.Current });
        var signs = entries.Exists(e => e.Kid == was.Kid && e.State == SigningKeyState.Revoked)
            ? entries.Single(e => e is { Purpose: SignaturePurpose.License, State: SigningKeyState.Current })
            : was;
        using var signer = SigningKeyFile.Open(_directory, signs);
        var statement = KeyStatement.Write(
            now,
            entries.Where(e => e.State is SigningKeyState.Current or SigningKeyState.Next).Select(e => SigningKeyFile.Open(_directory, e)),
            entries.Where(e => e.State == SigningKeyState.Revoked).Select(e => e.Kid),
            signer);
        _directory.Write(KeyStatementFile.Name, KeyStatementFile.Write([.. KeyStatementFile.Read(_directory), statement]));
    }

    private sealed record Snapshot(
        IReadOnlyList<SigningKeyEntry> Entries, Es256Key[] Current, VerificationKeys Verifier, ReadOnlyMemory<byte> Jwks,
        ReadOnlyMemory<byte> Statements, DateTime ChangedAt)
    {
        public static Snapshot Read(SecretsDirectory directory)
        {
            // The time first: a change that comes between is then read again by the next reload.
            var changedAt = directory.ChangedAt(SigningKeyFile.Name);
            var entries = SigningKeyFile.Parse(directory.Read(SigningKeyFile.Name) ?? [], directory);
            var published = entries.Where(e => e.State != SigningKeyState.Revoked).OrderBy(e => e.State).ThenByDescending(e => e.CreatedAt)
                .Select(e => (Entry: e, Key: SigningKeyFile.Open(directory, e))).ToArray();
            return new Snapshot(
                entries,
                [.. SignaturePurposes.All.Select(
                    p => published.Single(k => k.Key.Purpose == p && k.Entry.State == SigningKeyState.Current).Key)],
                new VerificationKeys(published.Select(k => k.Key)),
                VerificationKeys.ToJwks(published.Select(k => k.Key)),
                KeyStatementFile.Write(KeyStatementFile.Read(directory)),
                changedAt);
        }
    }
}
