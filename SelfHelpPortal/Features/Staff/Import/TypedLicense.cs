using System.Text.Json;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>A license as somebody types it, by the fields of a list.</summary>
internal sealed class TypedLicense
{
    private Dictionary<string, string> _fields = ImportField.All.ToDictionary(field => field, _ => "");

    public string this[string field]
    {
        get => _fields[field];
        set => _fields[field] = value;
    }

    /// <summary>All that was typed, for <see cref="Restore"/>.</summary>
    public string Keep() => JsonSerializer.Serialize(_fields);

    public void Restore(string kept)
    {
        var all = JsonSerializer.Deserialize<Dictionary<string, string>>(kept) ?? [];
        _fields = ImportField.All.ToDictionary(field => field, field => all.GetValueOrDefault(field, ""));
    }

    public ImportedLicense AsRow() =>
        new() { Line = 1, Cells = [.. ImportField.All.Select(field => _fields[field].Trim())], Mapping = ImportField.All };
}
