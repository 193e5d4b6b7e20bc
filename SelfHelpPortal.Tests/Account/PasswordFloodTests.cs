using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

/// <summary>T4: whoever guesses passwords, or only keeps the portal busy with them, is stopped and keeps nobody else out.</summary>
public sealed class PasswordFloodTests
{
    private static readonly IPAddress Flood = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.3");

    [Fact]
    public async Task Ten_busy_and_ten_stalled_connections_of_one_address_keep_no_other_out()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        var busy = await StaffUser.CreateAsync(portal);
        var other = await StaffUser.CreateAsync(portal);
        var stalled = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => StallAsync(portal)));
        using var stop = new CancellationTokenSource();
        var sent = 0;

        // A right password is never refused, so this is as busy as one address can be.
        var flood = Enumerable.Range(0, 10).Select(_ => Task.Run(async () =>
        {
            using var browser = new Browser(portal, from: Flood);
            await browser.GetAsync("/account/sign-in");
            while (!stop.IsCancellationRequested)
            {
                using var answer = await browser.PostAsync(typed: [("Email", busy.Email), ("Password", StaffUser.Password)]);
                Interlocked.Increment(ref sent);
            }
        })).ToList();
        try
        {
            await Eventually.BecomesTrueAsync(() => Volatile.Read(ref sent) >= 10);
            for (var i = 0; i < 10; i++)
            {
                using var browser = new Browser(portal, from: Elsewhere);
                await browser.GetAsync("/account/sign-in");
                (await browser.SubmitAsync(("Email", other.Email), ("Password", StaffUser.Password))).Path.ShouldBe(
                    "/account/sign-in/code", browser.Status.ToString());
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(flood);
            Array.ForEach(stalled, s => s.Dispose());
        }
    }

    [Fact]
    public void One_source_holds_half_of_the_slots_at_most()
    {
        var accessor = new HttpContextAccessor();
        var limiter = new PasswordLimiter(new CountingHasher(), accessor);
        var half = TakeAll(limiter, IPAddress.Parse("198.51.100.1"));
        half.Count.ShouldBe(Environment.ProcessorCount);
        accessor.HttpContext = From("198.51.100.2");
        limiter.TryVerify(null, "x").ShouldBe(false);

        var rest = TakeAll(limiter, IPAddress.Parse("198.51.100.2"), IPAddress.Parse("198.51.100.3"));
        accessor.HttpContext = From("198.51.100.4");
        limiter.TryVerify(null, "x").ShouldBeNull("all slots are taken");
        limiter.TryHash(new PortalUser(), "x").ShouldBeNull();

        rest.ForEach(s => s.Dispose());
        rest.ForEach(s => s.Dispose());
        half.ForEach(s => s.Dispose());
        TakeAll(limiter, IPAddress.Parse("198.51.100.1"), IPAddress.Parse("198.51.100.2")).Count.ShouldBe(2 * Environment.ProcessorCount);
    }

    [Fact]
    public async Task Two_thousand_guesses_cost_ten_hashes_an_hour_and_the_owner_still_gets_in()
    {
        var hasher = new CountingHasher();
        await using var portal =
            new PortalFactory { Change = builder => builder.Services.AddSingleton<IPasswordHasher<PortalUser>>(hasher) };
        portal.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
        await portal.InitializeAsync();
        var clerk = await StaffUser.CreateAsync(portal);
        using var own = await clerk.SignInAsync();
        hasher.Verified = 0;

        for (var i = 0; i < 1000; i++)
        {
            await GuessAsync(portal, clerk.Email, $"wrong {i}", "198.51.100.1");
        }

        hasher.Verified.ShouldBe(5);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async source =>
        {
            for (var i = 0; i < 5; i++)
            {
                await GuessAsync(portal, clerk.Email, $"wrong {source} {i}", $"203.0.113.{source}");
            }
        }));
        hasher.Verified.ShouldBe(10);

        await own.GetAsync("/account/sign-in");
        (await own.SubmitAsync(("Email", clerk.Email), ("Password", StaffUser.Password))).Path.ShouldBe("/account/sign-in/code");
        using var stranger = await clerk.SignInByPasswordAsync();
        stranger.Path.ShouldBe("/account/sign-in", "from elsewhere it is refused until the hour is over");
    }

    [Fact]
    public async Task Forty_accounts_are_not_tried_from_one_address()
    {
        var hasher = new CountingHasher();
        await using var portal =
            new PortalFactory { Change = builder => builder.Services.AddSingleton<IPasswordHasher<PortalUser>>(hasher) };
        await portal.InitializeAsync();
        var clerk = await StaffUser.CreateAsync(portal);
        hasher.Verified = 0;

        await Task.WhenAll(Enumerable.Range(0, 40)
            .Select(i => GuessAsync(portal, $"account{i}@team.example", StaffUser.Password, "198.51.100.1")));

        hasher.Verified.ShouldBe(20);
        (await GuessAsync(portal, clerk.Email, StaffUser.Password, "198.51.100.1")).ShouldBe(PasswordAnswer.TooManyTries);
        (await GuessAsync(portal, clerk.Email, StaffUser.Password, "198.51.100.2")).ShouldBe(PasswordAnswer.Right, "the control");
    }

    /// <summary>Every slot that these sources get, one source after the other.</summary>
    internal static List<IDisposable> TakeAll(PasswordLimiter limiter, params IPAddress[] sources)
    {
        var accessor = new HttpContextAccessor();
        var slots = new List<IDisposable>();
        foreach (var source in sources)
        {
            accessor.HttpContext = From(source.ToString());
            while (limiter.TryEnter() is { } slot)
            {
                slots.Add(slot);
            }
        }

        accessor.HttpContext = null;
        return slots;
    }

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };

    /// <summary>As the page does it, without the page.</summary>
    private static async Task<PasswordAnswer> GuessAsync(PortalFactory portal, string email, string password, string address)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var context = From(address);
        context.RequestServices = scope.ServiceProvider;
        scope.ServiceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext = context;
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>().FindByEmailAsync(email);
        PasswordAnswer answer;
        do
        {
            answer = await scope.ServiceProvider.GetRequiredService<PasswordProof>()
                .OfVisitorAsync(email, user, password, context.Connection.RemoteIpAddress, portal.Clock.Now, CancellationToken.None);
        }
        while (answer == PasswordAnswer.Busy);
        return answer;
    }

    /// <summary>A connection that begins to send the form and never ends.</summary>
    private static async Task<Socket> StallAsync(PortalFactory portal)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(Flood, 0));
        await socket.ConnectAsync(IPAddress.Loopback, portal.Address.Port);
        var head =
            $"POST /account/sign-in HTTP/1.1\r\nHost: {portal.Address.Authority}\r\nContent-Type: "
                + $"application/x-www-form-urlencoded\r\nContent-Length: 200\r\n\r\nEmail=";
        await socket.SendAsync(Encoding.ASCII.GetBytes(head));
        return socket;
    }

    private sealed class CountingHasher : IPasswordHasher<PortalUser>
    {
        private int _verified;

        public int Verified
        {
            get => _verified;
            set => _verified = value;
        }

        public string HashPassword(PortalUser user, string password) => "hash of " + password;

        public PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _verified);
            return hashedPassword == "hash of " + providedPassword ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
        }
    }
}
