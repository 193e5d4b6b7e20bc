using System.Buffers.Text;
using System.Formats.Asn1;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.E2E.Support;

/// <summary>What other people's programs say of what the portal sent.</summary>
internal static class ForeignTools
{
    /// <summary>openssl verifies a license file against the published key set. Returns what the file says.</summary>
    public static async Task<JsonNode> VerifyLicenseAsync(HttpClient http, byte[] file)
    {
        var text = Encoding.UTF8.GetString(file);
        var token = string.Concat(text.Split('\n').Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith("-----", StringComparison.Ordinal)));
        var parts = token.Split('.');
        parts.Length.ShouldBe(3, text);
        var kid = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!["kid"]!.GetValue<string>();
        var keys = JsonNode.Parse(await http.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative)))!["keys"]!.AsArray();
        var key = keys.Single(k => k!["kid"]!.GetValue<string>() == kid)!;
        byte[] point =
            [4, .. Base64Url.DecodeFromChars(key["x"]!.GetValue<string>()), .. Base64Url.DecodeFromChars(key["y"]!.GetValue<string>())];
        await InFolderAsync(async folder =>
        {
            // SubjectPublicKeyInfo of a point on P-256, and the signature's two halves as the ASN.1 sequence that openssl reads.
            byte[] info = [.. Convert.FromHexString("3059301306072A8648CE3D020106082A8648CE3D030107034200"), .. point];
            var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
            (await OpenSslAsync(folder, info, signed, Asn1(Base64Url.DecodeFromChars(parts[2])))).ShouldContain("Verified OK");
            signed[^1] ^= 1;
            (await OpenSslAsync(folder, info, signed, Asn1(Base64Url.DecodeFromChars(parts[2])))).ShouldNotContain("Verified OK");
        });
        return JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
    }

    /// <summary>qpdf finds no fault in an invoice, and pdfdetach takes the XML out of it.</summary>
    public static async Task<string> XmlOfInvoiceAsync(byte[] pdf)
    {
        var xml = "";
        await InFolderAsync(async folder =>
        {
            var path = Path.Combine(folder, "invoice.pdf");
            await File.WriteAllBytesAsync(path, pdf);
            var (exit, output) = await ChildProcess.RunAsync("qpdf", ["--check", path]);
            exit.ShouldBe(0, output);
            var detached = Path.Combine(folder, "factur-x.xml");
            (exit, output) = await ChildProcess.RunAsync("pdfdetach", ["-save", "1", "-o", detached, path]);
            exit.ShouldBe(0, output);
            xml = await File.ReadAllTextAsync(detached);
        });
        return xml;
    }

    private static async Task<string> OpenSslAsync(string folder, byte[] publicKey, byte[] signed, byte[] signature)
    {
        string At(string name, byte[] bytes)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllBytes(path, bytes);
            return path;
        }

        var (_, output) = await ChildProcess.RunAsync(
            "openssl", ["dgst", "-sha256", "-keyform", "DER", "-verify", At("key.der", publicKey), "-signature", At("signature", signature),
                At("signed", signed)]);
        return output;
    }

    private static byte[] Asn1(byte[] halves)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(halves.AsSpan(0, 32), isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(halves.AsSpan(32), isUnsigned: true, isBigEndian: true));
        }

        return writer.Encode();
    }

    private static async Task InFolderAsync(Func<string, Task> act)
    {
        var folder = Directory.CreateTempSubdirectory("selfhelp-tools-");
        try
        {
            await act(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
