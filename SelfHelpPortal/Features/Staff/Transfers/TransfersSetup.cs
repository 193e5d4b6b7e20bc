using SelfHelpPortal.Features.Common;

namespace SelfHelpPortal.Features.Staff.Transfers;

internal static class TransfersSetup
{
    /// <summary>What staff do with transfer requests, and how one is settled by whomever.</summary>
    public static void AddTransfers(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<MoveLicenses>().AddSingleton<TransferInvoicing>().AddSingleton<TransferMailer>().AddSingleton<TransferSettlement>();
        services.AddSingleton<TransferActs>().AddSingleton<TransferPageActs>();
        services.AddSingleton<SearchTransfers>().AddSingleton<ShowTransfer>().AddSingleton<FindDeadComputer>();
        services.AddSingleton<SettleTransfer.SettleTransfer>().AddSingleton<WaiveFee.WaiveFee>().AddSingleton<IssueLicense.IssueLicense>();
        services.AddSingleton<AskCustomer.AskCustomer>().AddSingleton<DeclineTransfer.DeclineTransfer>();
        services.AddSingleton<IdentifyLicense.IdentifyLicense>().AddSingleton<RecordVatIdCheck.RecordVatIdCheck>();
    }
}
