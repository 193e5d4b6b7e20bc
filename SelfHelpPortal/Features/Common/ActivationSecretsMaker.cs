using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Common;

/// <summary>Makes what is random about an activation, and opens its release secret again.</summary>
internal sealed class ActivationSecretsMaker(StoredSecrets secrets)
{
    private const string RecordKind = "activation/release-secret";

    public ActivationSecrets Make()
    {
        var id = Guid.CreateVersion7();
        return new ActivationSecrets(id, Handles.New(), secrets.Seal(ReleaseSecret.New(), RecordKind, id));
    }

    public byte[] Open(Activation activation) => Open(activation.Id, activation.SealedReleaseSecret);

    public byte[] Open(Guid activationId, byte[] sealedSecret) => secrets.Unseal(sealedSecret, RecordKind, activationId);
}
