using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows;

/// <summary>
/// A person as HR has them, in every system that works with people (3-workflows 3c): mapped, brought to PSA and to ERP as employee or vendor, read back,
/// linked to their account. Who leaves is made inactive, never deleted.
/// </summary>
public sealed class ConsultantProfile(
    IHr hr, IPsa psa, IErp erp, ICollaboration collaboration, PersonRegistry people, Intake intake, MappingSets mappings, TimeProvider time) : Workflow<PersonJourney>
{
    public const string WorkflowName = "consultant-profile";

    /// <summary>Kind of the change that staffing takes up (3-workflows 3i), on the lane person:{employee id}.</summary>
    public const string PersonChanged = "person-changed";

    public override string Name => WorkflowName;

    public override TimeSpan? Target { get; } = TimeSpan.FromMinutes(15);

    /// <summary>HR owns every field: a mistake is corrected there, or in a mapping. The link to the account is ours.</summary>
    public override IReadOnlyDictionary<string, string> EditableFields { get; } = new Dictionary<string, string> { ["account"] = "Account address" };

    protected override IEnumerable<Step> Steps(PersonJourney state)
    {
        yield return Step("map", StepKind.Check, "Job, legal entity and cost centre are mapped", erp.SystemName, MapAsync);
        yield return Step("impact", StepKind.Check, "Time that is posted already is looked at", erp.SystemName, CheckImpactAsync);
        if (state.Staffed)
        {
            yield return Step("psa", StepKind.Do, "The PSA knows the person", psa.SystemName, WriteToPsaAsync);
            yield return Step("psa-verify", StepKind.Verify, "The PSA holds the person as they are", psa.SystemName, VerifyInPsaAsync) with { Redoes = "psa" };
        }

        foreach (var employment in Latest(state.Employments))
        {
            var (key, kind) = (ErpKey(employment), employment.Ledger == Ledger.Employee ? "employee" : "vendor");
            yield return Step($"erp:{key}", StepKind.Do, $"{employment.LegalEntity} has the {kind}", erp.SystemName, (call, journey, token) => WriteToErpAsync(call, journey, employment, token));
            yield return Step($"erp-verify:{key}", StepKind.Verify, $"{employment.LegalEntity} holds the {kind} as they are", erp.SystemName, (call, journey, token) => VerifyInErpAsync(journey, employment, token)) with { Redoes = $"erp:{key}" };
        }

        yield return Step("changed", StepKind.Do, "Staffing is told to look again", null, TellStaffingAsync);

        // Last, since nobody's work should wait for an account.
        yield return Step("identity", StepKind.Verify, "Notices reach the person", collaboration.SystemName, VerifyIdentityAsync);
    }

    protected override void Describe(Run run, PersonJourney state)
    {
        run.Title = $"{state.Person.Name} ({state.EmployeeId})";
        run.LegalEntity = state.Person.LegalEntity;
    }

    /// <summary>What the ERP's record of an employment is known by.</summary>
    public static string ErpKey(Employment employment) => $"{employment.LegalEntity}:{employment.Ledger.ToString().ToLowerInvariant()}";

    // Map

    private async Task<StepOutcome<PersonJourney>> MapAsync(StepCall call, PersonJourney state, CancellationToken cancellationToken)
    {
        var source = JsonSerializer.SerializeToNode(state.Person, MappingSets.Json)!.AsObject();
        var role = Mapped("person.role", source, "role");
        var costCenter = Mapped("person.cost-center", source, "costCenter");
        var ledger = Enum.Parse<Ledger>(Mapped("person.ledger", source, "ledger")!);
        var findings = PersonPolicy.Mapped(state.Person, role, costCenter, await erp.ReadLegalEntitiesAsync(cancellationToken), await erp.ReadCostCentersAsync(cancellationToken));
        if (findings.Count > 0)
        {
            return new StepOutcome<PersonJourney>(StepResult.Refused, state) { Findings = findings };
        }

        var (id, employments, account) = await people.FindAsync(state.EmployeeId, cancellationToken);
        if (employments.Count == 0)
        {
            employments = await StandingInErpAsync(state, ledger, cancellationToken);
        }

        var psaId = await people.IdInAsync(id, "person", psa.SystemName, cancellationToken);
        var mapped = state with
        {
            PersonId = id,
            Account = state.Account ?? account,
            Role = state.Person.Billable ? role : null,
            CostCenter = costCenter,
            PsaId = psaId,
            Staffed = psaId is not null || state.Person.Billable,
            Employments = EmploymentPolicy.Next(employments, state.Person, ledger, costCenter!, state.EffectiveOn),
        };
        await people.SaveAsync(mapped, call.Run.Id, cancellationToken);
        await people.LinkAsync(id, "person", hr.SystemName, state.EmployeeId, cancellationToken);
        return Done(mapped) with { Message = $"{mapped.Role ?? "not staffed"}, {state.Person.LegalEntity}, {costCenter}, {ledger.ToString().ToLowerInvariant()}" };
    }

    /// <summary>
    /// Somebody who is moved to another legal entity before we ever met them has a record in the one that they leave, which must not stay in use.
    /// Nothing is concluded where they have a record in the one that they are in now.
    /// </summary>
    private async Task<IReadOnlyList<Employment>> StandingInErpAsync(PersonJourney state, Ledger ledger, CancellationToken cancellationToken)
    {
        var found = new List<Employment>();
        foreach (var kind in state.Person.Email is null ? [] : Enum.GetValues<Ledger>())
        {
            found.AddRange((await erp.ReadPlacementsAsync(kind, state.Person.Email!, cancellationToken))
                .Where(placement => placement.LegalEntity is not null)
                .Select(placement => new Employment(placement.LegalEntity!, kind, placement.HiredOn ?? state.Person.HiredOn ?? state.EffectiveOn, placement.LastWorkingDay) { CostCenter = placement.CostCenter }));
        }

        return found.Exists(employment => (employment.LegalEntity, employment.Ledger) == (state.Person.LegalEntity, ledger)) ? [] : [.. found.OrderBy(employment => employment.From)];
    }

    private string? Mapped(string set, JsonObject source, string field) => mappings.Map(set, source).Complete()[field]?.ToString();

    /// <summary>A change that took effect in the past is done all the same; what it means for posted time is for finance to decide (RES-204).</summary>
    private async Task<StepOutcome<PersonJourney>> CheckImpactAsync(StepCall call, PersonJourney state, CancellationToken cancellationToken)
    {
        if (state.Before is not { } before || state.EffectiveOn >= state.Today || !PersonPolicy.ChangesCost(before, state.Person))
        {
            return Done(state);
        }

        var posted = new List<PostedTime>();
        foreach (var employment in Latest(state.Employments))
        {
            if (await people.IdInAsync(state.PersonId!.Value, ErpKey(employment), erp.SystemName, cancellationToken) is { } id)
            {
                posted.AddRange(await erp.ReadPostedTimeAsync(id, state.EffectiveOn, cancellationToken));
            }
        }

        return Done(state) with
        {
            Warnings = PersonPolicy.Retroactive(state.Person, state.EffectiveOn, posted),
            Detail = JsonSerializer.SerializeToNode(new { state.EffectiveOn, posted }, MappingSets.Json),
        };
    }

    // PSA

    private async Task<StepOutcome<PersonJourney>> WriteToPsaAsync(StepCall call, PersonJourney state, CancellationToken cancellationToken)
    {
        var placement = InPsa(state);
        if (state.PsaId is null && !placement.Active && (placement.Email is null || await psa.FindPersonAsync(placement.Email, cancellationToken) is null))
        {
            return Done(state) with { Message = "The person has left, and the PSA never knew them." };
        }

        var id = await psa.Consultants.EnsureAsync(TargetSteps.KeyOf("person", state.PersonId!.Value), placement, state.PsaId, call.InDoubt, cancellationToken);
        await people.LinkAsync(state.PersonId.Value, "person", psa.SystemName, id, cancellationToken);
        return Done(state with { PsaId = id }) with { ExternalId = id };
    }

    private async Task<StepOutcome<PersonJourney>> VerifyInPsaAsync(StepCall call, PersonJourney state, CancellationToken cancellationToken) =>
        state.PsaId is { } id ? Verified(state, PersonPolicy.InPsa(InPsa(state), await psa.Consultants.ReadAsync(id, cancellationToken))) : Done(state);

    private static Placement InPsa(PersonJourney state) => Placement(state, state.Employments[^1]);

    // ERP

    private ITarget<Placement> TargetOf(Employment employment) => employment.Ledger == Ledger.Employee ? erp.Employees : erp.Vendors;

    private async Task<StepOutcome<PersonJourney>> WriteToErpAsync(StepCall call, PersonJourney state, Employment employment, CancellationToken cancellationToken)
    {
        var (key, personId) = (ErpKey(employment), state.PersonId!.Value);
        var known = await people.IdInAsync(personId, key, erp.SystemName, cancellationToken);
        var id = await TargetOf(employment).EnsureAsync(TargetSteps.KeyOf($"person-{key.Replace(':', '-')}", personId), Placement(state, employment), known, call.InDoubt, cancellationToken);
        await people.LinkAsync(personId, key, erp.SystemName, id, cancellationToken);
        return Done(state with { ErpIds = new Dictionary<string, string>(state.ErpIds) { [key] = id } }) with { ExternalId = id };
    }

    private async Task<StepOutcome<PersonJourney>> VerifyInErpAsync(PersonJourney state, Employment employment, CancellationToken cancellationToken) =>
        Verified(state, PersonPolicy.InErp(Placement(state, employment), await TargetOf(employment).ReadAsync(state.ErpIds[ErpKey(employment)], cancellationToken)));

    // Tell

    private async Task<StepOutcome<PersonJourney>> TellStaffingAsync(StepCall call, PersonJourney state, CancellationToken cancellationToken)
    {
        await intake.ReceiveAsync(hr.SystemName, [Changed(state.EmployeeId, state.Revision, time.GetUtcNow())], cancellationToken);
        return Done(state);
    }

    /// <summary>The notice that staffing takes up: read the person and check their assignments again.</summary>
    public static Change Changed(string employeeId, string revision, DateTimeOffset at) => new(PersonChanged, employeeId, revision, at, null) { LaneKey = $"person:{employeeId}" };

    private async Task<StepOutcome<PersonJourney>> VerifyIdentityAsync(StepCall call, PersonJourney state, CancellationToken cancellationToken)
    {
        if (PersonPolicy.StandingOn(state.Today, state.Person) == PersonStanding.Left)
        {
            return Done(state) with { Message = "Nobody to reach: the person has left." };
        }

        var user = (state.Account ?? state.Person.Email) is { } address ? await collaboration.FindUserAsync(address, cancellationToken) : null;
        var findings = PersonPolicy.Identity(state.Person, user);
        if (findings.Count == 0)
        {
            await people.SaveAsync(state, call.Run.Id, cancellationToken);
            await people.LinkAsync(state.PersonId!.Value, "person", collaboration.SystemName, user!.Id, cancellationToken);
        }

        return Verified(state, findings) with { ExternalId = user?.Id };
    }

    // The person for one system

    /// <summary>One record of each legal entity and ledger is kept: the employment there that is the latest.</summary>
    private static IEnumerable<Employment> Latest(IReadOnlyList<Employment> employments) => employments.Reverse().DistinctBy(ErpKey).Reverse();

    private static Placement Placement(PersonJourney state, Employment employment)
    {
        var person = state.Person;
        var cut = person.Name.LastIndexOf(' ');
        return new Placement
        {
            EmployeeId = state.EmployeeId,
            FirstName = person.FirstName ?? (cut < 0 ? person.Name : person.Name[..cut]),
            LastName = person.LastName ?? person.Name[(cut + 1)..],
            Email = person.Email,
            Role = state.Role,
            Level = person.Level,
            LegalEntity = employment.LegalEntity,
            CostCenter = employment.CostCenter,
            FullTimeEquivalent = person.FullTimeEquivalent,
            WeeklyHours = person.WeeklyHours,
            HiredOn = employment.From,
            LastWorkingDay = employment.To,
            Billable = person.Billable,
            Active = EmploymentPolicy.IsActiveOn(state.Today, employment),
        };
    }

    private static StepOutcome<PersonJourney> Done(PersonJourney state) => new(StepResult.Done, state);

    private static StepOutcome<PersonJourney> Verified(PersonJourney state, IReadOnlyList<Finding> findings) =>
        new(findings.Count == 0 ? StepResult.Done : StepResult.Refused, state) { Findings = findings, Detail = JsonSerializer.SerializeToNode(new { findings }, MappingSets.Json) };
}
