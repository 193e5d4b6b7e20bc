namespace SelfHelpPortal.Tests.Support;

/// <summary>A portal for the pages of signed-in customers: each browser has its own address, and every statement is kept.</summary>
public sealed class MyPortal : IAsyncLifetime
{
    public MyPortal()
    {
        Portal = new PortalFactory { Change = Statements.Attach };
        Portal.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
    }

    internal PortalFactory Portal { get; }

    internal StatementLog Statements { get; } = new();

    public Task InitializeAsync() => Portal.InitializeAsync();

    public async Task DisposeAsync()
    {
        await Portal.DisposeAsync();
        Statements.Dispose();
    }
}
