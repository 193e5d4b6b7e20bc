namespace SelfHelpPortal.Platform.CommandLine;

internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The command was understood and refused; a sentence says why.</summary>
    public const int Refused = 1;

    /// <summary>The line was not understood; the usage is printed.</summary>
    public const int Usage = 2;
}

/// <summary>Something that an operator types after the program's name.</summary>
/// <param name="Verb">One or two words: <c>migrate</c>, <c>import licenses</c>.</param>
/// <param name="Arguments">What follows the verb, for the usage text.</param>
/// <param name="Summary">One line in the usage text.</param>
/// <param name="RunAsync">Gets the services of one scope and what follows the verb; answers an <see cref="ExitCode"/>.</param>
/// <param name="NeedsSchema">Whether the schema is brought or found up to date before the command runs.</param>
/// <param name="NeedsSecrets">
/// Whether it is refused with the secrets folder of another database. Those go on that only read, or that help in just this case.
/// </param>
/// <param name="Then">Lines that follow when it is done, each with services of its own, until one is refused.</param>
internal sealed record Command(
    string Verb,
    string Arguments,
    string Summary,
    Func<IServiceProvider, string[], TextWriter, CancellationToken, Task<int>> RunAsync,
    bool NeedsSchema = true,
    bool NeedsSecrets = true,
    string[]? Then = null);
