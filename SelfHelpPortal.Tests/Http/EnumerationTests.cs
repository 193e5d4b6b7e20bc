using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Tests.Support;
using Xunit.Abstractions;

namespace SelfHelpPortal.Tests.Http;

/// <summary>T1 and T2: no public form tells by its answer, or by the time it takes, what it knows.</summary>
public sealed partial class EnumerationTests(ReleasePortal portal, ITestOutputHelper output) : IClassFixture<ReleasePortal>
{
    private const int Pairs = 500;


    /// <summary>Asked about an address: who has an account, who has licenses, who may not sign in, who never used the link.</summary>
    private static readonly string[] Addresses = ["unknown", "on-file", "account", "staff", "disabled", "unconfirmed"];

    /// <summary>Every public form that looks something up, and what it may be asked about without telling.</summary>
    private static readonly Form[] Forms =
    [
        new("/lost-key", Addresses, (_, subject) => [("Email", subject)]),
        new("/account/register", Addresses, (_, subject) => [("Email", subject), ("ActivationKey", "")]),
        new("/account/register", Addresses, (people, subject) => [("Email", subject), ("ActivationKey", people.Key)], "with a right key"),
        new("/account/register", ["unknown-key", "other-unknown-key"],
            (_, subject) => [("Email", "somebody@elsewhere.example"), ("ActivationKey", subject)], "with a wrong key"),
        new("/account/reset", Addresses, (_, subject) => [("Email", subject)]),
        new("/account/sign-in", Addresses, (_, subject) => [("Email", subject), ("Password", "nicht das richtige Passwort")]),
        new("/release", ["unknown-key", "other-unknown-key"], (_, subject) => [("ActivationKey", subject)]),
        new("/license", ["unknown-key", "other-unknown-key"], (_, subject) => [("ActivationKey", subject)]),
        new("/activate", ["unknown-key", "other-unknown-key"],
            (people, subject) => [("ActivationKey", subject), ("HardwareCode", people.Hardware)]),
        new("/transfer/status", ["unknown", "orderer", "owner"], (people, subject) => [("Reference", people.Reference), ("Email", subject)],
            "with a right reference", Skip: "orderer"),
        new("/transfer/status", ["unknown", "orderer", "owner"], (_, subject) => [("Reference", "M-7F3K-2Z"), ("Email", subject)],
            "with a wrong reference"),
    ];

    public static TheoryData<string> Names() => [.. Forms.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_form_answers_alike_whatever_it_knows(string name)
    {
        var form = Forms.Single(f => f.Name == name);
        var people = await People.AddAsync(portal.Portal);
        var answers = new Dictionary<string, string>();
        foreach (var subject in form.Subjects.Where(s => s != form.Skip))
        {
            answers.Add(subject, await AnswerAsync(form, people, subject));
        }

        answers.Count.ShouldBeGreaterThan(1);
        foreach (var (subject, answer) in answers)
        {
            var other = answers.Values.First().Split('\n');
            answer.Split('\n').Zip(other).Where(lines => lines.First != lines.Second).Select(lines => $"{lines.First} | {lines.Second}")
                .ShouldBeEmpty(subject);
            answer.Split('\n').Length.ShouldBe(other.Length, subject);
        }
    }

    [Fact]
    public async Task A_form_that_tells_is_found()
    {
        var people = await People.AddAsync(portal.Portal);
        var form = Forms.Single(f => f.Name == "/release");
        var telling = form with { Fields = (_, key) => [("ActivationKey", key == people.Subject("unknown-key") ? people.Key : key)] };

        (await AnswerAsync(telling, people, "unknown-key")).ShouldNotBe(await AnswerAsync(telling, people, "other-unknown-key"));
        var status = Forms.Single(f => f.Name == "/transfer/status with a right reference");
        (await AnswerAsync(status, people, "orderer")).ShouldNotBe(await AnswerAsync(status, people, "unknown"));
    }

    /// <summary>
    /// Only with <c>SELFHELP_LONG=1 </c>. What is known and what is not take turns in random order, so that a busy machine slows both.
    /// </summary>
    [Fact]
    public async Task No_form_takes_longer_for_what_it_knows()
    {
        if (!Effort.IsLong)
        {
            return;
        }

        await using var own = new PortalFactory();
        foreach (var scope in Enum.GetNames<SelfHelpPortal.Platform.Limits.AttemptScope>())
        {
            own.Configuration[$"Guessing:{scope}:Count"] = "1000000";
        }

        await own.InitializeAsync();
        var people = await People.AddAsync(own);
        var random = new Seeded();
        var slow = new List<string>();
        foreach (var form in Forms.Where(f => f.Subjects[0] == "unknown"))
        {
            string[] known = form.Subjects == Addresses ? ["on-file", "account"] : ["owner"];
            foreach (var subject in known)
            {
                var difference = await DifferenceAsync(own, form, people, subject, random);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{form.Name}, {subject}: {difference:+0.00;-0.00} ms"));
                if (Math.Abs(difference) > 5)
                {
                    slow.Add($"{form.Name}, {subject}: {difference} ms");
                }
            }
        }

        slow.ShouldBeEmpty($"seed {random.Seed}");
    }

    private static async Task<double> DifferenceAsync(PortalFactory portal, Form form, People people, string known, Seeded random)
    {
        using var browser = new Browser(portal);
        await browser.GetAsync(form.Path);
        var times = new Dictionary<string, List<double>> { [known] = [], ["unknown"] = [] };
        for (var pair = 0; pair < Pairs + 20; pair++)
        {
            string[] order = random.Below(2) == 0 ? [known, "unknown"] : ["unknown", known];
            foreach (var subject in order)
            {
                var watch = Stopwatch.StartNew();
                using var answer = await browser.PostAsync(null, form.Fields(people, people.Subject(subject)));
                await answer.Content.ReadAsByteArrayAsync();
                // The first ones warm up.
                if (pair >= 20)
                {
                    times[subject].Add(watch.Elapsed.TotalMilliseconds);
                }
            }
        }

        return Median(times[known]) - Median(times["unknown"]);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>Status, headers and words of the whole way, without what the form echoes and what is random by design.</summary>
    private async Task<string> AnswerAsync(Form form, People people, string name)
    {
        var subject = people.Subject(name);
        using var browser = portal.Open();
        await browser.GetAsync(form.Path);
        using var answer = await browser.PostAsync(null, form.Fields(people, subject));
        var first = Told(answer, await answer.Content.ReadAsStringAsync());
        await browser.ShowAsync(answer, form.Path);
        return (first + Told(browser.Answer, await browser.Answer.Content.ReadAsStringAsync()))
            .Replace(subject, "…", StringComparison.OrdinalIgnoreCase);
    }

    private static string Told(HttpResponseMessage answer, string body)
    {
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Date" or "Set-Cookie" or "Content-Length"))
            .OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {string.Join(", ", h.Value)}");
        var cookies = answer.Headers.TryGetValues("Set-Cookie", out var set)
            ? string.Join(", ", set.Select(c => c.Split('=')[0]).Order(StringComparer.Ordinal))
            : "";
        return string.Join('\n',
            [((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture), .. headers, cookies, Random().Replace(body, "$1…"), ""]);
    }

    /// <summary>Tokens against forgery, commands made for one form, and the sealed address that a redirect repeats in its body.</summary>
    [GeneratedRegex("(name=\"(?:__RequestVerificationToken|CommandId|PasskeyTicket)\" value=\"|<template[^>]*>)[^\"<]*")]
    private static partial Regex Random();

    /// <param name="Skip">A subject that is answered otherwise, for the control.</param>
    private sealed record Form(
        string Path, string[] Subjects, Func<People, string, (string, string?)[]> Fields, string? How = null, string? Skip = null)
    {
        public string Name => How is null ? Path : $"{Path} {How}";
    }

    /// <summary>Somebody in each state.</summary>
    private sealed record People(string Key, string Hardware, string Reference, Dictionary<string, string> Subjects)
    {
        private static int _count;

        public string Subject(string name) => Subjects[name];

        public static async Task<People> AddAsync(PortalFactory portal)
        {
            var number = Interlocked.Increment(ref _count);
            var license = await portal.AddLicenseAsync();
            await license.OfAsync($"onfile{number}@muster-gastro.example");
            var account = await CustomerUser.CreateAsync(license);
            var staff = await StaffUser.CreateAsync(portal);
            var disabled = await StaffUser.CreateAsync(portal);
            await disabled.DisableAsync();
            var unconfirmed = $"waiting{number}@muster-gastro.example";
            await (await portal.AddLicenseAsync()).OfAsync(unconfirmed);
            using var browser = new Browser(portal);
            await browser.GetAsync("/account/register");
            await browser.SubmitAsync(("Email", unconfirmed), ("ActivationKey", ""));
            var tills = await Tills.AddAsync(portal);
            var request = await tills.OrderAsync(browser, email: $"orderer{number}@muster-gastro.example");
            await portal.MailsToAsync(unconfirmed);
            return new People(license.Key, A.Hardware("KASSE-NEU").ToString(), request.Reference!, new()
            {
                ["unknown"] = $"unknown{number}@elsewhere.example",
                ["on-file"] = $"onfile{number}@muster-gastro.example",
                ["account"] = account.Email,
                ["staff"] = staff.Email,
                ["disabled"] = disabled.Email,
                ["unconfirmed"] = unconfirmed,
                ["unknown-key"] = ActivationKey.New().ToString(),
                ["other-unknown-key"] = ActivationKey.New().ToString(),
                ["orderer"] = $"orderer{number}@muster-gastro.example",
                ["owner"] = tills.Owner,
            });
        }
    }
}
