using Microsoft.Extensions.Options;

namespace SelfHelpPortal.Configuration;

/// <summary>
/// A part of the configuration and the class that knows its keys. <c>appsettings.sample.json </c> is tested against all of them.
/// </summary>
internal sealed record SettingsSection(string Name, Type Type);

internal static class Settings
{
    /// <summary>Binds a section (empty name: the root) and refuses the start when <typeparamref name="T"/> is not valid.</summary>
    public static OptionsBuilder<T> AddSettings<T>(this IHostApplicationBuilder builder, string section)
        where T : class
    {
        builder.Services.AddSingleton(new SettingsSection(section, typeof(T)));
        return builder.Services.AddOptions<T>()
            .Bind(section.Length == 0 ? builder.Configuration : builder.Configuration.GetSection(section))
            .ValidateOnStart();
    }

    /// <summary>A check that ends in a sentence, or in null when all is well.</summary>
    public static OptionsBuilder<T> Check<T>(this OptionsBuilder<T> options, Func<T, IHostEnvironment, string?> complaint)
        where T : class
    {
        options.Services.AddSingleton<IValidateOptions<T>>(
            sp => new Complaint<T>(o => complaint(o, sp.GetRequiredService<IHostEnvironment>())));
        return options;
    }

    private sealed class Complaint<T>(Func<T, string?> complaint) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) =>
            complaint(options) is { } sentence ? ValidateOptionsResult.Fail(sentence) : ValidateOptionsResult.Success;
    }
}
