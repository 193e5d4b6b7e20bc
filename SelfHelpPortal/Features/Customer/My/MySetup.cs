using SelfHelpPortal.Features.Customer.My.Data;
using SelfHelpPortal.Features.Customer.My.Details;
using SelfHelpPortal.Features.Customer.My.Invoices;
using SelfHelpPortal.Features.Customer.My.Licenses;
using SelfHelpPortal.Features.Customer.My.People;
using SelfHelpPortal.Features.Customer.My.Renew;
using SelfHelpPortal.Features.Customer.My.Settings;
using SelfHelpPortal.Features.Customer.My.Transfers;

namespace SelfHelpPortal.Features.Customer.My;

internal static class MySetup
{
    public static void AddMy(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<CustomerActs>().AddSingleton<MyRole>();
        services.AddSingleton<PeopleActs>().AddSingleton<ShowPeople>().AddSingleton<InvitePerson>().AddSingleton<WithdrawInvitation>();
        services.AddSingleton<ChangeRole>().AddSingleton<RemovePerson>().AddSingleton<LeaveCustomer>();
        services.AddSingleton<RenewalOffers>().AddSingleton<RenewalMailer>();
        services.AddSingleton<ShowRenewal>().AddSingleton<RenewSubscription>().AddSingleton<ShowRenewed>();
        services.AddSingleton<ShowMyLicenses>().AddSingleton<ShowMyLicense>().AddSingleton<ReadMyLicenseFile>().AddSingleton<NameComputer>();
        services.AddSingleton<ReleaseComputer>().AddSingleton<OpenMyRelease>().AddSingleton<BeginMyTransfer>().AddSingleton<OpenMyCase>();
        services.AddSingleton<MyTransferActs>().AddSingleton<ShowMyTransfers>().AddSingleton<ShowMyTransfer>();
        services.AddSingleton<AnswerMyTransfer>().AddSingleton<WithdrawMyTransfer>().AddSingleton<ConfirmMyTransfer>();
        services.AddSingleton<ShowMyInvoices>().AddSingleton<ReadMyInvoice>();
        services.AddSingleton<ShowData>().AddSingleton<AskForData>().AddSingleton<OpenData>();
        services.AddSingleton<ShowAccountErasure>().AddSingleton<EraseAccount>().AddSingleton<ShowCustomerErasure>().AddSingleton<EraseCustomer>();
        services.AddSingleton<SaveMyDetails>().AddSingleton<SaveMySettings>();
    }
}
