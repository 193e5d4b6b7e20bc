using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace SelfHelpPortal.Components.Kit;

/// <summary>
/// Text of the vendor in Markdown: paragraphs, lists, bold, italics and links. Built from the parsed text element by element, so nothing in
/// it becomes markup of its own; a link to anything but the web, a mailbox or a telephone stays text.
/// </summary>
public sealed class MarkdownText : ComponentBase
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().Build();
    private static readonly string[] Schemes = [Uri.UriSchemeHttps, Uri.UriSchemeHttp, Uri.UriSchemeMailto, "tel"];

    [Parameter, EditorRequired]
    public required string Value { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        foreach (var block in Markdown.Parse(Value, Pipeline))
        {
            Draw(builder, block, isTight: false);
        }
    }

    private static void Draw(RenderTreeBuilder builder, Block block, bool isTight)
    {
        switch (block)
        {
            case ListBlock list:
                builder.OpenElement(0, list.IsOrdered ? "ol" : "ul");
                foreach (var item in list.OfType<ListItemBlock>())
                {
                    builder.OpenElement(1, "li");
                    DrawAll(builder, item, !list.IsLoose);
                    builder.CloseElement();
                }

                builder.CloseElement();
                break;
            case LeafBlock { Inline: { } inlines }:
                if (!isTight)
                {
                    builder.OpenElement(2, "p");
                }

                Draw(builder, inlines);
                if (!isTight)
                {
                    builder.CloseElement();
                }

                break;
            case ContainerBlock container:
                DrawAll(builder, container, isTight);
                break;
        }
    }

    private static void DrawAll(RenderTreeBuilder builder, ContainerBlock blocks, bool isTight)
    {
        foreach (var block in blocks)
        {
            Draw(builder, block, isTight);
        }
    }

    private static void Draw(RenderTreeBuilder builder, ContainerInline inlines)
    {
        foreach (var inline in inlines)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    builder.AddContent(3, literal.Content.ToString());
                    break;
                case CodeInline code:
                    builder.AddContent(3, code.Content);
                    break;
                case LineBreakInline:
                    builder.AddContent(3, " ");
                    break;
                case EmphasisInline emphasis:
                    Wrap(builder, emphasis.DelimiterCount > 1 ? "strong" : "em", null, emphasis);
                    break;
                case LinkInline { IsImage: false } link when Uri.TryCreate(link.Url, UriKind.Absolute, out var address)
                    && Schemes.Contains(address.Scheme):
                    Wrap(builder, "a", address.AbsoluteUri, link);
                    break;
                case ContainerInline container:
                    Draw(builder, container);
                    break;
            }
        }
    }

    private static void Wrap(RenderTreeBuilder builder, string element, string? href, ContainerInline content)
    {
        builder.OpenElement(4, element);
        if (href is not null)
        {
            builder.AddAttribute(5, "href", href);
            builder.AddAttribute(6, "rel", "noreferrer");
        }

        Draw(builder, content);
        builder.CloseElement();
    }
}
