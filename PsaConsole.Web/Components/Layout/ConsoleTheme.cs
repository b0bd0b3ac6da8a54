using MudBlazor;

namespace PsaConsole.Web.Components.Layout;

/// <summary>
/// Colours and type of the console. Text on its surface has at least 4.5 : 1 contrast in both palettes, and so has every status colour,
/// on the surface and on its own 10 % tint.
/// </summary>
public static class ConsoleTheme
{
    private static readonly string[] Fonts =
        ["Inter Variable", "Inter", "Segoe UI Variable Text", "Segoe UI", "system-ui", "-apple-system", "Roboto", "Noto Sans", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Black = "#10151c",
            Background = "#f4f5f7",
            BackgroundGray = "#eceef2",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1a2330",
            DrawerBackground = "#f4f5f7",
            DrawerText = "#3a4656",
            DrawerIcon = "#566274",
            Primary = "#2a4fb8",
            PrimaryContrastText = "#ffffff",
            Secondary = "#566274",
            Tertiary = "#0f6b62",
            Info = "#1b5c9e",
            Success = "#17693a",
            Warning = "#8a4f00",
            Error = "#ae2218",
            TextPrimary = "#1a2330",
            TextSecondary = "#526071",
            TextDisabled = "#6d7887",
            ActionDefault = "#526071",
            ActionDisabled = "#8b95a3",
            ActionDisabledBackground = "#e7eaee",
            Divider = "#e1e5ea",
            DividerLight = "#ebeef2",
            LinesDefault = "#e1e5ea",
            LinesInputs = "#8b95a3",
            TableLines = "#e8ebef",
            TableHover = "#f2f5fb",
            OverlayDark = "rgba(16,21,28,.45)",
        },
        PaletteDark = new PaletteDark
        {
            Black = "#0b0e12",
            Background = "#101318",
            BackgroundGray = "#0c0f13",
            Surface = "#171b21",
            AppbarBackground = "#171b21",
            AppbarText = "#e6e9ee",
            DrawerBackground = "#101318",
            DrawerText = "#c3cad4",
            DrawerIcon = "#98a4b3",
            Primary = "#93aeff",
            PrimaryContrastText = "#0e1422",
            Secondary = "#a3aebd",
            Tertiary = "#6fd0c3",
            Info = "#83bdf7",
            InfoContrastText = "#0e1422",
            Success = "#6bcf96",
            SuccessContrastText = "#0b1a12",
            Warning = "#e8b75c",
            WarningContrastText = "#1e1503",
            Error = "#ff938a",
            ErrorContrastText = "#250705",
            TextPrimary = "#e6e9ee",
            TextSecondary = "#a3aebd",
            TextDisabled = "#7f8b9b",
            ActionDefault = "#a3aebd",
            ActionDisabled = "#5f6b7b",
            ActionDisabledBackground = "#242a33",
            Divider = "#272d37",
            DividerLight = "#20252d",
            LinesDefault = "#272d37",
            LinesInputs = "#6c788a",
            TableLines = "#232932",
            TableHover = "#1d222b",
            OverlayDark = "rgba(0,0,0,.6)",
        },
        LayoutProperties = new LayoutProperties
        {
            DefaultBorderRadius = "6px",
            AppbarHeight = "48px",
            DrawerWidthLeft = "208px",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = ".8438rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Fonts, FontSize = ".8438rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Fonts, FontSize = ".8125rem", LineHeight = "1.4", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Fonts, FontSize = ".8125rem", FontWeight = "550", TextTransform = "none", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontFamily = Fonts, FontSize = ".75rem", LineHeight = "1.35", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = Fonts, FontSize = ".95rem", FontWeight = "600", LetterSpacing = "-.005em" },
        },
    };
}
