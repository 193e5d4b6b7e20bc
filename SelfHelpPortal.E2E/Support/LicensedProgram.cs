using System.Buffers.Text;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.E2E.Support;

/// <summary>The licensed software on one computer, as a vendor would write it: it talks to the API and keeps what it was given.</summary>
internal sealed class LicensedProgram(HttpClient portal, string product, string pcName, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private string _handle = "";
    private int _generation;
    private byte[] _secret = [];

    public HardwareCode Hardware { get; } = HardwareOf(product, pcName);

    /// <summary>What the QR code of an offline release leads to.</summary>
    public string QrPath => $"/D/{ReleaseLink.Token(_secret, _handle, _generation)}";

    public string VerificationCode => Licensing.Codes.VerificationCode.Compute(_secret, _handle, _generation).ToString();

    public string EmergencyCode => Licensing.Codes.EmergencyCode.Compute(_secret, _handle, _generation, _clock.GetUtcNow().Year).ToString();

    /// <summary>What no log may hold.</summary>
    public IEnumerable<string> Secrets => [Base64Url.EncodeToString(_secret), Convert.ToHexString(_secret), QrPath[3..], VerificationCode];

    /// <summary>What the program saves under "Lizenzinfo senden".</summary>
    public byte[] RequestFile => Encoding.UTF8.GetBytes(new RequestFile
    {
        Version = 1,
        Kind = "info",
        Product = product,
        HardwareCode = Hardware.ToString(),
        PcName = pcName,
        AppVersion = "1.0.7",
        Created = _clock.GetUtcNow(),
        Nonce = Nonce(),
    }.Write());

    /// <summary>Takes over a license file that somebody brought; its signature is a matter of other tests.</summary>
    public void Import(string licenseFile)
    {
        Armor.TryUnwrap(ArmorKind.License, licenseFile, out var jws).ShouldBeTrue();
        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(jws!.Split('.')[1])).RootElement;
        claims.GetProperty("hw").GetString().ShouldBe(Hardware.ToString());
        _handle = claims.GetProperty("act").GetString()!;
        _generation = claims.GetProperty("gen").GetInt32();
        _secret = Base64Url.DecodeFromChars(claims.GetProperty("rs").GetString());
    }

    /// <summary>The code of a computer of which the first parts have been exchanged, or the last cannot be read.</summary>
    public static HardwareCode HardwareOf(string product, string pcName, int changed = 0, int absent = 0) => HardwareCode.From(
        product,
        HardwareComponents.Kinds.SkipLast(absent)
            .Select((kind, place) => KeyValuePair.Create(kind, $"{pcName}-{kind}-part{(place < changed ? "-new" : "")}")));

    public async Task<JsonElement> ActivateAsync(string key)
    {
        var answer = await PostAsync(
            "/api/v1/activations", new { activationKey = key, product, hardwareCode = Hardware.ToString(), pcName, nonce = Nonce() });
        if (answer.TryGetProperty("handle", out var handle))
        {
            _handle = handle.GetString()!;
            _generation = answer.GetProperty("generation").GetInt32();
            _secret = Base64Url.DecodeFromChars(answer.GetProperty("releaseSecret").GetString());
        }

        return answer;
    }

    public async Task<JsonElement> CheckInAsync()
    {
        var (nonce, ts) = (Nonce(), _clock.GetUtcNow().ToUnixTimeSeconds());
        var mac = DeviceProof.Compute(DeviceProof.Check, _handle, _generation, nonce, ts, _secret);
        return await PostAsync($"/api/v1/activations/{_handle}/check",
            new { generation = _generation, hardwareCode = Hardware.ToString(), nonce, ts, mac });
    }

    public async Task<JsonElement> ReleaseAsync()
    {
        var (nonce, ts) = (Nonce(), _clock.GetUtcNow().ToUnixTimeSeconds());
        var mac = DeviceProof.Compute(DeviceProof.Release, _handle, _generation, nonce, ts, _secret);
        return await PostAsync($"/api/v1/activations/{_handle}/release", new { generation = _generation, nonce, ts, mac });
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await portal.PostAsJsonAsync(path, body);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string Nonce() => Guid.NewGuid().ToString("n");
}
