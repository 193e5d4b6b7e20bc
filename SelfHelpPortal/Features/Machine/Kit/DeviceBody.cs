using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Machine.Kit;

/// <summary>
/// What every request of an activated computer carries. The attributes are for the OpenAPI document; <see cref="Read"/> decides.
/// </summary>
internal abstract record DeviceBody
{
    [Required, Range(1, 255)]
    [Description("The generation that came with the activation.")]
    public int? Generation { get; init; }

    [Required, StringLength(Fields.NonceLongest, MinimumLength = Fields.NonceShortest)]
    [Description("Random, new for each request, printable ASCII. The signed answer repeats it.")]
    public string? Nonce { get; init; }

    [Required]
    [Description("The computer's clock in Unix seconds; at most ten minutes off.")]
    public long? Ts { get; init; }

    [Required]
    [Description(
        "Lower-case hex of HMAC-SHA-256(releaseSecret, \"lshp/{purpose}/v1|{handle}|{generation}|{nonce}|{ts}\"), purpose check or "
            + "release.")]
    public string? Mac { get; init; }

    public FieldProblem? Read(string handle, out DeviceRequest request)
    {
        request = new DeviceRequest(handle, Generation ?? 0, Nonce ?? "", Ts ?? 0, Mac ?? "");
        return Generation is null ? Fields.Missing("generation")
            : Ts is null ? Fields.Missing("ts")
            : Mac is null ? Fields.Missing("mac")
            : Fields.Nonce(Nonce);
    }
}
