using Markdig;
using Markdig.Syntax;

namespace SelfHelpPortal.Platform.Mail.Kit;

/// <summary>A part of a text that staff write in Markdown, as plain sentences: a list, or a paragraph of one line.</summary>
internal sealed record MailBlock(bool IsList, IReadOnlyList<string> Lines)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().Build();

    /// <summary>In their order, without empty ones. Emphasis is lost, and of a link its text stays.</summary>
    public static IReadOnlyList<MailBlock> From(string? markdown)
    {
        var text = markdown ?? "";
        return
        [
            .. Markdown.Parse(text, Pipeline).Select(block => block is ListBlock list
                    ? new MailBlock(IsList: true, [.. list.Select(Plain).Where(line => line.Length > 0)])
                    : new MailBlock(IsList: false, [.. new[] { Plain(block) }.Where(line => line.Length > 0)]))
                .Where(block => block.Lines.Count > 0),
        ];

        string Plain(Block block) => Markdown.ToPlainText(text[block.Span.Start..(block.Span.End + 1)], Pipeline).Trim();
    }
}
