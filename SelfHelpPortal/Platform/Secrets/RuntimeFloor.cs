using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.DataProtection;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// The oldest runtime that the portal starts on. Below 10.0.7 cookies can be forged (CVE-2026-40372, dotnet/aspnetcore#66335).
/// </summary>
internal static class RuntimeFloor
{
    public static readonly Version Oldest = new(10, 0, 7);

    /// <summary>The version of the Data Protection code that really runs; it comes with ASP.NET Core, not with the base runtime.</summary>
    public static Version Running
    {
        get
        {
            var text =
                typeof(DataProtectionOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                    ?? "0.0.0";
            return Version.TryParse(text.Split('+', '-')[0], out var version) ? version : new Version(0, 0, 0);
        }
    }

    /// <summary>Throws <see cref="StartRefusedException"/> when the runtime is too old to be trusted with sign-ins.</summary>
    public static void Check(Version running)
    {
        if (running < Oldest)
        {
            throw new StartRefusedException(string.Create(
                CultureInfo.InvariantCulture,
                $"ASP.NET Core {running} is too old: sign-in cookies can be forged below {Oldest} (CVE-2026-40372). Install the current "
                    + $".NET 10 runtime."));
        }
    }
}
