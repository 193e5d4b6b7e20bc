using System.Globalization;
using System.Resources;
using SelfHelpPortal.Client;

namespace LicenseWizard;

/// <summary>All that the wizard says: Texts.resx (English) and Texts.de.resx.</summary>
internal sealed class Texts(CultureInfo language)
{
    private static readonly ResourceManager Resources = new("LicenseWizard.Texts", typeof(Texts).Assembly);

    public string this[string key, params object[] arguments] =>
        string.Format(language, Resources.GetString(key, language) ?? throw new MissingManifestResourceException(key), arguments);

    public string For(LicenseResult result) => Sentence(result.Message, result.Code, result.CaseNumber);

    public string For(LicenseStatus status) => Sentence(status.Message, status.Code, status.CaseNumber);

    public bool IsYes(string answer) => answer.StartsWith(this["Yes"], StringComparison.OrdinalIgnoreCase);

    public bool IsNo(string answer) => answer.StartsWith(this["No"], StringComparison.OrdinalIgnoreCase);

    public string Date(DateTimeOffset time) => time.ToLocalTime().ToString("g", language);

    /// <summary>The portal's words where it gave some, else ours for this code; the code behind them is for whoever is called.</summary>
    private string Sentence(string? message, string code, string? caseNumber) =>
        $"{message ?? Resources.GetString("Code." + code, language) ?? this["Code.Other"]} [{code}{(caseNumber is null ? "" : ", "
            + $"" + caseNumber)}]";
}
