using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

/// <summary>For processes that know no other clock than the machine's.</summary>
internal static class RealTime
{
    public static PortalFactory Portal() => new()
    {
        Change = builder =>
        {
            builder.Services.RemoveAll<TimeProvider>();
            builder.Services.AddSingleton(TimeProvider.System);
        },
    };
}
