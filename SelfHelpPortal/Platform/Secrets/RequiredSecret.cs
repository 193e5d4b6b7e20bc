namespace SelfHelpPortal.Platform.Secrets;

/// <summary>A part of the secrets folder without which the portal does not start.</summary>
/// <param name="Open">Reads it, or throws a <see cref="Configuration.StartRefusedException"/> that names it.</param>
internal sealed record RequiredSecret(Func<IServiceProvider, object> Open);
