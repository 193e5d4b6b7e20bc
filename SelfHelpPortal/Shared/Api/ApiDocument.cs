using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Shared.Api;

/// <summary>An example of a body, as the API itself would write it.</summary>
internal sealed record ApiExample(Func<JsonNode?> Write)
{
    public static ApiExample From(string text) => new(() => JsonValue.Create(text));

    public static ApiExample From<T>(T value, JsonTypeInfo<T> type) => new(() => JsonSerializer.SerializeToNode(value, type));
}

internal sealed record RequestExample(ApiExample Body);

internal sealed record ReplyExample(ApiExample Body);

/// <summary>A failure an endpoint may answer with.</summary>
internal sealed record PossibleProblem(int Status, string Code, Refusal? Refusal);

/// <summary>What a token needs for an endpoint of the vendor's shop, one scope of these; the document tells it.</summary>
internal sealed record NeedsScope(IReadOnlyList<string> Scopes);

/// <summary><c>GET /api/v1/openapi.json</c>, made from the endpoints themselves.</summary>
internal static class ApiDocument
{
    public const string Activations = "Activations";
    public const string Published = "Published";
    public const string Backoffice = "Backoffice";

    public const string Path = "/api/v1/openapi.json";

    private const string Bearer = "token";

    private const string Name = "v1";

    public static RouteHandlerBuilder WithExamples(this RouteHandlerBuilder endpoint, ApiExample request, ApiExample reply) =>
        endpoint.WithMetadata(new RequestExample(request), new ReplyExample(reply));

    public static RouteHandlerBuilder WithReplyExample(this RouteHandlerBuilder endpoint, ApiExample reply) =>
        endpoint.WithMetadata(new ReplyExample(reply));

    /// <param name="unknown">See <see cref="ApiProblems.For"/>.</param>
    public static RouteHandlerBuilder ProducesRefusals(this RouteHandlerBuilder endpoint, string unknown, params Refusal[] refusals) =>
        endpoint.Produces([.. refusals.Select(refusal => Possible(refusal, unknown))]);

    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params (int Status, string Code)[] problems) =>
        endpoint.Produces([.. problems.Select(p => new PossibleProblem(p.Status, p.Code, Refusal: null))]);

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;

        // Downloads and other endpoints for people have no place in it, whoever adds one.
        options.ShouldInclude = endpoint =>
            endpoint.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>()
                .Any(t => t.Tags is [Activations] or [Published] or [Backoffice]);
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "License self-help portal: API of the licensed software and of the vendor's shop",
                Version = Name,
                Description =
                    "Failures of a request are application/problem+json (RFC 9457) with a code. Fields may be added; none is ever removed.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "A token (shp_…) that an administrator made under /staff/setup/api. Each one has scopes.",
                },
            };
            document.Servers = [new OpenApiServer { Url = context.ApplicationServices.GetRequiredService<PublicAddress>().Root }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(Complete);
        options.AddSchemaTransformer(RequiredIsNotNull);
    });

    /// <summary>At its own address, and at the one it had before the vendor's shop had an API.</summary>
    public static void MapApiDocument(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi(Path);
        endpoints.MapOpenApi();
    }

    private static PossibleProblem Possible(Refusal refusal, string unknown)
    {
        var (status, code) = ApiProblems.For(refusal, unknown);
        return new PossibleProblem(status, code, refusal);
    }

    private static RouteHandlerBuilder Produces(this RouteHandlerBuilder endpoint, PossibleProblem[] problems)
    {
        endpoint.WithMetadata([.. problems]);
        foreach (var status in problems.Select(p => p.Status).Distinct())
        {
            endpoint.Produces<ApiProblem>(status, ApiProblem.ContentType);
        }

        return endpoint;
    }

    private static Task Complete(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var problems = context.ApplicationServices.GetRequiredService<ApiProblems>();
        if (metadata.OfType<NeedsScope>().FirstOrDefault() is { } needed)
        {
            var scopes = string.Join(" or ", needed.Scopes.Select(scope => $"`{scope}`"));
            operation.Description = $"{operation.Description} Scope: {scopes}.".Trim();
            operation.Security =
            [
                .. needed.Scopes.Select(scope => new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [scope],
                }),
            ];
        }

        if (metadata.OfType<RequestExample>().FirstOrDefault() is { } request && operation.RequestBody?.Content?.Values is { } bodies)
        {
            foreach (var media in bodies)
            {
                media.Example = request.Body.Write();
            }
        }

        foreach (var (status, response) in operation.Responses ?? [])
        {
            foreach (var (type, media) in response.Content ?? new Dictionary<string, OpenApiMediaType>())
            {
                if (type == ApiProblem.ContentType)
                {
                    media.Examples = metadata.OfType<PossibleProblem>()
                        .Where(p => p.Status.ToString(CultureInfo.InvariantCulture) == status)
                        .ToDictionary(p => p.Code, p => (IOpenApiExample)new OpenApiExample { Value = problems.Example(p) });
                }
                else if (metadata.OfType<ReplyExample>().FirstOrDefault() is { } reply)
                {
                    media.Example = reply.Body.Write();
                }
            }

            if (status == "429" && response is OpenApiResponse limited)
            {
                limited.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader
                    {
                        Description = "Seconds to wait.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer }
                    },
                };
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// A field that has to be there may not be null either; in code it may, so that the endpoint can say which one is missing.
    /// </summary>
    private static Task RequiredIsNotNull(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var name in schema.Required ?? new HashSet<string>())
        {
            if (schema.Properties?.TryGetValue(name, out var found) == true && found is OpenApiSchema property)
            {
                property.Type &= ~JsonSchemaType.Null;
            }
        }

        return Task.CompletedTask;
    }
}
