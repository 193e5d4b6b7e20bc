namespace SelfHelpPortal.Platform.Schedules;

/// <summary>What a daily job does to each of many records: one that fails does not hold up the others.</summary>
internal static class OneByOne
{
    /// <exception cref="AggregateException">Of all that failed, with their ids. The job is then tried again after its lease, and finds only
    /// those still to be done.</exception>
    public static async Task RunAsync(IEnumerable<Guid> ids, Func<Guid, Task> act)
    {
        List<Exception> failed = [];
        foreach (var id in ids)
        {
            try
            {
                await act(id);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failed.Add(new InvalidOperationException($"{id} failed.", e));
            }
        }

        if (failed.Count > 0)
        {
            throw new AggregateException(failed);
        }
    }
}
