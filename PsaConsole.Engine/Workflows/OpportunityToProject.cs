using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Policies.Changes;

namespace PsaConsole.Engine.Workflows;

/// <summary>
/// A won deal becomes billable projects (3-workflows 3a): checked before anything is written, split by legal entity, set up in PSA and ERP, read back
/// against Table C, written back to CRM, opened for time, announced.
/// </summary>
public sealed class OpportunityToProject(
    ICrm crm, IPsa psa, IHr hr, IErp erp, Announcer announcer, ClientMaster clients, ProjectNumbers numbers, MappingSets mappings, EntityPacks packs, Exchange exchange,
    IOptions<EngineOptions> options, TimeProvider time) : Workflow<HandOff>
{
    public const string WorkflowName = "opportunity-to-project";

    /// <summary>Margin below which rates are approved (PL07), in percent.</summary>
    private const decimal MarginFloorPercent = 25m;

    public override string Name => WorkflowName;

    public override TimeSpan? Target { get; } = TimeSpan.FromHours(4);

    /// <summary>What delivery operations may correct: path in the state, and label.</summary>
    internal static IReadOnlyDictionary<string, string> Corrections { get; } = new Dictionary<string, string>
    {
        ["corrections.projectManager"] = "Project manager (e-mail)",
        ["corrections.purchaseOrder"] = "Purchase order",
        ["corrections.serviceLine"] = "Service line",
        ["corrections.sellingEntity"] = "Selling legal entity",
        ["corrections.invoiceFrequency"] = "Invoice frequency",
        ["corrections.plannedStart"] = "Start date",
        ["corrections.plannedEnd"] = "End date",
    };

    public override IReadOnlyDictionary<string, string> EditableFields => Corrections;

    protected override IEnumerable<Step> Steps(HandOff state)
    {
        yield return Step("deal", StepKind.Do, "The won deal is read with its contract", crm.SystemName, ReadDealAsync);
        yield return Step("check", StepKind.Check, "Account and contract are complete", crm.SystemName, CheckDealAsync);
        yield return Step("plan", StepKind.Do, "The deal is split into projects with numbers", null, PlanAsync);
        yield return Step("approval", StepKind.Check, "The projects are approved", erp.SystemName, CheckApprovalAsync);
        yield return Step("client-psa", StepKind.Do, "PSA has the client", psa.SystemName, EnsureClientInPsaAsync);
        yield return Step("client-psa-verify", StepKind.Verify, "Client in PSA is read back", psa.SystemName, VerifyClientInPsaAsync);
        yield return Step("client-erp", StepKind.Do, "ERP has the client in every selling entity", erp.SystemName, EnsureClientInErpAsync);
        yield return Step("client-erp-verify", StepKind.Verify, "Client in ERP is read back", erp.SystemName, VerifyClientInErpAsync);
        foreach (var part in state.Parts)
        {
            yield return ForPart(part, "psa", StepKind.Do, $"PSA project {part.Number} exists", psa, CreateInPsaAsync) with
            {
                Undo = (id, _, cancellationToken) => psa.Projects.WithdrawAsync(id, cancellationToken),
            };
            yield return ForPart(part, "psa-plan", StepKind.Do, $"PSA project {part.Number} has phases, milestones and roles", psa, PlanInPsaAsync);
            yield return ForPart(part, "psa-verify", StepKind.Verify, $"PSA project {part.Number} is read back", psa, VerifyInPsaAsync) with { Redoes = Key(part, "psa") };
        }

        yield return Step("staff", StepKind.Check, "Every role has a candidate", hr.SystemName, CheckRolesAsync);
        foreach (var part in state.Parts)
        {
            yield return ForPart(part, "erp", StepKind.Do, $"ERP project {part.Number} exists", erp, CreateInErpAsync) with
            {
                Undo = (id, _, cancellationToken) => erp.Projects.WithdrawAsync(id, cancellationToken),
            };
            yield return ForPart(part, "erp-verify", StepKind.Verify, $"ERP project {part.Number} is billable", erp, VerifyInErpAsync) with { Redoes = Key(part, "erp") };
        }

        yield return Step("write-back", StepKind.Do, "CRM shows the project numbers", crm.SystemName, WriteBackAsync) with
        {
            Undo = (id, _, cancellationToken) => crm.HandOffs.WithdrawAsync(id, cancellationToken),
        };
        yield return Step("write-back-verify", StepKind.Verify, "The numbers in CRM are read back", crm.SystemName, VerifyWriteBackAsync) with { Redoes = "write-back" };
        foreach (var part in state.Parts)
        {
            yield return ForPart(part, "open-psa", StepKind.Do, $"PSA project {part.Number} is open for time", psa, OpenInPsaAsync);
            yield return ForPart(part, "open-erp", StepKind.Do, $"ERP project {part.Number} is open for time", erp, OpenInErpAsync);
            yield return ForPart(part, "open-verify", StepKind.Verify, $"{part.Number} takes time in PSA and ERP", erp, VerifyOpenAsync) with { Redoes = Key(part, "open-erp") };
        }

        yield return Step("notice", StepKind.Do, "The team is told", announcer.SystemName, NotifyAsync);
    }

    protected override void Describe(Run run, HandOff state)
    {
        run.ProjectNumber = state.Parts.Count == 0 ? null : string.Join(", ", state.Parts.Select(part => part.Number));
        run.LegalEntity = string.Join(", ", EntitiesOf(state)) is { Length: > 0 } entities ? entities : null;
        run.Practices = (state.Corrections.ServiceLine ?? state.Read?.ServiceLine) is { } practice ? [practice] : [];
        run.ClientName = state.Client?.LegalName;
        if (state.Read is { } deal)
        {
            run.Title = deal.Name;
            run.Amount = deal.Amount;
            run.Currency = deal.Currency;
        }
    }

    /// <summary>Those that run its projects; before it is planned those that the deal names, so that their people see what stops it.</summary>
    private static IEnumerable<string> EntitiesOf(HandOff state) => state switch
    {
        { Parts.Count: > 0 } => state.Parts.Select(part => part.LegalEntity).Distinct(),
        { Read: { } read } => read.Lines.Select(line => line.SellingEntity).Append(state.Corrections.SellingEntity ?? read.SellingEntity).OfType<string>().Distinct(),
        _ => [],
    };

    // 1 Read

    private async Task<StepOutcome<HandOff>> ReadDealAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(state, cancellationToken);
        return read is null
            ? new StepOutcome<HandOff>(StepResult.Ended, state) { Message = $"Opportunity {state.OpportunityId} is no longer there." }
            : Done(read) with { Message = $"{read.Deal.Name}: {Counted(read.Deal.Lines.Count, "contract line")}, {Counted(read.Deal.Phases.Count, "phase")}, {Counted(read.Deal.Roles.Count, "role")}." };
    }

    private async Task<HandOff?> ReadAsync(HandOff state, CancellationToken cancellationToken)
    {
        var deal = await crm.ReadOpportunityAsync(state.OpportunityId, state.SavedAt, cancellationToken);
        var client = deal is null ? null : await crm.ReadClientAsync(deal.ClientId, cancellationToken);
        return deal is null || client is null ? null : state with { Read = deal, Client = client };
    }

    // 2 Check

    private async Task<StepOutcome<HandOff>> CheckDealAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        // A repeated check looks at the deal as it is now: its cause is usually fixed in CRM.
        var current = call.InDoubt ? await ReadAsync(state, cancellationToken) ?? state : state;
        var deal = current.Deal;
        var client = current.Client!;
        if (!DealPolicy.IsWon(deal))
        {
            return new StepOutcome<HandOff>(StepResult.Ended, current) { Message = $"{deal.Name} is {deal.Stage}, not won any more." };
        }

        var entities = await erp.ReadLegalEntitiesAsync(cancellationToken);
        List<Finding> findings =
        [
            .. DealPolicy.Completeness(deal, client),
            .. DealPolicy.ValueTiesOut(deal, tolerancePercent: 0m),
            .. DealPolicy.ScheduleTiesOut(deal),
            .. DealPolicy.FundingIsPositive(deal),
            .. DealPolicy.ClientIsInGoodStanding(deal, client),
            .. packs.Registrations.Check(client) is { } invalid ? [invalid with { Exposure = new Money(deal.Amount ?? 0m, deal.Currency) }] : Array.Empty<Finding>(),
            .. RatePolicy.Alignment(deal, MarginFloorPercent).Where(finding => !RatePolicy.IsMargin(finding)),
        ];
        foreach (var named in SellingEntities(deal))
        {
            var (entity, finding) = EntityPolicy.Selling(deal, named, client, entities);
            findings.AddRange(finding is null ? [] : [finding]);
            if (entity is not null && deal.BillingType is { } type && packs.TaxCode(type, entity.Code, client, SaleDate(deal)).Finding is { } untaxed)
            {
                findings.Add(untaxed);
            }
        }

        if (findings.Count == 0)
        {
            findings.AddRange(ProjectSplit.TiesOut(deal, Parts(deal, client, entities)));
        }

        return findings.Count == 0
            ? Done(current)
            : new StepOutcome<HandOff>(StepResult.Refused, current) { Findings = findings, Detail = Seen(findings) };
    }

    private static IEnumerable<string?> SellingEntities(Opportunity deal) =>
        deal.Lines.Count == 0 ? [null] : deal.Lines.Select(line => line.SellingEntity).Distinct();

    // 3 Plan

    private async Task<StepOutcome<HandOff>> PlanAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        var deal = state.Deal;
        var client = state.Client!;
        var entities = await erp.ReadLegalEntitiesAsync(cancellationToken);
        var parts = Parts(deal, client, entities);
        var names = parts.Select(part => parts.Count == 1 ? deal.Name : $"{deal.Name} – {part.LegalEntity}").ToList();
        var drawn = await numbers.DrawAsync(call.Run, deal, client.LegalName, [.. parts.Zip(names, (part, name) => (part.LegalEntity, name, part.Amount))], cancellationToken);
        var planned = parts.Select((part, index) => Plan(deal, client, part, names[index], drawn[index])).ToList();
        return Done(state with { Parts = planned }) with { Message = string.Join(", ", planned.Select(part => $"{part.Number} ({new Money(part.Amount, deal.Currency)})")) };
    }

    private static IReadOnlyList<ProjectPart> Parts(Opportunity deal, Client client, IReadOnlyList<LegalEntity> entities)
    {
        string Selling(string? named) => EntityPolicy.Selling(deal, named, client, entities).Entity?.Code
            ?? throw new InvalidOperationException($"The selling entity of {deal.Name} was resolved and is not any more.");
        return ProjectSplit.Split(deal, deal.Lines.ToDictionary(line => line.Id, line => Selling(line.SellingEntity)), deal.Lines.Count == 0 ? Selling(null) : "");
    }

    private HandOffPart Plan(Opportunity deal, Client client, ProjectPart part, string name, EngagementRow row)
    {
        var accounting = mappings.Map("hub.accounting", new JsonObject { ["billingType"] = deal.BillingType!.Value.ToString() }).Complete();
        return new HandOffPart
        {
            EngagementId = row.Id,
            Number = row.Number,
            Name = name,
            LegalEntity = part.LegalEntity,
            Amount = part.Amount,
            NotToExceed = part.NotToExceed,
            Schedule = part.Schedule,
            TaxCode = packs.TaxCode(deal.BillingType!.Value, part.LegalEntity, client, SaleDate(deal)).TaxCode!,
            CostCenter = packs.CostCenter(part.LegalEntity, deal.ServiceLine),
            RevenueMethod = accounting["revenueMethod"]!.GetValue<string>(),
        };
    }

    private DateOnly SaleDate(Opportunity deal) => deal.PlannedStart ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    // 4 Approve

    private async Task<StepOutcome<HandOff>> CheckApprovalAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        if (call.InDoubt)
        {
            // Time has passed since the deal was read: what is decided, and what was decided, is about the deal as it is now.
            var again = await CheckDealAsync(call, state, cancellationToken);
            if (again.Result != StepResult.Done && !call.Run.HasAccepted(again.Findings, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)))
            {
                return again;
            }

            state = (await PlanAsync(call, again.State, cancellationToken)).State;
        }

        var entities = await erp.ReadLegalEntitiesAsync(cancellationToken);
        var margin = RatePolicy.Alignment(state.Deal, MarginFloorPercent).FirstOrDefault(RatePolicy.IsMargin);
        var whole = await InBooksAsync(state, state.Parts[0].LegalEntity, state.Deal.Amount ?? 0m, cancellationToken);
        var parts = new List<(HandOffPart Part, (Money? Value, Finding? Missing) InBooks)>();
        foreach (var part in state.Parts)
        {
            parts.Add((part, await InBooksAsync(state, part.LegalEntity, part.Amount, cancellationToken)));
        }

        if (parts.Select(part => part.InBooks.Missing).Append(whole.Missing).OfType<Finding>().FirstOrDefault() is { } missing)
        {
            return Refused(state, missing);
        }

        var asks = HandOffApprovals.For(state, parts.Select(part => (part.Part, part.InBooks.Value!.Value)), whole.Value!.Value, margin, entities, packs);
        return Done(state) with { Asks = asks, Message = asks.Count == 0 ? null : string.Join(" ", asks.Select(ask => ask.Reason)) };
    }

    /// <summary>Thresholds are in the entity's currency (8.6), and so is what is compared with them.</summary>
    private Task<(Money? Value, Finding? Missing)> InBooksAsync(HandOff state, string legalEntity, decimal amount, CancellationToken cancellationToken) =>
        exchange.ValueAsync(packs.Of(legalEntity), new Money(amount, state.Deal.Currency), DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), state.Deal.Name, cancellationToken);

    // 5 Client

    private async Task<StepOutcome<HandOff>> EnsureClientInPsaAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        // A repeated look goes by the account as it is now: what was unclear is put right there.
        state = call.InDoubt ? await WithClientAsync(state, cancellationToken) : state;
        var (id, kept, unclear) = await clients.IdentifyAsync(state.Deal.ClientId, state.Client!, cancellationToken);
        if (id is not { } known)
        {
            return Refused(state, unclear!);
        }

        state = state with { Client = kept };
        var (psaId, finding) = await clients.EnsureInPsaAsync(known, WithEntities(state), call.InDoubt, cancellationToken);
        return finding is null ? Done(state with { ClientId = id, PsaClientId = psaId }) with { ExternalId = psaId, Warnings = unclear is null ? [] : [unclear] } : Refused(state, finding);
    }

    private async Task<HandOff> WithClientAsync(HandOff state, CancellationToken cancellationToken)
    {
        var deal = await crm.ReadOpportunityAsync(state.OpportunityId, null, cancellationToken);
        var client = deal is null ? null : await crm.ReadClientAsync(deal.ClientId, cancellationToken);
        return client is null ? state : state with { Read = state.Read! with { ClientId = deal!.ClientId }, Client = client };
    }

    private async Task<StepOutcome<HandOff>> VerifyClientInPsaAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        var found = await psa.Clients.ReadAsync(state.PsaClientId!, cancellationToken);
        return Verified(state, ClientMaster.Compare(psa.SystemName, WithEntities(state), found, withAccounting: false));
    }

    private async Task<StepOutcome<HandOff>> EnsureClientInErpAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        var (id, finding) = await clients.EnsureInErpAsync(state.ClientId!.Value, WithEntities(state), call.InDoubt, cancellationToken);
        return finding is null ? Done(state with { ErpClientId = id }) with { ExternalId = id } : Refused(state, finding);
    }

    private async Task<StepOutcome<HandOff>> VerifyClientInErpAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        var found = await erp.Clients.ReadAsync(state.ErpClientId!, cancellationToken);
        return Verified(state, ClientMaster.Compare(erp.SystemName, WithEntities(state), found, withAccounting: true));
    }

    private static Client WithEntities(HandOff state) => state.Client! with { LegalEntities = [.. state.Parts.Select(part => part.LegalEntity).Distinct()] };

    // 6 PSA

    private async Task<StepOutcome<HandOff>> CreateInPsaAsync(StepCall call, HandOff state, HandOffPart part, CancellationToken cancellationToken)
    {
        var id = await psa.Projects.EnsureAsync(ProjectKey(part), Project(state, part, state.PsaClientId, open: false), part.PsaProjectId, call.InDoubt, cancellationToken);
        return Done(With(state, part with { PsaProjectId = id })) with { ExternalId = id };
    }

    private async Task<StepOutcome<HandOff>> PlanInPsaAsync(StepCall call, HandOff state, HandOffPart part, CancellationToken cancellationToken)
    {
        var plan = ProjectPlan(state, part);
        var id = await psa.Plans.EnsureAsync(ProjectKey(part), plan, plan.ProjectId, call.InDoubt, cancellationToken);
        return Done(state) with { Message = $"{Counted(plan.Phases.Count, "phase")}, {Counted(plan.Milestones.Count, "milestone")}, {Counted(plan.Roles.Count, "role")}", ExternalId = id };
    }

    private async Task<StepOutcome<HandOff>> VerifyInPsaAsync(StepCall call, HandOff state, HandOffPart part, CancellationToken cancellationToken)
    {
        var project = await psa.Projects.ReadAsync(part.PsaProjectId!, cancellationToken);
        var plan = await psa.Plans.ReadAsync(part.PsaProjectId!, cancellationToken);
        var findings = PsaContract.Compare(Project(state, part, state.PsaClientId, open: false), project, ProjectPlan(state, part), plan);
        return Verified(state, findings);
    }

    internal static ProjectPlan ProjectPlan(HandOff state, HandOffPart part) => new()
    {
        ProjectId = part.PsaProjectId!,
        Currency = state.Deal.Currency,
        Phases = state.Deal.Phases,
        Milestones = DealPolicy.NeedsSchedule(state.Deal.BillingType) ? part.Schedule : [],
        Roles = [.. state.Deal.Roles.Select(role => role with { From = role.From ?? state.Deal.PlannedStart, To = role.To ?? state.Deal.PlannedEnd })],
    };

    // 7 Staff

    private async Task<StepOutcome<HandOff>> CheckRolesAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        var deal = state.Deal;
        if (deal.Roles.Count == 0)
        {
            return Done(state);
        }

        var people = await hr.ReadConsultantsAsync(cancellationToken);
        var starts = deal.Roles.Select(role => role.From ?? deal.PlannedStart ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)).ToList();
        var dates = new DateRange(starts.Min(), starts.Max().AddDays(6));
        List<Commitment> taken = [.. await psa.ReadBookingsAsync(dates, cancellationToken)];
        HashSet<string> asked = [];
        while (RoleCandidates.ToAsk(deal, people, taken, asked) is { Count: > 0 } next)
        {
            taken.AddRange(await hr.ReadAbsencesAsync(next, dates, cancellationToken));
            asked.UnionWith(next);
        }

        var findings = RoleCandidates.Missing(deal, people, taken).ToList();
        return Done(state) with { Warnings = findings, Detail = findings.Count == 0 ? null : Seen(findings), Message = findings.Count == 0 ? null : $"{findings.Count} of {deal.Roles.Count} roles have no candidate yet." };
    }

    // 8 ERP

    private async Task<StepOutcome<HandOff>> CreateInErpAsync(StepCall call, HandOff state, HandOffPart part, CancellationToken cancellationToken)
    {
        var id = await erp.Projects.EnsureAsync(ProjectKey(part), Project(state, part, state.ErpClientId, open: false), part.ErpProjectId, call.InDoubt, cancellationToken);
        return Done(With(state, part with { ErpProjectId = id })) with { ExternalId = id };
    }

    private Task<StepOutcome<HandOff>> VerifyInErpAsync(StepCall call, HandOff state, HandOffPart part, CancellationToken cancellationToken) =>
        CompareInErpAsync(state, part, open: false, cancellationToken);

    private async Task<StepOutcome<HandOff>> CompareInErpAsync(HandOff state, HandOffPart part, bool open, CancellationToken cancellationToken)
    {
        var expected = Project(state, part, state.ErpClientId, open);
        var actual = await erp.Projects.ReadAsync(part.ErpProjectId!, cancellationToken);
        var findings = OutcomeContract.Compare(expected, actual, new Money(part.Amount, state.Deal.Currency));
        return Verified(state, findings) with
        {
            Detail = TargetSteps.Sides(OutcomeContract.Attributes
                .Where(attribute => attribute.Applies(expected))
                .Select(attribute => (attribute.Label, attribute.Value(expected), actual is null ? null : attribute.Value(actual)))),
        };
    }

    // 9 Write back

    private async Task<StepOutcome<HandOff>> WriteBackAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        var id = await crm.HandOffs.EnsureAsync(call.OperationKey, Status(state), state.OpportunityId, call.InDoubt, cancellationToken);
        return Done(state) with { ExternalId = id };
    }

    private async Task<StepOutcome<HandOff>> VerifyWriteBackAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        var wanted = Status(state);
        var found = await crm.HandOffs.ReadAsync(state.OpportunityId, cancellationToken);
        (string Field, string? Expected, string? Actual)[] fields =
        [
            ("Project number", wanted.ProjectNumber, found?.ProjectNumber),
            ("PSA project", wanted.PsaProjectId, found?.PsaProjectId),
            ("ERP project", wanted.ErpProjectId, found?.ErpProjectId),
            ("Hand-off status", wanted.Status, found?.Status),
        ];
        var findings = fields.Where(field => field.Expected != field.Actual).Select(field =>
            new Finding("3a.9", "HND-007", state.Deal.Name, $"{field.Field} of {state.Deal.Name} in CRM is {field.Actual ?? "empty"}, but must be {field.Expected}. Retry.") { Field = field.Field, Expected = field.Expected, Actual = field.Actual });
        return Verified(state, [.. findings]) with { Detail = TargetSteps.Sides(fields) };
    }

    /// <summary>What the CRM shows of a hand-off that is verified.</summary>
    internal static HandOffStatus Status(HandOff state) => new()
    {
        OpportunityId = state.OpportunityId,
        ProjectNumber = string.Join(", ", state.Parts.Select(part => part.Number)),
        PsaProjectId = string.Join(", ", state.Parts.Select(part => part.PsaProjectId)),
        ErpProjectId = string.Join(", ", state.Parts.Select(part => part.ErpProjectId)),
        Status = "Verified",
    };

    // 10 Open

    private async Task<StepOutcome<HandOff>> OpenInPsaAsync(StepCall call, HandOff state, HandOffPart part, CancellationToken cancellationToken)
    {
        await psa.Projects.WriteAsync(ProjectKey(part), Project(state, part, state.PsaClientId, open: true), part.PsaProjectId, cancellationToken);
        return Done(state);
    }

    private async Task<StepOutcome<HandOff>> OpenInErpAsync(StepCall call, HandOff state, HandOffPart part, CancellationToken cancellationToken)
    {
        await erp.Projects.WriteAsync(ProjectKey(part), Project(state, part, state.ErpClientId, open: true), part.ErpProjectId, cancellationToken);
        return Done(state);
    }

    private async Task<StepOutcome<HandOff>> VerifyOpenAsync(StepCall call, HandOff state, HandOffPart part, CancellationToken cancellationToken)
    {
        var inErp = await CompareInErpAsync(state, part, open: true, cancellationToken);
        var project = await psa.Projects.ReadAsync(part.PsaProjectId!, cancellationToken);
        return project is { OpenForTime: true }
            ? inErp
            : Verified(state, [.. inErp.Findings, new Finding("3a.10", "HND-007", part.Name, $"PSA project {part.Number} does not take time yet. Open it in PSA, then retry.") { Field = "Open for time in PSA", Expected = "yes", Actual = "no" }]);
    }

    // 11 Notify

    private async Task<StepOutcome<HandOff>> NotifyAsync(StepCall call, HandOff state, CancellationToken cancellationToken)
    {
        var told = await announcer.TellAsync(call.OperationKey, Announcement(call.Run, state), call.InDoubt, cancellationToken);
        return Done(state) with { ExternalId = told.Id, Message = told.Message, Warnings = told.Undelivered is { } finding ? [finding] : [] };
    }

    private Notice Announcement(Run run, HandOff state) => new()
    {
        Title = $"{state.Deal.Name} is ready for delivery",
        Text = $"{state.Client!.LegalName}: verified in PSA and ERP, and open for time.",
        Facts =
        [
            new("Projects", string.Join(", ", state.Parts.Select(part => part.Number))),
            new("Start", state.Deal.PlannedStart?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "open"),
            new("Project manager", state.Deal.ProjectManager ?? "open"),
        ],
        Link = $"{options.Value.PublicUrl.TrimEnd('/')}/engagements/{run.Id}",
    };

    // What every step is made of

    /// <summary>One part of the deal as a project of its legal entity.</summary>
    /// <param name="clientId">The client's id in the system that it is for; null for none.</param>
    internal static Engagement Project(HandOff state, HandOffPart part, string? clientId, bool open)
    {
        var deal = state.Deal;
        var billable = deal.BillingType != BillingType.NonBillable;
        return new Engagement
        {
            Number = part.Number,
            Name = part.Name,
            ClientId = clientId,
            LegalEntity = part.LegalEntity,
            Currency = deal.Currency,
            BillingType = deal.BillingType,
            ContractValue = billable ? part.Amount : null,
            ContractNumber = billable ? deal.Contract?.Number : null,
            Start = deal.PlannedStart,
            End = deal.PlannedEnd,
            ProjectManager = deal.ProjectManager,
            CostCenter = part.CostCenter,
            TaxCode = part.TaxCode,
            PaymentTerms = billable ? state.Client!.PaymentTerms : null,
            InvoiceDelivery = billable ? state.Client!.InvoiceDelivery : null,
            PurchaseOrder = billable ? deal.PurchaseOrder : null,
            RateCard = DealPolicy.NeedsRateCard(deal.BillingType) ? deal.RateCard : null,
            BillRates = AgreedRates.Of(deal),
            NotToExceed = part.NotToExceed,
            RevenueMethod = part.RevenueMethod,
            InvoiceFrequency = DealPolicy.NeedsRateCard(deal.BillingType) ? deal.InvoiceFrequency : null,
            OpenForTime = open,
            Schedule = DealPolicy.NeedsSchedule(deal.BillingType) ? part.Schedule : [],
        };
    }

    private Step ForPart(
        HandOffPart part, string key, StepKind kind, string title, IConnector connector,
        Func<StepCall, HandOff, HandOffPart, CancellationToken, Task<StepOutcome<HandOff>>> act) =>
        Step(Key(part, key), kind, title, connector.SystemName, (call, state, cancellationToken) =>
            act(call, state, state.Parts.Single(item => item.EngagementId == part.EngagementId), cancellationToken));

    private static string Counted(int count, string thing) => $"{count} {thing}{(count == 1 ? "" : "s")}";

    private static string Key(HandOffPart part, string key) => $"{key}:{part.Number}";

    private static string ProjectKey(HandOffPart part) => TargetSteps.KeyOf("project", part.EngagementId);

    private static HandOff With(HandOff state, HandOffPart part) =>
        state with { Parts = [.. state.Parts.Select(item => item.EngagementId == part.EngagementId ? part : item)] };

    private static StepOutcome<HandOff> Done(HandOff state) => new(StepResult.Done, state);

    private static StepOutcome<HandOff> Refused(HandOff state, params Finding[] findings) => new(StepResult.Refused, state) { Findings = findings, Detail = Seen(findings) };

    private static StepOutcome<HandOff> Verified(HandOff state, IReadOnlyList<Finding> findings) =>
        new(findings.Count == 0 ? StepResult.Done : StepResult.Refused, state) { Findings = findings, Detail = Seen(findings) };

    private static JsonNode? Seen(IEnumerable<Finding> findings) => JsonSerializer.SerializeToNode(new { findings }, MappingSets.Json);
}
