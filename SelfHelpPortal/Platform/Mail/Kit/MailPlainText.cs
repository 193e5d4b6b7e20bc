using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Platform.Mail.Kit;

/// <summary>
/// Makes the text part out of the HTML, so that the two cannot say different things. It knows the tags of the mail kit and throws on any
/// other; it also throws when a link's address is not to be seen, since a plain text would lose it.
/// </summary>
internal static partial class MailPlainText
{
    private const string Masked = "•••";

    /// <param name="mask">For the copy that staff read: addresses of links, keys and codes are not shown.</param>
    public static string From(string html, bool mask = false)
    {
        var writer = new Writer(mask);
        var position = 0;
        foreach (Match tag in Tag().Matches(html))
        {
            writer.Text(html[position..tag.Index]);
            position = tag.Index + tag.Length;
            writer.Tag(tag.Groups["close"].Length > 0, tag.Groups["name"].Value.ToLowerInvariant(), tag.Groups["rest"].Value);
        }

        writer.Text(html[position..]);
        return writer.Finish();
    }

    private sealed class Writer(bool mask)
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _line = new();
        private readonly HashSet<string> _targets = new(StringComparer.Ordinal);
        private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
        private int _linkStart = -1;
        private string _linkTarget = "";
        private bool _inHead;
        private bool _isSecret;
        private bool _isBlockEnded;
        private bool _isLabel;
        private bool _isAddress;

        // Of the item that comes next, within a numbered list.
        private int? _number;

        public void Text(string encoded)
        {
            if (_inHead)
            {
                return;
            }

            var text = WebUtility.HtmlDecode(encoded);
            if (_isSecret && mask)
            {
                text = Masked;
            }

            foreach (var c in text)
            {
                if (!char.IsWhiteSpace(c) || c == '\u00a0')
                {
                    _line.Append(c);
                }
                else if (_line.Length > 0 && _line[^1] != ' ')
                {
                    _line.Append(' ');
                }
            }
        }

        public void Tag(bool closes, string name, string attributes)
        {
            switch (name)
            {
                case "head":
                    _inHead = !closes;
                    break;
                case "meta" or "title" when _inHead:
                    break;
                case "!doctype" or "html" or "body" or "main" or "tbody" or "td":
                    break;
                case "ol":
                    EndLine();
                    _isBlockEnded = true;
                    _number = closes ? null : 1;
                    break;
                case "h1" or "h2" or "p" or "table" or "ul" or "footer":
                    EndLine();
                    _isBlockEnded = true;
                    break;
                case "hr":
                    EndLine();
                    _isBlockEnded = true;
                    _line.Append("--");
                    EndLine();
                    break;
                case "tr" or "br":
                    EndLine();
                    break;
                case "li":
                    EndLine();
                    _line.Append(closes ? "" : _number is null ? "- " : $"{_number++}. ");
                    break;
                case "th":
                    TrimLine();
                    _line.Append(closes ? ": " : "");
                    break;
                case "code":
                    _isSecret = !closes && attributes.Contains("data-secret", StringComparison.Ordinal);
                    break;
                case "a":
                    Link(closes, attributes);
                    break;
                default:
                    throw new InvalidOperationException($"The mail kit has no tag <{name}>.");
            }
        }

        private void Link(bool closes, string attributes)
        {
            if (!closes)
            {
                _linkStart = _line.Length;
                _linkTarget = WebUtility.HtmlDecode(Target().Match(attributes).Groups["to"].Value);
                _targets.Add(_linkTarget);
                return;
            }

            var shown = _line.ToString(_linkStart, _line.Length - _linkStart).Trim();
            if (shown == _linkTarget)
            {
                _shown.Add(shown);
                if (mask)
                {
                    _line.Length = _linkStart;
                    _line.Append(Masked);
                }
            }
            else
            {
                // The label of a button: its address is the next line.
                _line.Append(':');
                _isLabel = true;
            }
        }

        private void TrimLine()
        {
            while (_line.Length > 0 && _line[^1] == ' ')
            {
                _line.Length--;
            }
        }

        private void EndLine()
        {
            TrimLine();
            if (_line.Length == 0)
            {
                return;
            }

            if (_isBlockEnded && !_isAddress && _text.Length > 0)
            {
                _text.Append('\n');
            }

            _isBlockEnded = false;
            (_isAddress, _isLabel) = (_isLabel, false);
            _text.Append(_line).Append('\n');
            _line.Clear();
        }

        public string Finish()
        {
            EndLine();
            _targets.ExceptWith(_shown);
            if (_targets.Count > 0)
            {
                throw new InvalidOperationException(
                    "A link in a mail shows no address in its plain text; use MailButton or write the address out.");
            }

            var text = _text.ToString();
            return mask ? LooksSecret().Replace(text, Masked) : text;
        }
    }

    [GeneratedRegex("""<(?<close>/?)(?<name>[!a-zA-Z][a-zA-Z0-9]*)(?<rest>(?:[^>"']|"[^"]*"|'[^']*')*)>""", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex("""\bhref="(?<to>[^"]*)" """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Target();

    /// <summary>A second look, for what foreign text may have brought in: addresses, keys, verification and emergency codes.</summary>
    [GeneratedRegex(@"https?://\S+|\b[KDE][0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{5}){2,}\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex LooksSecret();
}
