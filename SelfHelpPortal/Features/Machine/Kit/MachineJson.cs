using System.Text.Json;
using System.Text.Json.Serialization;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Machine.Kit;

/// <summary>Everything the API reads and writes. Unknown members are ignored, so that newer software may talk to an older portal.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    Converters = [typeof(UtcInstants)])]
[JsonSerializable(typeof(ActivateBody))]
[JsonSerializable(typeof(ActivateReply))]
[JsonSerializable(typeof(CheckInBody))]
[JsonSerializable(typeof(CheckInReply))]
[JsonSerializable(typeof(ReleaseBody))]
[JsonSerializable(typeof(ReleaseReply))]
internal sealed partial class MachineJson : JsonSerializerContext;
