using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Features.Customer.Home;

/// <summary>
/// The start page: one field that takes whatever somebody has and leads to its page, and every way for whoever has nothing at hand.
/// </summary>
public sealed partial class Home
{
    /// <summary>A pasted mail may be long; what is longer is none.</summary>
    private const int LongestGiven = 20_000;

    /// <summary>How many ways stand out: what brings most people here.</summary>
    private const int First = 3;

    /// <summary>Where a key can be sent, with the words of the button.</summary>
    private static readonly (string Page, string Word)[] KeyPages = [("/release", "Way.Release"), ("/license", "Way.License")];

    [Inject]
    private KeyLookUp Look { get; set; } = default!;

    [Inject]
    private IStringLocalizer<CodeWords> Codes { get; set; } = default!;

    [SupplyParameterFromForm]
    private string? Given { get; set; }

    /// <summary>What the text is; null before anything was typed, and when it is nothing we know.</summary>
    private GivenText? Found { get; set; }

    private string? Outcome => Found is { } found ? "found-" + found.Kind.ToString().ToLowerInvariant() : Errors.Any ? "not-found" : null;

    /// <summary>What can be done here, in the order of need. A line is added with the page it leads to.</summary>
    internal static IReadOnlyList<Tile> Tiles { get; } =
    [
        new("Release", "/release", IconShape.OpenLock),
        new("Move", "/move", IconShape.Move),
        new("DeadPc", "/transfer", IconShape.DeadPc),
        new("Locked", "/license", IconShape.ClosedLock),
        new("Loan", "/loan", IconShape.Repair),
        new("Offline", "/activate", IconShape.Offline),
        new("Hardware", "/hardware", IconShape.Chip),
        new("LostKey", "/lost-key", IconShape.Key),
        new("License", "/license", IconShape.Document),
        new("Appointment", "/appointments", IconShape.Calendar),
        new("Owner", "/owner", IconShape.Person),
    ];

    protected override Task OpenAsync()
    {
        if (Expired is { } typed)
        {
            Given = typed[nameof(Given)];
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }

        return Task.CompletedTask;
    }

    protected override async Task ActAsync()
    {
        if (string.IsNullOrWhiteSpace(Given))
        {
            Refuse(nameof(Given), T["EnterGiven"]);
            return;
        }

        var text = Given.Length <= LongestGiven ? Given : Given[..LongestGiven];
        if (GivenText.Read(text) is { } found)
        {
            Show(found);
            return;
        }

        // A key that the vendor issued before the portal may look like anything.
        var problem = await Look.MistypedAsync(text, Aborted);
        if (problem is null)
        {
            Show(new GivenText(GivenKind.Key, ""));
        }
        else if (CodeFinder.Find(text, CodeKind.ActivationKey) is not null)
        {
            Refuse(nameof(Given), Codes.For(CodeKind.ActivationKey, text, problem.Value));
        }
        else
        {
            Refuse(nameof(Given), T["NothingFound"]);
        }
    }

    private void Show(GivenText found)
    {
        if (found.Page is { } page)
        {
            HttpContext.SeeOther(Navigation, page);
            return;
        }

        Found = found;
    }

    private static IEnumerable<(string Href, string Word)> WaysOf(GivenText found)
    {
        var value = Uri.EscapeDataString(found.Shown);
        return found.Kind switch
        {
            GivenKind.Key => [("/activate", "Way.Offline")],
            GivenKind.VerificationCode => [("/release", "Way.Release"), ("/lost-key", "Way.LostKey")],
            GivenKind.HardwareCode =>
            [
                ($"/transfer?hw={value}", "Way.NewPc"), ($"/activate?hw={value}", "Way.Offline"), ($"/loan?hw={value}", "Way.Loan"),
                ("/hardware", "Way.Hardware"),
            ],
            GivenKind.EmergencyCode => [("/license", "Way.License")],
            GivenKind.License =>
            [
                ("/release", "Way.Release"), ("/transfer", "Way.DeadPc"), ("/license", "Way.License"),
                ($"/loan?license={value}", "Way.Loan"), ($"/owner?license={value}", "Way.Owner"), ("/lost-key", "Way.LostKey"),
            ],
            GivenKind.Case => [("/license", "Way.License")],
            GivenKind.Link or GivenKind.Reference => [],
        };
    }

    /// <summary>The words are {Name}.Title and {Name}.Text.</summary>
    internal sealed record Tile(string Name, string Href, IconShape Icon);
}
