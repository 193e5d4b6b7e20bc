using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.Loans;

/// <summary>
/// Asks for what a loan needs. A file that could be read comes back as text in the field for the code, so that it does not have to be
/// chosen again when something else is wrong.
/// </summary>
public sealed partial class LoanPage
{
    /// <summary>A request file of 8 KB and what a form adds.</summary>
    internal const long FormBytes = 64 * 1024;

    private const string DayFormat = "yyyy-MM-dd";

    [Inject]
    private BeginLoan Begin { get; set; } = default!;

    [Inject]
    private IStringLocalizer<LoanWords> T { get; set; } = default!;

    [Inject]
    private IStringLocalizer<CodeWords> Codes { get; set; } = default!;

    [Inject]
    private IStringLocalizer<HardwareWords> Hardware { get; set; } = default!;

    [Inject]
    private IOptions<VendorOptions> Vendor { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "product")]
    private string? ProductInAddress { get; set; }

    /// <summary>Who comes from a license need not type its number.</summary>
    [SupplyParameterFromQuery(Name = "hw")]
    private string? HwInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "license")]
    private string? LicenseInAddress { get; set; }

    /// <summary>The page among one's own that led here.</summary>
    [SupplyParameterFromQuery(Name = "return")]
    private string? ReturnInAddress { get; set; }

    [SupplyParameterFromForm]
    private string? Product { get; set; }

    [SupplyParameterFromForm]
    private string? LicenseNumber { get; set; }

    [SupplyParameterFromForm]
    private string? HardwareCode { get; set; }

    [SupplyParameterFromForm]
    private string? Reason { get; set; }

    [SupplyParameterFromForm]
    private string? LastDay { get; set; }

    private IReadOnlyList<CodeGroup> HardwareGroups { get; set; } = [];

    private IReadOnlyList<Product> Offered { get; set; } = [];

    private Product? Chosen { get; set; }

    private string? CameFrom => ReturnUrl.InMyAreaOrNull(ReturnInAddress);

    private string BackTo => CameFrom ?? "/";

    private DateOnly Today => Times.Today(Time.GetUtcNow());

    private string Latest => LocalTimes.Date(Chosen!.Policies.Loans.Latest(Today), CultureInfo.CurrentUICulture);

    protected override async Task OpenAsync()
    {
        if (Expired is { } typed)
        {
            (Product, LicenseNumber) = (typed[nameof(Product)], typed[nameof(LicenseNumber)]);
            (HardwareCode, Reason, LastDay) = (typed[nameof(HardwareCode)], typed[nameof(Reason)], typed[nameof(LastDay)]);
            await TakeFileAsync(typed.Files);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
            await LoadAsync(Product);
            return;
        }

        LicenseNumber = StatedLicense.Read(LicenseInAddress ?? "");
        HardwareCode = HwInAddress;
        await LoadAsync(ProductInAddress);
    }

    protected override async Task ActAsync()
    {
        await LoadAsync(Product);
        if (Chosen is null)
        {
            HttpContext.Unprocessable();
            return;
        }

        // A key that is in the file needs not be typed; who types something means that.
        var files = (await HttpContext.Request.ReadFormAsync(Aborted)).Files;
        await TakeFileAsync(files);
        var input = HardwareInput.Parse(HardwareCode);
        var license = string.IsNullOrWhiteSpace(LicenseNumber) ? input.File?.ActivationKey : LicenseNumber.Trim();
        if (string.IsNullOrWhiteSpace(license))
        {
            Refuse(nameof(LicenseNumber), T["EnterLicense"]);
        }

        CheckHardware(input);
        if (string.IsNullOrWhiteSpace(Reason))
        {
            Refuse(nameof(Reason), T["EnterReason"]);
        }
        else if (Reason.Trim().Length > Loan.LongestReason)
        {
            Refuse(nameof(Reason), Words["TooManyCharacters", Reason.Trim().Length, Loan.LongestReason]);
        }

        var day = ReadDay();
        if (Errors.Any)
        {
            return;
        }

        var now = Time.GetUtcNow();
        var begun = await Begin.ExecuteAsync(
            Chosen.Id, license!, input.Computer, Reason!.Trim(), day!.Value, Caller.From(HttpContext),
            CustomerActor.From(HttpContext)?.Id, now, Aborted);
        switch (begun)
        {
            case { Token: { } token }:
                HttpContext.SeeOther(Navigation, ReturnUrl.With($"/loan/{token}", CameFrom));
                break;
            case { OtherProduct: { } other }:
                Refuse(nameof(LicenseNumber), T["WrongProduct", other]);
                break;
            case { RetryAt: { } retryAt }:
                TooMany(retryAt, now);
                break;
            case { Key: KeyAnswer.TooManyTries tries }:
                TooMany(tries.RetryAt, now);
                break;
            default:
                Refuse(nameof(LicenseNumber), Codes.ForLicense(LicenseNumber, begun.Key, T["UnknownKey"]));
                break;
        }
    }

    private string Here(Product product) => AddressOf(product, CameFrom);

    /// <summary>Of this page for one product, with the way back.</summary>
    internal static string AddressOf(Product product, string? cameFrom) =>
        $"/loan?product={Uri.EscapeDataString(product.Id)}" + (cameFrom is null ? "" : "&return=" + Uri.EscapeDataString(cameFrom));

    private async Task LoadAsync(string? productId)
    {
        Offered = await Begin.ProductsAsync(Aborted);
        Chosen = Offered.FirstOrDefault(p => p.Id == productId) ?? (Offered is [var only] ? only : null);
    }

    private DateOnly? ReadDay()
    {
        var read = DateOnly.TryParseExact(
            LastDay?.Trim(), [DayFormat, "d.M.yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        if (!read)
        {
            Refuse(nameof(LastDay), T["EnterDay"]);
        }
        else if (day < Today || day > Chosen!.Policies.Loans.Latest(Today))
        {
            Refuse(nameof(LastDay), T["DayOutside", LocalTimes.Date(Today, CultureInfo.CurrentUICulture), Latest]);
        }

        return read ? day : null;
    }

    private void TooMany(DateTimeOffset retryAt, DateTimeOffset now)
    {
        Stopped = Words["TooManyTries", Times.DayAndTime(retryAt), Vendor.Value.PhoneText()];
        HttpContext.TooManyTries(retryAt, now);
    }

    private async Task TakeFileAsync(IFormFileCollection files)
    {
        // A form without a chosen file sends an empty one without a name.
        if (files["RequestFile"] is { FileName.Length: > 0 } file)
        {
            var (text, problem) = await HardwareInput.ReadAsync(file, Aborted);
            HardwareCode = text ?? HardwareCode;
            if (text is null)
            {
                Refuse("RequestFile", Hardware["File." + problem]);
            }
        }
    }

    private void CheckHardware(HardwareInput input)
    {
        if (Errors["RequestFile"] is not null)
        {
            return;
        }

        if (input.FileProblem is { } file)
        {
            Refuse(nameof(HardwareCode), Hardware["File." + file]);
        }
        else if (input.File is { Kind: "release" })
        {
            Refuse(nameof(HardwareCode), Hardware["File.ForRelease"]);
        }
        else if (input.File is { } read && read.Product != Chosen!.Id)
        {
            Refuse(nameof(HardwareCode), Hardware["File.OtherProduct", Chosen!.Name]);
        }
        else if (input.Problem is { Kind: CodeProblemKind.Empty })
        {
            Refuse("RequestFile", T["FileOrCode"]);
        }
        else if (input.Problem is { } problem)
        {
            HardwareGroups = CodeGroup.Split(HardwareCode, CodeKind.HardwareCode, problem);
            Refuse(nameof(HardwareCode), Codes.For(CodeKind.HardwareCode, HardwareCode, problem));
        }
    }
}
