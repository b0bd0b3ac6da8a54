using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Assignment;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Exceptions.Views;
using PsaConsole.Engine.Exceptions.Visits;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Staffing;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Store;

/// <summary>Everything the product knows, in one PostgreSQL database. The console reads through it and never writes by itself.</summary>
public class EngineDbContext(DbContextOptions<EngineDbContext> options) : DbContext(options)
{
    public DbSet<InboxItem> InboxItems => Set<InboxItem>();
    public DbSet<Lane> Lanes => Set<Lane>();
    public DbSet<SystemRecord> SystemRecords => Set<SystemRecord>();
    public DbSet<SourceCursor> SourceCursors => Set<SourceCursor>();
    public DbSet<Run> Runs => Set<Run>();
    public DbSet<RunStep> RunSteps => Set<RunStep>();
    public DbSet<ClientRow> Clients => Set<ClientRow>();
    public DbSet<EngagementRow> Engagements => Set<EngagementRow>();
    public DbSet<PersonRow> People => Set<PersonRow>();
    public DbSet<NumberSeries> NumberSeries => Set<NumberSeries>();
    public DbSet<CrossReference> CrossReferences => Set<CrossReference>();
    public DbSet<ExceptionCase> ExceptionCases => Set<ExceptionCase>();
    public DbSet<TeamNotice> TeamNotices => Set<TeamNotice>();
    public DbSet<GroupAction> GroupActions => Set<GroupAction>();
    public DbSet<GroupMember> GroupMembers => Set<GroupMember>();
    public DbSet<Dismissal> Dismissals => Set<Dismissal>();
    public DbSet<Visit> Visits => Set<Visit>();
    public DbSet<AssignmentRule> AssignmentRules => Set<AssignmentRule>();
    public DbSet<SavedView> SavedViews => Set<SavedView>();
    public DbSet<DefaultView> DefaultViews => Set<DefaultView>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<Colleague> Colleagues => Set<Colleague>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<AnsweredRequest> AnsweredRequests => Set<AnsweredRequest>();
    public DbSet<CaseEntry> CaseEntries => Set<CaseEntry>();
    public DbSet<Approval> Approvals => Set<Approval>();
    public DbSet<ApprovalDecision> ApprovalDecisions => Set<ApprovalDecision>();
    public DbSet<Delegation> Delegations => Set<Delegation>();
    public DbSet<MappingSet> MappingSets => Set<MappingSet>();
    public DbSet<MappingDraft> MappingDrafts => Set<MappingDraft>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<StaffedPersonRow> StaffedPeople => Set<StaffedPersonRow>();
    public DbSet<AssignmentRow> Assignments => Set<AssignmentRow>();
    public DbSet<ConflictRow> StaffingConflicts => Set<ConflictRow>();
    public DbSet<AuditLink> AuditLinks => Set<AuditLink>();
    public DbSet<AuditPending> AuditPending => Set<AuditPending>();
    public DbSet<PostingRow> Postings => Set<PostingRow>();
    public DbSet<PropagatedRow> Propagated => Set<PropagatedRow>();
    public DbSet<AcceptanceRow> Acceptances => Set<AcceptanceRow>();
    public DbSet<SystemPause> SystemPauses => Set<SystemPause>();
    public DbSet<TypePause> TypePauses => Set<TypePause>();
    public DbSet<CallQuota> CallQuotas => Set<CallQuota>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(EngineDbContext).Assembly);
        SnakeCase.Apply(modelBuilder);
        Narrow(modelBuilder);
    }

    /// <summary>Narrows every query to what somebody may read; the engine itself reads everything.</summary>
    protected virtual void Narrow(ModelBuilder model)
    {
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        AuditPlaces.Fill(this);
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        AuditPlaces.Fill(this);
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
}
