using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>Keeps every engagement as its targets were last verified to hold it.</summary>
public sealed class PropagationBook(IDbContextFactory<EngineDbContext> stores, OpportunityToProject handOffs, TimeProvider time)
{
    /// <summary>The hand-off behind a change; null when it is gone.</summary>
    public async Task<(RunStatus Status, HandOff State)?> HandOffAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var run = await store.Runs.AsNoTracking().Where(item => item.Id == runId).Select(item => new { item.Status, item.State }).SingleOrDefaultAsync(cancellationToken);
        return run is null ? null : (run.Status, handOffs.Read(run.State));
    }

    /// <summary>The projects of a hand-off as they were propagated last, by their ids.</summary>
    public async Task<IReadOnlyDictionary<Guid, Engagement>> BaselinesAsync(HandOff handOff, CancellationToken cancellationToken)
    {
        var ids = handOff.Parts.Select(part => part.EngagementId).ToList();
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var kept = await store.Propagated.AsNoTracking().Where(row => ids.Contains(row.EngagementId)).ToDictionaryAsync(row => row.EngagementId, row => row.Engagement, cancellationToken);
        return handOff.Parts.ToDictionary(
            part => part.EngagementId,
            part => kept.TryGetValue(part.EngagementId, out var known) ? Kept(known, handOff, part) : OpportunityToProject.Project(handOff, part, null, open: true));
    }

    /// <summary>The rates that hold for an engagement: of its hand-off, or of the last change that was carried over. Null where nothing is billed by time.</summary>
    public async Task<IReadOnlyList<AgreedRate>?> AgreedRatesAsync(Guid engagementId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var runId = await store.Engagements.Where(item => item.Id == engagementId).Select(item => item.RunId).SingleAsync(cancellationToken);
        return await HandOffAsync(runId, cancellationToken) is { State: var handOff } ? (await BaselinesAsync(handOff, cancellationToken))[engagementId].BillRates : null;
    }

    /// <summary>A project as it was propagated last, by whatever change, with the fields of this one.</summary>
    public async Task<Engagement> WantedAsync(ChangeJourney change, ChangedPart part, CancellationToken cancellationToken)
    {
        var handOff = await HandOffAsync(change.HandOffRunId, cancellationToken) ?? throw new InvalidOperationException($"The hand-off of {change.Project} is gone.");
        return EngagementFields.Take((await BaselinesAsync(handOff.State, cancellationToken))[part.EngagementId], part.Wanted, part.Fields);
    }

    /// <summary>Keeps the fields of a change that every target was read back with, and shows them where engagements are listed. Repeatable.</summary>
    public async Task KeepAsync(ChangeJourney change, CancellationToken cancellationToken)
    {
        if (await HandOffAsync(change.HandOffRunId, cancellationToken) is not { State: var handOff })
        {
            throw new InvalidOperationException($"The hand-off of {change.Project} is gone.");
        }

        var baselines = await BaselinesAsync(handOff, cancellationToken);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        foreach (var part in change.Parts)
        {
            var engagement = EngagementFields.Take(baselines[part.EngagementId], part.Wanted, part.Fields);
            await KeepAsync(store, part.EngagementId, engagement, change.Revision, cancellationToken);
        }

        await ShowAsync(store, handOff, change, cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The change was taken back: its fields are again what they were before it. Repeatable.</summary>
    public Task TakeBackAsync(ChangeJourney change, CancellationToken cancellationToken) => KeepAsync(change.Reversed(), cancellationToken);

    /// <summary>What was kept before rates were part of it has those of its hand-off.</summary>
    private static Engagement Kept(string written, HandOff handOff, HandOffPart part)
    {
        var engagement = JsonSerializer.Deserialize<Engagement>(written, MappingSets.Json)!;
        return engagement with { BillRates = engagement.BillRates ?? OpportunityToProject.Project(handOff, part, null, open: true).BillRates };
    }

    private async Task KeepAsync(EngineDbContext store, Guid id, Engagement engagement, int revision, CancellationToken cancellationToken)
    {
        var written = JsonSerializer.Serialize(engagement, MappingSets.Json);
        if (await store.Propagated.FindAsync([id], cancellationToken) is { } row)
        {
            (row.Engagement, row.Revision, row.VerifiedAt) = (written, Math.Max(row.Revision, revision), time.GetUtcNow());
        }
        else
        {
            store.Propagated.Add(new PropagatedRow { EngagementId = id, Engagement = written, Revision = revision, VerifiedAt = time.GetUtcNow() });
        }

        var known = await store.Engagements.SingleAsync(item => item.Id == id, cancellationToken);
        known.Name = engagement.Name;
        known.ContractValue = engagement.ContractValue ?? known.ContractValue;
    }

    private static async Task ShowAsync(EngineDbContext store, HandOff handOff, ChangeJourney change, CancellationToken cancellationToken)
    {
        var run = await store.Runs.SingleAsync(item => item.Id == change.HandOffRunId, cancellationToken);
        var fields = change.Changes.Select(item => item.Field).ToHashSet();
        if (fields.Contains(EngagementFields.Name))
        {
            // Of several projects each has its entity behind the deal's name.
            var (name, suffix) = (change.Parts[0].Wanted.Name, $" – {change.Parts[0].LegalEntity}");
            run.Title = handOff.Parts.Count > 1 && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
        }

        if (fields.Contains(EngagementFields.ContractValue))
        {
            var others = handOff.Parts.Where(part => !change.Parts.Any(changed => changed.EngagementId == part.EngagementId)).Select(part => part.EngagementId).ToList();
            run.Amount = change.Parts.Sum(part => part.Wanted.ContractValue ?? 0m) + await store.Engagements.Where(item => others.Contains(item.Id)).SumAsync(item => item.ContractValue, cancellationToken);
        }
    }
}
