using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>The programs of other people that judge a PDF. <c>test.sh</c> installs them.</summary>
internal sealed partial class PdfTools : IDisposable
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["qpdf"] = "qpdf",
        ["pdffonts"] = "poppler-utils",
        ["pdfdetach"] = "poppler-utils",
        ["pdftotext"] = "poppler-utils",
        ["pdftoppm"] = "poppler-utils",
        ["zbarimg"] = "zbar-tools",
        ["java"] = "default-jre-headless",
    };

    private static readonly string[] Jars =
        ["preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "commons-io", "javax.activation", "jaxb-api"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pdf-");

    public string Folder => _folder.FullName;

    public string Save(string name, byte[] pdf)
    {
        var file = Path.Combine(Folder, name);
        File.WriteAllBytes(file, pdf);
        return file;
    }

    /// <summary>What the program writes; it must end well.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var (status, output, errors) = Try(program, arguments);
        return status == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {status}: {output}{errors}");
    }

    public static (int Status, string Output, string Errors) Try(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException($"This test needs {program}; install the package {Packages[program]}.");
        }
    }

    /// <summary>Apache's checker of PDF/A-1b: the codes of what it found, by file; none where a file is valid.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Preflight(params IReadOnlyList<string> files)
    {
        var jars = Jars.Select(jar => $"/usr/share/java/{jar}.jar").ToList();
        if (jars.Find(jar => !File.Exists(jar)) is { } missing)
        {
            throw new InvalidOperationException(
                $"This test needs {missing}; install the packages libpdfbox2-java, libactivation-java and libjaxb-api-java.");
        }

        var list = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(list, files);
            Run("java", "-cp", string.Join(':', jars), "org.apache.pdfbox.preflight.Validator_A1b", "xml", "batch", list);
            return files.ToDictionary(file => file, file => (IReadOnlyList<string>)[.. Codes(file)]);
        }
        finally
        {
            File.Delete(list);
        }
    }

    /// <summary>Every word with the box around it, in millimeters from the upper left corner, by page.</summary>
    public static IReadOnlyList<IReadOnlyList<Word>> Words(string file)
    {
        const double Millimeter = 72 / 25.4;
        double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) / Millimeter;
        return
        [
            .. Run("pdftotext", "-bbox", file, "-").Split("<page ").Skip(1).Select(page => (IReadOnlyList<Word>)
            [
                .. WordBox().Matches(page).Select(match => new Word(
                    System.Net.WebUtility.HtmlDecode(match.Groups[5].Value), Number(match, 1), Number(match, 2), Number(match, 3),
                    Number(match, 4))),
            ]),
        ];
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<string> Codes(string file)
    {
        var report = File.ReadAllText(file + ".preflight.xml");
        var codes = Code().Matches(report).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        report.Contains("<isValid type=\"PDF/A1-b\">true</isValid>", StringComparison.Ordinal).ShouldBe(codes.Count == 0, report);
        return codes;
    }

    [GeneratedRegex("<code>([0-9.]+)</code>")]
    private static partial Regex Code();

    [GeneratedRegex("""<word xMin="([0-9.-]+)" yMin="([0-9.-]+)" xMax="([0-9.-]+)" yMax="([0-9.-]+)">([^<]*)</word>""")]
    private static partial Regex WordBox();
}

internal sealed record Word(string Text, double Left, double Top, double Right, double Bottom);
