
namespace SelfHelpPortal.Features.Machine.Kit;

/// <inheritdoc/>
internal sealed record ReleaseBody : DeviceBody;

internal sealed record ReleaseReply(DateTimeOffset ReleasedAt)
{
    public bool Released => true;

    public string Code => "RELEASED";
}
