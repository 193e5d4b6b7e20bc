using SelfHelpPortal.Client.Portal;
using SelfHelpPortal.Client.State;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Client;

/// <content>The portal exchanges its keys; a program that is installed follows, from the keys that it was built with.</content>
public sealed partial class LicenseClient
{
    /// <summary>The portal publishes a key for thirty days before it signs.</summary>
    private static readonly TimeSpan KeysAreAskedForEvery = TimeSpan.FromDays(7);

    /// <summary>Those the program was built with and those that the stored statements lead to.</summary>
    private VerificationKeys KeysOf(ClientState state)
    {
        if (state.KeyStatements.Count == 0)
        {
            return _builtIn;
        }

        var learned = _learned;
        if (learned is null || !learned.Statements.SequenceEqual(state.KeyStatements, StringComparer.Ordinal))
        {
            _learned = learned = new(state.KeyStatements, _builtIn.After(state.KeyStatements, out _));
        }

        return learned.Keys;
    }

    /// <summary>
    /// Asks for newer keys when something in the answer was signed by an unknown one, and now and then: a revoked key is forgotten so.
    /// </summary>
    /// <returns>The keys that are known then.</returns>
    private async Task<VerificationKeys> LearnKeysAsync(PortalReply reply, CancellationToken cancellationToken)
    {
        var state = _store.Load().State;
        var keys = KeysOf(state);
        var isUnknown = CheckInAnswer.Read(reply.Text("answer"), "", keys).Fault == FileFault.UnknownKey
            || LicenseFile.Read(reply.Text("license"), keys).Fault == FileFault.UnknownKey;
        var isDue = state.KeysAt is not { } asked || Clock() - asked > KeysAreAskedForEvery || asked > Clock();
        if ((!isUnknown && !isDue)
            || await _portal.GetTextsAsync(".well-known/key-statements.json", "statements", cancellationToken)
                .ConfigureAwait(false) is not { } offered)
        {
            return keys;
        }

        // What was believed once stays, whatever is offered now: an old answer must not bring a revoked key back.
        state = _store.Change("keys", s =>
        {
            _ = _builtIn.After(s.KeyStatements.Concat(offered), out var believed);
            return s with { KeyStatements = believed, KeysAt = Clock() };
        });
        return KeysOf(state);
    }

    private sealed record LearnedKeys(IReadOnlyList<string> Statements, VerificationKeys Keys);
}
