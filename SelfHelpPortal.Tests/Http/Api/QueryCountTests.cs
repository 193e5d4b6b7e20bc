using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>The most frequent request of all stays as cheap as it is meant to be.</summary>
public sealed class QueryCountTests : IAsyncLifetime
{
    private readonly StatementLog _statements = new();
    private readonly ApiPortal _portal;

    public QueryCountTests() => _portal = new ApiPortal
    {
        Portal = new PortalFactory
        {
            Change = _statements.Attach,
        },
    };

    public Task InitializeAsync() => _portal.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _portal.DisposeAsync();
        _statements.Dispose();
    }

    [Fact]
    public async Task A_valid_check_in_is_one_query_and_a_due_last_seen_makes_it_two()
    {
        var till = await _portal.ActiveTillAsync("KASSE-1");
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);

        var again = await CountAsync(till);
        _portal.Clock.Advance(TimeSpan.FromHours(1));
        var due = await CountAsync(till);
        var fresh = await CountAsync(till);

        again.ShouldHaveSingleItem().ShouldContain("FROM activation");
        due.Count.ShouldBe(2);
        due.Count(statement => statement.Contains("INSERT INTO activation_seen")).ShouldBe(1);
        fresh.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_statement_of_a_check_in_uses_indexes_only()
    {
        var till = await _portal.ActiveTillAsync("KASSE-2");
        await till.CheckAsync();
        var statement = (await CountAsync(till)).ShouldHaveSingleItem();
        await using var connection = new Npgsql.NpgsqlConnection(_portal.Portal.Database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        await using (var grown = new Npgsql.NpgsqlCommand("SET enable_seqscan = off", connection))
        {
            // A handful of rows is always read in one go; what matters is that nothing has to be.
            await grown.ExecuteNonQueryAsync();
        }

        await using var explain = new Npgsql.NpgsqlCommand("EXPLAIN " + statement, connection);
        explain.Parameters.Add(new Npgsql.NpgsqlParameter { Value = till.Handle });
        explain.Parameters.Add(new Npgsql.NpgsqlParameter { Value = till.Generation });
        await using var reader = await explain.ExecuteReaderAsync();
        List<string> plan = [];
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        plan.ShouldAllBe(line => !line.Contains("Seq Scan"), string.Join('\n', plan));
    }

    /// <summary>Without what the portal's loops ask meanwhile, and without the products, which are kept for some seconds.</summary>
    private async Task<IReadOnlyList<string>> CountAsync(Till till)
    {
        _statements.Clear();
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
        return _statements.With("activation");
    }
}
