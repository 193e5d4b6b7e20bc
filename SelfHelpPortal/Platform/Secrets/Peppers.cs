using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// The secrets that key every look-up hash: a stolen dump of the database alone allows no guessing. File <c>peppers</c>: one line each,
/// base64url of 32 bytes, oldest first; the last one is current. Earlier ones stay until every row is hashed anew. A line that begins with
/// <c>next</c> is a pepper to come: every process looks up with it, none writes with it yet.
/// </summary>
internal sealed class Peppers
{
    public const string FileName = "peppers";
    private const string NextMark = "next ";

    private readonly SecretsDirectory _directory;
    private volatile Ring _ring;

    private Peppers(SecretsDirectory directory, Ring ring) => (_directory, _ring) = (directory, ring);

    /// <summary>What new hashes are made with.</summary>
    public Pepper Current => _ring.Current;

    /// <summary>Published by <see cref="Publish"/> and not in use yet.</summary>
    public Pepper? Next => _ring.Next;

    public string CurrentKid => _ring.Current.Kid;

    public IEnumerable<string> Kids => _ring.All.Select(p => p.Kid);

    /// <summary>What a look-up tries.</summary>
    public IReadOnlyList<Pepper> All => _ring.All;

    /// <summary>Names what this process knows; see <see cref="PepperWatch"/>.</summary>
    public int State => _ring.State;

    /// <summary>Reads the ring; makes the first pepper where the directory allows it.</summary>
    public static Peppers Open(SecretsDirectory directory)
    {
        directory.ReadOrCreate(FileName, "without the pepper no activation key of this database can be found",
            () => Encoding.ASCII.GetBytes(Pepper.New().Write() + "\n"));
        return new Peppers(directory, Ring.Read(directory));
    }

    /// <summary>HMAC-SHA-256 with the current pepper.</summary>
    public byte[] Mac(string text) => _ring.Current.Mac(text);

    /// <summary>HMAC-SHA-256 with the named pepper, or null if the ring does not hold it.</summary>
    public byte[]? Mac(string kid, string text) => _ring.All.FirstOrDefault(p => p.Kid == kid)?.Mac(text);

    /// <summary>Whether any pepper of the ring made this hash of the text.</summary>
    public bool Made(byte[] mac, string text) => _ring.All.Any(p => CryptographicOperations.FixedTimeEquals(p.Mac(text), mac));

    /// <summary>Adds a pepper that everybody looks up with. False if the ring holds another than the current one already.</summary>
    public bool Publish() => _directory.Exclusively(() =>
    {
        var ring = Ring.Read(_directory);
        if (ring.All.Count > 1)
        {
            return false;
        }

        Store([ring.Current], Pepper.New());
        return true;
    });

    /// <summary>Lets the published pepper make all new hashes.</summary>
    public void Promote() => _directory.Exclusively(() =>
    {
        if (Ring.Read(_directory) is { Next: { } next } ring)
        {
            Store([.. ring.All.Where(p => p != next), next], next: null);
        }

        return true;
    });

    /// <summary>Takes a pepper away that is neither current nor in use by a row; the caller has looked.</summary>
    public void Remove(string kid) => _directory.Exclusively(() =>
    {
        var ring = Ring.Read(_directory);
        Store([.. ring.All.Where(p => p != ring.Next && (p.Kid != kid || p == ring.Current))], ring.Next?.Kid == kid ? null : ring.Next);
        return true;
    });

    /// <summary>Reads the ring again if another process changed it. True if it did.</summary>
    public bool Reload()
    {
        if (_directory.ChangedAt(FileName) == _ring.ChangedAt)
        {
            return false;
        }

        _ring = Ring.Read(_directory);
        return true;
    }

    private void Store(IEnumerable<Pepper> used, Pepper? next)
    {
        var lines = used.Select(p => p.Write()).Concat(next is null ? [] : [NextMark + next.Write()]);
        _directory.Write(FileName, Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n"));
        _ring = Ring.Read(_directory);
    }

    /// <param name="All">In the order of the file; the next one last.</param>
    private sealed record Ring(IReadOnlyList<Pepper> All, Pepper Current, Pepper? Next, DateTime ChangedAt)
    {
        public int State { get; } =
            BinaryPrimitives.ReadInt32BigEndian(
                SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('|', All.Select(p => p.Kid)) + "|" + Current.Kid)));

        public static Ring Read(SecretsDirectory directory)
        {
            // The time first: a change that comes between is then read again by the next reload.
            var changedAt = directory.ChangedAt(FileName);
            var lines = Encoding.ASCII.GetString(directory.Read(FileName) ?? [])
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var used = lines.Where(line => !line.StartsWith(NextMark, StringComparison.Ordinal)).Select(line => Parse(line, directory))
                .ToList();
            var next = lines.Where(line => line.StartsWith(NextMark, StringComparison.Ordinal))
                .Select(line => Parse(line[NextMark.Length..], directory)).ToList();
            return used is [.., var current] && next.Count <= 1
                ? new Ring([.. used, .. next], current, next.SingleOrDefault(), changedAt)
                : throw Broken(directory);
        }

        private static Pepper Parse(string line, SecretsDirectory directory) => Pepper.Parse(line) ?? throw Broken(directory);

        private static StartRefusedException Broken(SecretsDirectory directory) =>
            new($"The file \"{FileName}\" in {directory.Path} is damaged: each line must be base64url of 32 bytes. Restore it from the "
                + $"backup.");
    }
}
