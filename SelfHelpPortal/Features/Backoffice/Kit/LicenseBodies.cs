using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Api;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Backoffice.Kit;

/// <summary>The attributes are for the OpenAPI document; <see cref="Read"/> decides.</summary>
internal sealed record CreateLicenseBody
{
    /// <summary>Longer than any key, with what people write between its groups.</summary>
    private const int KeyLength = 200;

    [Required, StringLength(Fields.ProductLength)]
    [Description("The id of the product.")]
    public string? Product { get; init; }

    [Required, StringLength(20)]
    [Description("The number of its customer.")]
    public string? Customer { get; init; }

    [StringLength(20)]
    [Description("Your own number for the license, in capitals; without it the portal gives the next one, L-…")]
    public string? Number { get; init; }

    [StringLength(EntryRules.LongestSerial)]
    [Description("A name that you gave the license. Alone it releases and shows nothing.")]
    public string? Serial { get; init; }

    [StringLength(KeyLength)]
    [Description("Your own key, in the product's format. Without it the portal makes one.")]
    public string? ActivationKey { get; init; }

    [Range(1, EntryRules.MostSeats)]
    [Description("Computers at the same time. Without it 1.")]
    public int? Seats { get; init; }

    [Description("The last day on which updates are included; without it there is no subscription.")]
    public DateOnly? MaintenanceUntil { get; init; }

    public FieldProblem? Read(out string? serial) =>
        Fields.Text("serial", Serial, EntryRules.LongestSerial, out serial)
        ?? (string.IsNullOrWhiteSpace(Product) ? Fields.Missing("product")
            : Product.Length > Fields.ProductLength ? new FieldProblem("Field.TooLong", "product", Fields.ProductLength)
            : string.IsNullOrWhiteSpace(Customer) ? Fields.Missing("customer")
            : Number is not null && !EntryRules.IsNumber(Number) ? new FieldProblem("Field.Number", "number")
            : ActivationKey is { Length: > KeyLength } ? new FieldProblem("Field.TooLong", "activationKey", KeyLength)
            : Seats is < 1 or > EntryRules.MostSeats ? new FieldProblem("Field.Seats", "seats", EntryRules.MostSeats)
            : MaintenanceUntil is { } day && !EntryRules.IsEndOfMaintenance(day) ? new FieldProblem("Field.Day", "maintenanceUntil")
            : null);
}

/// <inheritdoc cref="CreateLicenseBody"/>
internal sealed record RenewBody
{
    [Required]
    [Description("The new last day on which updates are included; not before the present one.")]
    public DateOnly? MaintenanceUntil { get; init; }

    public FieldProblem? Read() =>
        MaintenanceUntil is not { } day ? Fields.Missing("maintenanceUntil")
        : EntryRules.IsEndOfMaintenance(day) ? null
        : new FieldProblem("Field.Day", "maintenanceUntil");
}

/// <inheritdoc cref="CreateLicenseBody"/>
internal sealed record ReasonBody
{
    private const int Shortest = 3;
    private const int Longest = 1000;

    [Required, StringLength(Longest, MinimumLength = Shortest)]
    [Description("For staff, who read it in the license's history. The customer does not see it.")]
    public string? Reason { get; init; }

    public FieldProblem? Read(out string reason)
    {
        var problem = Fields.Text("reason", Reason, Longest, out var text);
        reason = text ?? "";
        return problem ?? (reason.Length < Shortest ? new FieldProblem("Field.Reason", "reason", Shortest, Longest) : null);
    }
}

internal sealed record LicenseReply
{
    [Description("Names the license everywhere in this API.")]
    public required string Number { get; init; }

    public required string Product { get; init; }

    [Description("The number of its customer.")]
    public required string Customer { get; init; }

    public string? Serial { get; init; }
    public required int Seats { get; init; }

    [Description("Computers that use it now.")]
    public required int SeatsInUse { get; init; }

    [Description("active, suspended, locked (a flag) or revoked (for good).")]
    public required string State { get; init; }

    [Description("The last day on which updates are included.")]
    public DateOnly? MaintenanceUntil { get; init; }

    [Description("The end of a license that is limited in time.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    [Description("The last symbols of the key, to tell licenses apart.")]
    public required string KeyEnds { get; init; }

    [Description("The whole key: in the answer to its creation and nowhere else.")]
    public string? ActivationKey { get; init; }

    public static LicenseReply From(Licensing.License license, string customer, int seatsInUse) => new()
    {
        Number = license.Number,
        Product = license.ProductId,
        Customer = customer,
        Serial = license.Serial,
        Seats = license.Seats,
        SeatsInUse = seatsInUse,
        State = WordOf(license.State),
        MaintenanceUntil = license.MaintenanceUntil,
        ExpiresAt = license.ExpiresAt,
        CreatedAt = license.CreatedAt,
        KeyEnds = license.Key.LastFive,
    };

    private static string WordOf(LicenseState state) => state switch
    {
        LicenseState.Active => "active",
        LicenseState.Suspended => "suspended",
        LicenseState.Locked => "locked",
        LicenseState.Revoked => "revoked",
    };
}
