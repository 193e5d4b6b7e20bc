using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing.Transfers;

/// <summary>One dead PC of a request: the license it had, and the computer that takes its place.</summary>
public sealed class TransferItem
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid RequestId { get; init; }

    /// <summary>1, 2, …; the invoice has a line for each in this order.</summary>
    public required int Position { get; init; }

    public required HardwareCode NewHardware { get; init; }
    public string? NewPcName { get; init; }
    public string? AppVersion { get; init; }

    /// <summary>Number or serial as the customer typed it.</summary>
    public string? StatedLicense { get; init; }

    public Guid? LicenseId { get; private set; }

    /// <summary>The activation of the dead PC, which ends with the transfer.</summary>
    public Guid? ActivationId { get; private set; }

    public TransferIdentification IdentifiedBy { get; private set; }

    /// <summary>The request is under way, confirmed by the owner: no other may move the same activation.</summary>
    public bool IsOpen { get; internal set; }

    /// <summary>
    /// The request waits for the owner to confirm it: no other asks for the same license meanwhile. Of several items with one license, only
    /// the first.
    /// </summary>
    public bool IsWaiting { get; internal set; }

    internal void Identify(Guid licenseId, Guid? activationId, TransferIdentification by)
    {
        LicenseId = licenseId;
        ActivationId = activationId;
        IdentifiedBy = by;
    }
}

/// <summary>A computer that still works, from whose code follows which license does not.</summary>
public sealed class TransferPc
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid RequestId { get; init; }
    public required int Position { get; init; }

    /// <summary>As the customer calls it.</summary>
    public string? Name { get; init; }

    public required HardwareCode HardwareCode { get; init; }
}

/// <summary>A question of staff, or the customer's answer.</summary>
public sealed class TransferMessage
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid RequestId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required bool FromCustomer { get; init; }
    public required string Text { get; init; }
}
