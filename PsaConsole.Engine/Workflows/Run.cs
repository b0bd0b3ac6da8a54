using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Something can be done now.</summary>
    Running,

    /// <summary>Waits until <see cref="Run.ResumeAt"/>: a transient failure, or an open circuit.</summary>
    Waiting,

    /// <summary>A second person must decide: an approval tells what about. <see cref="Run.ResumeAt"/> is when it expires.</summary>
    WaitingApproval,

    /// <summary>A person is needed: an exception case tells why.</summary>
    Parked,

    /// <summary>The steps that were done are being undone, last first.</summary>
    Compensating,

    Compensated,

    /// <summary>Every step is verified.</summary>
    Completed,

    /// <summary>Ended without doing anything, since there was nothing to do.</summary>
    Ended,
}

/// <summary>One journey of one business object through a workflow.</summary>
public sealed class Run : IThrottled
{
    public required Guid Id { get; init; }
    public required string Workflow { get; init; }

    /// <summary>What the run is about, such as opportunity:006…:win1. At most one run exists for each.</summary>
    public required string BusinessKey { get; init; }

    public required string LaneKey { get; init; }

    /// <summary>What people call it: the deal's name.</summary>
    public required string Title { get; set; }

    public string? ClientName { get; set; }
    public decimal? Amount { get; set; }
    public string? Currency { get; set; }

    /// <summary>Codes of the legal entities that it is for, as people read them: several, with commas, for a deal that they share.</summary>
    public string? LegalEntity
    {
        get;
        set
        {
            field = value;
            LegalEntities = value?.Split(", ") ?? [];
        }
    }

    /// <summary>The legal entities that it is for, one by one: what scopes look at. None while nobody knows.</summary>
    public string[] LegalEntities { get; set; } = [];

    /// <summary>The practices that it is for; none where there are none.</summary>
    public string[] Practices { get; set; } = [];

    public string? ProjectNumber { get; set; }

    /// <summary>The workflow's state record, as JSON.</summary>
    public required string State { get; set; }

    /// <summary>What people have accepted, as JSON: a list of <see cref="AcceptedFinding"/>.</summary>
    public string Accepted { get; set; } = "[]";

    public RunStatus Status { get; set; }

    /// <summary>The run takes back what it did; it goes on doing so after a wait.</summary>
    public bool Undoing { get; set; }

    public string? StepKey { get; set; }
    public string? Message { get; set; }

    /// <summary>Attempts of the current step since a person or a change last granted new ones.</summary>
    public int Attempts { get; set; }

    /// <summary>When the current step first failed; what the age budget counts from.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <inheritdoc/>
    public DateTimeOffset? ThrottledSince { get; set; }

    /// <inheritdoc/>
    public string? ThrottledBy { get; set; }

    public DateTimeOffset? ResumeAt { get; set; }

    /// <summary>When the business event happened in its source.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public List<RunStep> Steps { get; } = [];

    /// <summary>Makes a waiting or parked run go on, in the direction it was going.</summary>
    public void Resume()
    {
        Status = Undoing ? RunStatus.Compensating : RunStatus.Running;
        ResumeAt = null;
    }

    /// <summary>Grants a new budget of attempts: a person, or a change in the source, gives reason to expect another outcome.</summary>
    public void ResumeAfresh()
    {
        Attempts = 0;
        FailingSince = null;
        Resume();
    }

    /// <summary>Turns the run round: from here on it takes back what it did.</summary>
    public void TurnBack(string why)
    {
        Undoing = true;
        Message = why;
        ResumeAfresh();
    }

    /// <summary>Ends the run where it stands: what it did stays, and nothing more is done.</summary>
    public void End(string why, DateTimeOffset at)
    {
        (Status, ResumeAt, EndedAt, Message) = (RunStatus.Ended, null, at, why);
    }

    /// <summary>
    /// From now on these findings stop no check of the run. What differs from them in anything, since the data changed, is another finding and stops it again.
    /// Nothing is read back, and nothing that a step needs is given, by accepting that it is missing.
    /// </summary>
    public void Accept(IReadOnlyList<Finding> findings, string by, string reason, DateTimeOffset at, DateOnly? until = null) =>
        Accepted = JsonSerializer.Serialize(
            JsonSerializer.Deserialize<List<AcceptedFinding>>(Accepted, MappingSets.Json)!.Concat(findings.Select(finding => new AcceptedFinding(finding, by, reason, at, until))), MappingSets.Json);

    /// <summary>The acceptance that lets this finding pass on a day; null when nobody has accepted it, or not for so long.</summary>
    public AcceptedFinding? AcceptanceOf(Finding finding, DateOnly today) =>
        Accepted == "[]" ? null : JsonSerializer.Deserialize<List<AcceptedFinding>>(Accepted, MappingSets.Json)!.FirstOrDefault(accepted => accepted.Finding == finding && !(accepted.Until < today));

    /// <summary>True when there are findings and every one is accepted on that day.</summary>
    public bool HasAccepted(IReadOnlyList<Finding> findings, DateOnly today) => findings.Count > 0 && findings.All(finding => AcceptanceOf(finding, today) is not null);

    /// <summary>What scopes depend on.</summary>
    public DataPlace Place => new(LegalEntities, Practices);

    public bool IsLive => Status is RunStatus.Running or RunStatus.Waiting or RunStatus.WaitingApproval or RunStatus.Parked or RunStatus.Compensating;
}

/// <summary>A finding that a person with the right lets pass, for one run.</summary>
/// <param name="Until">The last day (UTC) for which it holds; null for good.</param>
public sealed record AcceptedFinding(Finding Finding, string By, string Reason, DateTimeOffset At, DateOnly? Until);

file sealed class RunConfiguration : IEntityTypeConfiguration<Run>
{
    public void Configure(EntityTypeBuilder<Run> builder)
    {
        builder.Property(run => run.Id).ValueGeneratedNever();
        builder.Property(run => run.Workflow).HasMaxLength(60);
        builder.Property(run => run.BusinessKey).HasMaxLength(180);
        builder.Property(run => run.LaneKey).HasMaxLength(180);
        builder.Property(run => run.Title).HasMaxLength(300);
        builder.Property(run => run.ClientName).HasMaxLength(300);
        builder.Property(run => run.Amount).HasPrecision(19, 4);
        builder.Property(run => run.Currency).HasMaxLength(3);
        builder.Property(run => run.LegalEntity).HasMaxLength(200);
        builder.Property(run => run.ProjectNumber).HasMaxLength(200);
        builder.Property(run => run.StepKey).HasMaxLength(120);
        builder.Property(run => run.ThrottledBy).HasMaxLength(40);
        builder.Property(run => run.Message).HasMaxLength(2000);
        builder.Property(run => run.State).HasColumnType("jsonb");
        builder.Property(run => run.Accepted).HasColumnType("jsonb").HasDefaultValueSql("'[]'");
        builder.Property(run => run.LegalEntities).HasDefaultValueSql("'{}'");
        builder.Property(run => run.Practices).HasDefaultValueSql("'{}'");
        builder.Ignore(run => run.Place);
        builder.Ignore(run => run.IsLive);
        builder.HasIndex(run => new { run.Workflow, run.BusinessKey }).IsUnique();
        builder.HasIndex(run => run.LaneKey).HasFilter("status in ('Running','Waiting','WaitingApproval','Parked','Compensating')");
        builder.HasIndex(run => new { run.UpdatedAt, run.Id });
        // Each kind of run has a list of its own, the last changed first.
        builder.HasIndex(run => new { run.Workflow, run.UpdatedAt, run.Id });
        builder.HasIndex(run => run.ProjectNumber);
        builder.HasIndex(run => run.LegalEntities).HasMethod("gin");
        builder.HasIndex(run => run.ThrottledSince).HasFilter("throttled_since is not null");
        builder.HasMany(run => run.Steps).WithOne().HasForeignKey(step => step.RunId);
    }
}
