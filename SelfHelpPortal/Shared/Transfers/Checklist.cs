using Markdig;
using Markdig.Syntax;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>A checklist as staff write it, in Markdown, for where only plain sentences can stand.</summary>
internal static class Checklist
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().Build();

    /// <summary>Its points, or its paragraphs where it has no list.</summary>
    public static IReadOnlyList<string> Items(string? markdown)
    {
        var text = markdown ?? "";
        var blocks = Markdown.Parse(text, Pipeline).SelectMany(block => block is ListBlock list ? list.AsEnumerable() : [block]);
        return [.. blocks.Select(block => Markdown.ToPlainText(text[block.Span.Start..(block.Span.End + 1)], Pipeline).Trim())
            .Where(line => line.Length > 0)];
    }
}
