using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Engagements;

/// <summary>Reads everything about one deal's way through the systems.</summary>
public sealed class JourneyQueries(ReaderStores stores, SystemCatalog systems, Colleagues colleagues, TimeProvider time)
{
    /// <summary>The run that an address names: by its id or by a project's number.</summary>
    public async Task<Guid?> FindAsync(string idOrNumber, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return Guid.TryParse(idOrNumber, out var id)
            ? await store.Runs.Where(run => run.Id == id).Select(run => (Guid?)run.Id).SingleOrDefaultAsync(cancellationToken)
            : await store.Engagements.Where(engagement => engagement.Number == idOrNumber).Select(engagement => (Guid?)engagement.RunId).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>That run with its steps, and its cases; null when there is none.</summary>
    public async Task<(Run Run, IReadOnlyList<ExceptionCase> Cases)?> RunAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var run = await store.Runs.AsNoTracking().Include(item => item.Steps).SingleOrDefaultAsync(item => item.Id == runId, cancellationToken);
        return run is null ? null : (run, await store.ExceptionCases.AsNoTracking().Where(item => item.RunId == runId).OrderBy(item => item.Id).ToListAsync(cancellationToken));
    }

    /// <summary>The journey of that run; null when there is none.</summary>
    public async Task<Journey?> ReadAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var sight = await stores.SightAsync();
        var run = await store.Runs.AsNoTracking().Include(item => item.Steps).SingleOrDefaultAsync(item => item.Id == runId, cancellationToken);
        if (run is null)
        {
            return null;
        }

        var row = (await EngagementQueries.ProjectAsync(store, store.Runs.AsNoTracking().Where(item => item.Id == runId), cancellationToken))[0];
        var engagements = await store.Engagements.AsNoTracking().Where(item => item.RunId == runId).OrderBy(item => item.Number).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        return new Journey
        {
            Row = row,
            Steps = RunTimeline.Of(run.Steps, run.ResumeAt, systems, sight, now),
            Stations = [.. run.Steps
                .OrderBy(step => step.Position)
                .Select(step => step.SystemName)
                .OfType<string>()
                .Distinct()
                .Select(name => Station(systems.Of(name), run.Steps))],
            Cases = await CasesAsync(store, runId, cancellationToken),
            Fields = [.. engagements.SelectMany(Origins), .. await ExplainedAsync(store, run, engagements, sight, cancellationToken), .. run.Steps.OrderBy(step => step.Position).SelectMany(step => Origins(step, sight))],
            Money = engagements.Count == 0 ? [] : await EngagementMoney.OfAsync(store, engagements, cancellationToken),
            Changes = await JourneyChange.OfAsync(store, run, sight, cancellationToken),
            IsDeal = run.Workflow == EngagementQueries.HandOff,
            OccurredAt = run.OccurredAt,
            Took = (run.EndedAt ?? now) - run.OccurredAt,
        };
    }

    internal static async Task<IReadOnlyList<JourneyCase>> CasesAsync(EngineDbContext store, Guid runId, CancellationToken cancellationToken)
    {
        var cases = await store.ExceptionCases.AsNoTracking()
            .Where(item => item.RunId == runId)
            .OrderBy(item => item.ClosedAt != null).ThenByDescending(item => item.RaisedAt)
            .Select(item => new { item.Id, item.Code, item.Message, item.Status })
            .ToListAsync(cancellationToken);
        return [.. cases.Select(item => new JourneyCase(item.Id, item.Code, item.Message, Standings.Of(item.Status).Text, Standings.Of(item.Status).Tone))];
    }

    // A system stands as its least settled step does.
    private static JourneyStation Station(SystemInfo system, IReadOnlyList<RunStep> steps)
    {
        var own = steps.Where(step => step.SystemName == system.Name).OrderBy(step => step.Position).ToList();
        var open = own.Find(step => step.Status is StepStatus.Failed)
            ?? own.Find(step => step.Status is StepStatus.Retrying)
            ?? own.Find(step => step.Status is StepStatus.Begun or StepStatus.WaitingApproval);
        var (state, tone) = open is not null ? Standings.Of(open.Status)
            : own.TrueForAll(step => step.Status is StepStatus.Undone or StepStatus.Pending or StepStatus.Skipped) && own.Exists(step => step.Status is StepStatus.Undone) ? Standings.Of(StepStatus.Undone)
            : own.TrueForAll(step => step.Status is StepStatus.Done or StepStatus.Skipped) ? ("Verified", Tone.Good)
            : own.Exists(step => step.Status is StepStatus.Done) ? ("Partly done", Tone.Quiet)
            : Standings.Of(StepStatus.Pending);
        var records = own.Where(step => step.ExternalId is not null)
            .DistinctBy(step => step.ExternalId)
            .Select(step => new StationRecord(step.Title, step.ExternalId!, null))
            .ToList();
        return new JourneyStation(system.Title, system.Role, state, tone, records);
    }

    /// <summary>Every value that a verified project has in PSA and ERP: the record and field it comes from, and the version of the rules that made it.</summary>
    private async Task<IReadOnlyList<FieldOrigin>> ExplainedAsync(EngineDbContext store, Run run, IReadOnlyList<EngagementRow> engagements, Sight sight, CancellationToken cancellationToken)
    {
        var verified = engagements.Where(item => run.Steps.Exists(step => step.Key == $"erp-verify:{item.Number}" && step.Status == StepStatus.Done)).ToList();
        if (verified.Count == 0)
        {
            return [];
        }

        var stamps = (JsonNode.Parse(run.Steps.Find(step => step.Key == "deal")?.Stamps ?? "[]") as JsonArray ?? []).OfType<JsonObject>()
            .Select(stamp => (Set: stamp["set"]!.GetValue<string>(), Version: stamp["version"]!.GetValue<int>()))
            .ToList();
        var used = stamps.ConvertAll(stamp => stamp.Set);
        var versions = await store.MappingSets.AsNoTracking().Where(set => used.Contains(set.Name)).ToListAsync(cancellationToken);
        var sets = versions.Where(set => stamps.Contains((set.Name, set.Version))).ToList();
        var state = JsonSerializer.Deserialize<HandOff>(run.State, MappingSets.Json)!;
        var read = run.Steps.Find(step => step.Key == "deal")?.EndedAt;
        var edits = await EditsAsync(store, run.Id, cancellationToken);
        var names = await colleagues.NamesAsync(cancellationToken);
        return [.. from item in verified
                   from part in state.Parts
                   where part.EngagementId == item.Id
                   from origin in ProjectOrigins.Of(state, part, sets).Concat(ProjectOrigins.OfPlan(state, part, sets))
                   select Explained(item.Number, origin with { Value = sight.Show(origin.Field, origin.Value)! }, sets, edits, names, read)];
    }

    private static FieldOrigin Explained(
        string number, ProjectOrigin origin, IReadOnlyList<MappingSet> sets, IReadOnlyList<CaseEntry> edits, IReadOnlyDictionary<string, string> names, DateTimeOffset? read)
    {
        var edit = origin.CorrectedAs is { } label ? edits.FirstOrDefault(entry => entry.Text!.Contains($"{label}: ", StringComparison.Ordinal)) : null;
        return new FieldOrigin(
            $"Why: {number}", origin.Field, origin.Value,
            edit is null ? origin.Source : $"Entered by {CaseWords.Person(edit.Actor, names)} with edit and retry ({edit.Text})",
            $"{origin.Rule}{Author(sets, origin.Rule, names)}", edit?.At ?? read);
    }

    /// <summary>What people entered with "edit and retry", the last first.</summary>
    private static async Task<IReadOnlyList<CaseEntry>> EditsAsync(EngineDbContext store, Guid runId, CancellationToken cancellationToken) =>
        await store.CaseEntries.AsNoTracking()
            .Where(entry => entry.Action == "edited" && entry.Text != null && store.ExceptionCases.Any(item => item.Id == entry.CaseId && item.RunId == runId))
            .OrderByDescending(entry => entry.Id)
            .ToListAsync(cancellationToken);

    /// <summary>Who wrote the rules, where it was no release of the product.</summary>
    private static string Author(IReadOnlyList<MappingSet> sets, string rule, IReadOnlyDictionary<string, string> names) =>
        sets.FirstOrDefault(set => set.Author != "shipped" && rule.EndsWith($"{set.Name} version {set.Version}", StringComparison.Ordinal)) is { } own ? $" by {CaseWords.Person(own.Author, names)}" : "";

    private static IEnumerable<FieldOrigin> Origins(EngagementRow engagement) =>
    [
        new("Project", "Number", engagement.Number, $"Drawn from the series of {engagement.LegalEntity}", "Once, when the project was planned", engagement.CreatedAt),
        new("Project", "Contract value", "", "Deal's contract lines of this legal entity", "Largest remainder, so that the parts add up to the deal", engagement.CreatedAt, new Money(engagement.ContractValue, engagement.Currency)),
        new("Project", "Legal entity", engagement.LegalEntity, "Deal's selling entity, or the rule that finds one (PL05)", "Exactly one, or a case is raised", engagement.CreatedAt),
        new("Project", "Billing type", Words.Of(engagement.BillingType.ToString()), "Deal's billing type", "Mapping set of the deal", engagement.CreatedAt),
    ];

    // What was read back from the target, with the versions of the mapping sets that made it.
    private IEnumerable<FieldOrigin> Origins(RunStep step, Sight sight)
    {
        var made = string.Join(", ", (JsonNode.Parse(step.Stamps ?? "[]") as JsonArray ?? [])
            .OfType<JsonObject>()
            .Select(stamp => $"{stamp["set"]} version {stamp["version"]}"));
        var system = step.SystemName is { } name ? systems.Of(name).Title : "";
        return StepDetail.Read(step.Detail, sight).Compared
            .Where(field => !field.Differs && field.Actual is not null)
            .Select(field => new FieldOrigin(system, field.Name, field.Actual!, $"Read back from {system}", made.Length > 0 ? $"Mapping set {made}" : step.Title, step.EndedAt));
    }
}
