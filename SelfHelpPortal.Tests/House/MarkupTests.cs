using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>Rules of the security policy that the sources must keep before any browser sees a page.</summary>
public partial class MarkupTests
{
    /// <summary>Files that may write markup as it is, each with its reason. Empty: nothing may.</summary>
    private static readonly string[] MayWriteRawMarkup = [];

    private static string Source { get; } = Path.Combine(Repository.Folder, "SelfHelpPortal");

    /// <summary>Mails have no style sheet, and no page shows them.</summary>
    private static string Mails { get; } = Path.Combine(Source, "Platform", "Mail", "Kit") + Path.DirectorySeparatorChar;

    [Fact]
    public void No_page_has_an_inline_style_handler_or_script() =>
        Files("*.razor").Where(file => !file.StartsWith(Mails, StringComparison.Ordinal))
            .SelectMany(file => Inline(Path.GetFileName(file), File.ReadAllText(file))).ShouldBeEmpty();

    [Theory]
    [InlineData("<p style=\"color:red\">")]
    [InlineData("<button onclick=\"go()\">")]
    [InlineData("<a href=\"javascript:go()\">")]
    [InlineData("<script>go()</script>")]
    [InlineData("<ImportMap />")]
    public void What_the_policy_forbids_is_found(string markup) => Inline("sample", markup).ShouldHaveSingleItem();

    [Theory]
    [InlineData("<button @onclick=\"Go\">")]
    [InlineData("<InputFile class=\"input\" OnChange=\"Check\" />")]
    [InlineData("<script src=\"/site.js\" defer></script>")]
    public void What_the_policy_allows_is_not(string markup) => Inline("sample", markup).ShouldBeEmpty();

    [Fact]
    public void Only_listed_files_write_markup_as_it_is() =>
        Files("*.razor").Concat(Files("*.cs")).Where(file => RawMarkup().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Source, file)).ShouldBe(MayWriteRawMarkup);

    [Fact]
    public void Raw_markup_is_found()
    {
        RawMarkup().IsMatch("@((MarkupString)text)").ShouldBeTrue();
        RawMarkup().IsMatch("builder.AddMarkupContent(0, text)").ShouldBeTrue();
    }

    [Fact]
    public void Pages_outside_the_staff_area_are_static() => Interactive(typeof(App).Assembly.GetTypes()).ShouldBeEmpty();

    [Fact]
    public void A_public_page_that_forgets_to_be_static_is_found() => Interactive([typeof(Forgotten)]).ShouldHaveSingleItem();

    [Fact]
    public void Only_the_document_chooses_a_render_mode() =>
        Files("*.razor").Where(file => File.ReadAllText(file).Contains("@rendermode", StringComparison.Ordinal)).Select(Path.GetFileName)
            .ShouldBe(["App.razor"]);

    private static IEnumerable<string> Interactive(IEnumerable<Type> types) =>
        from type in types
        let routes = type.GetCustomAttributes<RouteAttribute>(inherit: false).Select(route => route.Template).ToList()
        where routes.Exists(route => !route.StartsWith("/staff", StringComparison.Ordinal))
        where type.GetCustomAttribute<ExcludeFromInteractiveRoutingAttribute>() is null
            || type.GetCustomAttribute<RenderModeAttribute>() is not null
        select type.Name;

    private static IEnumerable<string> Inline(string name, string markup) =>
        Forbidden().Matches(markup).Select(match => $"{name}: {match.Value.Trim()}");

    private static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Source, pattern, SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    // What InputFile calls OnChange is a parameter of the component and no attribute of the page.
    [GeneratedRegex(
        @"\sstyle\s*=|(?<!<InputFile\b[^<>]*)\son[a-z]+\s*=\s*""|javascript:|<script(?![^>]*\ssrc=)[^>]*>|<ImportMap",
        RegexOptions.IgnoreCase)]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"\bMarkupString\b|\bAddMarkupContent\b")]
    private static partial Regex RawMarkup();

    [Route("/sample")]
    private sealed class Forgotten : ComponentBase;
}
