using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using MiniExcelLibs;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Tests.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Hostile;

/// <summary>
/// T44 for what reads foreign text: mangled input is read or refused, never answered with an exception, and never slowly. 1,000 inputs for
/// each, 50,000 with <c>SELFHELP_LONG=1</c>.
/// </summary>
public sealed class ParserFuzzTests : IDisposable
{
    private static readonly int Inputs = Effort.Times(1_000, 50_000);

    private static readonly byte[] Secret = [.. Enumerable.Range(0, ReleaseSecret.ByteLength).Select(i => (byte)i)];

    private readonly Es256Key _key = Es256Key.Create(SignaturePurpose.License);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Activation_keys_and_other_codes()
    {
        string[] valid = [ActivationKey.New().ToString(), "H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN",
            ReleaseLink.Token(Secret, "7K3M9Q2X5W8T0", 1), RequestReference.New().ToString()];
        Run(valid, text =>
        {
            _ = ActivationKey.TryParse(text, out _, out _);
            _ = CodeFinder.Find(text, CodeKind.ActivationKey);
            _ = HardwareCode.TryParse(text, out _, out _);
            _ = VerificationCode.TryParse(text, out _, out _);
            _ = EmergencyCode.TryParse(text, out _, out _);
            _ = RequestReference.TryParse(text, out _);
            _ = Handles.TryParse(text, out _);
            if (ReleaseLink.TryParse(text, out var link))
            {
                link.Verify(Secret).ShouldBe(link.Normalized == CodeAlphabet.Normalize(valid[2]));
            }
        });
    }

    [Fact]
    public void License_files_and_armor()
    {
        var genuine = Sample.License().Write(_key);
        var keys = new VerificationKeys([_key.ToPublic()]);
        Run([genuine, RequestText], text =>
        {
            LicenseFile.Read(text, keys);
            _ = Armor.TryUnwrap(ArmorKind.License, text, out _);
            Jws.Verify(text, SignaturePurpose.License, keys, FilesJson.Plain.LicenseFile);
        });
    }

    [Fact]
    public void Release_proofs()
    {
        var proof = DeviceProof.Compute("release", "7K3M9Q2X5W8T0", 1, "q7Jm2cXv9TfLz0aR", 1_795_510_800, Secret);
        Run([proof, "7K3M9Q2X5W8T0"], text =>
        {
            DeviceProof.Verify(text, "release", "7K3M9Q2X5W8T0", 1, "q7Jm2cXv9TfLz0aR", 1_795_510_800, Secret).ShouldBe(text == proof);
            DeviceProof.Verify(proof, "release", text, 1, "q7Jm2cXv9TfLz0aR", 1_795_510_800, Secret).ShouldBe(text == "7K3M9Q2X5W8T0");
        });
    }

    [Fact]
    public void Request_files() => Run([RequestText, Armor.Wrap(ArmorKind.Request, "{}")], text =>
    {
        _ = RequestFile.TryRead(text, out _, out _);
        _ = HardwareInput.Parse(text);
    });

    [Fact]
    public void Import_files() => Run(
        ["product,company,email,seats\nmuster-pos,\"Muster, GmbH\",a@muster.example,1\n",
            "product;company;email\nmuster-pos;Muster GmbH;a@muster.example\n"],
        (byte[] bytes) => Read(bytes));

    [Fact]
    public void Import_workbooks()
    {
        using var workbook = new MemoryStream();
        workbook.SaveAs(new[]
        {
            new Dictionary<string, object> { ["product"] = "muster-pos", ["seats"] = 1, ["maintenance_until"] = new DateTime(2027, 3, 31) },
        });
        var valid = workbook.ToArray();
        Run(random => random.Below(5) == 0 ? HostileText.Mangle(random, valid) : Mangled(valid, random), Read);
    }

    /// <summary>The archive is whole and its sheet is not, so that what reads sheets meets it.</summary>
    private static byte[] Mangled(byte[] workbook, Seeded random)
    {
        using var copy = new MemoryStream();
        copy.Write(workbook);
        using (var zip = new ZipArchive(copy, ZipArchiveMode.Update, leaveOpen: true))
        {
            var parts = zip.Entries.Where(e => e.FullName.EndsWith(".xml", StringComparison.Ordinal)).ToList();
            var part = parts[random.Below(parts.Count)];
            using var content = part.Open();
            var text = new byte[content.Length];
            content.ReadExactly(text);
            content.SetLength(0);
            content.Write(HostileText.Mangle(random, text));
        }

        return copy.ToArray();
    }

    private static void Read(byte[] bytes)
    {
        try
        {
            using var list = ListReader.Open(new MemoryStream(bytes));
            _ = list.Rows.Count();
        }
        catch (UnreadableListException refused)
        {
            refused.German.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Addresses_and_mails() =>
        Run(["inhaber@muster-gastro.example", "From: =?utf-8?Q?M=C3=B6we?= <a@muster.example>\r\nSubject: x\r\n\r\ntext"], text =>
    {
        _ = MailAddresses.Normalize(text);
        _ = UntrustedText.Name(text);
    });

    /// <summary>Found by this test once; each must stay read or refused.</summary>
    [Theory]
    [InlineData("-----BEGIN LSHP REQUEST-----\ne30\n-----END LSHP REQUEST-----\n")]
    [InlineData("")]
    public void What_was_found_once(string text)
    {
        _ = RequestFile.TryRead(text, out _, out _);
        _ = ActivationKey.TryParse(text, out _, out _);
        _ = HardwareInput.Parse(text);
    }

    /// <summary>The control: an exception is reported with its seed and input.</summary>
    [Fact]
    public void A_parser_that_throws_is_found() =>
        Should.Throw<ShouldAssertException>(() => Run(["abc"], (string text) => _ = text[3])).Message.ShouldContain("seed");

    private static string RequestText { get; } = new RequestFile
    {
        Version = 1,
        Kind = "activate",
        Product = "muster-pos",
        ActivationKey = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH",
        HardwareCode = "H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN",
        PcName = "KASSE-2",
        AppVersion = "7.4.1",
        Created = DateTimeOffset.UnixEpoch,
        Nonce = "q7Jm2cXv9TfLz0aR",
    }.Write();

    private static void Run(string[] valid, Action<string> read) => Run(valid, bytes => read(Encoding.UTF8.GetString(bytes)));

    private static void Run(string[] valid, Action<byte[]> read) => Run(random => random.Below(5) == 0
        ? Encoding.UTF8.GetBytes(HostileText.Make(random, random.Of(valid)))
        : HostileText.Mangle(random, Encoding.UTF8.GetBytes(random.Of(valid))), read);

    private static void Run(Func<Seeded, byte[]> make, Action<byte[]> read)
    {
        var random = new Seeded();
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < Inputs; i++)
        {
            var input = make(random);
            var watch = Stopwatch.StartNew();
            try
            {
                read(input);
            }
            catch (Exception failure) when (failure is not ShouldAssertException)
            {
                throw new ShouldAssertException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"seed {random.Seed}, input {i}: {Convert.ToBase64String(input)}\n{failure}"));
            }

            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        // An input of a few kilobytes takes microseconds; this is about expressions that never end.
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(10), $"seed {random.Seed}");
    }
}
