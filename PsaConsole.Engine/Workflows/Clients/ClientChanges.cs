using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Clients;

/// <summary>
/// CRM or ERP tells of a client: when it is one that we hold, it is looked at in the client's own lane, whichever system told; hand-offs that were stopped by
/// what was wrong with it look again.
/// </summary>
public sealed class ClientChanges(Intake intake) : ChangeHandler
{
    public override string SourceType => ClientMaster.CanonicalType;

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var id = await store.CrossReferences
            .Where(reference => reference.SystemName == item.SystemName && reference.CanonicalType == SourceType && reference.ExternalId == item.SourceId && reference.Active)
            .Select(reference => (Guid?)reference.CanonicalId)
            .SingleOrDefaultAsync(cancellationToken);
        var stopped = await StoppedAsync(store, item, cancellationToken);
        await intake.ReceiveAsync(item.SystemName, [.. stopped.Select(deal => new Change("opportunity", deal, Tail($"{InboxItem.Asked}{item.SourceId}-", item.Revision), item.OccurredAt, null))], cancellationToken);
        if (id is not { } client)
        {
            return new ChangeOutcome(null, stopped.Count > 0 ? $"{stopped.Count} of its deals look again whether they can be handed over." : "No project was set up for this client: no other system holds it through us.");
        }

        await intake.ReceiveAsync(item.SystemName, [Changed(client, $"{item.SourceId}-{item.Revision}", item.OccurredAt)], cancellationToken);
        return new ChangeOutcome(null, "The client is looked at in all systems that hold it.");
    }

    /// <summary>Deals of the client whose hand-off did not pass its first check.</summary>
    private static async Task<List<string>> StoppedAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var ofClient = JsonSerializer.Serialize(new { Read = new { ClientId = item.SourceId } }, MappingSets.Json);
        var states = await store.Runs
            .Where(run => run.Workflow == OpportunityToProject.WorkflowName && run.Status == RunStatus.Parked && run.StepKey == "check" && EF.Functions.JsonContains(run.State, ofClient))
            .Select(run => run.State)
            .ToListAsync(cancellationToken);
        return [.. states.Select(state => JsonSerializer.Deserialize<HandOff>(state, MappingSets.Json)!.OpportunityId)];
    }

    private static string Tail(string head, string revision) => head + (head.Length + revision.Length <= 120 ? revision : revision[^(120 - head.Length)..]);

    /// <summary>Asks for a look at the client, in its own lane.</summary>
    public static Change Changed(Guid clientId, string revision, DateTimeOffset at) =>
        new(ClientLooks.Kind, clientId.ToString("n"), revision.Length <= 120 ? revision : revision[^120..], at, null) { LaneKey = ClientChange.KeyOf(clientId) };
}

/// <summary>Takes up the client's run again, with what CRM and ERP hold now.</summary>
public sealed class ClientLooks(ICrm crm, IErp erp, ClientChange workflow, TimeProvider time) : ChangeHandler
{
    internal const string Kind = "client-look";

    public override string SourceType => Kind;

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var id = Guid.ParseExact(item.SourceId, "n");
        var key = ClientChange.KeyOf(id);
        var run = await store.Runs.Include(known => known.Steps).SingleOrDefaultAsync(known => known.Workflow == workflow.Name && known.BusinessKey == key, cancellationToken);
        if (run is null)
        {
            return await BeginAsync(store, item, id, cancellationToken);
        }

        var state = workflow.Read(run.State);
        if (run.Status == RunStatus.Completed && await IsKnownAsync(state, cancellationToken))
        {
            return new ChangeOutcome(run.Id, "Nothing new: an echo of our own write, or of what no other system holds.");
        }

        run.Steps.ForEach(step => step.Status = StepStatus.Pending);
        (run.EndedAt, run.UpdatedAt, run.Undoing) = (null, time.GetUtcNow(), false);
        run.ResumeAfresh();
        return new ChangeOutcome(run.Id, "Changed: the client is brought to the systems that hold it.");
    }

    private async Task<ChangeOutcome> BeginAsync(EngineDbContext store, InboxItem item, Guid id, CancellationToken cancellationToken)
    {
        var row = await store.Clients.SingleAsync(client => client.Id == id, cancellationToken);
        var crmId = await store.CrossReferences
            .Where(reference => reference.CanonicalType == ClientMaster.CanonicalType && reference.CanonicalId == id && reference.SystemName == crm.SystemName && reference.Active)
            .Select(reference => reference.ExternalId)
            .FirstOrDefaultAsync(cancellationToken);
        if (crmId is null)
        {
            return new ChangeOutcome(null, "The CRM does not hold this client any more.");
        }

        var now = time.GetUtcNow();
        var run = new Run
        {
            Id = Guid.CreateVersion7(),
            Workflow = workflow.Name,
            BusinessKey = ClientChange.KeyOf(id),
            LaneKey = item.LaneKey,
            Title = row.LegalName,
            State = workflow.Write(new ClientJourney { ClientId = id, CrmId = crmId, CrmBefore = JsonSerializer.Deserialize<Client>(row.State, MappingSets.Json)! }),
            OccurredAt = item.OccurredAt,
            StartedAt = now,
            UpdatedAt = now,
        };
        workflow.Describe(run);
        store.Runs.Add(run);
        row.RunId = run.Id;
        return new ChangeOutcome(run.Id, "Looked at in all systems that hold it.");
    }

    /// <summary>Both hold what they held when the run ended, in everything that the canonical client has.</summary>
    private async Task<bool> IsKnownAsync(ClientJourney state, CancellationToken cancellationToken) =>
        Same(await crm.ReadClientAsync(state.CrmId, cancellationToken), state.CrmBefore)
        && (state.ErpId is null || Same(await erp.Clients.ReadAsync(state.ErpId, cancellationToken), state.ErpBefore));

    private static bool Same(Client? one, Client? other) => JsonSerializer.Serialize(one, MappingSets.Json) == JsonSerializer.Serialize(other, MappingSets.Json);
}
