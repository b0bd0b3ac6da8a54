using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows.Postings;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>How far the hours of a project are that get another rate.</summary>
/// <param name="Left">Entries that stand at the old rate, or are on their way at it.</param>
/// <param name="GivenUp">Those of them that nobody prices any more, since their posting was turned down.</param>
public sealed record RepriceStand(int Left, IReadOnlyList<string> GivenUp);

/// <summary>
/// Prices hours anew that are posted, or on their way to the books, on a project whose rates change (3-workflows 3h, example O-CH2): tells what it would come to, and
/// asks for each entry in its project's lane.
/// </summary>
public sealed class RetroRates(IDbContextFactory<EngineDbContext> stores, IHr hr, ITimeBook times, TimeToErp workflow, EntityPacks packs, Intake intake, TimeProvider time)
{
    /// <summary>What the part's new rates do to its hours as they are posted now.</summary>
    public async Task<RetroRate> OfAsync(ChangedPart part, CancellationToken cancellationToken) =>
        await OfAsync(part, await MovesAsync(part, cancellationToken), cancellationToken);

    /// <summary>Asks for what still has the old rate. Repeatable: each is asked for once by a change, and once more when a person retries what was turned down.</summary>
    /// <param name="runId">The change.</param>
    /// <param name="why">Which change, and in which direction: part of the keys.</param>
    public async Task<RepriceStand> AskAsync(ChangedPart part, Guid runId, string why, CancellationToken cancellationToken)
    {
        var moves = await MovesAsync(part, cancellationToken);
        List<(Guid Id, string SourceId)> left = [.. (await OfAsync(part, moves, cancellationToken)).Lines.Select(line => (line.Posted.LineId, line.Posted.SourceId))];
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var live = (await store.Runs.AsNoTracking().Where(run => run.Workflow == workflow.Name && run.ProjectNumber == part.Number).Where(run => run.Status == RunStatus.Running || run.Status == RunStatus.Waiting || run.Status == RunStatus.WaitingApproval || run.Status == RunStatus.Parked || run.Status == RunStatus.Compensating)
            .Select(run => new { run.Id, run.State, IsPricing = run.Status == RunStatus.Running && run.StepKey != null && run.StepKey.StartsWith(TimeToErp.PriceStep) }).ToListAsync(cancellationToken)).ConvertAll(run => (run.Id, State: workflow.Read(run.State), run.IsPricing));
        left.AddRange(live.Where(run => IsAtOldRate(run.State.Cycles[^1], moves)).Select(run => (run.Id, run.State.SourceId)));

        var prefix = $"{PostingChanges<TimeEntry>.Reprice}{part.Number}:{why}:";
        var sources = left.Select(one => one.SourceId).Distinct().ToList();
        var told = await store.InboxItems.AsNoTracking()
            .Where(item => item.SystemName == times.SystemName && item.SourceType == workflow.SourceType && sources.Contains(item.SourceId) && item.Revision.StartsWith(prefix))
            .Select(item => new { item.Revision, item.Status })
            .ToListAsync(cancellationToken);
        var retried = await store.ExceptionCases.AnyAsync(item => item.RunId == runId && item.Status == CaseStatus.Retrying, cancellationToken);
        List<Change> changes = [];
        List<string> givenUp = [];
        foreach (var (id, source) in left)
        {
            var asked = told.Where(item => item.Revision.StartsWith($"{prefix}{id:n}:", StringComparison.Ordinal)).ToList();
            var isOver = asked.Count > 0 && asked.TrueForAll(item => item.Status != InboxStatus.Waiting) && !live.Exists(run => run.State.SourceId == source);
            if (asked.Count == 0 || (isOver && retried))
            {
                changes.Add(new Change(workflow.SourceType, source, $"{prefix}{id:n}:{asked.Count + 1}", time.GetUtcNow(), null) { LaneKey = times.LaneOf(part.PsaProjectId) });
            }
            else if (isOver)
            {
                givenUp.Add(source);
            }
        }

        await intake.ReceiveAsync(times.SystemName, changes, cancellationToken);
        // What is being priced at this moment may have read the old rates: it is looked at once more.
        return new RepriceStand(left.Count + live.Count(run => run.IsPricing), givenUp);
    }

    private async Task<RetroRate> OfAsync(ChangedPart part, Func<string?, string?, DateOnly, decimal?> moves, CancellationToken cancellationToken)
    {
        var rows = await StandingAsync(part, cancellationToken);
        var asked = rows.ToDictionary(row => row.Id, row => (row.Person, Role: TimeToErp.RoleIn(row.Values)));
        return RetroRate.Of(
            rows.Select(row => new PostedHours(row.Id, row.SourceId, row.WorkDate, row.Hours, row.Rate, row.Chargeable, row.InvoicedAt is not null)),
            line => moves(asked[line.LineId].Person, asked[line.LineId].Role, line.WorkDate),
            part.Before.Currency!,
            packs.Of(part.LegalEntity).Rounding);
    }

    private async Task<List<PostingRow>> StandingAsync(ChangedPart part, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await PostingBook.Standing(store, store.Postings.AsNoTracking().Where(row => row.EngagementId == part.EngagementId && row.SourceType == workflow.SourceType && row.Kind == PostingKind.Unbilled && row.Chargeable))
            .OrderBy(row => row.WorkDate).ThenBy(row => row.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The new rate of somebody's hour on a day, where this change moves it: who has been promoted since is not priced by another role for that.</summary>
    private async Task<Func<string?, string?, DateOnly, decimal?>> MovesAsync(ChangedPart part, CancellationToken cancellationToken)
    {
        var people = (await hr.ReadConsultantsAsync(cancellationToken)).Where(person => person.Email is not null).DistinctBy(person => person.Email, StringComparer.OrdinalIgnoreCase).ToDictionary(person => person.Email!, StringComparer.OrdinalIgnoreCase);
        List<PostingRate> before = [.. AgreedRates.Prices(part.Before.BillRates, part.Before.RateCard)];
        List<PostingRate> wanted = [.. AgreedRates.Prices(part.Wanted.BillRates, part.Wanted.RateCard)];
        return (mail, role, date) =>
        {
            var question = TimeToErp.Question(mail, role, mail is null ? null : people.GetValueOrDefault(mail));
            decimal? Of(List<PostingRate> rates) => PostingRates.Resolve(rates, question, date, part.Before.Currency!, "bill", part.Number).Rate?.Amount;
            return Of(wanted) is { } rate && rate != Of(before) ? rate : null;
        };
    }

    private static bool IsAtOldRate(PostingCycle<TimeEntry> cycle, Func<string?, string?, DateOnly, decimal?> moves) =>
        cycle.Source is { } entry
        && cycle.Priced.FirstOrDefault(priced => priced.Line is { Kind: PostingKind.Unbilled, Chargeable: true }) is { } charged
        && moves(entry.Person, entry.Role, entry.WorkDate) is { } rate && rate != charged.Line.Rate;
}
