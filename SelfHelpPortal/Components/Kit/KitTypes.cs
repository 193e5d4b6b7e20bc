using Microsoft.AspNetCore.Components;

namespace SelfHelpPortal.Components.Kit;

public enum PageWidth { Form, Wide }

public enum FieldSize { Short, Medium, Full }

/// <summary>The letter a code starts with; <see cref="Foreign" /> is a key of the vendor's own older format.</summary>
public enum CodeKind { K, D, H, Foreign }

public enum ButtonKind { Main, Quiet, Danger }

public enum PanelKind { Ok, Info }

public enum NoticeKind { Info, Warn, Danger }

/// <summary>One radio or checkbox.</summary>
public sealed record Choice(string Value, string Text, string? Hint = null);

/// <summary>A group of a code as it was read.</summary>
public sealed record CodeGroup(string Text, bool Wrong = false);

/// <summary>A line of a summary list. <see cref="Content" /> takes the place of <see cref="Value" /> where a value is more than text.</summary>
public sealed record SummaryRow(string Key, string? Value, string? ChangeTo = null, RenderFragment? Content = null);

public sealed record TimelineEntry(DateTimeOffset At, string Title, string By, string? Text = null);

/// <summary>A column of a table. With a <see cref="SortKey" /> its heading is a link that sorts.</summary>
public sealed record DataColumn<TRow>(string Title, RenderFragment<TRow> Cell, string? SortKey = null, bool Numeric = false, bool Heads = false);
