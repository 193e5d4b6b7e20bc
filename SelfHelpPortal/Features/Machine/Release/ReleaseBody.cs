using SelfHelpPortal.Features.Machine.Kit;

namespace SelfHelpPortal.Features.Machine.Release;

/// <inheritdoc/>
internal sealed record ReleaseBody : DeviceBody;

internal sealed record ReleaseReply(DateTimeOffset ReleasedAt)
{
    public bool Released => true;

    public string Code => "RELEASED";
}
