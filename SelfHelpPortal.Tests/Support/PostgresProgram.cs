using SelfHelpPortal.Data;

namespace SelfHelpPortal.Tests.Support;

/// <summary>The programs of the PostgreSQL that the tests run on.</summary>
internal static class PostgresProgram
{
    /// <param name="name">Like <c>pg_restore</c>.</param>
    /// <returns>Its path; the name alone where only its package is not with the server's.</returns>
    public static string PathOf(string name)
    {
        var path = Path.Combine(PostgresBinaries.Find(Environment.GetEnvironmentVariable(PostgresBinaries.Variable)), name);
        return File.Exists(path) ? path : name;
    }
}
