namespace SelfHelpPortal.Configuration;

/// <summary>
/// Every file that the portal or a command writes. What stands in them (keys, names, invoices, links) concerns the account that asked for
/// it and nobody else on the machine, so each is closed to others (mode 600) before its first byte is written, whatever the umask says.
/// </summary>
internal static class PrivateFile
{
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode FolderMode = Mode | UnixFileMode.UserExecute;

    /// <summary>A file that is not there yet: one that is there may be open to others, be read by somebody, or be a device.</summary>
    public static FileStream Create(string path, UnixFileMode mode = Mode) =>
        new(path, Options(FileMode.CreateNew, FileAccess.Write, mode));

    /// <summary>As <see cref="Create"/>, all of it or nothing: half a file would stand in the way of the next try.</summary>
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        await using var file = Create(path);
        try
        {
            await write(file);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>A file that is gone when it is closed.</summary>
    public static FileStream Temporary()
    {
        var options = Options(FileMode.CreateNew, FileAccess.ReadWrite, Mode);
        options.Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous;
        options.BufferSize = 81_920;
        return new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), options);
    }

    /// <summary>Makes the folder for its owner alone. One that is there keeps the mode that somebody gave it.</summary>
    public static DirectoryInfo Folder(string path) =>
        OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, FolderMode);

    private static FileStreamOptions Options(FileMode how, FileAccess access, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = how, Access = access, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return options;
    }
}
