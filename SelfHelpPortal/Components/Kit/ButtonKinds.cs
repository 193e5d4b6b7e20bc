namespace SelfHelpPortal.Components.Kit;

internal static class ButtonKinds
{
    public static string? Class(this ButtonKind kind) => kind switch
    {
        ButtonKind.Main => null,
        ButtonKind.Quiet => "button-quiet",
        ButtonKind.Danger => "button-danger",
    };
}
