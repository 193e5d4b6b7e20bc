namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>What somebody began to type into a dialog, and where it is kept until it is sent.</summary>
/// <param name="Begun">Empty for a dialog that is opened for the first time.</param>
/// <param name="KeepAsync">False when it cannot be kept.</param>
/// <param name="DropAsync">Once it was sent.</param>
public sealed record KeptText(string Begun, Func<string, Task<bool>> KeepAsync, Func<Task> DropAsync);
