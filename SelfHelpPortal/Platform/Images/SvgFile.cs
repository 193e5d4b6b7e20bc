using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace SelfHelpPortal.Platform.Images;

/// <summary>Why a file is not taken as a drawing.</summary>
internal enum SvgProblem
{
    /// <summary>No XML, or another kind of it, whatever the name says.</summary>
    NoSvg,

    /// <summary>A script, an attribute that runs one, or foreign markup that could hold one.</summary>
    Script,

    /// <summary>It would load something from elsewhere.</summary>
    Foreign,

    /// <summary>Neither a viewBox nor width and height in pixels.</summary>
    NoSize,
}

/// <summary>
/// An SVG that only draws. Browsers run nothing in a picture, and a policy goes with the file; but somebody may open or copy it, so what
/// could act is not taken at all.
/// </summary>
/// <param name="Width">In the units of the drawing, like the height.</param>
internal sealed partial record SvgFile(double Width, double Height)
{
    private const string Namespace = "http://www.w3.org/2000/svg";

    /// <summary>A drawing that nests deeper is none that somebody made.</summary>
    private const int Deepest = 64;

    private static readonly string[] Acting = ["script", "foreignObject", "handler", "listener", "iframe", "audio", "video"];

    /// <param name="problem">What keeps the file from being a drawing.</param>
    /// <param name="what">The element or attribute that does; empty where there is none to name.</param>
    /// <returns>Null when there is a problem.</returns>
    public static SvgFile? Read(byte[] bytes, out SvgProblem? problem, out string what)
    {
        (problem, what) = (SvgProblem.NoSvg, "");
        try
        {
            using var reader = XmlReader.Create(
                new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            SvgFile? drawing = null;
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.ProcessingInstruction)
                {
                    (problem, what) = (SvgProblem.Foreign, reader.Name);
                    return null;
                }

                if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && LoadsFromElsewhere(reader.Value))
                {
                    (problem, what) = (SvgProblem.Foreign, "style");
                    return null;
                }

                if (reader.NodeType != XmlNodeType.Element)
                {
                    continue;
                }

                if (reader.Depth == 0)
                {
                    if (reader.LocalName != "svg" || reader.NamespaceURI != Namespace)
                    {
                        return null;
                    }

                    drawing = SizeOf(reader);
                }

                if (reader.Depth > Deepest || Fault(reader) is { } fault && ((problem, what) = fault) != default)
                {
                    return null;
                }
            }

            problem = drawing is null ? SvgProblem.NoSize : null;
            return drawing;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static (SvgProblem Problem, string What)? Fault(XmlReader element)
    {
        if (Acting.Contains(element.LocalName, StringComparer.OrdinalIgnoreCase)
            || element.NamespaceURI == "http://www.w3.org/1999/xhtml")
        {
            return (SvgProblem.Script, element.LocalName);
        }

        (SvgProblem, string)? fault = null;
        while (fault is null && element.MoveToNextAttribute())
        {
            var (name, value) = (element.LocalName, element.Value);
            fault = name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || Runs().IsMatch(value) ? (SvgProblem.Script, name)
                : name is "href" or "src" && !value.StartsWith('#') && !Inside().IsMatch(value) ? (SvgProblem.Foreign, name)
                : LoadsFromElsewhere(value) ? (SvgProblem.Foreign, name)
                : null;
        }

        element.MoveToElement();
        return fault;
    }

    private static SvgFile? SizeOf(XmlReader svg)
    {
        var box = (svg.GetAttribute("viewBox") ?? "").Split([' ', ',', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var (width, height) = box.Length == 4
            ? (box[2], box[3])
            : (Pixels(svg.GetAttribute("width")), Pixels(svg.GetAttribute("height")));
        return Number(width) is { } wide && Number(height) is { } high ? new(wide, high) : null;
    }

    private static string? Pixels(string? length) =>
        length?.EndsWith("px", StringComparison.OrdinalIgnoreCase) == true ? length[..^2] : length;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100_000
            ? number
            : null;

    /// <summary>A style names a file or another style sheet; a part of the drawing itself is <c>url(#name)</c>.</summary>
    private static bool LoadsFromElsewhere(string style) => Elsewhere().IsMatch(style);

    [GeneratedRegex(@"^\s*(java|vb)script:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Runs();

    [GeneratedRegex(@"^data:image/(png|jpeg);base64,", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Inside();

    [GeneratedRegex(@"@import|url\(\s*['""]?(?!\s*['""]?#)|\\", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Elsewhere();
}
