namespace SelfHelpPortal.Features.Backoffice.Kit;

/// <summary>What the OpenAPI document shows. The key is well-formed and belongs to nobody.</summary>
internal static class BackofficeExamples
{
    private const string CustomerNumber = "C-10042";
    private const string LicenseNumber = "L-1043";
    private static readonly DateTimeOffset Moment = DateTimeOffset.FromUnixTimeSeconds(1795510800);
    private static readonly DateOnly Day = DateOnly.FromDateTime(Moment.UtcDateTime).AddYears(1);

    public static CreateCustomerBody NewCustomer => new()
    {
        Company = "Muster Gastro GmbH",
        Email = "buero@muster-gastro.example",
        Language = "de",
        Street = "Musterstraße 1",
        PostalCode = "12345",
        City = "Musterstadt",
        Country = "DE",
    };

    public static CustomerReply Customer => new()
    {
        Number = CustomerNumber,
        Company = "Muster Gastro GmbH",
        IsConsumer = false,
        Email = "buero@muster-gastro.example",
        Language = "de",
        Street = "Musterstraße 1",
        PostalCode = "12345",
        City = "Musterstadt",
        Country = "DE",
    };

    public static CreateLicenseBody NewLicense => new()
    {
        Product = "muster-pos",
        Customer = CustomerNumber,
        Seats = 2,
        MaintenanceUntil = Day,
    };

    public static LicenseReply License => new()
    {
        Number = LicenseNumber,
        Product = "muster-pos",
        Customer = CustomerNumber,
        Seats = 2,
        SeatsInUse = 0,
        State = "active",
        MaintenanceUntil = Day,
        CreatedAt = Moment,
        KeyEnds = "PP7FH",
    };

    public static LicenseReply CreatedLicense => License with { ActivationKey = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH" };

    public static RenewBody Renew => new() { MaintenanceUntil = Day };

    public static ReasonBody Reason => new() { Reason = "Payment of order 4711 came back" };

    public static ChangesReply Changes => new()
    {
        Changes =
        [
            new ChangeReply
            {
                Id = "8731",
                At = Moment,
                Type = "license.activated",
                Actor = "device",
                License = LicenseNumber,
                Customer = CustomerNumber,
            },
            new ChangeReply
            {
                Id = "8734",
                At = Moment,
                Type = "transfer.changed",
                Actor = "staff",
                Customer = CustomerNumber,
                Transfer = "M-7F3K-20",
                TransferState = "accepted",
            },
            new ChangeReply
            {
                Id = "8735",
                At = Moment,
                Type = "invoice.issued",
                Actor = "staff",
                Customer = CustomerNumber,
                Invoice = "2026-00042",
            },
        ],
        Next = "8735",
        HasMore = false,
    };
}
