using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features;

/// <summary>How the portal finds whose computer a hardware code is of.</summary>
public sealed class FindComputersTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    [Fact]
    public async Task A_computer_is_recognized_after_parts_were_changed_and_not_by_one_part()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-7");
        var productId = (await license.ReadAsync()).ProductId;
        await using var db = portal.Portal.Open();
        var product = await db.Products.SingleAsync(p => p.Id == productId);

        for (var changed = 0; changed <= 6; changed++)
        {
            var found = await FindComputers.OfOwnersAsync(db, product, [A.Hardware("KASSE-7", changed)], owner: null, default);
            found.Select(c => c.LicenseId).ShouldBe(changed <= 2 ? [license.Id] : [], $"{changed} parts changed");
        }

        (await FindComputers.OfOwnersAsync(db, product, [A.Hardware("KASSE-7", absent: 3)], owner: null, default)).ShouldHaveSingleItem();
        (await FindComputers.OfOwnersAsync(db, product, [A.Hardware("another")], owner: null, default)).ShouldBeEmpty();
        (await FindComputers.OfOwnersAsync(db, product, [A.Hardware("KASSE-7", absent: 5)], owner: null, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Processor_and_machine_id_make_nobody_a_candidate()
    {
        await portal.Portal.AddLicenseAsync(computers: "KASSE-9");
        await using var db = portal.Portal.Open();
        var shared = HardwareCode.From(A.ProductId, [new("cpu-id", "cpu-id of KASSE-9"), new("os-machine-id", "os-machine-id of KASSE-9")]);

        (await db.Activations.FromSqlRaw(FindComputers.SharingAPart, shared.Normalized).CountAsync()).ShouldBe(0);
        (await db.Activations.FromSqlRaw(FindComputers.SharingAPart, A.Hardware("KASSE-9", absent: 5).Normalized).CountAsync()).ShouldBe(1);
    }

    /// <summary>Enough that reading all of them would be slower than the index.</summary>
    private const string ManyComputers =
        """
        INSERT INTO license SELECT (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(), 'number', 'L-X' || n,
                'key_hash', '\x' || md5(n::text), 'serial', NULL))).*
            FROM license l, generate_series(1, 20000) n WHERE l.id = '{0}';
        INSERT INTO activation SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(),
                'handle', substr(md5(l.id::text), 1, 13), 'license_id', l.id,
                'hardware_code', left(a.hardware_code, 5) || upper(substr(md5(l.id::text) || md5(l.number), 1, 30))))).*
            FROM activation a, license l WHERE a.license_id = '{0}' AND l.number LIKE 'L-X%';
        ANALYZE license;
        ANALYZE activation;
        """;

    [Fact]
    public async Task An_index_finds_it()
    {
        var license = await (await portal.Portal.AddLicenseAsync(computers: "KASSE-8")).ReadAsync();
        await using var connection = new NpgsqlConnection(portal.Portal.Database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(ManyComputers.Replace("{0}", license.Id.ToString()));
        var plan = await PlanAsync();
        plan.ShouldContain("ix_activation_unit_parts", Case.Sensitive, plan);

        await ExecuteAsync("DROP INDEX ix_activation_unit_parts");
        (await PlanAsync()).ShouldContain("Seq Scan on activation");

        async Task<string> PlanAsync()
        {
            var sql = FindComputers.SharingAPart.Replace("{0}", $"'{A.Hardware("KASSE-7").Normalized}'");
            await using var explain = new NpgsqlCommand("EXPLAIN " + sql, connection);
            await using var reader = await explain.ExecuteReaderAsync();
            List<string> plan = [];
            while (await reader.ReadAsync())
            {
                plan.Add(reader.GetString(0));
            }

            return string.Join('\n', plan);
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)WaitLimits.Wait.TotalSeconds };
            await command.ExecuteNonQueryAsync();
        }
    }
}
