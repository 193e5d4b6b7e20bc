namespace SelfHelpPortal.Platform.CommandLine;

/// <summary>A file that a command reads.</summary>
internal static class InputFile
{
    /// <summary>Null, after a sentence, when it cannot be read.</summary>
    public static async Task<Stream?> OpenAsync(string path, TextWriter output)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"{path} cannot be read: {failure.Message}");
            return null;
        }
    }
}
