using System.Text.Json;

namespace PsaConsole.Sandbox;

/// <summary>What the firm is generated from.</summary>
public sealed record FirmState(int Consultants, int Seed, DateOnly Today);

/// <summary>The data folder: which firm it holds, how far its clock is moved, and a folder of records for each vendor.</summary>
internal sealed class FolderState
{
    private readonly string _path;

    private FolderState(string path) => _path = path;

    private string File => Path.Combine(_path, "firm.json");

    /// <summary>Null until a firm was kept in full.</summary>
    public FirmState? Firm { get; private set; }

    public TimeSpan ClockOffset { get; private set; }

    public static FolderState Open(string path)
    {
        Directory.CreateDirectory(path);
        var state = new FolderState(path);
        if (System.IO.File.Exists(state.File))
        {
            var kept = JsonSerializer.Deserialize<Kept>(System.IO.File.ReadAllText(state.File))
                ?? throw new InvalidDataException($"{state.File} is empty. Delete the data folder to start with a new firm.");
            (state.Firm, state.ClockOffset) = (kept.Firm, kept.ClockOffset);
        }

        return state;
    }

    public string Of(string system) => Directory.CreateDirectory(Path.Combine(_path, system)).FullName;

    /// <summary>Kept under another name first, so that a crash leaves the old file or the new one.</summary>
    public void Save(FirmState firm, TimeSpan clockOffset)
    {
        (Firm, ClockOffset) = (firm, clockOffset);
        System.IO.File.WriteAllText(File + ".new", JsonSerializer.Serialize(new Kept(firm, clockOffset)));
        System.IO.File.Move(File + ".new", File, overwrite: true);
    }

    private sealed record Kept(FirmState Firm, TimeSpan ClockOffset);
}
