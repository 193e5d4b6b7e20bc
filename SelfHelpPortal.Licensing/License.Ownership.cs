namespace SelfHelpPortal.Licensing;

public sealed partial class License
{
    /// <summary>
    /// Why nobody may take the license over now; null when nothing stands in the way. An open case has to be decided first, by and with
    /// the customer it concerns.
    /// </summary>
    public RefusalDetail? CheckPass() =>
        GetBlockingReason() ?? Freeze()
        ?? (_flags.Find(f => f.IsOpen) is { } open ? new RefusalDetail(Refusal.Locked, CaseNumber: open.Number) : null);

    /// <summary>Another customer has the license from now on, with its computers. The key stays: the software keeps it.</summary>
    public Outcome<License> PassTo(Guid customer)
    {
        if (CheckPass() is { } refused)
        {
            return refused;
        }

        if (customer == _customerId)
        {
            return Refusal.Conflict;
        }

        _customerId = customer;
        return this;
    }
}
