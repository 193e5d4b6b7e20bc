namespace SelfHelpPortal.Licensing;

/// <summary>A rule that something does not keep, as a sentence that says how it would.</summary>
/// <param name="Id">The official id of a rule of invoices, or the path of a setting such as <c>release.refillDays</c>.</param>
public sealed record BrokenRule(string Id, string German, string English)
{
    public string In(string language) => language == "de" ? German : English;
}
