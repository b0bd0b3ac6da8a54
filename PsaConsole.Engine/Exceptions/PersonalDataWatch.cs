using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions;

/// <summary>Tells people which personal data a system sends beyond what may be taken along (GOV-954): one case for each resource that sends it.</summary>
public sealed class PersonalDataWatch(DroppedFields dropped, IDbContextFactory<EngineDbContext> stores, CaseBook cases, ILogger<PersonalDataWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var field in dropped.ReadAllAsync(stoppingToken))
        {
            try
            {
                await TellAsync(field, stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                // The field was dropped all the same, and is told again when it is next sent; a watch that ends would end the console.
                logger.LogWarning(problem, "{System} sent {Field} with {Resource}; the case could not be kept.", field.SystemName, field.Field, field.Resource);
            }
        }
    }

    private async Task TellAsync(DroppedField field, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var subject = $"{field.Resource}: {field.Field}";
        var message = $"{field.SystemName} sends {field.Field} with {field.Resource}. It was dropped before anything was kept. Take it out of the report, or take the right to it from the integration's user.";
        await cases.RaiseAsync(
            store,
            new CaseSubject($"personal-data:{field.SystemName}:{field.Resource}:{field.Field}", subject) { SystemName = field.SystemName },
            [new Finding("9.5", "GOV-954", subject, message) { Field = field.Field }],
            cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"case " + field.SystemName})", cancellationToken);
    }
}
