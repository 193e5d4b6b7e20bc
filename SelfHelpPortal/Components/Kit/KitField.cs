using Microsoft.AspNetCore.Components;

namespace SelfHelpPortal.Components.Kit;

/// <summary>
/// What every form field of the kit takes. There is no <c>required </c>, <c>maxlength </c> or <c>disabled </c>: the server answers in
/// words.
/// </summary>
public abstract class KitField : KitElement
{
    [Parameter, EditorRequired]
    public required string Name { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public string? Hint { get; set; }

    [Parameter]
    public string? Error { get; set; }

    /// <summary>The label is the page's <c>h1</c>; the page then sets <see cref="Page.HeadingInContent" />.</summary>
    [Parameter]
    public bool LabelIsHeading { get; set; }

    protected string FieldId => Id ?? FieldIds.From(Name);

    protected bool HasError => !string.IsNullOrEmpty(Error);

    protected string? Invalid => HasError ? "true" : null;

    protected string? DescribedBy => (string.IsNullOrEmpty(Hint), HasError) switch
    {
        (true, false) => null,
        (true, true) => FieldIds.Error(FieldId),
        (false, false) => FieldIds.Hint(FieldId),
        (false, true) => $"{FieldIds.Hint(FieldId)} {FieldIds.Error(FieldId)}",
    };
}
