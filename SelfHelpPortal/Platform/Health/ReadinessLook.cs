using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Health;

/// <param name="State">The worst of the parts'.</param>
internal sealed record ReadinessAnswer(Readiness State, IReadOnlyList<ReadinessPart> Parts)
{
    public static readonly ReadinessAnswer Ready = new(Readiness.Ready, []);
}

internal sealed record ReadinessPart(string Name, Readiness State);

/// <summary>
/// Asks all checks. Anybody may ask and some checks are dear, so who asks while they are being asked shares that answer: a flood of
/// questions costs no more than one.
/// </summary>
internal sealed partial class ReadinessLook(IServiceProvider services, ILogger<ReadinessLook> log)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<ReadinessAnswer> _latest = Task.FromResult(ReadinessAnswer.Ready);

    /// <summary>The answers of all checks; each is named in the log when it is not <see cref="Readiness.Ready"/>.</summary>
    public Task<ReadinessAnswer> AskAsync()
    {
        lock (_gate)
        {
            return _latest.IsCompleted ? _latest = Task.Run(AskAllAsync) : _latest;
        }
    }

    /// <summary>
    /// The figures by the name of their check. They are counted only for whoever may see them, and what cannot be counted in time is left
    /// out: it says nothing against the node.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> DetailsAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Timeout);
        await using var scope = services.CreateAsyncScope();
        var details = new Dictionary<string, string>();
        foreach (var check in services.GetServices<ReadinessCheck>())
        {
            try
            {
                if (check.Details is { } read)
                {
                    details[check.Name] = await read(scope.ServiceProvider, patience.Token);
                }
            }
            catch (Exception away) when (DatabaseFaults.IsUnavailable(away) || away is OperationCanceledException)
            {
                // The state of the part says so.
            }
        }

        return details;
    }

    private async Task<ReadinessAnswer> AskAllAsync()
    {
        using var patience = new CancellationTokenSource(Timeout);
        await using var scope = services.CreateAsyncScope();
        var parts = new List<ReadinessPart>();
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

            parts.Add(new(check.Name, state));
        }

        return new(parts.Select(p => p.State).DefaultIfEmpty(Readiness.Ready).Max(), parts);
    }

    [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "Readiness of {Check}: {State}")]
    private static partial void NotReady(ILogger log, string check, Readiness state, Exception? failure);
}
