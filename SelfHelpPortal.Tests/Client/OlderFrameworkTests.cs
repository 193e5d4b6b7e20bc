using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Client;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

/// <summary>
/// The build for netstandard2.0, with everything that stands in there for what .NET Framework lacks: it speaks the same protocol and keeps
/// the same file. It runs on this runtime here, in a load context of its own.
/// </summary>
public sealed class OlderFrameworkTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    [Fact]
    public async Task It_activates_checks_in_and_releases_and_its_code_frees_the_seat()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var pc = new LicensedPc(portal, "KASSE-1");
        dynamic old = Client(pc);

        Code((object)await old.ActivateAsync(key.ToLowerInvariant().Replace("-", " – "), default(CancellationToken))).ShouldBe("VALID");
        Code((object)await old.CheckInAsync(default(CancellationToken))).ShouldBe("VALID");
        ((string)old.HardwareCode).ShouldBe(pc.Client.HardwareCode);
        pc.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
        Code((object)old.ImportLicense(pc.State.License!.Replace('A', 'B'))).ShouldBe(LicenseCodes.BadFile);
        Code((object)old.ReleaseOffline(null)).ShouldBe(LicenseCodes.ReleasedHere);
        ((string)old.PendingRelease.VerificationCode).ShouldBe(pc.Client.PendingRelease!.VerificationCode);
        ((string)old.PendingRelease.Link).ShouldBe(pc.Client.PendingRelease.Link);

        using var phone = new Browser(portal.Portal);
        await phone.GetAsync(new Uri((string)old.PendingRelease.Link).PathAndQuery);
        await phone.SubmitAsync();
        phone.Outcome.ShouldBe("released");
        Code((object)await old.CheckInAsync(default(CancellationToken))).ShouldBe("RELEASED");
        old.Dispose();
    }

    private static string Code(object result) => (string)((dynamic)result).Code;

    private object Client(LicensedPc pc)
    {
        var build = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var folder = Repository.At("SelfHelpPortal.Client", "bin", build, "netstandard2.0");
        var context = new AssemblyLoadContext("netstandard2.0");
        context.Resolving += (_, name) => Path.Combine(folder, name.Name + ".dll") is var file
            && name.Name!.StartsWith("SelfHelpPortal", StringComparison.Ordinal) ? context.LoadFromAssemblyPath(file) : null;
        var assembly = context.LoadFromAssemblyPath(Path.Combine(folder, "SelfHelpPortal.Client.dll"));
        assembly.GetCustomAttribute<System.Runtime.Versioning.TargetFrameworkAttribute>()!.FrameworkName.ShouldBe(
            ".NETStandard,Version=v2.0");
        var type = assembly.GetType("SelfHelpPortal.Client.LicenseClientOptions")!;
        var options = Activator.CreateInstance(type)!;
        void Set(string name, object value) => type.GetProperty(name)!.SetValue(options, value);
        Set("Portal", portal.Portal.Address);
        Set("Product", pc.Product);
        Set("VerificationKeys", Encoding.UTF8.GetString(portal.Portal.Services.GetRequiredService<SigningKeys>().Jwks.Span));
        Set("StateFile", pc.StateFile);
        Set("PcName", pc.Name);
        Set("Hardware", () => (IEnumerable<KeyValuePair<string, string>>)pc.Parts);
        Set("Clock", () => pc.Now);
        return Activator.CreateInstance(assembly.GetType("SelfHelpPortal.Client.LicenseClient")!, options)!;
    }
}
