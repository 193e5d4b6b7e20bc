using System.Security.Cryptography;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// The folder of what must never be in the database or in a backup of it alone: peppers, signing keys, the Data Protection certificate.
/// Mode 700, files 600. Made by itself in Development only: elsewhere a missing folder is a forgotten mount, and a fresh pepper would lose
/// every key.
/// </summary>
internal sealed class SecretsDirectory
{
    private const UnixFileMode OthersMode = ~PrivateFile.FolderMode;

    private SecretsDirectory(string path, bool mayCreate)
    {
        Path = path;
        MayCreate = mayCreate;
    }

    public string Path { get; }

    /// <summary>Whether a missing part may be made. Otherwise the start fails with a sentence that names it.</summary>
    public bool MayCreate { get; }

    /// <summary>
    /// Opens the folder. Throws <see cref="StartRefusedException"/> if it is missing (unless <paramref name="mayCreate"/>) or open to
    /// others.
    /// </summary>
    public static SecretsDirectory Open(string path, bool mayCreate)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(full))
        {
            if (!mayCreate)
            {
                throw new StartRefusedException(
                    $"The secrets directory {full} (setting Secrets:Directory) does not exist. "
                    + "Mount it or restore it from the backup; for a first installation run \"keys create\".");
            }

            PrivateFile.Folder(full);
        }

        RefuseOthers(full, "directory", "700");
        try
        {
            _ = Directory.EnumerateFileSystemEntries(full).Any();
        }
        catch (UnauthorizedAccessException)
        {
            throw Closed("directory", full);
        }

        return new SecretsDirectory(full, mayCreate);
    }

    public bool Has(string name) => File.Exists(PathOf(name));

    public IReadOnlyList<string> Names(string pattern) =>
        [.. Directory.EnumerateFiles(Path, pattern).Select(f => System.IO.Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    /// <summary>The file's bytes, or null if it is not there. Throws <see cref="StartRefusedException"/> if others may read it.</summary>
    public byte[]? Read(string name)
    {
        var path = PathOf(name);
        if (!File.Exists(path))
        {
            return null;
        }

        RefuseOthers(path, "file", "600");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            throw Closed("file", path);
        }
    }

    /// <summary>The file's bytes; makes them where the directory allows it, once even if several processes start together.</summary>
    /// <param name="lost">A clause that says what is lost without the file, for whoever forgot to restore it.</param>
    public byte[] ReadOrCreate(string name, string lost, Func<byte[]> make)
    {
        if (Read(name) is { } bytes)
        {
            return bytes;
        }

        if (!MayCreate)
        {
            throw new StartRefusedException(
                $"There is no file \"{name}\" in the secrets directory {Path}: {lost}. Restore it from the backup; for a first "
                    + $"installation run \"keys create\".");
        }

        return Exclusively(() =>
        {
            if (Read(name) is { } meanwhile)
            {
                return meanwhile;
            }

            var made = make();
            Write(name, made);
            return made;
        });
    }

    /// <summary>When the file last changed, to see cheaply whether another process wrote it.</summary>
    public DateTime ChangedAt(string name) => File.GetLastWriteTimeUtc(PathOf(name));

    /// <summary>Replaces the file in one step, so that no reader and no crash ever sees half of it.</summary>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        var temporary = PathOf($".{name}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        using (var file = PrivateFile.Create(temporary))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, PathOf(name), overwrite: true);
    }

    public void Delete(string name) => File.Delete(PathOf(name));

    /// <summary>Runs a change of the folder alone: a second node or the command line may be at it at the same moment.</summary>
    public T Exclusively<T>(Func<T> change)
    {
        const int Tries = 200;
        for (var i = 0; ; i++)
        {
            try
            {
                using var gate = new FileStream(PathOf(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return change();
            }
            catch (UnauthorizedAccessException)
            {
                throw new StartRefusedException($"The secrets directory {Path} cannot be written by this user.");
            }
            catch (IOException e) when (i < Tries && e is not FileNotFoundException and not DirectoryNotFoundException)
            {
                Thread.Sleep(25);
            }
        }
    }

    private string PathOf(string name) => System.IO.Path.Combine(Path, name);

    private static StartRefusedException Closed(string what, string path) => new(
        $"The secrets {what} {path} is closed to {ConfigurationFiles.Account()}: it belongs to another user. Give it to this one "
            + "(chown -R).");

    private static void RefuseOthers(string path, string what, string mode)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMode) != 0)
        {
            throw new StartRefusedException(
                $"The secrets {what} {path} may be read by other users. Set its mode to {mode} (chmod {mode} \"{path}\").");
        }
    }
}
