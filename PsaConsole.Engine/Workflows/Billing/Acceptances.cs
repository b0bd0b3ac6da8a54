using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Billing;

/// <summary>The evidence that clients accepted what was delivered: recorded once, by somebody with the right, and then billing goes on by itself.</summary>
public sealed class Acceptances(IDbContextFactory<EngineDbContext> stores, MilestoneToInvoice workflow, TimeProvider time)
{
    public const int LongestName = 200;
    public const int LongestDocument = 1000;

    /// <summary>Evidence is no money: whoever may edit what is not financial may record it.</summary>
    public static Permission PermissionOf(Actor actor) => PermissionOf(actor, DataPlace.House);

    private static Permission PermissionOf(Actor actor, DataPlace place) =>
        Decision.Of(actor, Right.EditAndRetry, new RightSubject { Areas = new HashSet<Extent> { Extent.NonFinancial }, Place = place });

    /// <summary>Records who accepted, when, and where it is written down.</summary>
    /// <param name="runId">The run of the milestone's billing.</param>
    /// <param name="on">Not in the future.</param>
    /// <param name="document">An absolute http or https address.</param>
    /// <exception cref="RefusedException">The person may not, something is missing or can't be, or it is recorded already.</exception>
    public async Task RecordAsync(Actor actor, Guid runId, string? by, DateOnly on, string? document, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var run = await store.Runs.FromSql($"select * from run where id = {runId} for update").SingleOrDefaultAsync(item => item.Workflow == workflow.Name, cancellationToken)
            ?? throw new RefusedException("There is no such milestone.");
        var permission = PermissionOf(actor, run.Place);
        var evidence = new Acceptance(by?.Trim() ?? "", on, document?.Trim() ?? "");
        var why = permission.Allowed ? await WhyNotAsync(store, run, evidence, cancellationToken) : permission.Why;
        store.AuditEntries.Add(Entry(actor, permission, run, evidence, why));
        if (why is null)
        {
            await KeepAsync(store, run, evidence, actor, cancellationToken);
        }

        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (why is not null)
        {
            throw new RefusedException(why);
        }
    }

    private async Task<string?> WhyNotAsync(EngineDbContext store, Run run, Acceptance evidence, CancellationToken cancellationToken)
    {
        var milestone = workflow.Read(run.State).MilestoneId;
        return evidence switch
        {
            { By.Length: 0 or > LongestName } => "Say who accepted, by name.",
            _ when evidence.On > DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime.AddDays(1)) => "The acceptance can't lie in the future.",
            { Document.Length: > LongestDocument } => $"The document's address is longer than {LongestDocument} characters.",
            _ when !Uri.TryCreate(evidence.Document, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") => "Give the address of the signed document, beginning with https.",
            _ when !run.IsLive => "The milestone is not on its way to an invoice any more.",
            _ when await store.Acceptances.AnyAsync(item => item.SystemName == workflow.SourceSystem && item.MilestoneId == milestone, cancellationToken) => "Somebody has recorded the acceptance already.",
            _ => null,
        };
    }

    private async Task KeepAsync(EngineDbContext store, Run run, Acceptance evidence, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        store.Acceptances.Add(new AcceptanceRow
        {
            SystemName = workflow.SourceSystem,
            MilestoneId = workflow.Read(run.State).MilestoneId,
            AcceptedBy = evidence.By,
            AcceptedOn = evidence.On,
            Document = evidence.Document,
            RecordedBy = actor.Id,
            RecordedAt = now,
        });
        run.ResumeAfresh();
        await Lanes.WakeAsync(store, run.LaneKey, now, cancellationToken);
    }

    private AuditEntry Entry(Actor actor, Permission permission, Run run, Acceptance evidence, string? why) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = permission.Role ?? actor.RolesHeld,
        Session = actor.Session,
        Action = "milestone.accept",
        Entity = $"run:{run.Id}",
        Reason = why,
        Allowed = why is null,
        After = JsonSerializer.Serialize(evidence, MappingSets.Json),
    };
}
