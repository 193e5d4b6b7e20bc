namespace SelfHelpPortal.E2E.Support;

/// <summary>A portal as it is after it was installed: no product, no license, nothing of the demo.</summary>
public sealed class EmptyPortal : IAsyncLifetime
{
    internal RunningPortal Running { get; } = new() { HasDemo = false };

    public Task InitializeAsync() => Running.InitializeAsync();

    public Task DisposeAsync() => Running.DisposeAsync();
}
