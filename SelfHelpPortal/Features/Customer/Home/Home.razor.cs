namespace SelfHelpPortal.Features.Customer.Home;

public sealed partial class Home
{
    /// <summary>What can be done here, in the order of need. A line is added with the page it leads to.</summary>
    internal static IReadOnlyList<Tile> Tiles { get; } =
    [
        new("Release", "/release"),
        new("Move", "/move"),
        new("DeadPc", "/transfer"),
        new("Loan", "/loan"),
        new("Offline", "/activate"),
        new("Hardware", "/hardware"),
        new("LostKey", "/lost-key"),
        new("License", "/license"),
        new("Appointment", "/appointments"),
        new("Owner", "/owner"),
    ];

    /// <summary>The words are {Name}.Title and {Name}.Text.</summary>
    internal sealed record Tile(string Name, string Href);
}
