namespace SelfHelpPortal.Components.Kit;

/// <summary>One thing to correct: the id of the field it belongs to, and the words.</summary>
public sealed record FieldError(string FieldId, string Text);

/// <summary>What is wrong with a form, in the order of its fields. The same words stand in the summary and at the field.</summary>
public sealed class FormErrors
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> All => _errors;

    public bool Any => _errors.Count > 0;

    /// <summary>The words for the field of that name, or null.</summary>
    public string? this[string name] => _errors.Find(error => error.FieldId == FieldIds.From(name))?.Text;

    public void Add(string name, string text) => _errors.Add(new FieldError(FieldIds.From(name), text));
}
