using System.Diagnostics.CodeAnalysis;

namespace SelfHelpPortal.Platform.CommandLine;

/// <summary>Reads <c>--name value</c> pairs behind a command's verb.</summary>
internal static class CommandOptions
{
    /// <summary>False when something is not in the list, comes twice or has no value.</summary>
    public static bool TryRead(string[] args, string[] known, [NotNullWhen(true)] out Dictionary<string, string>? options)
    {
        options = [];
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!known.Contains(args[i]) || i + 1 == args.Length || !options.TryAdd(args[i], args[i + 1]))
            {
                options = null;
                return false;
            }
        }

        return true;
    }
}
