using System.ComponentModel;
using System.Data.Common;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace SelfHelpPortal.Configuration;

/// <summary>
/// A connection string as people have it: in Npgsql's words, or as an address
/// (<c>postgres://user:PASS@host/database?sslmode=require</c>),
/// which hosting companies hand out. No sentence repeats a value: one of them may be the password.
/// </summary>
internal static partial class ConnectionText
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    /// <summary>The names of libpq, which stand in addresses, that Npgsql calls otherwise.</summary>
    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["target_session_attrs"] = "Target Session Attributes",
        ["channel_binding"] = "Channel Binding",
        ["keepalives_idle"] = "TCP Keepalive Time",
        ["options"] = "Options",
        ["passfile"] = "Passfile",
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
    };

    private static readonly string[] Known =
    [
        .. typeof(NpgsqlConnectionStringBuilder).GetProperties().Select(p => p.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName)
            .OfType<string>().Where(name => name.Length > 0),
    ];

    /// <summary>In Npgsql's words. What is no address stays as it is, and so does an address that cannot be read.</summary>
    public static string Keywords(string text) => AddressOf(text) is { } address && FromAddress(address) is ({ } pairs, null)
        ? Join(pairs) : text;

    /// <summary>Everything that is wrong, in sentences that begin with <paramref name="key"/>.</summary>
    public static IEnumerable<string> Complaints(string key, string text)
    {
        IReadOnlyList<(string Word, string Value)> pairs;
        if (AddressOf(text) is { } address)
        {
            var (found, complaint) = FromAddress(address);
            if (complaint is not null)
            {
                return [$"{key} {complaint}"];
            }

            pairs = found!;
        }
        else if (text.Contains("://", StringComparison.Ordinal) && !text.Contains('=', StringComparison.Ordinal))
        {
            return [$"{key} is an address that does not begin with postgres:// or postgresql://."];
        }
        else
        {
            try
            {
                var words = new DbConnectionStringBuilder { ConnectionString = text };
                pairs = [.. words.Keys.Cast<string>().Select(w => (w, words[w].ToString() ?? ""))];
                if (EmptyPassword().IsMatch(text))
                {
                    // What is empty counts as left out there.
                    pairs = [.. pairs, ("Password", "")];
                }
            }
            catch (ArgumentException)
            {
                return [$"{key} is not written as Host=…;Database=…;Username=… with a semicolon between the parts; a value with a "
                    + "semicolon or a quote in it stands in quotes."];
            }
        }

        var wrong = pairs.Select(p => Complaint(key, p.Word, p.Value)).OfType<string>().ToList();
        return wrong.Count > 0 ? wrong : Whole(key, Join(pairs)) is { } whole ? [whole] : [];
    }

    private static string? Complaint(string key, string word, string value)
    {
        var alone = new NpgsqlConnectionStringBuilder();
        if (!alone.ContainsKey(word) && Throws(() => _ = alone[word]))
        {
            var near = Known.Select(k => (Word: k, Distance: SettingsShape.Distance(k, word))).MinBy(k => k.Distance);
            return $"{key} has the word '{word}', which PostgreSQL's driver does not know"
                + (near.Distance <= Math.Min(3, word.Length / 2) ? $"; {near.Word} is one." : ".");
        }

        return Same(word, "Password") && value.Length == 0 ? $"{key} has an empty Password."
            : Throws(() => alone[word] = value) ? $"{key} has a value of {word} that cannot be meant{Allowed(word)}."
            : IsFile(word) && value.Length > 0 && !File.Exists(value) ? $"{key} names a file in {word} that is not there or "
                + $"closed: {value}."
            : null;
    }

    private static string Allowed(string word)
    {
        var property = typeof(NpgsqlConnectionStringBuilder).GetProperties().FirstOrDefault(p => Same(p.Name, word));
        var type = property is null ? null : Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type is { IsEnum: true } ? $"; it is {SettingsShape.Either(Enum.GetNames(type))}"
            : type == typeof(int) ? "; it is a whole number"
            : type == typeof(bool) ? "; it is true or false" : "";
    }

    private static string? Whole(string key, string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(builder.Host))
            {
                return $"{key} names no Host: the server of the database, or the folder of its socket.";
            }

            using var source = new NpgsqlDataSourceBuilder(text).Build();
            return null;
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return $"{key}: {failure.Message}";
        }
    }

    private static string? AddressOf(string text) =>
        Array.Find(Schemes, s => text.TrimStart().StartsWith(s, StringComparison.OrdinalIgnoreCase)) is { } scheme
            ? text.Trim()[scheme.Length..] : null;

    private static (IReadOnlyList<(string Word, string Value)>? Pairs, string? Complaint) FromAddress(string address)
    {
        var pairs = new List<(string, string)>();
        var (before, query) = Split(address, '?');
        var (authority, database) = Split(before, '/');
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var (user, password) = Split(authority[..at], ':');
            Add("Username", user);
            if (authority[..at].Contains(':', StringComparison.Ordinal))
            {
                pairs.Add(("Password", Uri.UnescapeDataString(password)));
            }
        }

        var server = authority[(at + 1)..];
        // Several servers stay as they are: Npgsql writes them in the same way.
        var colon = server.Contains(',', StringComparison.Ordinal) ? -1 : server.LastIndexOf(':');
        if (colon >= 0 && !server.EndsWith(']'))
        {
            Add("Port", server[(colon + 1)..]);
            server = server[..colon];
        }

        Add("Host", server.Trim('[', ']'));
        Add("Database", database);
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(part, '=');
            if (!Words.TryGetValue(name, out var word))
            {
                return (null, $"has '{name}' behind the question mark of its address, which is unknown there; "
                    + $"{SettingsShape.Either([.. Words.Keys])} "
                    + "may stand there.");
            }

            // verify-full is VerifyFull.
            Add(word, word is "SSL Mode" or "Channel Binding" or "Target Session Attributes" ? value.Replace("-", "",
                StringComparison.Ordinal) : value);
        }

        return (pairs, null);

        void Add(string word, string value)
        {
            if (value.Length > 0)
            {
                pairs.Add((word, Uri.UnescapeDataString(value)));
            }
        }
    }

    private static (string Before, string Behind) Split(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, "");

    private static string Join(IEnumerable<(string Word, string Value)> pairs)
    {
        var text = new StringBuilder();
        foreach (var (word, value) in pairs)
        {
            DbConnectionStringBuilder.AppendKeyValuePair(text, word, value);
        }

        return text.ToString();
    }

    private static bool IsFile(string word) => Same(word, "Root Certificate") || Same(word, "SSL Certificate") || Same(word, "SSL Key")
        || Same(word, "Passfile");

    private static bool Same(string one, string other) => one.Replace(" ", "", StringComparison.Ordinal)
        .Equals(other.Replace(" ", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(^|;)\s*(password|pwd)\s*=\s*(;|$)", RegexOptions.IgnoreCase)]
    private static partial Regex EmptyPassword();

    private static bool Throws(Action act)
    {
        try
        {
            act();
            return false;
        }
        catch (Exception failure) when (failure is ArgumentException or KeyNotFoundException or FormatException or InvalidCastException
            or OverflowException or NotSupportedException)
        {
            return true;
        }
    }
}
