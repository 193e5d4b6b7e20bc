using System.Text;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Components.Kit;

public enum PageWidth { Form, Wide }

public enum FieldSize { Short, Medium, Full }

public enum ButtonKind { Main, Quiet, Danger }

public enum PanelKind { Ok, Info }

public enum NoticeKind { Info, Warn, Danger }

/// <summary>One radio or checkbox.</summary>
public sealed record Choice(string Value, string Text, string? Hint = null);

/// <summary>A choice with its price.</summary>
/// <param name="Text">What is read with the choice.</param>
/// <param name="More">Below it, for who wants to know: links and details.</param>
public sealed record ChoiceCard(string Value, string Title, string Price, RenderFragment Text, RenderFragment? More = null);

/// <summary>A group of a code as it was read.</summary>
public sealed record CodeGroup(string Text, bool Wrong = false)
{
    /// <summary>
    /// The groups of what was read as the code, not those of the mail around it, with the one that the problem names. Empty when groups
    /// say nothing about the problem.
    /// </summary>
    public static IReadOnlyList<CodeGroup> Split(string? input, CodeKind kind, CodeProblem problem)
    {
        if (problem
            is not { Kind: CodeProblemKind.WrongGroup or CodeProblemKind.LetterU or CodeProblemKind.ForeignCharacter, Group: { } wrong })
        {
            return [];
        }

        var read = CodeFinder.Find(input, kind) ?? input ?? "";
        var symbols = string.Concat(read.Normalize(NormalizationForm.FormKC).ToUpperInvariant().Where(char.IsLetterOrDigit));
        return [.. symbols.Chunk(5).Select((group, index) => new CodeGroup(new string(group), index + 1 == wrong))];
    }
}

/// <summary>
/// A line of a summary list. <see cref="Content" /> takes the place of <see cref="Value" /> where a value is more than text.
/// </summary>
public sealed record SummaryRow(string Key, string? Value, string? ChangeTo = null, RenderFragment? Content = null);

public sealed record TimelineEntry(DateTimeOffset At, string Title, string By, string? Text = null);

/// <summary>A column of a table. With a <see cref="SortKey" /> its heading is a link that sorts.</summary>
public sealed record DataColumn<TRow>(
    string Title, RenderFragment<TRow> Cell, string? SortKey = null, bool Numeric = false, bool Heads = false);
