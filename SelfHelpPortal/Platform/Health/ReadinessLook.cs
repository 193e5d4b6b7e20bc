namespace SelfHelpPortal.Platform.Health;

/// <summary>
/// Asks all checks. Anybody may ask and some checks are dear, so who asks while they are being asked shares that answer: a flood of
/// questions costs no more than one.
/// </summary>
internal sealed partial class ReadinessLook(IServiceProvider services, ILogger log)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<Readiness> _latest = Task.FromResult(Readiness.Ready);

    /// <summary>The worst answer of all checks; each is named in the log when it is not <see cref="Readiness.Ready"/>.</summary>
    public Task<Readiness> AskAsync()
    {
        lock (_gate)
        {
            return _latest.IsCompleted ? _latest = Task.Run(AskAllAsync) : _latest;
        }
    }

    private async Task<Readiness> AskAllAsync()
    {
        using var patience = new CancellationTokenSource(Timeout);
        await using var scope = services.CreateAsyncScope();
        var worst = Readiness.Ready;
        foreach (var check in services.GetServices<ReadinessCheck>())
        {
            Readiness state;
            Exception? failure = null;
            try
            {
                state = await check.Ask(scope.ServiceProvider, patience.Token);
            }
#pragma warning disable CA1031 // Whatever goes wrong in a check means: not ready. It is logged.
            catch (Exception e)
#pragma warning restore CA1031
            {
                (state, failure) = (Readiness.Unavailable, e);
            }

            if (state != Readiness.Ready)
            {
                NotReady(log, check.Name, state, failure);
            }

            worst = state > worst ? state : worst;
        }

        return worst;
    }

    [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "Readiness of {Check}: {State}")]
    private static partial void NotReady(ILogger log, string check, Readiness state, Exception? failure);
}
