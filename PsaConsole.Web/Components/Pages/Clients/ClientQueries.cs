using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Clients;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Clients;

/// <summary>Reads the clients that projects were set up for, as the systems hold them.</summary>
public sealed class ClientQueries(ReaderStores stores, SystemCatalog systems, ICrm crm, IErp erp, TimeProvider time)
{
    public const int PageSize = 50;
    private const int LongestSearch = 120;

    /// <summary>A page of clients by name, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<ClientLine> Rows, ClientPosition? Next)> ListAsync(string? search, ClientPosition? after, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateForSumsAsync(cancellationToken);
        var clients = store.Clients.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(search))
        {
            var part = SearchPattern.Containing(search.Trim()[..Math.Min(search.Trim().Length, LongestSearch)]);
            clients = clients.Where(client => EF.Functions.ILike(client.LegalName, part, SearchPattern.Escape) || EF.Functions.ILike(client.TaxRegistration!, part, SearchPattern.Escape) || EF.Functions.ILike(client.Domain!, part, SearchPattern.Escape));
        }

        if (after is not null)
        {
            clients = clients.Where(client => client.LegalName.CompareTo(after.Name) > 0 || (client.LegalName == after.Name && client.Id.CompareTo(after.Id) > 0));
        }

        var rows = await LinesAsync(store, clients.OrderBy(client => client.LegalName).ThenBy(client => client.Id).Take(PageSize + 1), cancellationToken);
        return ([.. rows.Take(PageSize)], rows.Count > PageSize ? new ClientPosition(rows[PageSize - 1].Name, rows[PageSize - 1].Id) : null);
    }

    /// <summary>Everything about one client; null when there is none of this id.</summary>
    public async Task<ClientView?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var sight = await stores.SightAsync();
        if (await LinesAsync(store, store.Clients.AsNoTracking().Where(client => client.Id == id), cancellationToken) is not [var line])
        {
            return null;
        }

        var row = await store.Clients.AsNoTracking().SingleAsync(client => client.Id == id, cancellationToken);
        var run = await store.Runs.AsNoTracking().Include(item => item.Steps).SingleOrDefaultAsync(item => item.Id == row.RunId, cancellationToken);
        var references = await store.CrossReferences.AsNoTracking().Where(item => item.CanonicalId == id && item.Active).OrderBy(item => item.SystemName).ToListAsync(cancellationToken);
        return new ClientView
        {
            Line = line,
            Fields = FieldsOf(row, run),
            Records = [.. references.Select(item => new ClientRecord(systems.Of(item.SystemName).Title, systems.Of(item.SystemName).Role, item.ExternalId, item.VerifiedAt))],
            Steps = run is null ? [] : RunTimeline.Of(run.Steps, run.ResumeAt, systems, sight, time.GetUtcNow()),
            Cases = run is null ? [] : await JourneyQueries.CasesAsync(store, run.Id, cancellationToken),
            RunId = run?.Id,
            Titles = (systems.Of(crm.SystemName).Title, systems.Of(erp.SystemName).Title),
        };
    }

    private static async Task<IReadOnlyList<ClientLine>> LinesAsync(EngineDbContext store, IQueryable<ClientRow> clients, CancellationToken cancellationToken)
    {
        var found = await clients.Select(client => new
        {
            client.Id,
            client.LegalName,
            client.Country,
            client.TaxRegistration,
            client.UpdatedAt,
            Run = store.Runs.Where(run => run.Id == client.RunId).Select(run => new { run.Status, run.UpdatedAt }).SingleOrDefault(),
            Open = store.ExceptionCases.Count(item => item.RunId == client.RunId && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying)),
        }).ToListAsync(cancellationToken);
        return [.. found.Select(item => new ClientLine(
            item.Id, item.LegalName, item.Country, item.TaxRegistration, item.Run is { } run ? Standings.Of(run.Status) : null, item.Open, item.Run?.UpdatedAt ?? item.UpdatedAt))];
    }

    /// <summary>What the last look found on both sides; before the first, what the client was set up with.</summary>
    private static IReadOnlyList<ClientField> FieldsOf(ClientRow row, Run? run)
    {
        var journey = run is null ? null : JsonSerializer.Deserialize<ClientJourney>(run.State, MappingSets.Json);
        var inCrm = journey?.Crm ?? journey?.CrmBefore ?? JsonSerializer.Deserialize<Client>(row.State, MappingSets.Json)!;
        var inErp = journey?.Erp;
        return
        [
            new("Name", false, inCrm.LegalName, inErp?.LegalName),
            new("Website", false, inCrm.Website, inErp?.Website),
            new("Bill-to address", journey?.IsInvoiced == true, ClientOwnership.Line(inCrm.BillTo), ClientOwnership.Line(inErp?.BillTo)),
            new("Tax registration", true, inCrm.TaxRegistration, inErp?.TaxRegistration),
            new("Invoicing currency", true, inCrm.Currency, inErp?.Currency),
            new("Payment terms", true, inCrm.PaymentTerms, inErp?.PaymentTerms),
            new("Invoice delivery", true, inCrm.InvoiceDelivery, inErp?.InvoiceDelivery),
            new("Credit", true, Credit(inCrm), inErp is null ? null : Credit(inErp)),
        ];
    }

    private static string Credit(Client client) => client.OnCreditHold ? "on hold" : "good";
}
