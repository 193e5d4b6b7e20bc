using SelfHelpPortal.Licensing;
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

    /// <summary>The failure with the members that come with it.</summary>
    public static ApiProblem Complete(ApiProblem problem, Refusal refusal) => refusal switch
    {
        Refusal.ClockSkew => problem with { ServerTime = Moment },
        Refusal.TooManyTries => problem with { NextAllowedAt = Moment.AddMinutes(6), RetryAfter = 360 },
        Refusal.Locked => problem with { CaseNumber = "F-1001" },
        Refusal.ProofNotYet => problem with { NextAllowedAt = Moment.AddHours(5) },
        Refusal.TooManyActivations => problem with
        {
            Activations = [new ActiveComputer("KA…2", Moment.AddDays(-1), Moment.AddDays(-60))],
            ReleaseUrl = "https://licenses.example.org/release",
        },
        _ => problem,
    };
}
