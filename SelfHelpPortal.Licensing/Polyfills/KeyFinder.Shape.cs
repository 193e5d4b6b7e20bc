using System.Text.RegularExpressions;

namespace System.Text.RegularExpressions
{
    /// <summary>The generator is not there; the method stands in below.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class GeneratedRegexAttribute(string pattern, RegexOptions options) : Attribute
    {
        public string Pattern { get; } = pattern;

        public RegexOptions Options { get; } = options;
    }
}

namespace SelfHelpPortal.Licensing.Codes
{
    internal static partial class KeyFinder
    {
        private static readonly Regex TheShape = new(ShapePattern, RegexOptions.CultureInvariant);

        private static partial Regex Shape() => TheShape;
    }
}
