using System.Text.Json;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>vectors/codes.json, made by an independent implementation of the code formats.</summary>
internal sealed record Vectors(
    string[] ActivationKeys,
    Vectors.Invalid[] InvalidActivationKeys,
    Vectors.Normal[] Normalization,
    Vectors.Release[] ReleaseCodes,
    Vectors.Qr[] QrTokens,
    Vectors.Hardware[] HardwareCodes,
    Vectors.Device[] DeviceMacs,
    Vectors.Emergency[] EmergencyCodes,
    string[] RequestReferences)
{
    public static Vectors All { get; } = JsonSerializer.Deserialize<Vectors>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "codes.json")), JsonSerializerOptions.Web)!;

    internal sealed record Invalid(string Why, string Input);

    internal sealed record Normal(string Input, string Normalized);

    internal sealed record Release(string ReleaseSecretHex, string Handle, int Generation, string Code);

    internal sealed record Qr(string ReleaseSecretHex, string HandleHex, string Handle, int Generation, string Token);

    internal sealed record Hardware(string Product, Component[] Components, string Code);

    internal sealed record Component(string Kind, string Value);

    internal sealed record Device(
        string ReleaseSecretHex, string Purpose, string Handle, int Generation, string Nonce, long Ts, string MacHex);

    internal sealed record Emergency(string ReleaseSecretHex, string Handle, int Generation, int Year, string Code);
}
