using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Staffing;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Store;

/// <summary>
/// The store as somebody reads it who does not see everything, by their scope (R110) or by their roles (9-access 9.1): every query of every table carries the
/// predicate, so that none can be forgotten, and only reading is possible. The type parameter says what narrows it; each has a model of its own, and who sees
/// everything has no predicate at all.
/// </summary>
/// <remarks>Generic also because the migration tool then knows of one context only.</remarks>
internal sealed class NarrowedDbContext<TBy>(DbContextOptions<EngineDbContext> options, Actor reader, IReadOnlyList<string>? codes) : EngineDbContext(options)
    where TBy : INarrowing
{
    private const string ByEntity = "legal entity";
    private const string ByPractice = "practice";
    private const string ByRole = "role";

    private string Reader { get; } = reader.Id;
    private List<string> Entities { get; } = [.. reader.Scope.LegalEntities ?? []];
    private List<string> Practices { get; } = [.. reader.Scope.Practices ?? []];
    private List<string> Codes { get; } = [.. codes ?? []];

    /// <summary>Whose cases are looked for by whom they are assigned to: where the reader has no right to look at cases an id that nobody has (null would find those of nobody).</summary>
    private string AssignedTo { get; } = Decision.OfLooking(reader, Right.SettleExceptions).Allowed ? reader.Id : "";

    /// <summary>Who may hold and end the group actions of others sees them.</summary>
    private bool SeesGroups { get; } = reader.Scope.IsEverything && reader.Is(Roles.IntegrationAdministrator);

    public override int SaveChanges(bool acceptAllChangesOnSuccess) => throw ReadsOnly();

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) => throw ReadsOnly();

    protected override void Narrow(ModelBuilder model)
    {
        if (TBy.Entities)
        {
            ToEntities(model);
        }

        if (TBy.Practices)
        {
            ToPractices(model);
        }

        if (TBy.Entities || TBy.Practices)
        {
            ToWhatTheyBelongTo(model);
        }

        if (TBy.Cases)
        {
            model.Entity<ExceptionCase>().HasQueryFilter(ByRole, item => Codes.Contains(item.Code) || item.Assignee == AssignedTo);
        }

        ToTheCasesSeen(model);
    }

    private void ToEntities(ModelBuilder model)
    {
        model.Entity<Run>().HasQueryFilter(ByEntity, run => run.LegalEntities.Any(code => Entities.Contains(code)));
        model.Entity<ExceptionCase>().HasQueryFilter(ByEntity, item => item.LegalEntities.Any(code => Entities.Contains(code)) || (item.RunId == null && item.LegalEntities.Length == 0));
        model.Entity<Approval>().HasQueryFilter(ByEntity, item => Entities.Contains(item.LegalEntity));
        model.Entity<EngagementRow>().HasQueryFilter(ByEntity, engagement => Entities.Contains(engagement.LegalEntity));
        model.Entity<PostingRow>().HasQueryFilter(ByEntity, posting => Entities.Contains(posting.LegalEntity));
        model.Entity<PersonRow>().HasQueryFilter(ByEntity, person => person.LegalEntity != null && Entities.Contains(person.LegalEntity));
        model.Entity<StaffedPersonRow>().HasQueryFilter(ByEntity, person => person.LegalEntity != null && Entities.Contains(person.LegalEntity));
        model.Entity<AuditEntry>().HasQueryFilter(ByEntity, entry =>
            entry.LegalEntities.Any(code => Entities.Contains(code)) || entry.Actor == Reader
            || (entry.LegalEntities.Length == 0 && (entry.Entity.StartsWith("system:") || entry.Entity.StartsWith("key:") || entry.Entity.StartsWith("mapping:") || entry.Entity == AuditCheck.ChainKey)));
    }

    private void ToPractices(ModelBuilder model)
    {
        model.Entity<Run>().HasQueryFilter(ByPractice, run => run.Practices.Length == 0 || run.Practices.Any(name => Practices.Contains(name)));
        model.Entity<ExceptionCase>().HasQueryFilter(ByPractice, item => item.Practices.Length == 0 || item.Practices.Any(name => Practices.Contains(name)));
        model.Entity<Approval>().HasQueryFilter(ByPractice, item => item.Practice == null || Practices.Contains(item.Practice));
        model.Entity<EngagementRow>().HasQueryFilter(ByPractice, engagement => engagement.Practice == null || Practices.Contains(engagement.Practice));
        model.Entity<PostingRow>().HasQueryFilter(ByPractice, posting => Engagements.Any(engagement => engagement.Id == posting.EngagementId));
        model.Entity<AuditEntry>().HasQueryFilter(ByPractice, entry => entry.Practices.Length == 0 || entry.Practices.Any(name => Practices.Contains(name)) || entry.Actor == Reader);
    }

    /// <summary>What belongs to a case is seen with it; a group of cases by who started it.</summary>
    private void ToTheCasesSeen(ModelBuilder model)
    {
        model.Entity<CaseEntry>().HasQueryFilter(entry => ExceptionCases.Any(item => item.Id == entry.CaseId));
        model.Entity<TeamNotice>().HasQueryFilter(notice => ExceptionCases.Any(item => item.Id == notice.CaseId));
        model.Entity<GroupAction>().HasQueryFilter(group => group.StartedBy == Reader || SeesGroups);
        model.Entity<GroupMember>().HasQueryFilter(member => GroupActions.Any(group => group.Id == member.GroupId));
    }

    /// <summary>What has no place of its own is seen with what it belongs to.</summary>
    private void ToWhatTheyBelongTo(ModelBuilder model)
    {
        model.Entity<RunStep>().HasQueryFilter(step => Runs.Any(run => run.Id == step.RunId));
        model.Entity<ApprovalDecision>().HasQueryFilter(decision => Approvals.Any(item => item.Id == decision.ApprovalId));
        model.Entity<AssignmentRow>().HasQueryFilter(row => StaffedPeople.Any(person => person.EmployeeId == row.PersonId));
        model.Entity<ConflictRow>().HasQueryFilter(row => StaffedPeople.Any(person => person.EmployeeId == row.PersonId));
        model.Entity<ClientRow>().HasQueryFilter(client => Runs.Any(run => run.Id == client.RunId));
        model.Entity<Lane>().HasQueryFilter(lane => Runs.Any(run => run.LaneKey == lane.Key
            && (run.Status == RunStatus.Running || run.Status == RunStatus.Waiting || run.Status == RunStatus.WaitingApproval || run.Status == RunStatus.Parked || run.Status == RunStatus.Compensating)));
        model.Entity<InboxItem>().HasQueryFilter(item => Lanes.Any(lane => lane.Key == item.LaneKey));
    }

    private static InvalidOperationException ReadsOnly() => new("What is read for somebody is not what is written: a use case of the engine writes.");
}

/// <summary>What narrows a context.</summary>
internal interface INarrowing
{
    static abstract bool Entities { get; }
    static abstract bool Practices { get; }

    /// <summary>Of cases only some are seen, by their codes and by whom they are assigned to.</summary>
    static virtual bool Cases => false;
}

/// <summary>Besides what the other narrows.</summary>
internal sealed class ByCase<TOther> : INarrowing
    where TOther : INarrowing
{
    public static bool Entities => TOther.Entities;
    public static bool Practices => TOther.Practices;
    public static bool Cases => true;
}

internal sealed class ByNothing : INarrowing
{
    public static bool Entities => false;
    public static bool Practices => false;
}

internal sealed class ByEntity : INarrowing
{
    public static bool Entities => true;
    public static bool Practices => false;
}

internal sealed class ByPractice : INarrowing
{
    public static bool Entities => false;
    public static bool Practices => true;
}

internal sealed class ByEntityAndPractice : INarrowing
{
    public static bool Entities => true;
    public static bool Practices => true;
}
