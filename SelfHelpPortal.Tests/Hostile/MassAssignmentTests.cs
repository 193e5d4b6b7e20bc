using System.Globalization;
using System.Reflection;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Http;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Hostile;

/// <summary>
/// T12: what a form does not ask for cannot be set by it. The name of every property of every entity goes along with every form, also in
/// the nested spellings that binders understand, and none of the values is found in the database afterwards.
/// </summary>
[Collection(nameof(HostileInput))]
public class MassAssignmentTests(MatrixPortal prepared)
{
    private const string Mark = "MASS4711";
    private const int FieldsPerPost = 150;

    [Fact]
    public async Task No_form_sets_what_it_does_not_ask_for()
    {
        var extras = Extras();
        extras.Count.ShouldBeGreaterThan(500);
        var forms = new RenderedForms(prepared);
        var posts = 0;
        var target = 0;
        foreach (var found in await forms.FindAsync())
        {
            // Each form once with each part of the names would be thousands of posts: the parts take turns, and the long run sends all of
            // them.
            var parts = extras.Chunk(FieldsPerPost).ToList();
            foreach (var part in Effort.IsLong ? parts : [parts[target % parts.Count], parts[(target + 1) % parts.Count]])
            {
                if (await forms.OpenAsync(found) is not { } form)
                {
                    break;
                }

                var own = form.Fields.Select(f => f.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
                using var request = new HttpRequestMessage(HttpMethod.Post, form.Action)
                {
                    Content =
                        new FormUrlEncodedContent([.. form.Fields.Select(Plausible), .. part.Where(extra => !own.Contains(extra.Key))]),
                };
                using var answer = await prepared.BrowserOf(found.Person).SendAsync(request);
                ((int)answer.StatusCode).ShouldBeLessThan(500, found.Name);
                posts++;
            }

            target++;
        }

        posts.ShouldBeGreaterThan(40);
        (await FindAsync(Mark)).ShouldBeEmpty();
        (await FindAsync(MarkedId)).ShouldBeEmpty();
        (await FindAsync(MarkedNumber)).ShouldBeEmpty();
        (await FindAsync("1999-12-31")).ShouldBeEmpty();
    }

    /// <summary>The control: what a form does ask for is found in the database.</summary>
    [Fact]
    public async Task A_field_that_is_asked_for_is_set()
    {
        var browser = prepared.BrowserOf(Person.Owner);
        await browser.GetAsync(prepared.Address("/my/licenses/{license}/computers/{computer}/name"));
        var form = browser.Page.QuerySelector<AngleSharp.Html.Dom.IHtmlFormElement>("main form").ShouldNotBeNull();
        await browser.SubmitAsync(form, (form.QuerySelector("input[type=text]").ShouldNotBeNull().GetAttribute("name")!, "ASKED4711"));

        (await FindAsync("ASKED4711")).ShouldNotBeEmpty();
    }

    /// <summary>
    /// Booleans and enumerations have no value of their own to look for, so what forms bind to is looked at instead: single values, never
    /// an entity.
    /// </summary>
    [Fact]
    public void No_form_binds_to_more_than_single_values()
    {
        Wide(typeof(Program).Assembly.GetTypes()).ShouldBeEmpty();
        Wide([typeof(BindsTooMuch)]).ShouldBe(["BindsTooMuch.Customer"]);
    }

    private static IEnumerable<string> Wide(IEnumerable<Type> types) =>
        from type in types
        from property in type.GetProperties(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where property.GetCustomAttribute<SupplyParameterFromFormAttribute>() is not null && !IsSingle(property.PropertyType)
        select $"{type.Name}.{property.Name}";

    private static bool IsSingle(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var plain
            && (plain.IsPrimitive || plain.IsEnum || plain == typeof(string) || plain == typeof(Guid) || plain == typeof(DateOnly)
            || plain == typeof(decimal) || plain == typeof(IFormFile) || (plain.IsArray && IsSingle(plain.GetElementType()!)));

    private static string MarkedId { get; } = "deadbeef-4711-4711-4711-deadbeef4711";

    private static string MarkedNumber { get; } = "471147114";

    /// <summary>Every property of every entity and of what they own, with a value that is found again.</summary>
    private List<KeyValuePair<string, string>> Extras()
    {
        using var db = prepared.Portal.Open();
        var extras = new List<KeyValuePair<string, string>>();
        foreach (var property in db.Model.GetEntityTypes()
            .SelectMany(entity => entity.GetProperties().Select(p => (Entity: entity.ClrType.Name, p.Name, p.ClrType))).Distinct())
        {
            var value = ValueOf(property.ClrType, property.Name);
            foreach (var name in (string[])[property.Name, $"{property.Entity}.{property.Name}", $"Model.{property.Name}",
                $"Input.{property.Name}", $"[{property.Name}]"])
            {
                extras.Add(new(name, value));
            }
        }

        return [.. extras.DistinctBy(extra => extra.Key)];
    }

    private static string ValueOf(Type type, string name)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(Guid) ? MarkedId
            : plain == typeof(bool) ? "true"
            : plain.IsEnum ? Enum.GetNames(plain)[^1]
            : plain == typeof(DateTimeOffset) ? "1999-12-31T00:00:00Z"
            : plain == typeof(DateOnly) || plain == typeof(DateTime) ? "1999-12-31"
            : plain.IsPrimitive || plain == typeof(decimal) || plain.Name == "Money" ? MarkedNumber
            : Mark + name;
    }

    /// <summary>As somebody would fill the form in who means it.</summary>
    private static KeyValuePair<string, string> Plausible(FormField field, int index) => new(field.Name, field switch
    {
        { Value.Length: > 0 } => field.Value,
        { Type: "email" } => string.Create(CultureInfo.InvariantCulture, $"neu{index}@muster-gastro.example"),
        { Type: "password" } => CustomerUser.Password,
        { Type: "checkbox" } => "true",
        { Name: "Country" } => "DE",
        { Name: "PostalCode" } => "12345",
        { IsText: true } => "Muster",
        _ => field.Value,
    });

    /// <summary>The tables in which some row holds the text.</summary>
    private async Task<List<string>> FindAsync(string text)
    {
        var tables = new List<string>();
        await using var connection = new NpgsqlConnection(prepared.Portal.Database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        var names = new List<string>();
        await using (var all =
            new NpgsqlCommand(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', "
                    + "'information_schema') ORDER BY 1", connection))
        await using (var reader = await all.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var table in names)
        {
#pragma warning disable CA2100 // The database's own names, quoted by itself.
            await using var rows =
                new NpgsqlCommand($"SELECT t::text FROM {table} t WHERE position(lower($1) in lower(t::text)) > 0 LIMIT 1",
                    connection)
                { Parameters = { new() { Value = text } } };
#pragma warning restore CA2100
            if (await rows.ExecuteScalarAsync() is string row)
            {
                tables.Add($"{table}: {row}");
            }
        }

        return tables;
    }

    /// <summary>What no page may do.</summary>
    private sealed class BindsTooMuch
    {
        [SupplyParameterFromForm]
        public SelfHelpPortal.Licensing.Customer? Customer { get; set; }
    }
}
