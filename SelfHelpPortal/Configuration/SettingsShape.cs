using System.Collections;
using System.Globalization;
using System.Reflection;

namespace SelfHelpPortal.Configuration;

/// <summary>Something that a configuration says and that cannot be meant.</summary>
internal sealed record SettingMistake(string Key, string Sentence);

/// <summary>What of a section fits the class that knows its keys.</summary>
/// <param name="Fitting">Without the name of the section, and without what does not fit.</param>
internal sealed record ReadSection(IConfiguration Fitting, IReadOnlyList<SettingMistake> Mistakes);

/// <summary>Holds a section against its class: each key has to be there, and each value to be of its kind.</summary>
internal static class SettingsShape
{
    /// <summary>What the binder can set, that is also a list without a setter. Computed properties are none.</summary>
    public static IEnumerable<PropertyInfo> KeysOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => IsGroup(p.PropertyType) || p.SetMethod?.IsPublic == true || p.PropertyType == typeof(IList<string>));

    /// <summary>A class of ours with keys of its own.</summary>
    public static bool IsGroup(Type type) => !IsList(type) && type.Assembly == typeof(SettingsShape).Assembly && type.IsClass;

    /// <summary>All keys at and below the type, with <paramref name="prefix"/> before them.</summary>
    public static IEnumerable<string> PathsOf(Type type, string prefix) => KeysOf(type).SelectMany(p => Below(prefix, p.Name) is var path
        && IsGroup(p.PropertyType) ? PathsOf(p.PropertyType, path) : [path]);

    public static ReadSection Read(IConfiguration all, string name, Type type)
    {
        var (mistakes, fitting) = (new List<SettingMistake>(), new Dictionary<string, string?>());
        // At the root there is whatever the environment of the process holds.
        var children = name.Length > 0
            ? all.GetSection(name).GetChildren()
            : KeysOf(type).Select(p => all.GetSection(p.Name)).Where(s => s.Exists());
        Walk(children, type, name, "", new(mistakes, fitting, [.. PathsOf(type, name)]));
        return new(new ConfigurationBuilder().AddInMemoryCollection(fitting).Build(), mistakes);
    }

    private sealed record Result(List<SettingMistake> Mistakes, Dictionary<string, string?> Fitting, string[] Known)
    {
        public void Wrong(string key, string sentence) => Mistakes.Add(new(key, sentence));
    }

    private static void Walk(IEnumerable<IConfigurationSection> children, Type type, string path, string relative, Result result)
    {
        foreach (var child in children)
        {
            var property = KeysOf(type).FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            var key = Below(path, property?.Name ?? child.Key);
            if (property is null)
            {
                result.Wrong(key, Unknown(key, result.Known));
            }
            else if (IsGroup(property.PropertyType))
            {
                Group(child, property.PropertyType, key, Below(relative, property.Name), result);
            }
            else if (IsList(property.PropertyType))
            {
                List(child, key, Below(relative, property.Name), result);
            }
            else
            {
                Single(child, property.PropertyType, key, Below(relative, property.Name), result);
            }
        }
    }

    private static void Group(IConfigurationSection section, Type type, string key, string relative, Result result)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            result.Wrong(key, $"{key} is one value; it is a group of settings: {string.Join(", ", KeysOf(type).Select(p => p.Name))}.");
        }

        Walk(section.GetChildren(), type, key, relative, result);
    }

    private static void List(IConfigurationSection section, string key, string relative, Result result)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            result.Wrong(key, $"{key} is one value; it is a list: [\"…\"] in a file, "
                + $"{key.Replace(":", "__", StringComparison.Ordinal)}__0 as a "
                + "variable.");
        }

        foreach (var entry in section.GetChildren())
        {
            if (!int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _) || entry.GetChildren().Any())
            {
                result.Wrong(key, $"{key} is a group; it is a list of texts.");
                return;
            }

            result.Fitting[$"{relative}:{entry.Key}"] = entry.Value;
        }
    }

    private static void Single(IConfigurationSection section, Type type, string key, string relative, Result result)
    {
        if (section.GetChildren().Any())
        {
            result.Wrong(key, $"{key} is a group or a list; it is one value.");
        }
        else if (section.Value is { } value && Complaint(value, type) is { } complaint)
        {
            result.Wrong(key, $"{key} is {(value.Length == 0 ? "empty" : $"'{value}'")}; it is {complaint}.");
        }
        else if (section.Value is { } right && (right.Length > 0 || type == typeof(string)))
        {
            result.Fitting[relative] = right;
        }
    }

    /// <summary>What would be right instead, or null when the value is.</summary>
    private static string? Complaint(string value, Type type)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        if (kind == typeof(string) || (value.Length == 0 && kind != type))
        {
            return null;
        }

        var text = value.Trim();
        return kind.IsEnum ? Enum.GetNames(kind).Contains(text, StringComparer.OrdinalIgnoreCase) ? null : Either(Enum.GetNames(kind))
            : kind == typeof(bool) ? bool.TryParse(text, out _) ? null : "true or false"
            : kind == typeof(int) ? int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number"
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "a number such as 12.5";
    }

    /// <summary>A key that nothing reads, and the one that was probably meant.</summary>
    /// <param name="known">Where it may have been meant.</param>
    public static string Unknown(string key, IReadOnlyCollection<string> known)
    {
        var name = key[(key.LastIndexOf(':') + 1)..];
        var meant = known.Select(k => (Key: k, Distance: Distance(k, key)))
            .Concat(known.Where(k => k.EndsWith(":" + name, StringComparison.OrdinalIgnoreCase)).Select(k => (Key: k, Distance: 1)))
            // A group that stands at another place.
            .Concat(known.Select(k => (Key: k, At: k.IndexOf($":{name}:", StringComparison.OrdinalIgnoreCase))).Where(k => k.At >= 0)
                .Select(k => (Key: k.Key[..(k.At + 1 + name.Length)], Distance: 1)))
            .Where(k => k.Distance <= Math.Min(3, name.Length / 2)).OrderBy(k => k.Distance).Select(k => k.Key).FirstOrDefault();
        return meant is null ? $"{key} is no setting." : $"{key} is no setting; {meant} is one.";
    }

    /// <summary>How many letters have to be put in, taken out or exchanged; capitals are the same as small letters.</summary>
    internal static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var same = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);
                (row[j], diagonal) = (Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)), row[j]);
            }
        }

        return row[other.Length];
    }

    public static string Either(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";

    private static bool IsList(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";
}
