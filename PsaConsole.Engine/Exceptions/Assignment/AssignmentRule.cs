using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Exceptions.Assignment;

/// <summary>Gives new cases to a person or to another team: by the beginning of their code, their team, their legal entity.</summary>
public sealed class AssignmentRule
{
    public long Id { get; init; }

    /// <summary>What the code begins with, such as STF or HND-008; null for every code.</summary>
    public string? Code { get; init; }

    /// <summary>The team that owns the kind; null for every team.</summary>
    public string? Team { get; init; }

    /// <summary>The legal entity of the run; null for every one, and for cases that belong to none.</summary>
    public string? LegalEntity { get; init; }

    /// <summary>Whom the case is given to; null where only the team changes.</summary>
    public string? Assignee { get; init; }

    /// <summary>The team that settles it instead; null for the kind's own.</summary>
    public string? ToTeam { get; init; }

    public required string Reason { get; init; }
    public required string WrittenBy { get; init; }
    public required string WrittenByName { get; init; }
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>Whether the rule is about such a case.</summary>
    public bool Fits(string code, string team, string? legalEntity) =>
        (Code is null || code.StartsWith(Code, StringComparison.Ordinal)) && (Team is null || Team == team) && (LegalEntity is null || LegalEntity == legalEntity);

    /// <summary>The rule that says most about such a case: a legal entity before a longer code, a code before a team, the newer one of two alike. Null when none fits.</summary>
    public static AssignmentRule? Pick(IEnumerable<AssignmentRule> rules, string code, string team, string? legalEntity) => rules
        .Where(rule => rule.Fits(code, team, legalEntity))
        .OrderByDescending(rule => rule.LegalEntity is not null)
        .ThenByDescending(rule => rule.Code?.Length ?? 0)
        .ThenByDescending(rule => rule.Team is not null)
        .ThenByDescending(rule => rule.Id)
        .FirstOrDefault();
}

file sealed class AssignmentRuleConfiguration : IEntityTypeConfiguration<AssignmentRule>
{
    public void Configure(EntityTypeBuilder<AssignmentRule> builder)
    {
        builder.Property(rule => rule.Code).HasMaxLength(10);
        builder.Property(rule => rule.Team).HasMaxLength(40);
        builder.Property(rule => rule.LegalEntity).HasMaxLength(20);
        builder.Property(rule => rule.Assignee).HasMaxLength(120);
        builder.Property(rule => rule.ToTeam).HasMaxLength(40);
        builder.Property(rule => rule.Reason).HasMaxLength(2000);
        builder.Property(rule => rule.WrittenBy).HasMaxLength(120);
        builder.Property(rule => rule.WrittenByName).HasMaxLength(200);
    }
}
