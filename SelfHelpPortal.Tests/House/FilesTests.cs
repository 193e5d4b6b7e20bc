using System.Text.RegularExpressions;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>
/// The portal writes files through <see cref="SelfHelpPortal.Configuration.PrivateFile"/> only, so that none is ever open to others.
/// </summary>
public partial class FilesTests
{
    /// <summary>What is written otherwise, and why.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["Configuration/PrivateFile.cs"] = "the one place",
        ["Platform/Secrets/SecretsDirectory.cs"] = "an empty lock in a closed folder",
        ["Data/LocalPostgres.cs"] = "an empty lock in a closed folder",
        ["Data/ClusterFolder.cs"] = "settings of the private cluster, which its server's account must read",
    };

    [Fact]
    public void No_file_is_written_past_it() => Sources().Where(file => Writing().IsMatch(File.ReadAllText(file)))
        .Select(file => Path.GetRelativePath(Repository.At("SelfHelpPortal"), file).Replace('\\', '/'))
        .ShouldBe(Others.Keys, ignoreOrder: true);

    [Theory]
    [InlineData("await using var file = File.Create(path);")]
    [InlineData("File.WriteAllText(path, key);")]
    [InlineData("await File.AppendAllLinesAsync(path, lines)")]
    [InlineData("new FileStream(path, FileMode.CreateNew, FileAccess.Write)")]
    [InlineData("new StreamWriter(path)")]
    [InlineData("ZipFile.Open(path, ZipArchiveMode.Create)")]
    public void A_file_written_past_it_would_be_noticed(string line) => Writing().IsMatch(line).ShouldBeTrue();

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Repository.At("SelfHelpPortal"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex(
        @"\bFile\.(Create|CreateText|OpenWrite|Append\w*|WriteAll\w*)\(|\bFileMode\.(Create|CreateNew|OpenOrCreate|Append)\b"
            + @"|\bnew StreamWriter\(\w*([pP]ath|[fF]ile)\w*\b(?!\.|\()|\bZipFile\.")]
    private static partial Regex Writing();
}
