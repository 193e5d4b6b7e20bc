namespace SelfHelpPortal.Configuration;

/// <summary>Where relative paths of the configuration begin.</summary>
internal static class HomeFolder
{
    /// <summary>
    /// In a clone the folder of the solution, so that <c>.data</c> is the same wherever a command is typed; otherwise the content root.
    /// </summary>
    public static string Get(IHostEnvironment environment)
    {
        for (var folder = new DirectoryInfo(environment.ContentRootPath); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SelfHelpPortal.sln")))
            {
                return folder.FullName;
            }
        }

        return environment.ContentRootPath;
    }

    public static string Resolve(this IHostEnvironment environment, string path) => Path.GetFullPath(path, Get(environment));
}
