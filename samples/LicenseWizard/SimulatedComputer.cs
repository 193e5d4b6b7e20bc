using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using SelfHelpPortal.Client;
using SelfHelpPortal.Licensing.Codes;

namespace LicenseWizard;

/// <summary>Lets one machine play many PCs: a folder is what a PC keeps, a file says what it is made of.</summary>
internal sealed class SimulatedComputer(CommandLine line)
{
    private string? HardwareFile => line.Option("--fake-hardware");

    private string DeadMark => Path.Combine(line.State, "dead");

    public bool IsDead => File.Exists(DeadMark);

    public LicenseClient Client(string keys)
    {
        Directory.CreateDirectory(line.State);
        return new LicenseClient(new()
        {
            Portal = line.Portal,
            Product = line.Product,
            VerificationKeys = keys,
            StateFile = Path.Combine(line.State, "license.state"),
            PcName = line.PcName,
            AppVersion = "LicenseWizard 1.0",
            Language = line.Language,
            Http = line.Has("--no-network") ? new NoNetwork() : null,
            Hardware = HardwareFile is { } file ? () => Read(file) : null,
        });
    }

    public int Simulate(Texts texts)
    {
        if (line.Has("--dead-pc"))
        {
            Directory.CreateDirectory(line.State);
            if (IsDead)
            {
                File.Delete(DeadMark);
            }
            else
            {
                File.WriteAllText(DeadMark, "");
            }

            Console.WriteLine(texts[IsDead ? "Simulated.Dead" : "Simulated.Repaired", line.PcName]);
        }
        else if (line.Option("--clone") is { } clone)
        {
            Directory.CreateDirectory(clone);
            foreach (var file in Directory.EnumerateFiles(line.State))
            {
                File.Copy(file, Path.Combine(clone, Path.GetFileName(file)), overwrite: true);
            }

            Console.WriteLine(texts["Simulated.Clone", line.State, clone]);
        }
        else if (line.Has("--hardware-change") && HardwareFile is { } hardware)
        {
            var parts = int.TryParse(line.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out var many) ? many : 1;
            var changed = Read(hardware).Select((part, i) => i < parts ? KeyValuePair.Create(part.Key, MadeUp()) : part);
            File.WriteAllText(hardware, JsonSerializer.Serialize(new Dictionary<string, string>(changed)));
            Console.WriteLine(texts["Simulated.Hardware", parts, hardware]);
        }
        else
        {
            Console.Error.WriteLine(texts["Usage"]);
            return 2;
        }

        return 0;
    }

    /// <summary>The file's kinds and values; made up once if there is none.</summary>
    private static Dictionary<string, string> Read(string file)
    {
        if (!File.Exists(file))
        {
            File.WriteAllText(file,
                JsonSerializer.Serialize(
                    HardwareComponents.Kinds.ToDictionary(
                        kind => kind, kind => kind == HardwareComponents.Mac ? "001122" + MadeUp()[..6] : MadeUp())));
        }

        return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!;
    }

    private sealed class NoNetwork : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new HttpRequestException("The cable is out."));
    }

    private static string MadeUp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
}

/// <summary>
/// A real program has the keys built in. This one takes them from <c>--keys FILE</c>, or from the portal at its first start, and keeps
/// them: good enough to try things.
/// </summary>
internal static class VerificationKeysFile
{
    public static async Task<string?> ReadAsync(CommandLine line)
    {
        var file = line.Option("--keys") ?? Path.Combine(line.State, "keys.json");
        if (!File.Exists(file))
        {
            try
            {
                using var http = new HttpClient { BaseAddress = line.Portal };
                var keys = await http.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative));
                Directory.CreateDirectory(line.State);
                await File.WriteAllTextAsync(file, keys);
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }

        return await File.ReadAllTextAsync(file);
    }
}
