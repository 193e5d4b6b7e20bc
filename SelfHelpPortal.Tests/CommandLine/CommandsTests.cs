using Npgsql;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.CommandLine;

public class CommandsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(false, "--urls", "http://127.0.0.1:5080")]
    [InlineData(true, "migrate")]
    [InlineData(true, "nonsense")]
    [InlineData(true, "--help")]
    public void Only_a_line_that_begins_with_a_dash_serves_the_web(bool command, params string[] line) =>
        Commands.IsCommand(line).ShouldBe(command);

    [Fact]
    public void Every_command_is_found_by_its_own_words_and_no_other() =>
        Commands.All.ShouldAllBe(c => Commands.Find(c.Verb.Split(' ')) == c && c.Summary.Length > 0);

    [Fact]
    public async Task An_unknown_command_is_named_and_all_others_are_listed()
    {
        var (exit, output) = await RunWithoutHostAsync("import", "nonsense", "--dry-run");

        exit.ShouldBe(ExitCode.Usage);
        output.ShouldStartWith("There is no command 'import nonsense'.");
        Commands.All.ShouldAllBe(c => output.Contains("  " + c.Verb, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    public async Task Help_is_done_not_refused(string line) => (await RunWithoutHostAsync(line)).Exit.ShouldBe(ExitCode.Done);

    [Fact]
    public async Task Migrate_names_what_it_applied_and_does_nothing_the_second_time()
    {
        await using var empty = await TestDatabase.CreateEmptyAsync();
        await using var portal = new PortalFactory
        {
            Configuration =
                { ["ConnectionStrings:Portal"] = empty.PortalConnection, ["ConnectionStrings:Migration"] = empty.OwnerConnection },
        };

        var first = await portal.RunAsync("migrate");
        var second = await portal.RunAsync("migrate");

        first.ShouldBe((ExitCode.Done, first.Output));
        first.Output.ShouldStartWith("Applied: 20261122000001_Initial, ");
        second.ShouldBe((ExitCode.Done, $"The schema is up to date.{Environment.NewLine}"));
    }

    [Fact]
    public async Task Too_many_arguments_print_the_usage_of_that_command()
    {
        await using var portal = new PortalFactory();

        (await portal.RunAsync("migrate", "now")).ShouldBe((ExitCode.Usage, $"Usage: migrate{Environment.NewLine}"));
    }

    [Fact]
    public async Task The_process_ends_with_the_exit_code()
    {
        var wrong = await PortalProcess.RunAsync(["nonsense"]);

        wrong.Exit.ShouldBe(ExitCode.Usage);
        wrong.Output.ShouldContain("There is no command 'nonsense'.");
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_said_in_a_sentence()
    {
        var refused = await PortalProcess.RunAsync(["migrate"], new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Portal"] = "Host=127.0.0.1;Port=1;Username=x;Password=y;Database=z;Timeout=5",
        });

        refused.Exit.ShouldBe(ExitCode.Refused);
        refused.Error.ShouldStartWith("PostgreSQL refuses: ");
        refused.Error.ShouldNotContain("   at ");
    }

    private static async Task<(int Exit, string Output)> RunWithoutHostAsync(params string[] line)
    {
        await using var output = new StringWriter();
        var exit = await Commands.RunAsync(
            line, () => throw new InvalidOperationException("The host is not needed."), output, CancellationToken.None);
        return (exit, output.ToString());
    }
}
