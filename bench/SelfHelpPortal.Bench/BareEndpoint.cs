using Microsoft.Extensions.Logging;
using Npgsql;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Bench;

/// <summary>
/// The ceiling: the least a server on this machine can do for the same request. It reads the row that a check-in is decided by, with the
/// same statement and the same tuning of connections, and answers. No proof, no rule, no signature, no limits, no log.
/// </summary>
internal static class BareEndpoint
{
    public const string ConnectionVariable = "BENCH_CONNECTION";

    private const string Row = """
        SELECT a.id, l.id, l.product_id, a.state, a.hardware_code, a.settled_at IS NOT NULL, l.state, l.expires_at,
            l.maintenance_until, s.seen_at, a.sealed_release_secret
        FROM activation AS a
        INNER JOIN license AS l ON a.license_id = l.id
        LEFT JOIN activation_seen AS s ON a.id = s.activation_id
        WHERE a.handle = $1 AND a.generation = $2
        LIMIT 2
        """;

    public static async Task ServeAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", url);
        await using var source = PortalDataSource.Create(Environment.GetEnvironmentVariable(ConnectionVariable)!);
        await using var app = builder.Build();
        app.MapPost("/api/v1/activations/{handle}/check", (RequestDelegate)(async context =>
        {
            await using var command = source.CreateCommand(Row);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = (string)context.Request.RouteValues["handle"]! });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = 1 });
            await using var reader = await command.ExecuteReaderAsync(context.RequestAborted);
            if (!await reader.ReadAsync(context.RequestAborted))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            _ = reader.GetFieldValue<byte[]>(10);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                reader.GetString(3) == "Active" ? "{\"valid\":true}" : "{\"valid\":false}", context.RequestAborted);
        }));
        await app.RunAsync();
    }
}
