namespace SelfHelpPortal.Licensing.Release;

/// <summary>How a license came off a computer. The first three prove that the software on the computer gave it up.</summary>
public enum ReleaseMethod
{
    InApp,
    QrCode,
    VerificationCode,

    /// <summary>By key alone, because the PC is dead.</summary>
    ActivationKey,

    /// <summary>By somebody who is signed in and belongs to the customer.</summary>
    Account,
    Transfer,
    Staff,

    /// <summary>The license itself ended.</summary>
    Ended,
}

public static class ReleaseMethods
{
    /// <summary>Whether the computer itself proved that it no longer has the license.</summary>
    public static bool IsProven(this ReleaseMethod method) =>
        method is ReleaseMethod.InApp or ReleaseMethod.QrCode or ReleaseMethod.VerificationCode;
}
