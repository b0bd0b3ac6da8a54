using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsaConsole.Engine.Staffing;

/// <summary>What a conflict means for the confirmation of an assignment, mildest first.</summary>
public enum ConfirmationOutcome
{
    Info,
    Warn,

    /// <summary>Stopped, unless another resource manager than the booker overrides it with a reason and until a date.</summary>
    BlockUnlessOverridden,

    /// <summary>Stopped; nobody may override it.</summary>
    Block,
}

/// <summary>One line of the matrix.</summary>
/// <param name="From">Lowest severity for which the line holds.</param>
public sealed record OutcomeRow(ConflictKind Kind, ConflictSeverity From, ConfirmationOutcome Outcome);

/// <summary>Outcomes by kind and severity (5-staffing 5.12). Policy may change every line but those that nobody may override.</summary>
public sealed class OutcomeMatrix
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private readonly List<OutcomeRow> rows;

    private OutcomeMatrix(List<OutcomeRow> rows) => this.rows = rows;

    /// <summary>The shipped matrix.</summary>
    public static OutcomeMatrix Default { get; } = new(Read(StaffingData.Text("outcomes.json")));

    public IReadOnlyList<OutcomeRow> Rows => rows;

    /// <summary>The matrix with some lines replaced, given as JSON of the same form.</summary>
    /// <exception cref="InvalidDataException">A line would soften a block that nobody may override, or is not readable.</exception>
    public OutcomeMatrix With(string edits)
    {
        var changed = new List<OutcomeRow>(rows);
        foreach (var edit in Read(edits))
        {
            if (rows.Exists(row => row.Kind == edit.Kind && row.Outcome == ConfirmationOutcome.Block) && edit.Outcome != ConfirmationOutcome.Block)
            {
                throw new InvalidDataException($"{edit.Kind} blocks for everybody: law, not policy. Take the line out.");
            }

            changed.RemoveAll(row => row.Kind == edit.Kind && row.From == edit.From);
            changed.Add(edit);
        }

        return new OutcomeMatrix(changed);
    }

    /// <summary>The outcome of the line with the highest severity that the conflict reaches; information without a line.</summary>
    public ConfirmationOutcome Of(Conflict conflict) =>
        rows.Where(row => row.Kind == conflict.Kind && row.From <= conflict.Severity).MaxBy(row => row.From)?.Outcome ?? ConfirmationOutcome.Info;

    private static List<OutcomeRow> Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<List<OutcomeRow>>(json, Json) ?? [];
        }
        catch (JsonException unreadable)
        {
            throw new InvalidDataException($"The outcome matrix can't be read: {unreadable.Message}", unreadable);
        }
    }
}
