using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Data;

/// <summary>A word that somebody looks for, as it stands in a searched text: once without accents, once with umlauts written out.</summary>
internal sealed record SearchWord(string Plain, string WrittenOut)
{
    /// <summary>A number begins where it begins: the postal code 80 is not in 1080. A part of a word may stand anywhere in it.</summary>
    public string PlainPattern => Pattern(Plain);

    public string WrittenOutPattern => Pattern(WrittenOut);

    private static string Pattern(string folded) => char.IsAsciiDigit(folded[0]) ? $"% {folded}%" : $"%{folded}%";
}

/// <summary>
/// Text as staff search in it: small letters without accents, umlauts both without their dots and written out (Müller is found as Muller
/// and as Mueller), ß as ss, and a blank for everything else. So the wildcards of LIKE are never in it. The function
/// <c>search_text</c> of the database does the same, and a test holds both together.
/// </summary>
internal static partial class SearchText
{
    public const int MostWords = 8;

    /// <summary>
    /// A customer's text as it is stored. A search may look at hundreds of rows before it has a page, and to fold them then would take
    /// longer than all else of it.
    /// </summary>
    public const string OfCustomer = "SearchText";

    public const string SqlOfCustomer = "search_text(company, email, street, postal_code, city, vat_id)";

    /// <summary>The index knows letters by threes; for less than that, a table would be read from end to end.</summary>
    public const int ShortestWord = 3;

    private const string Stroked = "øłđðħŧı";
    private const string Unstroked = "olddhti";

    /// <summary>The words of a term, all of which have to be found, in whatever order; none when no word is long enough.</summary>
    public static IReadOnlyList<SearchWord> Words(string term)
    {
        var together = string.Concat(term.Where(char.IsLetterOrDigit));
        SearchWord[] words =
        [
            .. (VatId().IsMatch(together) ? together : term).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word => new SearchWord(Fold(word, writtenOut: false), Fold(word, writtenOut: true)))
                .Where(word => word.Plain.Length > 0).Distinct().Take(MostWords),
        ];
        return words.Any(word => word.Plain.Split(' ').Any(run => run.Length >= ShortestWord)) ? words : [];
    }

    public static string Fold(string text, bool writtenOut) => FoldWithPlaces(text.Normalize(), writtenOut).Folded.Trim();

    /// <summary>Where the words stand in a text, so that a page can mark them.</summary>
    /// <param name="text">In normal form C, as <see cref="string.Normalize()"/> makes it.</param>
    public static IReadOnlyList<(int Start, int Length)> PlacesOf(IReadOnlyList<SearchWord> words, string text)
    {
        var marked = new bool[text.Length];
        foreach (var writtenOut in new[] { false, true })
        {
            var (folded, places) = FoldWithPlaces(text, writtenOut);
            foreach (var wanted in words.SelectMany(w => new[] { w.PlainPattern, w.WrittenOutPattern }).Select(p => p.Trim('%')).Distinct())
            {
                for (var at = folded.IndexOf(wanted, StringComparison.Ordinal); at >= 0;
                    at = folded.IndexOf(wanted, at + 1, StringComparison.Ordinal))
                {
                    foreach (var place in places[(at + (wanted[0] == ' ' ? 1 : 0))..(at + wanted.Length)].Where(p => p >= 0))
                    {
                        marked[place] = true;
                    }
                }
            }
        }

        List<(int, int)> ranges = [];
        for (var i = 0; i < marked.Length; i++)
        {
            if (marked[i] && ranges is [.., var (start, length)] && start + length == i)
            {
                ranges[^1] = (start, length + 1);
            }
            else if (marked[i])
            {
                ranges.Add((i, 1));
            }
        }

        return ranges;
    }

    /// <param name="text">The searched text of a row, as an index has it.</param>
    /// <returns>The rows in whose text all words are found.</returns>
    public static IQueryable<T> Matching<T>(
        this IQueryable<T> rows, IReadOnlyList<SearchWord> words, Expression<Func<T, string>> text)
    {
        foreach (var (plain, writtenOut) in words.Select(word => (word.PlainPattern, word.WrittenOutPattern)))
        {
            Expression<Func<string, bool>> has = t => EF.Functions.Like(t, plain) || EF.Functions.Like(t, writtenOut);
            rows = rows.Where(Expression.Lambda<Func<T, bool>>(
                ReplacingExpressionVisitor.Replace(has.Parameters[0], text.Body, has.Body), text.Parameters));
        }

        return rows;
    }

    /// <summary>Translated to SQL.</summary>
    public static string OfAppointment(string? name, string? email, string? phone, string? statedLicense) =>
        throw new NotSupportedException("Runs in the database only.");

    /// <summary>Translated to SQL.</summary>
    public static string OfLoan(string? pcName, string? statedLicense, string? reason) =>
        throw new NotSupportedException("Runs in the database only.");

    /// <summary>Translated to SQL.</summary>
    public static string OfOrder(TransferContact? contact) => throw new NotSupportedException("Runs in the database only.");

    /// <summary>Translated to SQL, as the indexes of names and serials are made.</summary>
    public static string Upper(string? value) => throw new NotSupportedException("Runs in the database only.");

    public static void AddTo(ModelBuilder builder)
    {
        builder.HasDbFunction(typeof(SearchText).GetMethod(nameof(Upper))!).HasName("upper").IsBuiltIn();
        builder.HasDbFunction(typeof(SearchText).GetMethod(nameof(OfLoan))!).HasName("search_text");
        builder.HasDbFunction(typeof(SearchText).GetMethod(nameof(OfAppointment))!).HasName("search_text");
        var order = builder.HasDbFunction(typeof(SearchText).GetMethod(nameof(OfOrder))!).HasName("order_text");
        order.HasParameter("contact").HasStoreType("jsonb");
    }

    /// <returns>The folded text with a blank at both ends, and for each character where it comes from; -1 for those blanks.</returns>
    private static (string Folded, List<int> Places) FoldWithPlaces(string text, bool writtenOut)
    {
        var folded = new StringBuilder(" ");
        List<int> places = [-1];
        for (var i = 0; i < text.Length; i++)
        {
            foreach (var c in Folded(text, i, writtenOut))
            {
                if (c != ' ' || folded[^1] != ' ')
                {
                    folded.Append(c);
                    places.Add(i);
                }
            }
        }

        if (folded[^1] != ' ')
        {
            folded.Append(' ');
            places.Add(-1);
        }

        return (folded.ToString(), places);
    }

    private static IEnumerable<char> Folded(string text, int at, bool writtenOut)
    {
        if (char.IsSurrogate(text[at]))
        {
            return [text[at]];
        }

        var whole = text[at] switch
        {
            'ß' or 'ẞ' => "ss",
            'æ' or 'Æ' => "ae",
            'œ' or 'Œ' => "oe",
            'ä' or 'Ä' when writtenOut => "ae",
            'ö' or 'Ö' or 'ø' or 'Ø' when writtenOut => "oe",
            'ü' or 'Ü' when writtenOut => "ue",
            'å' or 'Å' when writtenOut => "aa",
            var other => other.ToString(),
        };
        return whole.Normalize(NormalizationForm.FormKD).ToLower(CultureInfo.InvariantCulture)
            .Where(c => c is not (>= '\u0300' and <= '\u036F')).Select(c => IsGap(c) ? ' ' : Unstruck(c));
    }

    private static char Unstruck(char c) => Stroked.IndexOf(c, StringComparison.Ordinal) is >= 0 and var place ? Unstroked[place] : c;

    /// <summary>A VAT id is written in groups, and stored without the gaps.</summary>
    [GeneratedRegex(@"\A[A-Za-z]{2}[Uu]?[0-9]{7,12}\z")]
    private static partial Regex VatId();

    private static bool IsGap(char c) =>
        (c < '\u007F' && !char.IsAsciiLetterOrDigit(c)) || c is (>= '\u007F' and <= '\u00BF') or (>= '\u2000' and <= '\u206F') or '\u3000';
}
