using System.Collections.Frozen;

namespace SelfHelpPortal.Components.Kit;

/// <summary>What can be drawn beside words.</summary>
public enum IconShape
{
    OpenLock,
    ClosedLock,
    Move,
    DeadPc,
    Repair,
    Offline,
    Chip,
    Key,
    Document,
    Calendar,
    Person,
    Phone,
}

/// <summary>Our own lines on a field of 24 by 24; site.css draws them, so they need no colors.</summary>
internal static class IconShapes
{
    private static readonly FrozenDictionary<IconShape, string> Paths = new Dictionary<IconShape, string>
    {
        [IconShape.OpenLock] = "M5 11h14v9.5H5zM8.5 11V7.2a3.5 3.5 0 0 1 6.7-1.4M12 14.5v2.5",
        [IconShape.ClosedLock] = "M5 11h14v9.5H5zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11M12 14.5v2.5",
        [IconShape.Move] = "M11 5H3v11h18v-3M12 16v4M8 20h8M14 7.5h7M18 4.5l3 3-3 3",
        [IconShape.DeadPc] = "M3 4h18v12H3zM12 16v4M8 20h8M9.8 7.8l4.4 4.4M14.2 7.8l-4.4 4.4",
        [IconShape.Repair] =
            "M20.2 7.4a4.6 4.6 0 0 1-6 4.6l-6.9 7.7a2.1 2.1 0 0 1-3-3l7.7-6.9a4.6 4.6 0 0 1 5.8-5.9l-2.7 2.7.5 2.2 2.2.5z",
        [IconShape.Offline] =
            "M3.5 9.5a12.5 12.5 0 0 1 17 0M6.8 13a7.8 7.8 0 0 1 10.4 0M10 16.4a3.2 3.2 0 0 1 4 0M12 20v.01M4.5 4l15 16",
        [IconShape.Chip] = "M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4",
        [IconShape.Key] = "M3.5 16a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0M11.2 12.8L20 4M17.2 6.8l2.6 2.6M14.2 9.8l2 2",
        [IconShape.Document] = "M5 3h9.5L19 7.5V21H5zM14.5 3v4.5H19M8.5 12h7M8.5 16h5",
        [IconShape.Calendar] = "M4 5.5h16V20H4zM4 10h16M8 3v4M16 3v4M9 14.8l2.2 2.2 4-4",
        [IconShape.Person] =
            "M5.5 7.5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0M3 20a6 6 0 0 1 12 0M15 8h6M19 5.8L21.2 8 19 10.2",
        [IconShape.Phone] =
            "M5 3.5h3.2l1.8 4.4-2.2 1.7a13 13 0 0 0 6.6 6.6l1.7-2.2 4.4 1.8V19a1.7 1.7 0 0 1-"
            + "1.8 1.7A16.6 16.6 0 0 1 3.3 5.3 1.7 1.7 0 0 1 5 3.5z",
    }.ToFrozenDictionary();

    public static string Of(IconShape shape) => Paths[shape];
}
