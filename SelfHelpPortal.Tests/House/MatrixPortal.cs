using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SelfHelpPortal.Components.Layout;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Tokens;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Features.Staff.Webhooks;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Api;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>Whoever may stand before the portal, in the order in which the matrix names them.</summary>
public enum Person
{
    Anonymous,
    OtherCustomer,
    Member,
    Owner,
    Support,
    Billing,
    Administrator,
}

/// <summary>
/// A portal with a customer who has everything that somebody else could want: a license in use, an order, invoices, files, a case; and
/// seven people; two of them are of the same customer.
/// </summary>
public sealed class MatrixPortal : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json = new() { ReferenceHandler = ReferenceHandler.IgnoreCycles };

    private readonly StaffGround _ground;
    private readonly Dictionary<Person, Browser> _browsers = [];
    private readonly Dictionary<Person, CustomerUser> _customers = [];
    private readonly Dictionary<string, string> _texts = [];
    private readonly Dictionary<string, Guid> _ids = [];

    public MatrixPortal()
    {
        _ground = new() { Portal = new PortalFactory { Change = Change } };
        // Those who send thousands of requests must not be slowed down for it; the limits have tests of their own.
        Portal.Configuration["Guessing:PortalWrongKeys:Count"] = "1000000";
        Portal.Configuration["Vendor:TermsDe"] = Portal.Configuration["Vendor:WithdrawalDe"] = "Geltung";
    }

    internal PortalFactory Portal => _ground.Portal;

    /// <summary>What it has logged.</summary>
    internal KeptLog Log { get; } = new();

    /// <summary>Of a program of the vendor's, with every scope.</summary>
    internal string Token { get; private set; } = "";

    /// <summary>Signed in, where the person has an account.</summary>
    internal Browser BrowserOf(Person person) => _browsers[person];

    public async Task InitializeAsync()
    {
        await _ground.InitializeAsync();
        var order = await Portal.AddTransferAsync();
        (await _ground.Use<SettleTransfer>().ExecuteAsync(await _ground.ActAsync(), order.Id, Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);
        var license = await order.Licenses[0].ReadAsync();
        await using (var db = Portal.Open())
        {
            await db.Customers.Where(c => c.Id == license.CustomerId)
                .ExecuteUpdateAsync(s => s.SetProperty(c => c.Street, "Musterstraße 1").SetProperty(c => c.PostalCode, "12345")
                    .SetProperty(c => c.City, "Musterstadt"));
        }

        _customers[Person.Owner] = await CustomerUser.CreateAsync(Portal, license.CustomerId);
        _customers[Person.Member] = await CustomerUser.CreateAsync(Portal, license.CustomerId, CustomerRole.Member);
        _customers[Person.OtherCustomer] = (await Portal.AddRenewalAsync()).Owner;
        var renewed = await new SampleRenewal(order.Licenses[0], license.CustomerId, _customers[Person.Owner]).RenewAsync();
        var (_, flag) = await _ground.LockedAsync();
        var waiting = await Portal.AddTransferAsync();
        _ids["appointment"] = (await Portal.AddAppointmentAsync()).Id;
        _texts["appointment"] = _ids["appointment"].ToString();
        var asked = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Data, withDocument: true)).AgreedAsync();
        _texts["owner-change"] = (await asked.ReadAsync()).Reference;
        await FillAsync(order, waiting, license, renewed.Done.ShouldNotBeNull().InvoiceNumber, flag);

        Token = await Portal.AddTokenAsync(ApiScopes.All);
        await using (var db = Portal.Open())
        {
            _ids["endpoint"] = await Portal.AddWebhookAsync();
            _ids["delivery"] = await Portal.AddDeliveryAsync(_ids["endpoint"]);
            _ids["token"] = await db.ApiTokens.Select(t => t.Id).SingleAsync();
        }

        _browsers[Person.Anonymous] = new Browser(Portal);
        foreach (var (person, customer) in _customers)
        {
            _browsers[person] = await customer.SignInAsync();
        }

        _browsers[Person.Support] = await _ground.Clerk.SignInAsync();
        _browsers[Person.Billing] = await _ground.Accountant.SignInAsync();
        _browsers[Person.Administrator] = await _ground.Administrator.SignInAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var browser in _browsers.Values)
        {
            browser.Dispose();
        }

        await _ground.DisposeAsync();
    }

    /// <summary>An address of the table with what was prepared in it.</summary>
    internal string Address(string written) =>
        _texts.Aggregate(written, (path, text) => path.Replace($"{{{text.Key}}}", text.Value, StringComparison.Ordinal));

    /// <returns><c>ok</c>, <c>sign-in</c>, <c>moved</c>, or the status code.</returns>
    internal async Task<string> AskAsync(Person person, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method != "GET")
        {
            request.Content = new FormUrlEncodedContent([]);
        }

        using var answer = await _browsers[person].SendAsync(request);
        return (int)answer.StatusCode switch
        {
            >= 200 and < 300 => "ok",
            >= 300 and < 400 => answer.Headers.Location!.ToString().Contains(SiteLinks.SignIn, StringComparison.Ordinal)
                ? "sign-in"
                : "moved",
            var status => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Really calls a use case as somebody, with what belongs to the prepared customer.</summary>
    /// <param name="harmless">With nobody's things instead, so that who may do it does nothing.</param>
    internal async Task<(string? Refused, bool SaysSomething)> CallAsync(UseCase useCase, Person person, bool harmless)
    {
        await using var scope = Portal.Services.CreateAsyncScope();
        var target = scope.ServiceProvider.GetRequiredService(useCase.Type);
        var actors = (await StaffActorAsync(person), await CustomerActorAsync(person));
        var task = (Task)useCase.Method.Invoke(
            target, [.. useCase.Method.GetParameters().Select(p => ValueOf(p, useCase.Type, actors, harmless))])!;
        await task;
        var result = task.GetType().GetProperty("Result")?.GetValue(task);
        if (result is StaffRefusal or CustomerRefusal || IsRefusalOnly(useCase.Method.ReturnType))
        {
            return (result?.ToString(), result is null);
        }

        var refused = result?.GetType().GetProperty("Refused");
        return (refused?.GetValue(result)?.ToString(), refused is null ? result is not null && NamesTheCustomer(result) : true);
    }

    /// <summary>The refusals of one use case that the event log tells of somebody.</summary>
    internal async Task<int> RefusalsAsync(UseCase useCase, Person person)
    {
        var actor = (await StaffActorAsync(person)).Id;
        await using var db = Portal.Open();
        var events = await db.Events.AsNoTracking().Where(e => e.Kind == EventKind.Refused && e.ActorId == actor).Select(e => e.Data)
            .ToListAsync();
        return events.Count(data => EventLog.Read(data).Method == useCase.Type.Name);
    }

    /// <summary>The use cases whose refusal of somebody stands in the event log, each with the place of its event.</summary>
    internal async Task<List<(Guid Stream, int Seq, string UseCase)>> RefusedAsync(Person person)
    {
        var actor = (await StaffActorAsync(person)).Id;
        await using var db = Portal.Open();
        var events = await db.Events.AsNoTracking().Where(e => e.Kind == EventKind.Refused && e.ActorId == actor).ToListAsync();
        return events.ConvertAll(e => (e.Stream, e.Seq, EventLog.Read(e.Data).Method!));
    }

    private async Task FillAsync(SampleTransfer order, SampleTransfer waiting, License license, string renewal, string flag)
    {
        await using var db = Portal.Open();
        var invoice = await db.Invoices.SingleAsync(i => i.TransferRequestId == order.Id);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId);
        var request = await waiting.ReadAsync();
        _texts["license"] = license.Number;
        _texts["invoice"] = invoice.Number;
        _texts["renewal"] = renewal;
        _texts["customer"] = customer.Number;
        _texts["other-customer"] = await db.Customers.Where(c => c.Id != customer.Id).OrderBy(c => c.Number).Select(c => c.Number)
            .FirstAsync();
        _texts["reference"] = order.Reference;
        _texts["flag"] = flag;
        _texts["product"] = license.ProductId;
        _texts["status"] = await order.Licenses[0].LinkAsync(LinkPurpose.TransferStatus, order.Id);
        _texts["file"] = $"Rechnung-{invoice.Number}.pdf";
        _texts["license-file"] = LicenseFiles.NameOf(license.Number);
        _texts["pc-name"] = license.ActiveComputers.Single().PcName!;
        _texts["computer"] = license.ActiveComputers.Single().Id.ToString();
        _ids["mail"] = await db.Set<OutboxMessage>().Where(m => m.CustomerId == license.CustomerId).Select(m => m.Id).FirstAsync();
        await db.Set<OutboxMessage>().Where(m => m.Id == _ids["mail"])
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.State, OutboxState.Failed));
        _texts["mail"] = _ids["mail"].ToString();
        _ids["license"] = license.Id;
        _ids["activation"] = license.ActiveComputers.Single().Id;
        _ids["computer"] = _ids["activation"];
        _ids["invoice"] = invoice.Id;
        _ids["request"] = waiting.Id;
        _ids["item"] = request.Items[0].Id;
        _ids["customer"] = license.CustomerId;
        _ids["person"] = _customers[Person.Member].Id;
    }

    private void Change(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ILoggerProvider>(Log);
        builder.Services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
    }

    private static bool IsRefusalOnly(Type task) =>
        task.GetGenericArguments() is [var type] && Nullable.GetUnderlyingType(type) is { } refusal
        && (refusal == typeof(StaffRefusal) || refusal == typeof(CustomerRefusal));

    private bool NamesTheCustomer(object result)
    {
        var json = JsonSerializer.Serialize(result, result.GetType(), Json);
        return new[] { _texts["license"], _texts["invoice"], _texts["customer"], _texts["reference"], _texts["pc-name"],
            _ids["customer"].ToString() }
            .Any(own => json.Contains(own, StringComparison.Ordinal)) || json is "true" || result is Enum or string or Begun
            or DocumentFile;
    }

    internal async Task<StaffActor> StaffActorAsync(Person person) => person switch
    {
        Person.Support => await _ground.Clerk.ActorAsync(),
        Person.Billing => await _ground.Accountant.ActorAsync(),
        Person.Administrator => await _ground.Administrator.ActorAsync(),
        // As the edge would make one, if it took whoever is signed in for staff.
        _ when await CustomerActorAsync(person) is var actor =>
            (await _ground.Clerk.ActorAsync()) with { Id = actor.Id, Name = actor.Name, Stamp = actor.Stamp, Session = SessionOf(actor) },
        _ => throw new ArgumentOutOfRangeException(nameof(person)),
    };

    private async Task<CustomerActor> CustomerActorAsync(Person person) => person switch
    {
        Person.Anonymous =>
            (await _customers[Person.OtherCustomer].ActorAsync()) with { Id = new Guid("99999999-9999-9999-9999-999999999999") },
        Person.Support => await AsCustomerAsync(_ground.Clerk),
        Person.Billing => await AsCustomerAsync(_ground.Accountant),
        Person.Administrator => await AsCustomerAsync(_ground.Administrator),
        _ => await _customers[person].ActorAsync(),
    };

    private async Task<CustomerActor> AsCustomerAsync(StaffUser staff)
    {
        var (actor, any) = (await staff.ActorAsync(), await _customers[Person.OtherCustomer].ActorAsync());
        return any with { Id = actor.Id, Name = actor.Name, Stamp = actor.Stamp };
    }

    private static Guid SessionOf(CustomerActor actor) =>
        actor.GetType().GetProperty("Session")?.GetValue(actor) is Guid session ? session : Guid.Empty;

    private object? ValueOf(ParameterInfo parameter, Type useCase, (StaffActor Staff, CustomerActor Customer) actors, bool harmless)
    {
        var (type, name) = (parameter.ParameterType, parameter.Name!.ToLowerInvariant());
        return type switch
        {
            _ when type == typeof(StaffActor) => actors.Staff,
            _ when type == typeof(StaffAct) => new StaffAct(Guid.NewGuid(), actors.Staff, "Der Kunde hat angerufen"),
            _ when type == typeof(CustomerActor) => actors.Customer,
            _ when type == typeof(CustomerAct) => new CustomerAct(Guid.NewGuid(), actors.Customer),
            _ when type == typeof(Guid) => harmless ? Guid.NewGuid() : IdOf(name, useCase),
            _ when type == typeof(IReadOnlyList<string>) => Array.Empty<string>(),
            _ when type == typeof(string) => harmless ? "none" : TextOf(name, useCase),
            _ when type == typeof(DateTimeOffset) => name == "now" ? Portal.Clock.Now : Portal.Clock.Now.AddDays(30),
            _ when type == typeof(DateOnly) => DateOnly.FromDateTime(Portal.Clock.Now.UtcDateTime),
            _ when type == typeof(Money) => new Money(100),
            _ when type == typeof(bool) => true,
            _ when type == typeof(Func<Stream>) => () => new MemoryStream(),
            _ when type == typeof(Stream) => new MemoryStream("product,company,email\n"u8.ToArray()),
            _ when type == typeof(ApiTokenSecret) => ApiTokenSecret.New(),
            _ when type == typeof(WebhookSecret) => WebhookSecret.New(),
            _ when type == typeof(WantedWebhook) => new WantedWebhook("https://shop.example/hook", [EventTypes.License]),
            _ when type == typeof(WebhookEdit) => new WebhookEdit(
                new WantedWebhook("https://shop.example/hook", [EventTypes.License]),
                new WantedWebhook("https://shop.example/other", [EventTypes.License])),
            _ when type == typeof(ChecklistReply) => new ChecklistReply(null, true, [], []),
            _ when type == typeof(WantedToken) => new WantedToken("Webshop", [ApiScopes.ReadLicenses], null),
            _ when type.IsEnum => Enum.GetValues(type).GetValue(0),
            _ when type.IsValueType => Activator.CreateInstance(type),
            _ when type == typeof(IPAddress) => null,
            _ when type == typeof(DraftContact) =>
                new DraftContact
                {
                    Company = "Muster Gastro GmbH",
                    Street = "Musterstraße 2",
                    PostalCode = "12345",
                    City = "Musterstadt",
                    Country = "DE"
                },
            { IsInterface: true } or { IsAbstract: true } => null,
            _ => type.GetConstructors().MaxBy(c => c.GetParameters().Length) is { } made
                ? made.Invoke([.. made.GetParameters().Select(p => ValueOf(p, useCase, actors, harmless))])
                : null,
        };
    }

    private Guid IdOf(string name, Type useCase) =>
        _ids.Where(id => name.Contains(id.Key, StringComparison.Ordinal)).Select(id => (Guid?)id.Value).FirstOrDefault()
        ?? (name is "id" ? _ids.First(id => useCase.Name.Contains(id.Key, StringComparison.OrdinalIgnoreCase)).Value : _ids["person"]);

    private string TextOf(string name, Type useCase) => name switch
    {
        "language" => "de",
        "after" => "none",
        "email" => $"{Guid.NewGuid():n}@muster-gastro.example",
        "name" when useCase.Name.Contains("Transfer", StringComparison.Ordinal) => _texts["license-file"],
        "number" when useCase.Name.Contains("Invoice", StringComparison.Ordinal) => _texts["invoice"],
        "number" when useCase.Name.Contains("Flag", StringComparison.Ordinal) => _texts["flag"],
        "number" when useCase.Name.Contains("Customer", StringComparison.Ordinal) => _texts["customer"],
        "invoicenumber" => _texts["renewal"],
        "number" => _texts["license"],
        _ => _texts.Where(text => name.Contains(text.Key, StringComparison.Ordinal)).Select(text => text.Value).FirstOrDefault() ?? "none",
    };
}

/// <summary>A way into the portal's acts: a class and the method that is called.</summary>
/// <param name="Name">The folder and the class, and the method where it is not <c>ExecuteAsync</c>.</param>
internal sealed record UseCase(Type Type, MethodInfo Method, string Name)
{
    private static readonly Type[] Actors = [typeof(StaffAct), typeof(StaffActor), typeof(CustomerAct), typeof(CustomerActor)];

    /// <summary>The acts on one's own account ask by password and factor and have tests of their own.</summary>
    private static bool IsSlice(string name) =>
        (name.StartsWith("SelfHelpPortal.Features.", StringComparison.Ordinal)
            && !name.StartsWith("SelfHelpPortal.Features.Account", StringComparison.Ordinal))
        || name.StartsWith("SelfHelpPortal.Shared.", StringComparison.Ordinal);

    public bool IsAct => Method.GetParameters().Any(p => p.ParameterType == typeof(StaffAct));

    /// <summary>Whatever is executed in a slice, and whatever else takes somebody who acts.</summary>
    public static IEnumerable<UseCase> FindAll(IEnumerable<Type> types) =>
        from type in types
        where !Actors.Contains(type) && type is { IsClass: true, IsNested: false }
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where !method.IsSpecialName
            && ((method.Name == "ExecuteAsync" && IsSlice(type.Namespace!))
                || method.GetParameters().Any(p => Actors.Contains(p.ParameterType)))
        orderby type.FullName, method.Name
        select new UseCase(type, method,
            $"{type.Namespace!.Split('.')[^1]}.{type.Name}{(method.Name == "ExecuteAsync" ? "" : "." + method.Name)}");
}
