using System.Reflection;
using Xunit.Sdk;

namespace SelfHelpPortal.E2E.Screens;

/// <summary>One more size and color for whoever looks at the pictures (<c>./test.sh --screens</c>). Each language and each color is visited without it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ForTheEyeAttribute(params object[] data) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Pictures.Folder is null ? [] : [data];
}
