using System.Collections.Concurrent;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Shared.Activations;

/// <summary>Makes what is random about an activation, and opens its release secret again.</summary>
internal sealed class ActivationSecretsFactory(StoredSecrets secrets)
{
    private const string RecordKind = "activation/release-secret";

    /// <summary>Some 20 MB.</summary>
    private const int MaxCacheEntries = 200_000;

    private readonly ConcurrentDictionary<Guid, byte[]> _opened = [];

    public ActivationSecrets Make()
    {
        var id = Guid.CreateVersion7();
        return new ActivationSecrets(id, Handles.New(), secrets.Seal(ReleaseSecret.New(), RecordKind, id));
    }

    public byte[] Open(Activation activation) => Open(activation.Id, activation.SealedReleaseSecret);

    public byte[] Open(Guid activationId, byte[] sealedSecret) => secrets.Unseal(sealedSecret, RecordKind, activationId);

    /// <summary>
    /// As <see cref="Open(Guid, byte[])"/>, remembered on this node: tills check in again and again, and a release secret never changes.
    /// </summary>
    public byte[] OpenRemembered(Guid activationId, byte[] sealedSecret)
    {
        if (_opened.TryGetValue(activationId, out var secret))
        {
            return secret;
        }

        if (_opened.Count >= MaxCacheEntries)
        {
            _opened.Clear();
        }

        return _opened[activationId] = Open(activationId, sealedSecret);
    }
}
