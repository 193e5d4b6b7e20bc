namespace SelfHelpPortal.Licensing.Billing;

/// <summary>What speaks against an amount that somebody wants to record as received.</summary>
public enum PaymentDoubt
{
    None,

    /// <summary>It is not what is outstanding: a discount, a fee of the bank, or a typing error. Somebody is asked first.</summary>
    Differs,

    /// <summary>More than ten times what the invoice asks for, or more goes back than ever came in. Nobody means that.</summary>
    Impossible,
}
