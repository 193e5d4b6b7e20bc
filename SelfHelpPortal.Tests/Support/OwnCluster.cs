using SelfHelpPortal.Data;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A PostgreSQL cluster that one test has for itself, so that it can be stopped and started again.</summary>
internal sealed class OwnCluster : IDisposable
{
    private const string Name = "portal";

    private readonly LocalPostgres _cluster = LocalPostgres.Start(Path.Combine(Path.GetTempPath(), $"selfhelp-away-{Guid.NewGuid():N}"[..30]), temporary: true);
    private readonly string _control = Path.Combine(PostgresBinaries.Find(Environment.GetEnvironmentVariable(PostgresBinaries.Variable)), "pg_ctl");

    public string PortalConnection => _cluster.PortalConnection(Name);

    public string OwnerConnection => _cluster.OwnerConnection(Name);

    /// <summary>Makes the database of the portal and migrates it.</summary>
    public async Task PrepareAsync()
    {
        _cluster.EnsureDatabase(Name);
        await PortalDatabase.MigrateAsync(OwnerConnection, PortalConnection, CancellationToken.None);
    }

    /// <summary>As an operator does it: sessions are ended, what is open is rolled back.</summary>
    public void Stop() => Control("stop", "-m", "fast");

    public void Start() => Control("start", "-l", Path.Combine(_cluster.Folder, "log"));

    public void Dispose() => _cluster.Dispose();

    private void Control(params string[] what)
    {
        var (exit, output) = ServerAccount.RunAsServer(_cluster.Folder, [_control, .. what, "-D", Path.Combine(_cluster.Folder, "data"), "-w", "-s"]);
        exit.ShouldBe(0, output);
    }
}
