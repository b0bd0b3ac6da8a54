using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Salesforce;

/// <summary>The fields of an opportunity that show its hand-off. The record is the opportunity itself, so a write brings it to a state and may be repeated.</summary>
internal sealed class HandOffTarget(SalesforceHttp http, MappingSets mappings) : ITarget<HandOffStatus>
{
    private const string ReadSet = "salesforce.hand-off.read";
    private const string WriteSet = "salesforce.hand-off.write";

    /// <summary>Fields of which one at least is filled where a deal was handed over.</summary>
    private static readonly string[] Telling = ["status", "projectNumber"];

    /// <summary>Always null: nothing is created that could be there twice, so a write in doubt is simply repeated.</summary>
    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public async Task<string> WriteAsync(string key, HandOffStatus record, string? id, CancellationToken cancellationToken)
    {
        var opportunity = id ?? record.OpportunityId;
        await PatchAsync(opportunity, mappings.Write(WriteSet, record), cancellationToken);
        return opportunity;
    }

    /// <summary>Null when the opportunity is gone, and when it shows no hand-off.</summary>
    public async Task<HandOffStatus?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var found = await http.QueryAsync($"SELECT {Soql.Fields(mappings.SourcesOf(ReadSet))} FROM Opportunity WHERE Id = '{Soql.Id(id)}'", cancellationToken);
        return found is [var deal, ..] && Telling.Any(field => deal[mappings.SourceOf(ReadSet, field)] is not null) ? mappings.Read<HandOffStatus>(ReadSet, deal) : null;
    }

    public async Task WithdrawAsync(string id, CancellationToken cancellationToken)
    {
        var cleared = new JsonObject(mappings.TargetsOf(WriteSet).Select(field => KeyValuePair.Create(field, (JsonNode?)null)));
        try
        {
            await PatchAsync(id, cleared, cancellationToken);
        }
        catch (ConnectorException gone) when (gone.VendorCode is "NOT_FOUND" or "ENTITY_IS_DELETED")
        {
            // A deleted opportunity shows nothing any more: that is what was asked for.
        }
    }

    private async Task PatchAsync(string id, JsonObject fields, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, http.Data($"sobjects/Opportunity/{Soql.Id(id)}")) { Content = Wire.Json(fields) };
        await http.SendAsync(request, CallKind.Write, cancellationToken);
    }
}
