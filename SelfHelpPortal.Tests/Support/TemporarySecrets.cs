using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A secrets directory of its own for one test, removed afterwards.</summary>
internal sealed class TemporarySecrets : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("lshp-secrets-").FullName;

    public TemporarySecrets() => Directory = SecretsDirectory.Open(System.IO.Path.Combine(_folder, "secrets"), mayCreate: true);

    public SecretsDirectory Directory { get; }

    /// <summary>The same folder as a production node opens it: nothing is made, what is missing is named.</summary>
    public SecretsDirectory InProduction() => SecretsDirectory.Open(Directory.Path, mayCreate: false);

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);
}
