using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Client.State;

/// <param name="Version">1.</param>
/// <param name="Salt">Random, new each time.</param>
/// <param name="Locks">The data key, hidden once under each of some components of the computer, by kind.</param>
/// <param name="Data">Initialization vector and AES-256-CBC of the state.</param>
/// <param name="Mac">HMAC-SHA-256 with the data key over all the rest.</param>
/// <param name="Sum">SHA-256 over all the rest: a file that is whole but opens with nothing is another computer's.</param>
internal sealed record SealedState(
    int Version, byte[] Salt, IReadOnlyDictionary<string, byte[]> Locks, byte[] Data, byte[] Mac, byte[] Sum);

internal enum SealFault
{
    Damaged,
    AnotherComputer,
}

/// <summary>
/// Encrypts the state so that it opens on a computer that has board, disk or system in common with the one that wrote it: enough for a
/// changed part or a start without rights, of no use in a backup or on another PC. Whether it is the same computer is judged afterwards, by
/// the license. It is no protection against somebody who has the computer.
/// </summary>
internal static class StateSeal
{
    private const int KeyLength = 32;
    private const int BlockLength = 16;
    private const string NoComponent = "none";

    /// <summary>Processors are guessed from a list of models, and network addresses are soon tried through.</summary>
    private static readonly string[] HardToGuess =
        [HardwareComponents.BoardUuid, HardwareComponents.BoardSerial, HardwareComponents.DiskSerial, HardwareComponents.OsMachineId];

    public static string Close(ClientState state, IReadOnlyDictionary<string, string> components)
    {
        var (key, salt) = (Random(KeyLength), Random(BlockLength));
        var locks = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var component in Known(components).DefaultIfEmpty(Nothing))
        {
            locks[component.Key] = Xor(key, Pad(component.Key, component.Value, salt));
        }

        var made = new SealedState(
            1, salt, locks, Encrypt(key, JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Default.ClientState)), [], []);
        made = made with { Mac = MacOf(key, made) };
        return Write(made with { Sum = SumOf(made) });
    }

    public static ClientState? Open(string text, IReadOnlyDictionary<string, string> components, out SealFault fault)
    {
        fault = SealFault.Damaged;
        if (Read(text) is not { } read || !read.Sum.AsSpan().SequenceEqual(SumOf(read)))
        {
            return null;
        }

        fault = SealFault.AnotherComputer;
        foreach (var component in Known(components).Append(Nothing))
        {
            if (!read.Locks.TryGetValue(component.Key, out var hidden) || hidden.Length != KeyLength)
            {
                continue;
            }

            var key = Xor(hidden, Pad(component.Key, component.Value, read.Salt));
            if (AreEqual(read.Mac, MacOf(key, read)))
            {
                return JsonSerializer.Deserialize(Decrypt(key, read.Data), StateJson.Default.ClientState);
            }
        }

        return null;
    }

    private static KeyValuePair<string, string> Nothing { get; } = new(NoComponent, "");

    private static IEnumerable<KeyValuePair<string, string>> Known(IReadOnlyDictionary<string, string> components) =>
        components.Where(c => HardToGuess.Contains(c.Key));

    private static byte[] Pad(string kind, string value, byte[] salt) =>
        Hmac(Encoding.UTF8.GetBytes("lshp/state/v1|" + kind + "|" + value), salt);

    private static byte[] MacOf(byte[] key, SealedState state) =>
        Hmac(Hmac(key, "mac"u8.ToArray()), Encoding.UTF8.GetBytes(Write(state with { Mac = [], Sum = [] })));

    private static byte[] SumOf(SealedState state) => SHA256.HashData(Encoding.UTF8.GetBytes(Write(state with { Sum = [] })));

    private static string Write(SealedState state) => JsonSerializer.Serialize(state, StateJson.Default.SealedState);

    /// <summary>Only what <see cref="Write"/> writes: no other text stands for the same state.</summary>
    private static SealedState? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, StateJson.Default.SealedState)
                is { Version: 1, Salt: not null, Locks: not null, Data: not null, Mac: not null, Sum: not null } read
                && Write(read) == text ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Encrypt(byte[] key, byte[] plain)
    {
        using var aes = Aes.Create();
        aes.Key = Hmac(key, "data"u8.ToArray());
        aes.GenerateIV();
        using var encryptor = aes.CreateEncryptor();
        return [.. aes.IV, .. encryptor.TransformFinalBlock(plain, 0, plain.Length)];
    }

    private static byte[] Decrypt(byte[] key, byte[] data)
    {
        using var aes = Aes.Create();
        aes.Key = Hmac(key, "data"u8.ToArray());
        aes.IV = [.. data.Take(BlockLength)];
        using var decryptor = aes.CreateDecryptor();
        return decryptor.TransformFinalBlock(data, BlockLength, data.Length - BlockLength);
    }

    private static byte[] Hmac(byte[] key, byte[] data) => HMACSHA256.HashData(key, data);

    private static byte[] Xor(byte[] left, byte[] right) => [.. left.Select((value, i) => (byte)(value ^ right[i]))];

    private static bool AreEqual(byte[] left, byte[] right) => CryptographicOperations.FixedTimeEquals(left, right);

    private static byte[] Random(int count) => RandomNumberGenerator.GetBytes(count);
}
