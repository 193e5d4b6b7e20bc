using System.Text;
using SelfHelpPortal.Platform.Images;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Images;

/// <summary>A drawing of the vendor's draws and does nothing else.</summary>
public class SvgFileTests
{
    private const string Open =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 60 20\">";

    [Theory]
    [InlineData("<rect width='60' height='20' fill='#0e5a6b'/>")]
    [InlineData("<defs><linearGradient id='a'/></defs><style>.a{fill:url(#a)}</style><path class='a' d='M0 0h9'/>")]
    [InlineData("<g id='g'/><use xlink:href='#g'/><path fill='url(#a)' style=\"stroke:url('#a')\" d='M0 0'/>")]
    [InlineData("<image href='data:image/png;base64,AAAA' width='5' height='5'/>")]
    public void What_only_draws_is_taken_with_its_size(string inside) =>
        Read(Open + inside + "</svg>").ShouldSatisfyAllConditions(
            r => r.Problem.ShouldBeNull(), r => (r.File!.Width, r.File.Height).ShouldBe((60, 20)));

    [Theory]
    [InlineData("<script>alert(1)</script>", SvgProblem.Script, "script")]
    [InlineData("<g><SCRIPT/></g>", SvgProblem.Script, "SCRIPT")]
    [InlineData("<x:script xmlns:x='http://www.w3.org/2000/svg'/>", SvgProblem.Script, "script")]
    [InlineData("<rect onload='alert(1)'/>", SvgProblem.Script, "onload")]
    [InlineData("<a href=' javascript:alert(1)'><path d='M0 0'/></a>", SvgProblem.Script, "href")]
    [InlineData("<set attributeName='href' to='JavaScript:alert(1)'/>", SvgProblem.Script, "to")]
    [InlineData("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>", SvgProblem.Script, "foreignObject")]
    [InlineData("<b xmlns='http://www.w3.org/1999/xhtml'/>", SvgProblem.Script, "b")]
    [InlineData("<image href='https://example.org/a.png'/>", SvgProblem.Foreign, "href")]
    [InlineData("<image xlink:href='data:image/svg+xml;base64,AAAA'/>", SvgProblem.Foreign, "href")]
    [InlineData("<path fill='url(https://example.org/a.svg#b)'/>", SvgProblem.Foreign, "fill")]
    [InlineData("<style>@import 'https://example.org/a.css';</style>", SvgProblem.Foreign, "style")]
    [InlineData("<style>.a{background:u\\72l(//example.org)}</style>", SvgProblem.Foreign, "style")]
    public void What_could_act_or_load_is_refused_and_named(string inside, object problem, string what)
    {
        var read = Read(Open + inside + "</svg>");

        (read.File, read.Problem, read.What).ShouldBe((null, (SvgProblem)problem, what));
    }

    [Theory]
    [InlineData("no xml", SvgProblem.NoSvg)]
    [InlineData("<html/>", SvgProblem.NoSvg)]
    [InlineData("<svg viewBox='0 0 1 1'/>", SvgProblem.NoSvg)]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>", SvgProblem.NoSvg)]
    [InlineData("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>", SvgProblem.NoSvg)]
    [InlineData("<?xml-stylesheet href='a.css'?><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>", SvgProblem.Foreign)]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", SvgProblem.NoSize)]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='100%' height='5'/>", SvgProblem.NoSize)]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 9'/>", SvgProblem.NoSize)]
    public void What_is_no_drawing_is_refused(string file, object problem) => Read(file).Problem.ShouldBe((SvgProblem)problem);

    [Fact]
    public void Width_and_height_do_where_there_is_no_viewBox() =>
        Read("<svg xmlns='http://www.w3.org/2000/svg' width='30px' height='10.5'/>").File.ShouldBe(new SvgFile(30, 10.5));

    [Fact]
    public void The_portals_own_drawing_keeps_the_rules() =>
        SvgFile.Read(File.ReadAllBytes(Repository.At("SelfHelpPortal", "wwwroot", "favicon.svg")), out _, out _).ShouldNotBeNull();

    private static (SvgFile? File, SvgProblem? Problem, string What) Read(string svg) =>
        (SvgFile.Read(Encoding.UTF8.GetBytes(svg), out var problem, out var what), problem, what);
}
