using SelfHelpPortal.Licensing.Appointments;

namespace SelfHelpPortal.Tests.Support;

internal static partial class SampleAppointments
{
    private static int _count;

    public static AppointmentWish Wish() => new()
    {
        Name = "Erika Muster",
        Email = $"kasse-{Interlocked.Increment(ref _count)}@muster-gastro.example",
        Phone = "030 0000000",
        Language = "de",
    };
}
