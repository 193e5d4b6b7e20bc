namespace SelfHelpPortal.Configuration;

/// <summary>Whether the portal can write where a setting says, tried before the start instead of at the first mail.</summary>
internal static class WritableFolder
{
    /// <summary>The sentence against it, or null. A folder that is missing is made, as it would be later.</summary>
    public static string? Complaint(string key, string path)
    {
        try
        {
            PrivateFile.Folder(path);
            var probe = Path.Combine(path, $".{Guid.NewGuid():N}");
            PrivateFile.Create(probe).Dispose();
            File.Delete(probe);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{key} is {path}, where {ConfigurationFiles.Account()} cannot write: {failure.Message}";
        }
    }
}
