using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Machine.Kit;

/// <summary>The attributes are for the OpenAPI document; the endpoint decides.</summary>
internal sealed record ActivateBody
{
    [Required]
    [Description("As the customer typed or pasted it.")]
    public string? ActivationKey { get; init; }

    [Required, StringLength(Fields.ProductLength)]
    [Description("The id of the licensed product.")]
    public string? Product { get; init; }

    [Required]
    [Description("The computer's fingerprint, H…")]
    public string? HardwareCode { get; init; }

    [StringLength(Fields.PcNameLength)]
    [Description("How its owner knows the computer.")]
    public string? PcName { get; init; }

    [StringLength(Fields.AppVersionLength)]
    public string? AppVersion { get; init; }

    [Required, StringLength(Fields.NonceLongest, MinimumLength = Fields.NonceShortest)]
    [Description("Random, new for each request, printable ASCII.")]
    public string? Nonce { get; init; }

    /// <summary>The request without its hardware code, which has a code of its own for what is wrong with it.</summary>
    public FieldProblem? Read(out string? pcName, out string? appVersion)
    {
        appVersion = null;
        return Fields.Text("pcName", PcName, Fields.PcNameLength, out pcName)
            ?? Fields.Text("appVersion", AppVersion, Fields.AppVersionLength, out appVersion)
            ?? (string.IsNullOrWhiteSpace(ActivationKey) ? Fields.Missing("activationKey")
                : string.IsNullOrWhiteSpace(Product) ? Fields.Missing("product")
                : Product.Length > Fields.ProductLength ? new FieldProblem("Field.TooLong", "product", Fields.ProductLength)
                : Fields.Nonce(Nonce));
    }
}

internal sealed record ActivateReply
{
    [Description("The name of the activation: 13 symbols, new each time.")]
    public required string Handle { get; init; }

    public required int Generation { get; init; }

    [Description("20 bytes, base64url. Proves check-ins and releases; keep it as you keep the license.")]
    public required string ReleaseSecret { get; init; }

    [Description("The signed license file, armoured text.")]
    public required string License { get; init; }

    public string Code => "VALID";
}
