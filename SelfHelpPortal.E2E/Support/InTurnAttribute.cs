using System.Reflection;
using SelfHelpPortal.Tests.Support;
using Xunit.Sdk;

namespace SelfHelpPortal.E2E.Support;

/// <summary>
/// One combination of width, language, color and the like in which somebody walks through pages. Each run takes one of a method's
/// combinations, another one every day, because walking in all of them is most of the time that the browser tests need.
/// <c>./test.sh --screens</c> and <c>--long</c> take all.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class InTurnAttribute(params object[] data) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        if (Screenshots.Folder is not null || Effort.IsLong)
        {
            return [data];
        }

        var all = testMethod.GetCustomAttributes<InTurnAttribute>().ToList();
        // Methods begin at different places, so that a day sees each language and each color on some page.
        var turn = (TimeProvider.System.GetUtcNow().DayOfYear + testMethod.Name.Length) % all.Count;
        return all[turn].IsSame(data) ? [data] : [];
    }

    private bool IsSame(object[] other) => data.SequenceEqual(other);
}
