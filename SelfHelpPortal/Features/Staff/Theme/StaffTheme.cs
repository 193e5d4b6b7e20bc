using MudBlazor;

namespace SelfHelpPortal.Features.Staff.Theme;

/// <summary>MudBlazor's theme in the look of the other pages: their colors, font and corners, and words as they are written.</summary>
internal static class StaffTheme
{
    private static readonly string[] Font = ["var(--font)"];

    public static MudTheme From(SiteColors light, SiteColors dark) => new()
    {
        PaletteLight = Paint(new PaletteLight(), light),
        PaletteDark = Paint(new PaletteDark(), dark),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "var(--radius)" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Font, FontSize = "1rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Font, LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = Font, FontWeight = "650", LineHeight = "1.3", LetterSpacing = "normal" },
            Button = new ButtonTypography
            {
                FontFamily = Font,
                FontSize = "1rem",
                FontWeight = "650",
                LetterSpacing = "normal",
                TextTransform = "none",
            },
        },
    };

    private static T Paint<T>(T palette, SiteColors colors)
        where T : Palette
    {
        palette.Background = palette.BackgroundGray = colors["bg"];
        palette.Surface = palette.DrawerBackground = palette.AppbarBackground = colors["surface"];
        palette.TextPrimary = palette.DrawerText = palette.AppbarText = palette.Dark = colors["text"];
        palette.TextSecondary = palette.TextDisabled = palette.DrawerIcon = palette.Secondary = colors["muted"];
        palette.ActionDefault = palette.ActionDisabled = colors["muted"];
        palette.Primary = palette.Info = colors["accent"];
        palette.Tertiary = colors["accent-strong"];
        palette.PrimaryContrastText = palette.InfoContrastText = palette.TertiaryContrastText = colors["on-accent"];
        palette.Success = colors["ok"];
        palette.Warning = colors["warn"];
        palette.Error = colors["danger"];
        palette.SuccessContrastText = palette.WarningContrastText = palette.ErrorContrastText = colors["surface"];
        palette.SecondaryContrastText = palette.DarkContrastText = colors["surface"];
        palette.LinesInputs = colors["field"];
        palette.LinesDefault = palette.TableLines = palette.Divider = palette.DividerLight = palette.Skeleton = colors["line"];
        palette.ActionDisabledBackground = colors["line"];
        palette.TableStriped = palette.TableHover = colors["bg"];
        return palette;
    }
}
