using System.Buffers;
using System.Globalization;

// Members of .NET 10 that netstandard2.0 lacks, as the code here uses them; each does what its namesake does for those uses and no more.
namespace System
{
    internal static class TextPolyfills
    {
        extension(string text)
        {
            public int IndexOf(char character, StringComparison comparison) => text.IndexOf(character.ToString(), comparison);

            public bool Contains(char character, StringComparison comparison) => text.IndexOf(character.ToString(), comparison) >= 0;

            public bool Contains(string part, StringComparison comparison) => text.IndexOf(part, comparison) >= 0;

            public IEnumerable<Text.Rune> EnumerateRunes()
            {
                for (var i = 0; i < text.Length; i++)
                {
                    var pair = char.IsSurrogatePair(text, i);
                    yield return pair ? new(char.ConvertToUtf32(text, i++)) : char.IsSurrogate(text[i]) ? Text.Rune.ReplacementChar
                        : new(text[i]);
                }
            }

            public static string Create(IFormatProvider provider, FormattableString value) => value.ToString(provider);

            public static string Join(char separator, IEnumerable<string> values) => string.Join(separator.ToString(), values);
        }

        extension(char)
        {
            public static bool IsAsciiDigit(char character) => character is >= '0' and <= '9';

            public static bool IsAsciiLetterOrDigit(char character) =>
                character is (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z');
        }

        extension(ReadOnlySpan<char> text)
        {
            public int IndexOfAnyExcept(SearchValues<char> values)
            {
                for (var i = 0; i < text.Length; i++)
                {
                    if (!values.Contains(text[i]))
                    {
                        return i;
                    }
                }

                return -1;
            }

            /// <summary>
            /// At carriage returns and line feeds; an empty line more for a pair of them makes no difference to who reads armor.
            /// </summary>
            public IEnumerable<string> EnumerateLines() => text.ToString().Split('\r', '\n');
        }

        extension(Text.StringBuilder builder)
        {
            public Text.StringBuilder Append(ReadOnlySpan<char> value) => builder.Append(value.ToString());
        }

        extension(Net.Http.HttpContent content)
        {
            public Task<string> ReadAsStringAsync(CancellationToken cancellationToken) =>
                cancellationToken.IsCancellationRequested ? Task.FromCanceled<string>(cancellationToken) : content.ReadAsStringAsync();
        }

        extension(Enum)
        {
            public static T[] GetValues<T>() => (T[])Enum.GetValues(typeof(T));
        }

        extension(ArgumentOutOfRangeException)
        {
            public static void ThrowIfNegative(int value) => ThrowIf(value < 0, value);

            public static void ThrowIfLessThan(int value, int least) => ThrowIf(value < least, value);

            public static void ThrowIfLessThan(decimal value, decimal least) => ThrowIf(value < least, value);

            public static void ThrowIfGreaterThan(int value, int most) => ThrowIf(value > most, value);
        }

        private static void ThrowIf(bool wrong, object value)
        {
            if (wrong)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, null);
            }
        }
    }
}

namespace System.Buffers
{
    internal sealed class SearchValues<T>(HashSet<T> values)
    {
        public bool Contains(T value) => values.Contains(value);
    }

    internal static class SearchValues
    {
        public static SearchValues<char> Create(string values) => new([.. values]);
    }
}

namespace System.Linq
{
    internal static class LinqPolyfills
    {
        extension<T>(IEnumerable<T> items)
        {
            public IEnumerable<T[]> Chunk(int size) =>
                items.Select((item, i) => (item, i)).GroupBy(pair => pair.i / size, pair => pair.item).Select(group => group.ToArray());

            public T FirstOrDefault(T otherwise) => items.Concat([otherwise]).First();
        }
    }
}

namespace System.Text
{
    internal readonly struct Rune(int value)
    {
        public static Rune ReplacementChar { get; } = new('\uFFFD');

        public int Value { get; } = value;

        public override string ToString() => char.ConvertFromUtf32(Value);
    }

    internal static class Ascii
    {
        public static bool IsValid(string text) => text.All(character => character < 0x80);
    }
}
