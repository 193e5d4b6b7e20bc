using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.E2E.Support;

/// <summary>
/// What browser and portal said beside a test. A test that fails in another place than where the fault is can be understood by it, so
/// <c>./test.sh</c> prints it when one has failed.
/// </summary>
internal static class TestNotes
{
    private const int MostLines = 20;

    private static readonly Lock Writing = new();

    /// <summary>Adds the last lines, if there are any.</summary>
    public static void Add(string what, IReadOnlyCollection<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        var folder = Directory.CreateDirectory(Repository.At("artifacts", "tests")).FullName;
        lock (Writing)
        {
            File.AppendAllLines(Path.Combine(folder, "notes.txt"), [$"{what}:", .. lines.TakeLast(MostLines).Select(line => "  " + line)]);
        }
    }
}
