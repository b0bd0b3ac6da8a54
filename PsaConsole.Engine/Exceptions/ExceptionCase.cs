using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Access;

namespace PsaConsole.Engine.Exceptions;

/// <summary>Where a case stands. Only a check that passes again resolves it; a person may waive it.</summary>
public enum CaseStatus
{
    Open,

    /// <summary>A retry was asked for and has not been verified yet.</summary>
    Retrying,

    Resolved,
    Waived,
}

/// <summary>What a person must settle. At most one is open for a code and a business key; repeats are counted.</summary>
public sealed class ExceptionCase
{
    public long Id { get; init; }

    /// <summary>Code of the catalogue, such as HND-008.</summary>
    public required string Code { get; init; }

    public required string BusinessKey { get; init; }
    public Guid? RunId { get; init; }
    public string? StepKey { get; set; }
    public string? SystemName { get; set; }

    /// <summary>What the case is about, in the words of people: the deal's or project's name.</summary>
    public required string Subject { get; set; }

    /// <summary>One plain sentence: what, which object, what to do.</summary>
    public required string Message { get; set; }

    /// <summary>What the policies or the comparison found, as JSON: a list of {policy, code, subject, message, field, expected, actual}.</summary>
    public required string Findings { get; set; }

    /// <summary>What the target was asked and what it answered, without rates, to be searched by those who may see it; null when no call failed.</summary>
    public string? Payload { get; set; }

    public required string Severity { get; set; }
    public required string OwnerGroup { get; set; }
    public string? Assignee { get; set; }

    /// <summary>The legal entities that it concerns, as its run or its person had them when it was raised or seen last; none while nobody knows.</summary>
    public string[] LegalEntities { get; set; } = [];

    /// <summary>The practices that it concerns; none where there are none.</summary>
    public string[] Practices { get; set; } = [];

    /// <summary>Money that waits for this case, in <see cref="ExposureCurrency"/>.</summary>
    public decimal? Exposure { get; set; }

    public string? ExposureCurrency { get; set; }
    public CaseStatus Status { get; set; }
    public int Occurrences { get; set; } = 1;
    public required DateTimeOffset RaisedAt { get; init; }
    public DateTimeOffset LastSeenAt { get; set; }
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Its place in the order of the queue, the earliest first: see <see cref="CostOfDelay"/>.</summary>
    public DateTimeOffset PriorityAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>The case of the same kind about the same thing that was settled before: what was settled has come back.</summary>
    public long? CameBackFrom { get; init; }

    /// <summary>Out of the lists until then; null when it is awake, or sleeps until <see cref="SnoozedPast"/>.</summary>
    public DateTimeOffset? SnoozedUntil { get; set; }

    /// <summary>Out of the lists until it was met more often than this.</summary>
    public int? SnoozedPast { get; set; }

    /// <summary>When the clock was stopped last, since the case waits for an outside party …</summary>
    public DateTimeOffset? ClockPausedAt { get; set; }

    /// <summary>… and when it goes on; the deadline has moved already.</summary>
    public DateTimeOffset? ClockPausedUntil { get; set; }

    /// <summary>How long it stood still in earlier pauses.</summary>
    public TimeSpan ClockRested { get; set; }

    /// <summary>Tags and links to tickets, with a blank between them: see <see cref="CaseLabels"/>.</summary>
    public string Labels { get; set; } = "";

    /// <summary>Grows with every change, so that an action on a stale view is refused.</summary>
    public int Version { get; set; }

    public List<CaseEntry> History { get; } = [];

    public bool IsOpen => Status is CaseStatus.Open or CaseStatus.Retrying;

    /// <summary>Somebody has put it off, and what they wait for has not come. Its deadline and its reminders go on.</summary>
    public bool IsAsleep(DateTimeOffset now) => SnoozedUntil > now || Occurrences <= SnoozedPast;

    /// <summary>Its clock stands still.</summary>
    public bool IsPaused(DateTimeOffset now) => ClockPausedUntil > now;

    /// <summary>What rights depend on.</summary>
    public CaseStake Stake => new(Code, Assignee, Exposure, ExposureCurrency) { Place = PlaceOf(RunId, LegalEntities, Practices) };

    /// <summary>What scopes depend on. A case without run and legal entity is about a system or a right, and so of the house; one whose run has no legal entity yet is not.</summary>
    internal static DataPlace PlaceOf(Guid? runId, string[] legalEntities, string[] practices) => new(legalEntities, practices) { IsOfTheHouse = runId is null && legalEntities.Length == 0 };
}

/// <summary>What of a case decides who may do something about it: its kind, whom it is with, and the money that waits.</summary>
public sealed record CaseStake(string Code, string? Assignee, decimal? Exposure, string? ExposureCurrency)
{
    /// <summary>What it belongs to; of the house unless it is said.</summary>
    public DataPlace Place { get; init; } = DataPlace.House;
}

file sealed class ExceptionCaseConfiguration : IEntityTypeConfiguration<ExceptionCase>
{
    private const string Open = "status in ('Open','Retrying')";

    public void Configure(EntityTypeBuilder<ExceptionCase> builder)
    {
        builder.Property(item => item.Code).HasMaxLength(10);
        builder.Property(item => item.BusinessKey).HasMaxLength(200);
        builder.Property(item => item.StepKey).HasMaxLength(120);
        builder.Property(item => item.SystemName).HasMaxLength(40);
        builder.Property(item => item.Subject).HasMaxLength(300);
        builder.Property(item => item.Message).HasMaxLength(4000);
        builder.Property(item => item.Findings).HasColumnType("jsonb");
        builder.Property(item => item.Severity).HasMaxLength(10);
        builder.Property(item => item.OwnerGroup).HasMaxLength(40);
        builder.Property(item => item.Assignee).HasMaxLength(120);
        builder.Property(item => item.Exposure).HasPrecision(19, 4);
        builder.Property(item => item.ExposureCurrency).HasMaxLength(3);
        builder.Property(item => item.Version).IsConcurrencyToken();
        builder.Property(item => item.LegalEntities).HasDefaultValueSql("'{}'");
        builder.Property(item => item.Practices).HasDefaultValueSql("'{}'");
        builder.Ignore(item => item.IsOpen);
        builder.Ignore(item => item.Stake);
        builder.HasMany(item => item.History).WithOne().HasForeignKey(entry => entry.CaseId);
        builder.HasIndex(item => new { item.Code, item.BusinessKey }).IsUnique().HasFilter(Open);
        builder.HasIndex(item => new { item.BusinessKey, item.Code, item.Id });
        builder.HasIndex(item => item.RunId);
        builder.HasIndex(item => new { item.RaisedAt, item.Id }).HasFilter(Open);
        builder.Property(item => item.PriorityAt).HasDefaultValueSql("now()");
        // The queue in its order: all of it, of one kind, and of one person; and what was settled, the last first.
        builder.HasIndex(item => new { item.PriorityAt, item.Id }).HasFilter(Open);
        builder.HasIndex(item => new { item.Code, item.PriorityAt, item.Id }).HasFilter(Open);
        builder.HasIndex(item => new { item.Assignee, item.PriorityAt, item.Id }).HasFilter(Open).IncludeProperties(item => new { item.SnoozedUntil, item.SnoozedPast, item.Occurrences });
        builder.HasIndex(item => new { item.ClosedAt, item.Id }).HasFilter("status in ('Resolved','Waived')");
        // Groups by kind, without a look at the rows themselves.
        builder.HasIndex(item => new { item.Code, item.ExposureCurrency }).HasFilter(Open)
            .IncludeProperties(item => new { item.Exposure, item.RaisedAt, item.PriorityAt, item.DueAt, item.SnoozedUntil, item.SnoozedPast, item.Occurrences, item.LegalEntities, item.Practices, item.RunId });
        // What somebody sees whose scope is a few legal entities of many.
        builder.HasIndex(item => item.LegalEntities).HasMethod("gin");
        // Search for a part of a word, in open and settled ones.
        builder.HasIndex(item => item.Subject).HasMethod("gin").HasOperators("gin_trgm_ops");
        builder.Property(item => item.ClockRested).HasDefaultValue(TimeSpan.Zero);
        builder.Property(item => item.Labels).HasMaxLength(3000).HasDefaultValue("");
        builder.HasIndex(item => item.Labels).HasMethod("gin").HasOperators("gin_trgm_ops");
        builder.HasIndex(item => item.Code).HasMethod("gin").HasOperators("gin_trgm_ops");
        builder.HasIndex(item => item.Message).HasMethod("gin").HasOperators("gin_trgm_ops");
        // Differences by their fields; words in findings and payloads are found by two more indexes, of expressions (migration SearchedPayloads).
        builder.Property(item => item.Payload).HasMaxLength(CasePayload.Longest);
        builder.HasIndex(item => item.Findings).HasMethod("gin").HasOperators("jsonb_path_ops");
    }
}
