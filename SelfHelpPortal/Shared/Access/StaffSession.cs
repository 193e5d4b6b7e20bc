namespace SelfHelpPortal.Shared.Access;

/// <summary>The sign-in behind one circuit. Once ended it stays ended: the circuit takes no more events, and its screen leaves.</summary>
internal sealed class StaffSession
{
    private volatile bool _isEnded;

    /// <summary>Null until the circuit has begun, and for whoever is no staff.</summary>
    public StaffActor? Actor { get; set; }

    public bool IsEnded => _isEnded;

    public event Action? Ended;

    public void End()
    {
        if (!_isEnded)
        {
            _isEnded = true;
            Ended?.Invoke();
        }
    }
}
