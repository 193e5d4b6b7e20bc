using Microsoft.Extensions.Options;

namespace SelfHelpPortal.Configuration;

/// <summary>
/// A part of the configuration and the class that knows its keys. <c>appsettings.sample.json </c> is tested against all of them.
/// </summary>
/// <param name="Failures">The sentences of the section's own checks.</param>
internal sealed record SettingsSection(string Name, Type Type, Func<IServiceProvider, IEnumerable<string>> Failures);

internal static class Settings
{
    /// <summary>Binds a section (empty name: the root) and refuses the start when <typeparamref name="T"/> is not valid.</summary>
    /// <remarks>
    /// What does not fit a key is left out and named by <see cref="ConfigurationMistakes"/>, so that one wrong value hides no other. The
    /// configuration is read once: a change holds after the next start, where it is checked as a whole.
    /// </remarks>
    public static OptionsBuilder<T> AddSettings<T>(this IHostApplicationBuilder builder, string section)
        where T : class
    {
        builder.Services.AddSingleton(new SettingsSection(section, typeof(T), FailuresOf<T>));
        return builder.Services.AddOptions<T>()
            .Configure<IConfiguration>((options, all) => SettingsShape.Read(all, section, typeof(T)).Fitting.Bind(options))
            .ValidateOnStart();
    }

    /// <summary>A check that ends in a sentence, or in null when all is well.</summary>
    public static OptionsBuilder<T> Check<T>(this OptionsBuilder<T> options, Func<T, IHostEnvironment, string?> complaint)
        where T : class => options.Check((o, e) => complaint(o, e) is { } sentence ? [sentence] : (string[])[]);

    /// <summary>A check that ends in a sentence for everything that is wrong.</summary>
    public static OptionsBuilder<T> Check<T>(this OptionsBuilder<T> options, Func<T, IHostEnvironment, IEnumerable<string>> complaints)
        where T : class
    {
        options.Services.AddSingleton<IValidateOptions<T>>(
            sp => new Complaint<T>(o => complaints(o, sp.GetRequiredService<IHostEnvironment>())));
        return options;
    }

    private static IEnumerable<string> FailuresOf<T>(IServiceProvider services)
        where T : class
    {
        try
        {
            services.GetRequiredService<IOptionsMonitor<T>>().Get(Options.DefaultName);
            return [];
        }
        catch (OptionsValidationException invalid)
        {
            return invalid.Failures;
        }
    }

    private sealed class Complaint<T>(Func<T, IEnumerable<string>> complaints) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) =>
            complaints(options).ToList() is { Count: > 0 } sentences ? ValidateOptionsResult.Fail(sentences)
                : ValidateOptionsResult.Success;
    }
}
