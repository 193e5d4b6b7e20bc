using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Section <c>Invoicing</c>: how invoices are worked on once they are issued.</summary>
internal sealed class InvoicingOptions
{
    public const string Section = "Invoicing";

    /// <summary>Whether customers are thanked by mail for a payment.</summary>
    public bool ConfirmPayments { get; set; }

    /// <summary>The highest fee, net in euros, that staff without the role of billing or administrator may waive.</summary>
    public decimal SupportWaivesUpTo { get; set; } = 100;

    public RevenueAccounts Accounts { get; } = new();

    public DatevOptions Datev { get; } = new();
}

/// <summary>The revenue accounts that stand in the booking list, by tax case; empty: none is written.</summary>
internal sealed class RevenueAccounts
{
    public string Domestic { get; set; } = "";
    public string ReverseCharge { get; set; } = "";
    public string ThirdCountry { get; set; } = "";
    public string SmallBusiness { get; set; } = "";

    /// <summary>Each with the name of its setting.</summary>
    internal IEnumerable<(string Name, string Account)> All => Enum.GetValues<VatCase>().Select(c => (c.ToString(), For(c)));

    public string For(VatCase vatCase) => vatCase switch
    {
        VatCase.Domestic => Domestic,
        VatCase.ReverseCharge => ReverseCharge,
        VatCase.ThirdCountry => ThirdCountry,
        VatCase.SmallBusiness => SmallBusiness,
    };
}
