using SelfHelpPortal.Features.Customer.ActivateOffline;
using SelfHelpPortal.Features.Customer.AnswerFlag;
using SelfHelpPortal.Features.Customer.Appointments;
using SelfHelpPortal.Features.Customer.ChangeHardware;
using SelfHelpPortal.Features.Customer.ChangeOwner;
using SelfHelpPortal.Features.Customer.Disputes;
using SelfHelpPortal.Features.Customer.LicenseSummary;
using SelfHelpPortal.Features.Customer.Loans;
using SelfHelpPortal.Features.Customer.LostKey;
using SelfHelpPortal.Features.Customer.ReleaseByQr;
using SelfHelpPortal.Features.Customer.ReleaseLicense;
using SelfHelpPortal.Features.Customer.RequestTransfer;
using SelfHelpPortal.Features.Customer.TransferStatus;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer;

/// <summary>What anybody may do who has a key, a code or a link.</summary>
internal static class CustomerSetup
{
    public static void AddCustomer(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<BeginRelease>().AddSingleton<ReleaseLicense.ReleaseLicense>().AddSingleton<ConfirmRelease>()
            .AddSingleton<ReleaseByQr.ReleaseByQr>();
        services.AddSingleton(sp => new OpenRelease(sp.GetRequiredService<BeginRelease>().OpenAsync));
        services.AddSingleton<DisputeRelease>();
        services.AddSingleton<LockedCases>().AddSingleton<ShowCase>().AddSingleton<AnswerFlag.AnswerFlag>()
            .AddSingleton<FetchEmergencyCode>();
        services.AddSingleton<ActivateOffline.ActivateOffline>();
        services.AddSingleton(new DailyJob(
            "forget-activation-requests", new TimeOnly(3, 10),
            (sp, now, cancellation) => sp.GetRequiredService<ActivateOffline.ActivateOffline>().PurgeAsync(now, cancellation)));
        services.AddSingleton<StartLicenseLookup>().AddSingleton<GetLicenseSummary>().AddSingleton<ReadHardwareRecord>();
        services.AddSingleton<SendKeys>().AddSingleton(SendKeys.Kind);
        services.AddSingleton<BeginFromRelease>().AddSingleton<ShowDraft>().AddSingleton<ShowOrdered>();
        services.AddSingleton<FillContact>();
        services.AddSingleton<FindStatus>();
        services.AddSingleton<OwnerChangeOffers>().AddSingleton<BeginOwnerChange>().AddSingleton<ShowOwnerChange>()
            .AddSingleton<SendOwnerChange>().AddSingleton<AgreeToOwnerChange>().AddSingleton<AnswerOwnerChange>();
        services.AddSingleton<FindTimes>().AddSingleton<BookAppointment>().AddSingleton<ShowBooking>().AddSingleton<ChangeBooking>()
            .AddSingleton<PrepareBooking>().AddSingleton<MoveBooking>().AddSingleton<CancelBooking>();
        services.AddSingleton<BeginLoan>().AddSingleton<ShowLoan>().AddSingleton<SendLoan>().AddSingleton<AgreeLoan>()
            .AddSingleton<MakeLoanPermanent>();
    }

    public static void MapCustomer(this WebApplication app)
    {
        app.MapLicenseFile();
        app.MapTransferFiles();
    }
}
