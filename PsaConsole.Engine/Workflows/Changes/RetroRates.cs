using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows.Postings;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>Prices hours anew that are posted on a project whose rates change (3-workflows 3h, example O-CH2): tells what it would come to, and asks for it, each in the entry's own lane.</summary>
public sealed class RetroRates(IDbContextFactory<EngineDbContext> stores, IHr hr, ITimeBook times, TimeToErp workflow, EntityPacks packs, Intake intake, TimeProvider time)
{
    /// <summary>What the part's new rates do to its hours as they are posted now.</summary>
    public async Task<RetroRate> OfAsync(ChangedPart part, CancellationToken cancellationToken)
    {
        var currency = part.Before.Currency!;
        var people = (await hr.ReadConsultantsAsync(cancellationToken)).Where(person => person.Email is not null).DistinctBy(person => person.Email, StringComparer.OrdinalIgnoreCase).ToDictionary(person => person.Email!, StringComparer.OrdinalIgnoreCase);
        List<PostingRow> rows;
        await using (var store = await stores.CreateDbContextAsync(cancellationToken))
        {
            rows = await PostingBook.Standing(store, store.Postings.AsNoTracking().Where(row => row.EngagementId == part.EngagementId && row.SourceType == workflow.SourceType && row.Kind == PostingKind.Unbilled && row.Chargeable))
                .OrderBy(row => row.WorkDate).ThenBy(row => row.Id)
                .ToListAsync(cancellationToken);
        }

        var asked = rows.ToDictionary(row => row.Id, row => TimeToErp.Question(row.Person, TimeToErp.RoleIn(row.Values), row.Person is { } mail ? people.GetValueOrDefault(mail) : null));
        List<PostingRate> prices = [.. AgreedRates.Prices(part.Wanted.BillRates, part.Wanted.RateCard)];
        return RetroRate.Of(
            rows.Select(row => new PostedHours(row.Id, row.SourceId, row.WorkDate, row.Hours, row.Rate, row.Chargeable, row.InvoicedAt is not null)),
            line => PostingRates.Resolve(prices, asked[line.LineId], line.WorkDate, currency, "bill", part.Number).Rate?.Amount,
            currency,
            packs.Of(part.LegalEntity).Rounding);
    }

    /// <summary>Asks for the hours that still stand at another rate; repeatable, since a line is asked for once by a change.</summary>
    /// <returns>How many there are.</returns>
    public async Task<int> AskAsync(ChangedPart part, int revision, CancellationToken cancellationToken)
    {
        var left = (await OfAsync(part, cancellationToken)).Lines;
        var now = time.GetUtcNow();
        await intake.ReceiveAsync(times.SystemName, [.. left.Select(line => new Change(workflow.SourceType, line.Posted.SourceId, $"{PostingChanges<TimeEntry>.Reprice}{part.Number}:r{revision}:{line.Posted.LineId:n}", now, null))], cancellationToken);
        return left.Count;
    }
}
