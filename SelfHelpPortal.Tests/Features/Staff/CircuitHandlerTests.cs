using System.Collections;
using System.Globalization;
using System.Reflection;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>
/// T7: the matrix of rights through the handlers of the pages. Each page is drawn for an administrator; then its circuit becomes somebody
/// else's, and every handler it has is called with its dialog filled and sent, whether or not that person would see a button for it.
/// </summary>
public sealed class CircuitHandlerTests(MatrixPortal prepared) : BunitContext, IClassFixture<MatrixPortal>, IAsyncLifetime
{
    /// <summary>
    /// Nothing that is prepared waits for a second person or for a loan, or was paid today; what refuses these has tests of its own.
    /// </summary>
    private static readonly string[] NotPrepared =
        ["ApproveExclusion", "DeclineExclusion", "ReopenCase", "RequestIncident", "ApproveIncident", "DeclineIncident", "UnlockAndExclude",
            "ApproveReset", "DeclineReset", "UndoPayment", "GrantLoan", "DeclineLoan"];

    /// <summary>One click without a dialog, so there is none to send; the matrix calls the use case itself.</summary>
    private static readonly string[] WithoutDialog = ["TickMoveStep", "TickChecklist"];

    private static readonly Person[] People = Enum.GetValues<Person>();

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Some of MudBlazor's services can only be disposed of asynchronously.</summary>
    public new async Task DisposeAsync() => await base.DisposeAsync();

    [Fact]
    public async Task Every_handler_of_every_page_refuses_who_has_not_the_right()
    {
        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = new CultureInfo("de");
        Prepare();
        Render<MudDialogProvider>();
        var reached = new HashSet<string>();
        var wrong = new List<string>();
        foreach (var type in PagesWithActs())
        {
            foreach (var (handler, arguments) in Handlers(type))
            {
                // Who has nothing to do with staff is refused everywhere, and the refusal says which use case it was.
                Session.Actor = await prepared.StaffActorAsync(Person.Administrator);
                var page = await DrawAsync(type);
                var before = await prepared.RefusedAsync(Person.OtherCustomer);
                if (await CallAsync(page, handler, arguments, Person.OtherCustomer) is not { } first)
                {
                    continue;
                }

                var useCase = (await prepared.RefusedAsync(Person.OtherCustomer)).Except(before).Select(refused => refused.UseCase)
                    .Single();
                reached.Add(useCase);
                Judge(type, handler, Person.OtherCustomer, useCase, first, wrong);
                foreach (var person in People.Where(p => p != Person.OtherCustomer && !MayDo(useCase, p)))
                {
                    Session.Actor = await prepared.StaffActorAsync(Person.Administrator);
                    page = await DrawAsync(type);
                    Judge(type, handler, person, useCase, (await CallAsync(page, handler, arguments, person))
                        .ShouldNotBeNull($"{type.Name}.{handler.Name} as {person}"), wrong);
                }
            }
        }

        wrong.ShouldBeEmpty();
        var acts = UseCase.FindAll(typeof(Program).Assembly.GetTypes()).Where(u => u.IsAct && u.Method.Name == "ExecuteAsync")
            .Select(u => u.Type.Name);
        acts.Except(reached).Except(NotPrepared).Except(WithoutDialog).ShouldBeEmpty("acts that no handler of a page led to");
    }

    private StaffSession Session => Services.GetRequiredService<StaffSession>();

    private IDialogService Dialogs => Services.GetRequiredService<IDialogService>();

    private void Prepare()
    {
        DefaultWaitTimeout = WaitLimits.Wait;
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLocalization();
        // Otherwise MudBlazor would add the clock of the machine, by which every sign-in has ended.
        Services.AddSingleton<TimeProvider>(prepared.Portal.Clock);
        Services.AddComponents();
        Services.AddSingleton(new StaffSession());
        Services.AddFallbackServiceProvider(prepared.Portal.Services.CreateScope().ServiceProvider);
    }

    private static void Judge(Type page, MethodInfo handler, Person person, string useCase, StaffResult result, List<string> wrong)
    {
        if (result.Refused is not (StaffRefusal.NotPermitted or StaffRefusal.SignInEnded))
        {
            wrong.Add($"{page.Name}.{handler.Name} as {person}: {useCase} said {result.Refused?.ToString() ?? "done"}");
        }
    }

    private static bool MayDo(string useCase, Person person)
    {
        var line = AuthorizationMatrix.UseCases.Select(l => l.Split(" | "))
            .Single(columns => columns[0].EndsWith("." + useCase, StringComparison.Ordinal));
        return AuthorizationMatrix.Groups[line[1]].Contains(person);
    }

    private static IEnumerable<Type> PagesWithActs() => typeof(StaffPage).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(StaffPage)) && !t.IsAbstract && t.IsDefined(typeof(RouteAttribute)))
        .OrderBy(t => t.FullName, StringComparer.Ordinal);

    /// <summary>Whatever a page can be told to do, once for each choice that it leaves.</summary>
    private static IEnumerable<(MethodInfo Handler, bool Choice)> Handlers(Type page) =>
        from method in page.GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where method.ReturnType == typeof(Task) && method.Name is not ("LoadAsync" or "DoAsync") && !method.Name.Contains('<')
        // What it overrides is called by the page itself.
        where method.GetBaseDefinition().DeclaringType == page
        orderby method.Name
        from choice in method.GetParameters().Any(p => p.ParameterType == typeof(bool)) ? new[] { true, false } : [true]
        select (method, choice);

    private async Task<ComponentBase> DrawAsync(Type type)
    {
        // Of several addresses the one of something that exists.
        var template = type.GetCustomAttributes<RouteAttribute>().Select(route => route.Template).OrderBy(t => !t.Contains('{')).First();
        var address = prepared.Address(
            AuthorizationMatrix.Endpoints.Select(l => l.Split(" | ")).First(columns => columns[0] == template)[1]).Split('?')[0];
        var parameters = template.Split('/').Zip(address.Split('/')).Where(part => part.First.StartsWith('{'))
            .ToDictionary(
                part => part.First.Trim('{', '}').Split(':')[0],
                part => part.First.EndsWith(":guid}", StringComparison.Ordinal) ? (object)Guid.Parse(part.Second) : part.Second);
        ComponentBase? instance = null;
        var drawn = Render(builder =>
        {
            builder.OpenComponent(0, type);
            foreach (var (name, value) in parameters)
            {
                builder.AddComponentParameter(1, name, value);
            }

            builder.AddComponentReferenceCapture(2, component => instance = (ComponentBase)component);
            builder.CloseComponent();
        });
        // The heading comes before what the page shows.
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;
        var (view, refused) = (type.GetProperty("View", Hidden), typeof(StaffPage).GetProperty("Refused", Hidden)!);
        await drawn.WaitForStateAsync(() => instance is not null && drawn.Markup.Contains("<h1", StringComparison.Ordinal)
            && (view is null || view.GetValue(instance) is not null || refused.GetValue(instance) is not null));
        return instance!;
    }

    /// <summary>Calls the handler and, in the dialog that it opens, the act; null when it opens none.</summary>
    private async Task<StaffResult?> CallAsync(ComponentBase page, MethodInfo handler, bool choice, Person person)
    {
        var opened = new TaskCompletionSource<IDialogReference>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task Take(IDialogReference dialog)
        {
            opened.TrySetResult(dialog);
            return Task.CompletedTask;
        }

        Dialogs.DialogInstanceAddedAsync += Take;
        try
        {
            Session.Actor = await prepared.StaffActorAsync(person);
            var arguments = handler.GetParameters().Select(p => ArgumentFor(p.ParameterType, page, choice)).ToArray();
            if (Array.Exists(arguments, a => a is null))
            {
                // The page shows no such thing.
                return null;
            }

            Task? running = null;
            // In braces: otherwise the dispatcher would wait for the handler, which waits for its dialog.
            await Renderer.Dispatcher.InvokeAsync(() => { running = (Task)handler.Invoke(page, arguments)!; });
            await Task.WhenAny(running!, opened.Task).WaitAsync(WaitLimits.Wait);
            if (!opened.Task.IsCompleted)
            {
                return null;
            }

            var dialog = await opened.Task;
            await dialog.RenderCompleteTaskCompletionSource.Task.WaitAsync(WaitLimits.Wait);
            var act = (Delegate)dialog.Dialog!.GetType().GetProperty("Act")!.GetValue(dialog.Dialog)!;
            var values = act.Method.GetParameters().Select(p => ValueOf(p.ParameterType)).ToArray();
            var result = await Renderer.Dispatcher.InvokeAsync(() => (Task<StaffResult>)act.DynamicInvoke(values)!)
                .WaitAsync(WaitLimits.Wait);
            await Renderer.Dispatcher.InvokeAsync(() => dialog.Close(DialogResult.Cancel()));
            await running!.WaitAsync(WaitLimits.Wait);
            return result;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{page.GetType().Name}.{handler.Name} as {person} did not end.");
        }
        finally
        {
            Dialogs.DialogInstanceAddedAsync -= Take;
        }
    }

    private object? ValueOf(Type type) => type switch
    {
        _ when type == typeof(string) => "Der Kunde hat angerufen",
        _ when type == typeof(DateTimeOffset?) => prepared.Portal.Clock.Now.AddDays(30),
        _ when type == typeof(SelfHelpPortal.Features.Staff.Flags.FlagResolution) =>
            new SelfHelpPortal.Features.Staff.Flags.FlagResolution(SelfHelpPortal.Licensing.CheckIn.FlagCause.Other),
        _ when type == typeof(DateOnly) => DateOnly.FromDateTime(prepared.Portal.Clock.Now.UtcDateTime),
        _ when type == typeof(RecipientInput) => new RecipientInput("Muster GmbH", "Max Muster", "Weg 1", "10115", "Berlin", "DE"),
        _ when type == typeof(ReceivedMoney) => new ReceivedMoney(
            new Money(100), DateOnly.FromDateTime(prepared.Portal.Clock.Now.UtcDateTime)),
        _ when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };

    private static object? ArgumentFor(Type type, object page, bool choice) => type switch
    {
        _ when type == typeof(bool) => choice,
        _ when type == typeof(string) => "",
        _ => FirstOn(page, type),
    };

    /// <summary>The first thing of this type that the page shows.</summary>
    private static object? FirstOn(object page, Type wanted)
    {
        var view = page.GetType().GetProperty("View", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(page);
        var shown = view?.GetType().GetProperties().Select(p => p.GetValue(view)).OfType<IEnumerable>()
            .SelectMany(list => list.Cast<object?>())
            // Or what a line of a list is about.
            .SelectMany(item => (object?[])[item, .. item!.GetType().GetProperties()
                .Where(p => p.PropertyType == wanted).Select(p => p.GetValue(item))]);
        return shown?.FirstOrDefault(item => item?.GetType() == wanted);
    }
}
