using System.Reflection;

namespace SelfHelpPortal.Configuration;

/// <summary>Which portal this is.</summary>
internal static class ProgramVersion
{
    /// <summary>With the commit behind a plus, where the build knew it.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
