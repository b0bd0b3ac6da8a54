using System.Globalization;

namespace PsaConsole.Engine.Store;

/// <summary>The folder that holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> of one PostgreSQL version.</summary>
public sealed record PostgresBinaries(string Folder)
{
    /// <summary>Names the folder to use instead of looking for one.</summary>
    public const string FolderVariable = "PSACONSOLE_POSTGRES_BIN";

    private const string DebianRoot = "/usr/lib/postgresql";
    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    public string Initdb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>
    /// The binaries to run a cluster with: those named by <see cref="FolderVariable"/>, else Debian's newest, else those on the PATH.
    /// A cluster can be opened by its own major version only, so an existing cluster says which (null for a new one).
    /// </summary>
    public static PostgresBinaries Find(int? clusterMajor) => Find(
        clusterMajor,
        Environment.GetEnvironmentVariable(FolderVariable),
        DebianRoot,
        Environment.GetEnvironmentVariable("PATH") ?? "");

    internal static PostgresBinaries Find(int? clusterMajor, string? named, string debianRoot, string path)
    {
        if (!string.IsNullOrEmpty(named))
        {
            return AreIn(named)
                ? new PostgresBinaries(named)
                : throw new PrivatePostgresException($"{FolderVariable} names {named}, but initdb, pg_ctl and postgres are not in it.");
        }

        var found = OfDebian(clusterMajor, debianRoot).Concat(OnPath(path, debianRoot)).FirstOrDefault(AreIn);
        return found is not null ? new PostgresBinaries(found) : throw new PrivatePostgresException(clusterMajor is int major
            ? $"This data folder was made by PostgreSQL {major}, which is not installed: install it (apt-get install postgresql-{major}), " +
              $"or name its programs with {FolderVariable}."
            : "PostgreSQL is not installed: install it (apt-get install postgresql), name its programs with " +
              $"{FolderVariable}, or use a server of your own with ConnectionStrings__PsaConsole.");
    }

    private static IEnumerable<string> OfDebian(int? clusterMajor, string debianRoot) =>
        (Directory.Exists(debianRoot) ? Directory.GetDirectories(debianRoot) : [])
            .Select(folder => (Major: Major(Path.GetFileName(folder)), Bin: Path.Combine(folder, "bin")))
            .Where(version => version.Major > 0 && (clusterMajor is null || version.Major == clusterMajor))
            .OrderByDescending(version => version.Major)
            .Select(version => version.Bin);

    // Programs on the PATH are often links: initdb looks for its share folder beside the real file. Links to Debian's were looked at before.
    private static IEnumerable<string> OnPath(string path, string debianRoot) =>
        path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "pg_ctl"))
            .Where(File.Exists)
            .Select(pgCtl => Path.GetDirectoryName(new FileInfo(pgCtl).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? pgCtl)!)
            .Where(folder => !folder.StartsWith(debianRoot, StringComparison.Ordinal));

    private static bool AreIn(string folder) =>
        Programs.All(program => File.Exists(Path.Combine(folder, program)));

    private static int Major(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;
}
