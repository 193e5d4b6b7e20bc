namespace SelfHelpPortal.Shared.Contacts;

/// <summary>What may be shown of a name or address to somebody who only holds a key.</summary>
internal static class Masks
{
    /// <summary><c>in•••@mu•••.test</c></summary>
    public static string Address(string email)
    {
        var at = email.LastIndexOf('@');
        var dot = email.LastIndexOf('.');
        return at < 1 || dot < at ? "•••" : $"{Start(email[..at])}@{Start(email[(at + 1)..dot])}{email[dot..]}";

        static string Start(string text) => $"{text[..Math.Min(2, text.Length)]}•••";
    }
}
