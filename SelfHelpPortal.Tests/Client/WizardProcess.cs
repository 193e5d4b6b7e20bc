using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

/// <summary>A PC that is played by the License Wizard: the built program, with a folder and parts of its own.</summary>
internal sealed class WizardPc(string folder, string name, Uri portal, string product = "beamalign", string language = "en")
{
    public string Name { get; } = name;

    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(folder, name.Replace(' ', '-'))).FullName;

    private string State => Path.Combine(Folder, "state");

    /// <param name="verb">Words as they are typed behind the program's name.</param>
    public Task<(int Exit, string Output)> RunAsync(params string[] verb) => TypeAsync("", verb);

    /// <param name="typed">What the user answers.</param>
    /// <param name="verb">Words as they are typed behind the program's name.</param>
    public Task<(int Exit, string Output)> TypeAsync(string typed, params string[] verb) => ChildProcess.RunAsync(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "LicenseWizard.dll"), .. verb,
            "--portal", portal.AbsoluteUri, "--product", product, "--state", State, "--fake-hardware", Path.Combine(Folder, "parts.json"),
            "--pc-name", Name, "--language", language,
        ],
        input: typed);
}
