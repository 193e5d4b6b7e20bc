using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>
/// A setting while it is edited: the JSON that its version will be, whose values fields read and write by path. What cannot be read as a
/// number or a time stays in its field as it was typed.
/// </summary>
public sealed class SettingForm
{
    private readonly Dictionary<string, string> _unreadable = new(StringComparer.Ordinal);
    private readonly HashSet<string> _fixed = new(StringComparer.Ordinal);

    private JsonObject _content;

    private SettingForm(JsonObject content) => _content = content;

    /// <summary>A value is another one: for what shows values beside their fields, which only draw themselves anew.</summary>
    public event Action? Changed;

    /// <summary>By path: what is wrong with what was typed.</summary>
    public IReadOnlyList<BrokenRule> Problems { get; private set; } = [];

    public static SettingForm For(object setting) => new(Parse(SettingHistory.Write(setting)));

    /// <summary>All that was typed, for <see cref="Restore"/>.</summary>
    public string Keep() => new JsonObject
    {
        ["content"] = _content.DeepClone(),
        ["unreadable"] = JsonSerializer.SerializeToNode(_unreadable),
    }.ToJsonString();

    public void Restore(string kept)
    {
        var both = Parse(kept);
        _content = both["content"]!.DeepClone().AsObject();
        _unreadable.Clear();
        foreach (var (path, typed) in both["unreadable"]!.AsObject())
        {
            _unreadable[path] = typed!.GetValue<string>();
        }
    }

    /// <summary>Takes values that are decided elsewhere; their fields only show them.</summary>
    public void Fix(object setting, IEnumerable<string> paths)
    {
        var decided = Parse(SettingHistory.Write(setting));
        foreach (var path in paths)
        {
            _fixed.Add(path);
            Put(path, Find(decided, path)?.DeepClone());
        }
    }

    public bool IsFixed(string path) => _fixed.Contains(path);

    public string? ProblemOf(string path, string language) => Problems.FirstOrDefault(p => p.Id == path)?.In(language);

    /// <summary>What the field shows; numbers as the reader writes them.</summary>
    public string Text(string path) => _unreadable.TryGetValue(path, out var typed) ? typed
        : Find(_content, path) is not JsonValue value ? ""
        : value.GetValueKind() == JsonValueKind.Number
            ? value.GetValue<decimal>().ToString("0.##########", CultureInfo.CurrentCulture)
            : value.ToString();

    public bool IsOn(string path) => Find(_content, path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>Text as it is; nothing for what is empty.</summary>
    public void SetText(string path, string? typed) =>
        Put(path, string.IsNullOrWhiteSpace(typed) ? null : JsonValue.Create(typed.Trim().ReplaceLineEndings("\n")));

    /// <summary>Text of which every symbol counts, a space too.</summary>
    public void SetSymbols(string path, string? typed) => Put(path, string.IsNullOrEmpty(typed) ? null : JsonValue.Create(typed));

    public void SetOn(string path, bool on) => Put(path, JsonValue.Create(on));

    public void SetNumber(string path, string? typed)
    {
        var text = (typed ?? "").Trim();
        if (text.Length == 0)
        {
            Put(path, null);
        }
        else if (decimal.TryParse(
            text.Replace(',', '.'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var number))
        {
            // As it would be read from a file, so that any kind of number can be made of it.
            Put(path, JsonNode.Parse(number.ToString("0.##########", CultureInfo.InvariantCulture)));
        }
        else
        {
            _unreadable[path] = text;
            Changed?.Invoke();
        }
    }

    /// <summary>How many items the list has.</summary>
    public int Count(string path) => Find(_content, path) is JsonArray list ? list.Count : 0;

    public void Add(string path, object item)
    {
        if (Find(_content, path) is not JsonArray)
        {
            Put(path, new JsonArray());
        }

        ((JsonArray)Find(_content, path)!).Add(JsonSerializer.SerializeToNode(item, PolicyJson.Options));
        Changed?.Invoke();
    }

    public void Remove(string path, int place)
    {
        (Find(_content, path) as JsonArray)?.RemoveAt(place);
        Changed?.Invoke();
    }

    /// <summary>One place up.</summary>
    public void Raise(string path, int place)
    {
        if (place > 0 && Find(_content, path) is JsonArray list && list[place] is { } item)
        {
            list.RemoveAt(place);
            list.Insert(place - 1, item);
            Changed?.Invoke();
        }
    }

    /// <summary>The name of the words for a value: its path or, within a list, that of the item.</summary>
    public static string WordsOf(string path)
    {
        var names = path.Split('.');
        var place = Array.FindLastIndex(names, name => Place(name) is not null);
        return place < 0 ? path : string.Join('.', names[(place + 1)..].Prepend("item"));
    }

    /// <summary>What <see cref="SetSymbols"/> has set; null where there is nothing.</summary>
    public string? Symbols(string path) => Find(_content, path) is JsonValue value ? value.ToString() : null;

    /// <summary>The setting as it would be, for a preview; null when it cannot be read. Tells of no problems.</summary>
    public T? Peek<T>()
        where T : class
    {
        try
        {
            return _unreadable.Count > 0 ? null : _content.Deserialize<T>(PolicyJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The setting, or null when something was typed that it cannot hold; <see cref="Problems"/> says what.</summary>
    public T? Read<T>()
        where T : class
    {
        Problems = [.. _unreadable.Keys.Order(StringComparer.Ordinal).Select(NoNumber)];
        if (Problems.Count > 0)
        {
            return null;
        }

        try
        {
            return _content.Deserialize<T>(PolicyJson.Options);
        }
        catch (JsonException wrong)
        {
            Problems = [NoNumber(wrong.Path is { Length: > 2 } path ? path[2..] : "")];
            return null;
        }
    }

    public void Refuse(IReadOnlyList<BrokenRule> problems) => Problems = problems;

    private static BrokenRule NoNumber(string path) => new(
        path, "Das ist keine passende Angabe für dieses Feld.", "This field cannot hold that.");

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonNode? Find(JsonObject content, string path) =>
        path.Split('.').Aggregate((JsonNode?)content, Child);

    private static JsonNode? Child(JsonNode? node, string name) => node switch
    {
        JsonObject members => members[name],
        JsonArray list when Place(name) is { } place && place < list.Count => list[place],
        _ => null,
    };

    /// <summary>Null when the name is none of a place in a list.</summary>
    private static int? Place(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : null;

    private void Put(string path, JsonNode? value)
    {
        _unreadable.Remove(path);
        var names = path.Split('.');
        var owner = names[..^1].Aggregate(
            (JsonNode)_content, (node, name) => Child(node, name) ?? (node[name] = new JsonObject()));
        owner[names[^1]] = value;
        Changed?.Invoke();
    }
}
