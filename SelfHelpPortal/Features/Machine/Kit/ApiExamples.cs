using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Features.Machine.Kit;

/// <summary>What the OpenAPI document shows. The codes are well-formed and belong to nobody.</summary>
internal static class ApiExamples
{
    private const string Hardware = "H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN";
    private const string Nonce = "q7Jm2cXv9TfLz0aR";
    private const long At = 1795510800;
    private const string Jws =
        "eyJhbGciOiJFUzI1NiIsImtpZCI6ImFuc3dlci0uLi4iLCJ0eXAiOiJsc2hwLWFuc3dlcitqd3QifQ.eyJub25jZSI6Ii4uLiJ9.c2lnbmF0dXJl";
    public const string LicenseText =
        "-----BEGIN LSHP LICENSE-----\neyJhbGciOiJFUzI1NiIsImtpZCI6ImxpY2Vuc2UtLi4u\n-----END LSHP LICENSE-----\n";
    private static readonly DateTimeOffset Moment = DateTimeOffset.FromUnixTimeSeconds(At);

    public static ActivateBody Activate => new()
    {
        ActivationKey = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH",
        Product = "muster-pos",
        HardwareCode = Hardware,
        PcName = "KASSE-2",
        AppVersion = "7.4.1",
        Nonce = Nonce,
    };

    public static ActivateReply Activated => new()
    {
        Handle = "7K3M9Q2X5W8T0",
        Generation = 1,
        ReleaseSecret = "AAECAwQFBgcICQoLDA0ODxAREhM",
        License = LicenseText,
    };

    public static string RequestFile { get; } = new RequestFile
    {
        Version = 1,
        Kind = "activate",
        Product = "muster-pos",
        ActivationKey = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH",
        HardwareCode = Hardware,
        PcName = "KASSE-2",
        AppVersion = "7.4.1",
        Created = Moment,
        Nonce = Nonce,
    }.Write();

    public static CheckInBody Check => new()
    {
        Generation = 1,
        HardwareCode = Hardware,
        Nonce = Nonce,
        Ts = At,
        Mac = new string('0', 64),
        AppVersion = "7.4.1",
    };

    public static CheckInReply Checked => new()
    {
        Valid = true,
        Code = "VALID",
        Message = "This license is valid",
        CheckEveryDays = 7,
        GraceDays = 14,
        MaintenanceUntil = DateOnly.FromDateTime(Moment.UtcDateTime).AddYears(1),
        Answer = Jws,
    };

    public static ReleaseBody Release => new() { Generation = 1, Nonce = Nonce, Ts = At, Mac = new string('0', 64) };

    public static ReleaseReply Released => new(Moment);
}
