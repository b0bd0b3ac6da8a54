using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Salesforce;

/// <summary>
/// Reads a deal with its lines, schedule, phases and roles in one query, and the rates of its price book in a second.
/// Which fields and child lists those are is what the mapping sets read.
/// </summary>
internal sealed class DealReader(SalesforceHttp http, MappingSets mappings)
{
    public const string OpportunitySet = "salesforce.opportunity.read";
    public const string RateSet = "salesforce.rate.read";

    // The one list that is not the opportunity's child: it hangs on its price book.
    private const string RateList = "PricebookEntries";
    private const string Modified = "SystemModstamp";

    /// <inheritdoc cref="ICrm.ReadOpportunityAsync"/>
    public async Task<Opportunity?> ReadAsync(string id, DateTimeOffset? atLeast, CancellationToken cancellationToken)
    {
        var sources = mappings.SourcesOf(OpportunitySet);
        var children = sources.Lists.Where(list => list.Path != RateList).ToList();
        var select = string.Join(", ", children.Select(list => $"(SELECT {Soql.Fields(mappings.SourcesOf(list.Set), Modified)} FROM {list.Path} ORDER BY Id)").Prepend(Soql.Fields(sources, "Pricebook2Id", "CurrencyIsoCode", Modified)));
        var found = await http.QueryAsync($"SELECT {select} FROM Opportunity WHERE Id = '{Soql.Id(id)}'", cancellationToken);
        if (found is not [var deal, ..])
        {
            return null;
        }

        foreach (var (path, _) in children)
        {
            deal[path] = new JsonArray([.. deal[path] is JsonObject result ? await http.AllAsync(result, cancellationToken) : []]);
        }

        if (children.SelectMany(list => deal[list.Path]!.AsArray()).OfType<JsonObject>().Append(deal).Max(Soql.Stamp) is var shown && shown < atLeast)
        {
            throw new ConnectorException(SalesforceHttp.System, ErrorClass.Transient, string.Create(CultureInfo.InvariantCulture, $"salesforce told that opportunity {id} was saved at {atLeast:u} and still shows its state of {shown:u}. It is read again."));
        }

        deal[RateList] = await ReadRatesAsync(deal, cancellationToken);
        return Ordered(mappings.Read<Opportunity>(OpportunitySet, deal)) with { ModifiedAt = Soql.Stamp(deal) };
    }

    /// <inheritdoc cref="ICrm.ReadDealsOfAsync"/>
    public async Task<IReadOnlyList<string>> ReadDealsOfAsync(string rateCardId, CancellationToken cancellationToken) =>
        [.. (await http.QueryAsync($"SELECT Id FROM Opportunity WHERE Pricebook2Id = '{Soql.Id(rateCardId)}' AND IsWon = true ORDER BY Id", cancellationToken)).Select(deal => deal["Id"]!.ToString())];

    private async Task<JsonArray> ReadRatesAsync(JsonObject deal, CancellationToken cancellationToken)
    {
        if (deal["Pricebook2Id"]?.ToString() is not { } book || deal["CurrencyIsoCode"]?.ToString() is not { } currency)
        {
            return [];
        }

        // A product without role and level is not an hourly rate: a price book also sells fixed work.
        var (role, level) = (mappings.SourceOf(RateSet, "role"), mappings.SourceOf(RateSet, "level"));
        var rates = await http.QueryAsync(
            $"SELECT {Soql.Fields(mappings.SourcesOf(RateSet))} FROM PricebookEntry WHERE Pricebook2Id = '{Soql.Id(book)}' AND IsActive = true AND ({role} != null OR {level} != null) ORDER BY Id",
            cancellationToken);
        return [.. rates.Where(rate => rate["CurrencyIsoCode"]?.ToString() == currency)];
    }

    private static Opportunity Ordered(Opportunity deal) => deal with
    {
        Schedule = [.. deal.Schedule.OrderBy(entry => entry.Sequence)],
        Phases = [.. deal.Phases.OrderBy(phase => phase.Sequence)],
    };
}
