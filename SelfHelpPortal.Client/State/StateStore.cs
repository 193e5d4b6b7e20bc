using System.Runtime.InteropServices;
using System.Text;

namespace SelfHelpPortal.Client.State;

/// <param name="Fault">Why there is a file but no state; the state is then empty.</param>
internal readonly record struct LoadedState(ClientState State, SealFault? Fault);

/// <summary>
/// The one file. Readers see the old content or the new one, whenever the power fails; writers wait for each other, also across processes.
/// </summary>
internal sealed class StateStore(string path, Func<IReadOnlyDictionary<string, string>> components, Action<string>? step)
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(20);

    private readonly string _path = Path.GetFullPath(path);

    public LoadedState Load()
    {
        string text;
        try
        {
            text = File.ReadAllText(_path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(new ClientState(), null);
        }

        var state = StateSeal.Open(text, components(), out var fault);
        return state is null ? new(new ClientState(), fault) : new(state, null);
    }

    /// <summary>
    /// Reads, changes and writes, with nobody else in between. What cannot be opened is replaced by an activation only, and kept beside
    /// even then, since it may hold a code that somebody needs.
    /// </summary>
    public ClientState Change(string name, Func<ClientState, ClientState> change)
    {
        Files.MakeFolder(Path.GetDirectoryName(_path)!);
        using var hold = Hold();
        var loaded = Load();
        var state = change(loaded.State);
        var isBeginning = state.License is not null || state.IsActivating;
        if (state != loaded.State && (loaded.Fault is null || isBeginning))
        {
            if (loaded.Fault is not null)
            {
                File.Copy(_path, _path + ".old", overwrite: true);
            }

            Files.Replace(_path, StateSeal.Close(state, components()), at => step?.Invoke(name + "/" + at));
        }

        return state;
    }

    private FileStream Hold()
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < LockWait && File.Exists(_path + ".lock"))
            {
                Thread.Sleep(20);
            }
        }
    }
}

/// <summary>Files for their owner alone that are there as a whole or not at all.</summary>
internal static class Files
{
    private const int OwnerFile = 0x180; // 0600
    private const int OwnerFolder = 0x1C0; // 0700

    private static bool IsUnix { get; } = !RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    public static void MakeFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            Restrict(folder, OwnerFolder);
        }
    }

    public static void Replace(string path, string content, Action<string> step)
    {
        var next = path + ".new";
        step("begin");
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            Restrict(next, OwnerFile);
            var bytes = Encoding.UTF8.GetBytes(content);
            file.Write(bytes, 0, bytes.Length / 2);
            file.Flush();
            step("half");
            file.Write(bytes, bytes.Length / 2, bytes.Length - (bytes.Length / 2));
            step("written");
            file.Flush(flushToDisk: true);
        }

        step("flushed");
        Rename(next, path);
        step("renamed");
        FlushFolder(Path.GetDirectoryName(path)!);
        step("done");
    }

    private static void Rename(string from, string to)
    {
        if (IsUnix && Native.Rename(Name(from), Name(to)) != 0)
        {
            throw new IOException($"The file {to} could not be replaced (error {Marshal.GetLastWin32Error()}).");
        }
        else if (!IsUnix && File.Exists(to))
        {
            File.Replace(from, to, destinationBackupFileName: null);
        }
        else if (!IsUnix)
        {
            File.Move(from, to);
        }
    }

    /// <summary>On Windows a folder of the user's own is the user's own already.</summary>
    private static void Restrict(string path, int mode)
    {
        if (IsUnix && Native.ChangeMode(Name(path), mode) != 0)
        {
            throw new UnauthorizedAccessException($"The rights of {path} could not be set (error {Marshal.GetLastWin32Error()}).");
        }
    }

    /// <summary>The new name is on the disk only when its folder is.</summary>
    private static void FlushFolder(string folder)
    {
        if (IsUnix && Native.Open(Name(folder), 0) is >= 0 and var descriptor)
        {
            _ = Native.Flush(descriptor);
            _ = Native.Close(descriptor);
        }
    }

    private static byte[] Name(string path) => Encoding.UTF8.GetBytes(path + '\0');

    private static class Native
    {
        [DllImport("libc", EntryPoint = "rename", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern int Rename(byte[] from, byte[] to);

        [DllImport("libc", EntryPoint = "chmod", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern int ChangeMode(byte[] path, int mode);

        [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern int Flush(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern int Close(int descriptor);
    }
}
