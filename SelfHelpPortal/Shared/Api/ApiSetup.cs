using System.Text.Json.Serialization;
using Scalar.AspNetCore;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Shared.Api;

/// <summary>What the APIs of the licensed software and of the vendor's shop have in common.</summary>
internal static class ApiSetup
{
    /// <summary>The page's own scripts and styles stand in its markup; everything comes from the portal itself.</summary>
    public const string DocsPolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'";

    public static void AddApi(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ApiProblems>();
        services.ConfigureHttpJsonOptions(o =>
        {
            // What is read goes by these options and not by those of each API's context.
            o.SerializerOptions.Converters.Add(new TextOnly());
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOptions<ProblemDetailsOptions>().Configure<ApiProblems>((o, problems) => o.CustomizeProblemDetails = problems.Complete);

        // RequestFaults catches it and names the field; without the exception the answer would be a bare 400.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddApiDocument();
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapApiDocument();
        if (app.Environment.IsDevelopment())
        {
            // Its script is 5 MB and stands partly in the page, which no other page may do; so it is for whoever develops against the API.
            app.MapScalarApiReference("/docs", o => o.WithOpenApiRoutePattern(ApiDocument.Path).DisableDefaultFonts())
                .WithMetadata(new PagePolicy(DocsPolicy));
        }
    }
}
