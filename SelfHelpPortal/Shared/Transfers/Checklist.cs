using SelfHelpPortal.Platform.Mail.Kit;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>A checklist as staff write it, in Markdown, for where only plain sentences can stand.</summary>
internal static class Checklist
{
    /// <summary>Its points, or its paragraphs where it has no list.</summary>
    public static IReadOnlyList<string> Items(string? markdown) => [.. MailBlock.From(markdown).SelectMany(block => block.Lines)];
}
