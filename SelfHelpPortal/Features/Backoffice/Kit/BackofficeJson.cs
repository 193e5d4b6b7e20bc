using System.Text.Json;
using System.Text.Json.Serialization;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Backoffice.Kit;

/// <summary>
/// Everything the backoffice API reads and writes. Unknown members are ignored, so that a newer shop may talk to an older portal.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    Converters = [typeof(UtcInstants)])]
[JsonSerializable(typeof(CreateCustomerBody))]
[JsonSerializable(typeof(CustomerReply))]
[JsonSerializable(typeof(CreateLicenseBody))]
[JsonSerializable(typeof(RenewBody))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(LicenseReply))]
[JsonSerializable(typeof(ChangesReply))]
internal sealed partial class BackofficeJson : JsonSerializerContext;
