namespace SelfHelpPortal.Features.Backoffice.Kit;

internal static class BackofficePath
{
    public const string Root = "/api/v1/backoffice";
}
