namespace SelfHelpPortal.Tests.Support;

/// <summary>The clone that the tests were built from.</summary>
internal static class Repository
{
    public static string Folder { get; } = Find(AppContext.BaseDirectory);

    public static string At(params string[] path) => Path.Combine([Folder, .. path]);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SelfHelpPortal.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No SelfHelpPortal.sln above {start}.");
    }
}
