using System.Globalization;

namespace PsaConsole.Engine.Store;

/// <summary>
/// Makes one console the only owner of a data folder. The kernel lets go of the lock when the owner ends, however it ends,
/// so a crash leaves nothing to clean up. Taking a folder that is in use fails with <see cref="PrivatePostgresException"/>.
/// </summary>
public sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _lock;

    private DataFolderLock(FileStream heldOpen) => _lock = heldOpen;

    public static DataFolderLock Take(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        return TryTake(dataFolder) ?? throw new PrivatePostgresException(
            $"The data folder {dataFolder} is in use by another console{OwnerOf(dataFolder)}. " +
            "Stop that console, or give this one a folder of its own (Data:Folder, or ./run --data).");
    }

    /// <summary>The lock, or null when a live process holds it.</summary>
    public static DataFolderLock? TryTake(string dataFolder)
    {
        FileStream heldOpen;
        try
        {
            // On Unix FileShare.None is flock(LOCK_EX) on a descriptor that children do not inherit.
            heldOpen = new FileStream(LockFile(dataFolder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(LockFile(dataFolder)))
        {
            return null;
        }

        File.WriteAllText(OwnerFile(dataFolder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new DataFolderLock(heldOpen);
    }

    public void Dispose() => _lock.Dispose();

    // The locked file itself cannot be opened by anyone else, so the owner's number stands beside it.
    private static string OwnerOf(string dataFolder) =>
        File.Exists(OwnerFile(dataFolder)) ? $" (process {File.ReadAllText(OwnerFile(dataFolder)).Trim()})" : "";

    private static string LockFile(string dataFolder) => Path.Combine(dataFolder, "console.lock");

    private static string OwnerFile(string dataFolder) => Path.Combine(dataFolder, "console.pid");
}
