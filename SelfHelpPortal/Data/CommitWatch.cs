namespace SelfHelpPortal.Data;

/// <summary>
/// Notes whether anything was committed since a request began, so that an answer never says that nothing was saved when something was.
/// </summary>
internal sealed class CommitWatch
{
    private static readonly AsyncLocal<CommitWatch?> Current = new();

    public bool HasSeenOne { get; private set; }

    /// <summary>For everything that the caller awaits from here on.</summary>
    public static CommitWatch Begin() => Current.Value = new CommitWatch();

    public static void Note()
    {
        if (Current.Value is { } watch)
        {
            watch.HasSeenOne = true;
        }
    }
}
