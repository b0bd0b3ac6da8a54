using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Assignment;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Exceptions.Presence;
using PsaConsole.Engine.Exceptions.Remap;
using PsaConsole.Engine.Exceptions.Views;
using PsaConsole.Engine.Exceptions.Visits;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Jobs;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Retention;
using PsaConsole.Engine.Staffing;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Billing;
using PsaConsole.Engine.Workflows.Changes;
using PsaConsole.Engine.Workflows.Clients;
using PsaConsole.Engine.Workflows.Postings;

namespace PsaConsole.Engine;

/// <summary>Everything the engine consists of, in reading order.</summary>
public static class EngineServices
{
    /// <summary>Registers the engine on the database of ConnectionStrings:PsaConsole.</summary>
    public static IServiceCollection AddEngine(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EngineOptions>().Bind(configuration.GetSection(EngineOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);

        // Store
        services.AddSingleton(_ => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString(configuration)) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 5 }));
        services.AddPooledDbContextFactory<EngineDbContext>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<ChangeFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());

        // Mapping
        services.AddSingleton<MappingSets>();
        services.AddSingleton<MappingSeed>();
        services.AddHostedService<MappingWatch>();

        // Connectors
        services.AddConnectors(configuration);
        services.AddSingleton<CallLedger>();

        // Inbox and lanes
        services.AddSingleton<Replica>();
        services.AddSingleton<Intake>();
        services.AddSingleton<NoticeIntake>();
        services.AddSingleton<Lanes>();
        services.AddSingleton<Committer>();
        services.AddSingleton<Pauses>();
        services.AddSingleton<ChangeHandlers>();
        services.AddSingleton<TypeFlood>();
        services.AddSingleton<PoisonedChanges>();
        services.AddSingleton<LaneFaults>();
        services.AddSingleton<LaneWorker>();
        services.AddSingleton<LaneActions>();
        services.AddSingleton<LanePump>();
        services.AddSingleton<Poller>();
        services.AddSingleton<SystemActions>();
        services.AddSingleton<ServiceDesk>();
        services.AddSingleton<ThrottleWatch>();
        services.AddSingleton<LatencyWatch>();
        services.AddSingleton<SystemWatch>();

        // Finance
        services.AddSingleton<EntityPacks>();

        // Workflows
        services.AddSingleton<ProjectNumbers>();
        services.AddSingleton<ClientMaster>();
        services.AddSingleton<OpportunityToProject>();
        services.AddSingleton<Workflow>(provider => provider.GetRequiredService<OpportunityToProject>());
        services.AddSingleton<Announcer>();
        services.AddSingleton<PropagationBook>();
        services.AddSingleton<ChangeCapture>();
        services.AddSingleton<RetroRates>();
        services.AddSingleton<ChangePreview>();
        services.AddSingleton<ChangeTargets>();
        services.AddSingleton<ChangedBookings>();
        services.AddSingleton<ProjectChange>();
        services.AddSingleton<Workflow>(provider => provider.GetRequiredService<ProjectChange>());
        services.AddSingleton<DealChanges>();
        services.AddSingleton<ChangeHandler, OpportunityChanges>();
        services.AddSingleton<ChangeHandler, RateCardChanges>();
        services.AddSingleton<ClientChange>();
        services.AddSingleton<Workflow>(provider => provider.GetRequiredService<ClientChange>());
        services.AddSingleton<ChangeHandler, ClientChanges>();
        services.AddSingleton<ChangeHandler, ClientLooks>();
        services.AddSingleton<PersonRegistry>();
        services.AddSingleton<ConsultantProfile>();
        services.AddSingleton<Workflow>(provider => provider.GetRequiredService<ConsultantProfile>());
        services.AddSingleton<ChangeHandler, ConsultantChanges>();
        services.AddSingleton<ChangeHandler, ConsultantDue>();
        services.AddSingleton<EngagementBook>();
        services.AddSingleton<Exchange>();
        services.AddSingleton<PostingBook>();
        services.AddSingleton<PostingExport>();
        services.AddSingleton<PostingDesk>();
        services.AddSingleton<TimeToErp>();
        services.AddSingleton<PostingWorkflow<TimeEntry>>(provider => provider.GetRequiredService<TimeToErp>());
        services.AddSingleton<Workflow>(provider => provider.GetRequiredService<TimeToErp>());
        services.AddSingleton<ChangeHandler, PostingChanges<TimeEntry>>();
        services.AddSingleton<ExpenseToErp>();
        services.AddSingleton<PostingWorkflow<Expense>>(provider => provider.GetRequiredService<ExpenseToErp>());
        services.AddSingleton<Workflow>(provider => provider.GetRequiredService<ExpenseToErp>());
        services.AddSingleton<ChangeHandler, PostingChanges<Expense>>();
        services.AddSingleton<MilestoneToInvoice>();
        services.AddSingleton<Workflow>(provider => provider.GetRequiredService<MilestoneToInvoice>());
        services.AddSingleton<ChangeHandler, MilestoneChanges>();
        services.AddSingleton<Acceptances>();
        services.AddSingleton<WorkflowList>();
        services.AddSingleton<Runner>();
        services.AddSingleton<Compensation>();
        services.AddSingleton<StepFailure>();

        // Staffing
        services.AddOptions<StaffingOptions>().Bind(configuration.GetSection(StaffingOptions.Section));
        services.AddSingleton<AgreementBook>();
        services.AddSingleton<StandingCases>();
        services.AddSingleton<StaffingDesk>();
        services.AddSingleton<StaffingActions>();
        services.AddSingleton<AssignmentConfirmation>();
        services.AddSingleton<Workflow>(provider => provider.GetRequiredService<AssignmentConfirmation>());
        services.AddSingleton<StaffingRecheck>();
        services.AddSingleton<Workflow>(provider => provider.GetRequiredService<StaffingRecheck>());
        services.AddSingleton<ChangeHandler, AssignmentChanges>();
        services.AddSingleton<ChangeHandler, AssignmentChecks>();
        services.AddSingleton<ChangeHandler, PersonChanges>();

        // Approvals
        services.AddSingleton<ApprovalBook>();
        services.AddSingleton<Deputies>();
        services.AddSingleton<ApprovalActions>();

        // Exceptions
        services.AddSingleton<CaseBook>();
        services.AddSingleton<Dismissals>();
        services.AddSingleton<CaseActions>();
        services.AddSingleton<CaseDesk>();
        services.AddSingleton<CasePauses>();
        services.AddSingleton<CaseLabels>();
        services.AddSingleton<GroupActions>();
        services.AddSingleton<GroupRunner>();
        services.AddSingleton<AssignmentRules>();
        services.AddSingleton<SavedViews>();
        services.AddSingleton<Visits>();
        services.AddSingleton<Presences>();
        services.AddHostedService(provider => provider.GetRequiredService<Presences>());
        services.AddSingleton<RemapChoices>();
        services.AddSingleton<RuleBook>();
        services.AddSingleton<Remaps>();
        services.AddHostedService<PersonalDataWatch>();

        // Access
        services.AddSingleton<DutyGuard>();
        services.AddSingleton<RestrictedReads>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<Colleagues>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<AnsweredRequests>();

        // Audit
        services.AddSingleton<AuditLinker>();
        services.AddSingleton<AuditAnchors>();
        services.AddSingleton<AuditCheck>();
        services.AddSingleton<AuditSearch>();

        // Retention
        services.AddSingleton<Housekeeper>();

        // Notices
        services.AddSingleton<TeamClocks>();
        services.AddSingleton<NoticeDesk>();

        AddJobs(services, configuration);
        return services;
    }

    private static PostgreSqlStorageOptions StorageOptions { get; } = new()
    {
        QueuePollInterval = TimeSpan.FromSeconds(1),
        UseSlidingInvisibilityTimeout = true,
        InvisibilityTimeout = TimeSpan.FromMinutes(5),
        EnableLongPolling = true,

        // A killed process leaves its lock rows behind, and whoever waits for one takes it over after this time. The locks guard milliseconds of
        // scheduling; what must not be done twice is guarded by rows of our own.
        DistributedLockTimeout = TimeSpan.FromSeconds(3),
    };

    private static void AddJobs(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<EngineJobs>();
        services.AddSingleton<AuditJobs>();
        services.AddHostedService<EngineStart>();
        // Registered here and not through Hangfire's configuration, which keeps one storage for the whole process.
        services.AddSingleton<JobStorage>(_ => new PostgreSqlStorage(
            new NpgsqlConnectionFactory(ConnectionString(configuration), StorageOptions),
            StorageOptions)
        {
            JobExpirationTimeout = TimeSpan.FromMinutes(10),
        });
        // The same holds for what makes the jobs: a second engine in the process must not do the jobs of the first.
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddHangfire(hangfire => hangfire
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());

        // The pump occupies a worker for as long as the process lives, so it has a server of its own.
        services.AddHangfireServer((provider, server) =>
        {
            server.ServerName = "pump-" + provider.GetRequiredService<Replica>().Id.ToString("n");
            server.Queues = [EngineJobs.QueueOf(provider.GetRequiredService<Replica>().Id)];
            server.WorkerCount = 1;
            server.IsLightweightServer = true;
        });
        services.AddHangfireServer(server =>
        {
            server.WorkerCount = 4;
            server.SchedulePollingInterval = TimeSpan.FromSeconds(1);
        });
    }

    private static string ConnectionString(IConfiguration configuration) => configuration.GetConnectionString("PsaConsole")
        ?? throw new InvalidOperationException("ConnectionStrings:PsaConsole is missing: the console sets it when it runs its own PostgreSQL.");
}
