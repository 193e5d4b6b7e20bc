namespace SelfHelpPortal.Platform.Web;

internal static class PcNames
{
    /// <summary>The first two and the last character: its owner knows the computer, a stranger learns no name.</summary>
    public static string Masked(string? name) => name?.Trim() switch
    {
        null or "" => "–",
        { Length: <= 3 } brief => brief[..1] + "…",
        var full => $"{full[..2]}…{full[^1]}",
    };

    /// <summary>
    /// The same for computers between which somebody has to choose: where masks are equal, they also show the character in which the names
    /// differ first (<c>KU…L…S</c>, <c>KU…R…S</c>), and where that does not help, a number.
    /// </summary>
    public static IReadOnlyList<string> MaskedApart(IReadOnlyList<string?> names)
    {
        var masks = names.Select(Masked).ToList();
        foreach (var alike in Enumerable.Range(0, masks.Count).GroupBy(i => masks[i]).Where(g => g.Count() > 1).ToList())
        {
            var full = alike.Select(i => names[i]?.Trim() ?? "").ToList();
            var differs = Enumerable.Range(2, full.Max(n => n.Length))
                .FirstOrDefault(at => full.Select(n => n.ElementAtOrDefault(at)).Distinct().Count() == full.Count);
            foreach (var (i, number) in alike.Select((i, n) => (i, n + 1)))
            {
                masks[i] = differs > 0 && names[i]!.Trim() is var name && name.Length > differs + 1
                    ? $"{name[..2]}…{name[differs]}…{name[^1]}"
                    : $"{masks[i]} ({number})";
            }
        }

        return masks;
    }
}
