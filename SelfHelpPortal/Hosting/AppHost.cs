using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Options;
using Npgsql;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Hosting;

/// <summary>
/// The outermost layer of the process: what its operator can mend is said in a sentence, everything else keeps its stack trace.
/// </summary>
internal static class AppHost
{
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> work)
    {
        using var interrupted = new CancellationTokenSource();
        // The second Ctrl-C ends the process at once.
        Console.CancelKeyPress += (_, key) => key.Cancel = Interrupt(interrupted);
        try
        {
            return await work(interrupted.Token);
        }
        catch (Exception failure) when (Sentences(failure) is { } sentences)
        {
            foreach (var sentence in sentences)
            {
                await Console.Error.WriteLineAsync(sentence);
            }

            return ExitCode.Refused;
        }
    }

    /// <summary>Serves the web until the process is told to stop.</summary>
    public static async Task<int> ServeAsync(WebApplication app, CancellationToken cancellation)
    {
        await using (app)
        {
            // First, so that everything that is wrong in the configuration is named at once.
            if (app.Services.GetRequiredService<ConfigurationMistakes>().All(app.Services) is { Count: > 0 } complaints)
            {
                throw new OptionsValidationException("", typeof(ConfigurationMistakes), complaints);
            }

            Program.Map(app);
            if (ListenAddress.Validate(app.Configuration) is { } taken)
            {
                throw new StartRefusedException(taken);
            }

            if (await app.Services.GetRequiredService<PortalDatabase>()
                    .PrepareAsync(c => SecretsFit.ComplaintAsync(app.Services, c), cancellation) is { } refusal)
            {
                throw new StartRefusedException(refusal);
            }

            // Where systemd started it, it is told: an update goes on only with a portal that answers.
            var systemd = new SystemdNotifier();
            app.Lifetime.ApplicationStarted.Register(() => systemd.Notify(ServiceState.Ready));
            app.Lifetime.ApplicationStopping.Register(() => systemd.Notify(ServiceState.Stopping));
            if (app.Environment.IsDevelopment())
            {
                app.Lifetime.ApplicationStarted.Register(() => Greet(app.Services));
            }

            await app.RunAsync();
            return ExitCode.Done;
        }
    }

    private static void Greet(IServiceProvider services)
    {
        var root = services.GetRequiredService<PublicAddress>().Root;
        if (services.GetRequiredService<IOptions<MailOptions>>().Value is { Transport: MailTransportKind.Pickup } mail)
        {
            Console.WriteLine($"Mails are not sent but written to {mail.PickupDirectory}; read them at {root}/dev/mail");
        }

        Console.WriteLine($"The portal is ready: {root} (Ctrl-C stops it)");
    }

    internal static IEnumerable<string>? Sentences(Exception failure) => failure switch
    {
        StartRefusedException => [failure.Message],
        OptionsValidationException invalid => invalid.Failures,
        AggregateException many when many.InnerExceptions.All(e => Sentences(e) is not null) =>
            many.InnerExceptions.SelectMany(e => Sentences(e)!),
        NpgsqlException => [$"PostgreSQL refuses: {failure.Message}"],
        OperationCanceledException => ["Interrupted."],
        _ => null,
    };

    private static bool Interrupt(CancellationTokenSource interrupted)
    {
        var first = !interrupted.IsCancellationRequested;
        interrupted.Cancel();
        return first;
    }
}
