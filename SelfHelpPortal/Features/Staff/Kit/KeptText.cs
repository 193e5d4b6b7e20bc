using System.Text.Encodings.Web;
using System.Text.Json;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>What somebody began to type into a dialog, and where it is kept until it is sent.</summary>
/// <param name="Begun">Empty for a dialog that is opened for the first time.</param>
/// <param name="KeepAsync">False when it cannot be kept.</param>
/// <param name="DropAsync">Once it was sent.</param>
public sealed record KeptText(string Begun, Func<string, Task<bool>> KeepAsync, Func<Task> DropAsync)
{
    // It is read by nothing but this class, and a letter should take the room of a letter.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Of a dialog with more than one field, what was begun in all of them; null when there is nothing.</summary>
    public T? Form<T>()
        where T : class
    {
        try
        {
            return Begun.Length == 0 ? null : JsonSerializer.Deserialize<T>(Begun, Json);
        }
        catch (JsonException)
        {
            // From a version of the portal that kept less.
            return null;
        }
    }

    /// <summary>Keeps a whole form each time its text is kept.</summary>
    /// <param name="form">All that stands in the dialog, with the text.</param>
    public KeptText Of<T>(Func<string, T> form) => this with { KeepAsync = text => KeepAsync(JsonSerializer.Serialize(form(text), Json)) };
}
