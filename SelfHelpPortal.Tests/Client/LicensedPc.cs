using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Client;
using SelfHelpPortal.Client.State;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

/// <summary>
/// A computer with the licensed software on it: parts, a folder, a clock that may be off, and a wire to the portal that may be cut.
/// </summary>
internal sealed class LicensedPc : IDisposable
{
    private readonly ApiPortal _portal;
    private LicenseClient? _client;

    public LicensedPc(ApiPortal portal, string name, string product = ApiPortal.Beam, string? language = null)
    {
        (_portal, Name, Product, Language) = (portal, name, product, CultureInfo.GetCultureInfo(language ?? "en"));
        Parts = HardwareComponents.Kinds.ToDictionary(kind => kind, kind => $"{kind} of {name}");
        Parts[HardwareComponents.Mac] = "001122"
            + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 3));
    }

    public string Name { get; }

    public string Product { get; }

    public CultureInfo Language { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("selfhelp-pc-").FullName;

    public string StateFile => Path.Combine(Folder, "data", "license.state");

    /// <summary>What the computer is made of; read again at a restart.</summary>
    public Dictionary<string, string> Parts { get; set; }

    public TimeSpan ClockIsOff { get; set; }

    /// <summary>Where the network leads requests to the portal; read again at a restart.</summary>
    public Uri? LedTo { get; set; }

    public Wire Wire { get; set; } = new();

    public bool CheckInsRequired { get; set; } = true;

    /// <summary>The keys the program was built with; the portal's unless set.</summary>
    public string? Keys { get; set; }

    /// <summary>Of the license it was activated with.</summary>
    public string LicenseNumber { get; private set; } = "";

    public List<string> Told { get; } = [];

    public LicenseClient Client => _client ??= Start();

    public LicenseStatus Status => Client.Status;

    public DateTimeOffset Now => _portal.Clock.Now + ClockIsOff;

    /// <summary>The stored state, opened as the program opens it.</summary>
    public ClientState State =>
        new StateStore(StateFile, () => new Dictionary<string, string>(SelfHelpPortal.Client.Hardware.ThisComputer.Clean(Parts)), null)
            .Load().State;

    public LicensedPc Restart()
    {
        _client?.Dispose();
        _client = null;
        return this;
    }

    /// <summary>Other parts in the same case, from the front of the list.</summary>
    public LicensedPc Exchange(int parts)
    {
        foreach (var kind in HardwareComponents.Kinds.Take(parts))
        {
            Parts[kind] = kind == HardwareComponents.Mac ? "00112233AABB" : "exchanged " + Parts[kind];
        }

        return Restart();
    }

    /// <summary>Copies everything the program keeps to another computer.</summary>
    public void CopyStateTo(LicensedPc other)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(other.StateFile)!);
        File.Copy(StateFile, other.StateFile, overwrite: true);
        other.Restart();
    }

    public async Task<LicensedPc> ActivatedAsync(string key)
    {
        (await Client.ActivateAsync(key)).ShouldBe("VALID", succeeded: true);
        LicenseNumber = Status.License!.Number;
        return this;
    }

    public void Dispose()
    {
        _client?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private LicenseClient Start()
    {
        var client = new LicenseClient(new()
        {
            Portal = LedTo ?? _portal.Portal.Address,
            Product = Product,
            VerificationKeys = Keys ?? Encoding.UTF8.GetString(_portal.Portal.Services.GetRequiredService<SigningKeys>().Jwks.Span),
            StateFile = StateFile,
            AppVersion = "7.4.1",
            PcName = Name,
            Language = Language,
            CheckInsRequired = CheckInsRequired,
            Http = Wire.Connected(),
            Hardware = () => Parts,
            Clock = () => Now,
        });
        client.Warn += (_, e) => Told.Add("warn " + e.Status.Code);
        client.Locked += (_, e) => Told.Add("locked " + e.Status.Code);
        client.Released += (_, e) => Told.Add("released " + e.Status.Code);
        return client;
    }
}

/// <summary>What lies between the computer and the portal: the real connection, and what can happen on it.</summary>
internal sealed class Wire
{
    public bool IsCut { get; set; }

    /// <summary>The request arrives, the answer does not.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Sees every answer of the API, and may put another in its place.</summary>
    public Func<string, string, string>? Change { get; set; }

    public HttpMessageHandler Connected() => new Handler(this);

    private sealed class Handler(Wire wire) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isApi = request.RequestUri!.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal);
            if (wire.IsCut)
            {
                throw new HttpRequestException("The wire is cut.");
            }

            var response = await base.SendAsync(request, cancellationToken);
            if (isApi && wire.LosesAnswers)
            {
                response.Dispose();
                throw new HttpRequestException("The answer was lost.");
            }

            if (isApi && wire.Change is { } change)
            {
                var text = change(request.RequestUri.AbsolutePath, await response.Content.ReadAsStringAsync(cancellationToken));
                response.Content = new StringContent(text, Encoding.UTF8, "application/json");
            }

            return response;
        }
    }
}

internal static class ClientPortal
{
    /// <summary>What somebody with the key does on the portal's page when the computer is dead; the page has tests of its own.</summary>
    public static Task ReleaseByKeyAsync(this ApiPortal portal, LicensedPc pc) => portal.ChangeAsync(
        pc, license => license.Release(
            license.ActiveComputers.Single(), ReleaseMethod.ActivationKey, A.FreeRelease, portal.Clock.Now).Succeeded.ShouldBeTrue());

    /// <summary>What staff do to the license; the staff pages have tests of their own.</summary>
    public static async Task ChangeAsync(this ApiPortal portal, LicensedPc pc, Action<License> act)
    {
        await using var db = portal.Portal.Open();
        var id = await db.Licenses.Where(l => l.Number == pc.LicenseNumber).Select(l => l.Id).SingleAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        act((await db.LockLicenseAsync(id, CancellationToken.None))!);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}

internal static class LicenseResults
{
    public static LicenseResult ShouldBe(this LicenseResult result, string code, bool succeeded)
    {
        (result.Code, result.Succeeded).ShouldBe((code, succeeded), result.Message);
        return result;
    }

    public static LicenseStatus ShouldBe(this LicenseStatus status, LicenseCondition condition, string code)
    {
        (status.Condition, status.Code).ShouldBe((condition, code), status.Message);
        return status;
    }
}
