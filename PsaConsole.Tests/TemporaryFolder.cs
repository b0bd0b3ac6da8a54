using PsaConsole.Engine.Store;

namespace PsaConsole.Tests;

/// <summary>A scratch data folder, removed at the end with everything that a private server keeps for it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Prefix = "psaconsole-tests-";

    private TemporaryFolder(string path) => Path = path;

    public string Path { get; }

    public static TemporaryFolder Create()
    {
        var folder = new TemporaryFolder(Directory.CreateTempSubdirectory(Prefix).FullName);
        // Temporary folders are closed to others; the server's account has to get in when the tests run as root.
        File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | UnixFileMode.OtherExecute);
        return folder;
    }

    /// <summary>Stops the servers and removes the folders that killed test runs left behind. A folder in use is locked, hence left alone.</summary>
    public static async Task RemoveAbandonedAsync()
    {
        var old = DateTime.UtcNow.AddMinutes(-30);
        foreach (var path in Directory.GetDirectories(System.IO.Path.GetTempPath(), Prefix + "*").Where(path => Directory.GetCreationTimeUtc(path) < old))
        {
            if (File.Exists(System.IO.Path.Combine(path, "console.lock")))
            {
                if (DataFolderLock.TryTake(path) is not { } abandoned)
                {
                    // Another run is long, and not over.
                    continue;
                }

                abandoned.Dispose();
                await KillServerAsync(System.IO.Path.Combine(path, "postgres", "cluster"));
            }

            new TemporaryFolder(path).Dispose();
        }
    }

    /// <summary>Nobody wants the data any more, and what a crash of the machine left of it need not start again: the server is killed, if one runs.</summary>
    private static async Task KillServerAsync(string cluster)
    {
        if (Directory.Exists(cluster))
        {
            await PostgresServer.ClearRemainsAsync(cluster, TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }

    public void Dispose()
    {
        if (new DirectoryInfo(System.IO.Path.Combine(Path, "postgres")).LinkTarget is { } elsewhere)
        {
            Directory.Delete(elsewhere, recursive: true);
        }

        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
