using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Postings;

namespace PsaConsole.Tests.Web;

/// <summary>A few deals in the states that people meet: verified, under way, and stopped with a case.</summary>
internal static class SampleQueue
{
    private const string Home = "DE01";

    private const string HandOffState = """{"opportunityId":"006SAMPLE","crmName":"salesforce","winCycle":1}""";

    public const string Comparison = """
        {"compared":[{"field":"Tax code","expected":"DE-STD","actual":null},{"field":"Currency","expected":"EUR","actual":"EUR"}]}
        """;

    /// <summary>Adds a deal that stopped at the ERP read-back, with its case.</summary>
    public static ExceptionCase AddStopped(EngineDbContext store, string title, DateTimeOffset now) => AddStopped(store, title, Home, now);

    /// <summary>Adds such a deal of a legal entity.</summary>
    public static ExceptionCase AddStopped(EngineDbContext store, string title, string legalEntity, DateTimeOffset now)
    {
        var run = AddRun(store, title, RunStatus.Parked, now, OpportunityToProject.WorkflowName, legalEntity);
        run.Steps.Add(Step(run.Id, 0, "deal", StepKind.Do, "The won deal is read with its contract", StepStatus.Done, now));
        var failed = Step(run.Id, 1, "erp-verify", StepKind.Verify, "ERP project is billable", StepStatus.Failed, now);
        failed.Detail = Comparison;
        failed.Message = "The tax code is missing.";
        run.Steps.Add(failed);
        run.Steps.Add(Step(run.Id, 2, "notice", StepKind.Do, "The team is told", StepStatus.Pending, now));
        run.StepKey = failed.Key;
        var about = new ExceptionCase
        {
            Code = "HND-008",
            BusinessKey = run.BusinessKey,
            RunId = run.Id,
            LegalEntities = run.LegalEntities,
            StepKey = failed.Key,
            Subject = title,
            Message = $"The ERP project of {title} lacks its tax code. Fill it there, then retry.",
            Findings = "[]",
            Severity = nameof(CaseSeverity.High),
            OwnerGroup = nameof(CaseOwner.Finance),
            Exposure = run.Amount,
            ExposureCurrency = run.Currency,
            RaisedAt = now,
            DueAt = now.AddHours(3),
        };
        about.History.Add(new CaseEntry { At = now, Actor = CaseBook.Engine, Action = "raised", Text = about.Message });
        store.ExceptionCases.Add(about);
        return about;
    }

    /// <summary>Adds a deal whose every step is verified.</summary>
    public static Run AddVerified(EngineDbContext store, string title, DateTimeOffset now)
    {
        var run = AddRun(store, title, RunStatus.Completed, now, OpportunityToProject.WorkflowName, Home);
        run.EndedAt = now;
        run.Steps.Add(Step(run.Id, 0, "deal", StepKind.Do, "The won deal is read with its contract", StepStatus.Done, now));
        return run;
    }

    /// <summary>Adds a large deal that waits for a finance controller.</summary>
    public static Approval AddWaiting(EngineDbContext store, string title, DateTimeOffset now) => AddWaiting(store, title, Home, now);

    /// <summary>Adds such a deal of a legal entity.</summary>
    public static Approval AddWaiting(EngineDbContext store, string title, string legalEntity, DateTimeOffset now)
    {
        var run = AddRun(store, title, RunStatus.WaitingApproval, now, OpportunityToProject.WorkflowName, legalEntity);
        var step = Step(run.Id, 0, "approval", StepKind.Check, "The projects are approved", StepStatus.WaitingApproval, now);
        run.Steps.Add(step);
        run.StepKey = step.Key;
        var asked = new Approval
        {
            Kind = ApprovalKind.ProjectCreation,
            RunId = run.Id,
            StepKey = step.Key,
            Key = "PL12:DE01",
            Subject = title,
            Reason = $"{title} is worth 2,500,000.00 EUR, more than the 1,000,000.00 EUR that DE01 sets up without approval. A finance controller decides.",
            LegalEntity = legalEntity,
            Amount = 2_500_000m,
            Currency = "EUR",
            Changes = """[{"field":"Contract value","before":null,"after":"2,500,000.00 EUR"},{"field":"Value without approval","before":"at most 1,000,000.00 EUR","after":"at most 1,000,000.00 EUR"}]""",
            Records = ["Client Sample client in PSA and ERP", "Project DE01-00042 in PSA and ERP"],
            Requesters = ["lead@example.com"],
            Chain = [Roles.FinanceController],
            Fingerprint = "0123456789abcdef",
            RequestedAt = now,
            ExpiresAt = now.AddDays(10),
        };
        store.Approvals.Add(asked);
        return asked;
    }

    /// <summary>Adds approved time: in the books with its document, or stopped for want of a rate.</summary>
    public static Run AddTime(EngineDbContext store, string title, bool posted, DateTimeOffset now) => AddTime(store, title, Home, posted, now);

    /// <summary>Adds such time of a legal entity.</summary>
    public static Run AddTime(EngineDbContext store, string title, string legalEntity, bool posted, DateTimeOffset now)
    {
        var run = AddRun(store, title, posted ? RunStatus.Completed : RunStatus.Parked, now, TimeToErp.WorkflowName, legalEntity);
        (run.ProjectNumber, run.Amount) = ($"{legalEntity}-00042", 1_480m);
        var step = Step(run.Id, 0, "price", StepKind.Check, "The time is priced", posted ? StepStatus.Done : StepStatus.Failed, now);
        run.Steps.Add(step);
        run.StepKey = posted ? null : step.Key;
        if (posted)
        {
            store.Postings.Add(Line(run, PostingKind.Unbilled, 1_480m, now));
            store.Postings.Add(Line(run, PostingKind.Cost, 720m, now));
        }

        return run;
    }

    public static PostingRow Line(Run run, PostingKind kind, decimal amount, DateTimeOffset now, string person = "ada@example.com") => new()
    {
        Id = Guid.CreateVersion7(),
        OperationKey = $"{run.BusinessKey}:{kind}",
        SystemName = "kantata",
        SourceType = "time-entry",
        SourceId = run.Id.ToString("n"),
        Revision = 1,
        Kind = kind,
        Chargeable = true,
        EngagementId = Guid.CreateVersion7(),
        EngagementNumber = run.ProjectNumber!,
        LegalEntity = run.LegalEntity ?? Home,
        Person = person,
        WorkDate = new DateOnly(2026, 11, 20),
        AccountingDate = new DateOnly(2026, 11, 20),
        PeriodId = "11",
        PeriodName = "Nov 2026",
        Hours = 8m,
        Rate = amount / 8m,
        Amount = amount,
        Currency = "EUR",
        FxRate = 1m,
        FxDate = new DateOnly(2026, 11, 20),
        AccountingAmount = amount,
        AccountingCurrency = "EUR",
        ErpProjectId = "1056",
        Values = "{}",
        Why = """{"rate":"Rate card Europe 2026, Consultant L3","exchange":"the books' own currency","period":"the period of the work is open","rule":"billed by time"}""",
        RunId = run.Id,
        CreatedAt = now,
        Status = PostingStatus.Verified,
        Voucher = "JE-1001",
        VerifiedAt = now,
    };

    private static Run AddRun(EngineDbContext store, string title, RunStatus status, DateTimeOffset now, string workflow, string legalEntity)
    {
        var id = Guid.CreateVersion7();
        var run = new Run
        {
            Id = id,
            Workflow = workflow,
            BusinessKey = $"{workflow}:{id:n}:1",
            LaneKey = $"opportunity:sample:{id:n}",
            Title = title,
            ClientName = "Sample client",
            Amount = 345_000m,
            Currency = "EUR",
            LegalEntity = legalEntity,
            State = workflow == OpportunityToProject.WorkflowName ? HandOffState : "{}",
            Status = status,
            OccurredAt = now.AddMinutes(-2),
            StartedAt = now.AddMinutes(-2),
            UpdatedAt = now,
        };
        store.Runs.Add(run);
        store.Engagements.Add(new EngagementRow
        {
            Id = Guid.CreateVersion7(),
            Number = $"{legalEntity}-{id.ToString("n")[^8..]}",
            Name = title,
            RunId = id,
            OpportunityId = id.ToString("n"),
            LegalEntity = legalEntity,
            ClientName = "Sample client",
            ContractValue = 345_000m,
            Currency = "EUR",
            BillingType = BillingType.FixedMilestone,
            CreatedAt = now,
        });
        return run;
    }

    private static RunStep Step(Guid run, int position, string key, StepKind kind, string title, StepStatus status, DateTimeOffset now) => new()
    {
        RunId = run,
        Key = key,
        Position = position,
        Kind = kind,
        Title = title,
        OperationKey = $"{run:n}:{key}",
        Status = status,
        Attempts = status is StepStatus.Pending ? 0 : 1,
        StartedAt = status is StepStatus.Pending ? null : now,
        EndedAt = status is StepStatus.Done ? now : null,
    };
}
