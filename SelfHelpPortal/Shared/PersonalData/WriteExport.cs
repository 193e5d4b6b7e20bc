using System.Data;
using System.Globalization;
using System.IO.Compression;
using System.Resources;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.PersonalData;

/// <summary>
/// Everything the portal knows about a person, and of an owner about the customers as well, as one ZIP: JSON by topic, the stored invoices,
/// and a README that says what each file is, in the reader's language. Made from one snapshot of the database, row by row, so that nothing
/// of it is ever stored.
/// </summary>
internal sealed class WriteExport(NpgsqlDataSource database)
{
    private static readonly JsonWriterOptions Json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly ResourceManager Words = new(typeof(ExportWords));

    /// <param name="user">The account; of the customers it owns everything, of those it is a member of only that it is one.</param>
    public Task OfAccountAsync(Guid user, CultureInfo language, Stream target, CancellationToken cancellationToken) =>
        WriteAsync(user, "SELECT customer_id FROM customer_member WHERE user_id = $1 AND role = 1", user, language, target,
            cancellationToken);

    /// <summary>For the operator: one customer, without the accounts of its people.</summary>
    public Task OfCustomerAsync(Guid customer, CultureInfo language, Stream target, CancellationToken cancellationToken) =>
        WriteAsync(null, "SELECT id FROM customer WHERE id = $1", customer, language, target, cancellationToken);

    private async Task WriteAsync(
        Guid? user, string customersSql, Guid whose, CultureInfo language, Stream target, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await ExecuteAsync(connection, $"SET TRANSACTION READ ONLY; SET LOCAL TimeZone = 'UTC'; {PortalDataSource.TakeYourTime}",
            cancellationToken);
        var customers = await CustomersAsync(connection, customersSql, whose, cancellationToken);
        await using var held = new SyncWriteBufferStream(target);
        await using (var zip = await ZipArchive.CreateAsync(held, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken))
        {
            await FilesAsync(connection, zip, user, customers, language, cancellationToken);
        }

        await held.FlushAsync(cancellationToken);
    }

    private static async Task FilesAsync(
        NpgsqlConnection connection, ZipArchive zip, Guid? user, Guid[] customers, CultureInfo language,
        CancellationToken cancellationToken)
    {
        await ReadmeAsync(zip, language, cancellationToken);
        foreach (var file in ExportTable.All.GroupBy(table => table.File))
        {
            await using var entry = await zip.CreateEntry(file.Key).OpenAsync(cancellationToken);
            await using var json = new Utf8JsonWriter(entry, Json);
            json.WriteStartObject();
            foreach (var table in file)
            {
                await TableAsync(connection, table, user, customers, language, json, cancellationToken);
            }

            json.WriteEndObject();
            await json.FlushAsync(cancellationToken);
        }

        await DocumentsAsync(connection, zip, customers, cancellationToken);
        await OwnerDocumentsAsync(connection, zip, user, customers, cancellationToken);
    }

    private static async Task TableAsync(
        NpgsqlConnection connection, ExportTable table, Guid? user, Guid[] customers, CultureInfo language, Utf8JsonWriter json,
        CancellationToken cancellationToken)
    {
        json.WriteStartArray(Words.GetString("Table." + table.Table, language)!);
#pragma warning disable CA2100 // The statements are constants of ExportTable.
        await using var command =
            new NpgsqlCommand($"{ExportTable.Names}\nSELECT r.row::text FROM ({table.Sql}) AS r(row) ORDER BY 1", connection);
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter { Value = user ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = customers });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = JsonNode.Parse(reader.GetString(0))!.AsObject();
            if (table.Table == ExportTable.Events)
            {
                row.Insert(1, "what", Words.GetString("Event." + row["kind"]!.GetValue<string>(), language));
            }

            // Without a beginning or an end, in a word that only the database reads.
            foreach (var endless in row.Where(field => field.Value?.ToString() is "-infinity" or "infinity").Select(f => f.Key).ToList())
            {
                row[endless] = null;
            }

            row.WriteTo(json);
            if (json.BytesPending > 16_000)
            {
                await json.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
    }

    private static async Task DocumentsAsync(
        NpgsqlConnection connection, ZipArchive zip, Guid[] customers, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT d.file_name, d.bytes FROM invoice_document d JOIN invoice i ON i.id = d.invoice_id
            WHERE i.customer_id = ANY($1) AND d.kind <> 'Check' ORDER BY i.number, d.kind
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = customers });
        await CopyAsync(command, zip, "invoices", cancellationToken);
    }

    /// <summary>What was sent to show that a licensee may be changed; of a takeover it is the new licensee's.</summary>
    private static async Task OwnerDocumentsAsync(
        NpgsqlConnection connection, ZipArchive zip, Guid? user, Guid[] customers, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             {ExportTable.Names}
             SELECT c.reference || '.' || CASE d.format WHEN 'Jpeg' THEN 'jpg' ELSE lower(d.format) END, d.content
             FROM owner_document d JOIN owner_change c ON c.id = d.change_id
             WHERE c.id IN (SELECT id FROM owner_changes) AND (c.kind = 'Data' OR c.customer_id IS NULL
                 OR c.customer_id NOT IN (SELECT id FROM mine))
             ORDER BY c.reference
             """,
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = user ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = customers });
        await CopyAsync(command, zip, "documents", cancellationToken);
    }

    /// <param name="command">Gives a name and the bytes.</param>
    private static async Task CopyAsync(NpgsqlCommand command, ZipArchive zip, string folder, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            await using var entry = await zip.CreateEntry($"{folder}/{reader.GetString(0)}").OpenAsync(cancellationToken);
            await using var bytes = await reader.GetStreamAsync(1, cancellationToken);
            await bytes.CopyToAsync(entry, cancellationToken);
        }
    }

    private static async Task ReadmeAsync(ZipArchive zip, CultureInfo language, CancellationToken cancellationToken)
    {
        var text = new StringBuilder(Words.GetString("Readme", language)).Append("\r\n\r\n");
        foreach (var file in ExportTable.All.Select(table => table.File).Distinct().Append("invoices").Append("documents"))
        {
            text.Append(file).Append(": ").Append(Words.GetString("File." + file, language)).Append("\r\n");
        }

        text.Append("\r\n").Append(Words.GetString("ReadmeLeftOut", language)).Append("\r\n");
        await using var entry = await zip.CreateEntry("README.txt").OpenAsync(cancellationToken);
        await entry.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }

    private static async Task<Guid[]> CustomersAsync(
        NpgsqlConnection connection, string sql, Guid whose, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // One of the two constants above.
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = whose } } };
#pragma warning restore CA2100
        var ids = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return [.. ids];
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // A constant of this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>Names the words of the export.</summary>
internal sealed class ExportWords;
