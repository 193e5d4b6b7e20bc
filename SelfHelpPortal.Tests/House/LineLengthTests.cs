using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>What people write fits the width that .editorconfig names, so that two files can be read side by side.</summary>
public class LineLengthTests
{
    private const int Longest = 140;

    private static readonly string[] Kinds = [".cs", ".razor", ".css", ".js", ".sh", ".props", ".csproj"];

    /// <summary>Made by tools; and the migrations, which are released and stay as they are.</summary>
    private static readonly string[] NotRead = ["bin", "obj", "artifacts", "TestResults", "_framework", "migrations"];

    [Fact]
    public void No_line_is_longer_than_the_house_allows() =>
        Files(new DirectoryInfo(Repository.Folder))
            .SelectMany(file => TooLong(Path.GetRelativePath(Repository.Folder, file.FullName), File.ReadLines(file.FullName)))
            .ShouldBeEmpty();

    [Fact]
    public void The_width_is_the_one_of_the_editors() =>
        File.ReadAllLines(Repository.At(".editorconfig")).ShouldContain($"max_line_length = {Longest}");

    [Fact]
    public void Every_kind_of_source_is_read() =>
        Files(new DirectoryInfo(Repository.Folder)).Select(file => file.Extension).Distinct().ShouldBe(Kinds, ignoreOrder: true);

    [Theory]
    [InlineData(Longest, 0)]
    [InlineData(Longest + 1, 1)]
    public void A_line_that_is_too_long_would_be_noticed(int length, int found) =>
        TooLong("sample.cs", ["short", new string('x', length)]).Count().ShouldBe(found);

    private static IEnumerable<string> TooLong(string name, IEnumerable<string> lines) =>
        lines.Select((line, i) => (line.Length, Number: i + 1)).Where(line => line.Length > Longest)
            .Select(line => $"{name}:{line.Number} has {line.Length} characters");

    /// <summary>Folders with a dot are those of tools (.git, .data).</summary>
    private static IEnumerable<FileInfo> Files(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(file => Kinds.Contains(file.Extension) && !file.Name.Contains(".min.", StringComparison.Ordinal))
            .Concat(folder.EnumerateDirectories()
                .Where(child => child.Name[0] != '.' && child.LinkTarget is null && !NotRead.Contains(child.Name)).SelectMany(Files));
}
