namespace SelfHelpPortal.Components.Kit;

/// <summary>One rule from a field's name to its id, so that the error summary's links always meet the field.</summary>
public static class FieldIds
{
    public static string From(string name) => string.Concat(name.Select(symbol => char.IsAsciiLetterOrDigit(symbol) ? symbol : '-'));

    public static string Hint(string id) => id + "-hint";

    public static string Error(string id) => id + "-error";
}
