using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Notices;

/// <summary>
/// Tells teams of their cases when it is time to: channel, then mail, then the console alone with INT-909. The sending is noted before it is done, so that
/// a crash may cost a message but never repeats one, and nothing of the business waits for it (3k).
/// </summary>
public sealed class NoticeDesk(
    IDbContextFactory<EngineDbContext> stores, ICollaboration collaboration, TeamClocks teams, CaseBook cases, IOptions<EngineOptions> options, TimeProvider time)
{
    /// <summary>Teams takes about ten messages in ten seconds.</summary>
    private const int AtOnce = 10;

    private const int MostInADigest = 200;

    /// <summary>How often a channel that does not answer is asked, a minute apart, before mail takes over.</summary>
    private const int MostAttempts = 5;

    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>Delivers what is due now, one replica at a time; answers how many messages went out.</summary>
    public async Task<int> DeliverAsync(CancellationToken cancellationToken)
    {
        await using var turn = await stores.CreateDbContextAsync(cancellationToken);
        await using var held = await turn.Database.BeginTransactionAsync(cancellationToken);
        if (!await turn.TryTakeTurnAsync("notice desk", cancellationToken))
        {
            return 0;
        }

        var sent = 0;
        while (sent < AtOnce && await NextAsync(cancellationToken) is { Count: > 0 } batch)
        {
            await SendAsync(batch, cancellationToken);
            sent++;
        }

        return sent;
    }

    /// <summary>The notice that is due first, or with it the whole digest of its team; marked as being sent.</summary>
    private async Task<IReadOnlyList<long>> NextAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        await DropSettledAsync(store, now, cancellationToken);
        var due = store.TeamNotices.Include(item => item.Case).Where(item => item.Status == NoticeStatus.Planned && item.DueAt <= now).OrderBy(item => item.DueAt).ThenBy(item => item.Id);
        if (await due.FirstOrDefaultAsync(cancellationToken) is not { } first)
        {
            return [];
        }

        List<TeamNotice> batch = first.Stage == NoticeStage.Digest
            ? await due.Where(item => item.Stage == NoticeStage.Digest && item.Case!.OwnerGroup == first.Case!.OwnerGroup).Take(MostInADigest).ToListAsync(cancellationToken)
            : [first];
        foreach (var item in batch)
        {
            item.Status = NoticeStatus.Sending;
            item.Attempts++;
        }

        await store.SaveChangesAsync(cancellationToken);
        return [.. batch.Select(item => item.Id)];
    }

    private static Task<int> DropSettledAsync(EngineDbContext store, DateTimeOffset now, CancellationToken cancellationToken) => store.TeamNotices
        .Where(item => item.Status == NoticeStatus.Planned && item.DueAt <= now && item.Case!.Status != CaseStatus.Open && item.Case.Status != CaseStatus.Retrying)
        .ExecuteUpdateAsync(set => set.SetProperty(item => item.Status, NoticeStatus.Dropped).SetProperty(item => item.Message, "The case was settled before."), cancellationToken);

    private async Task SendAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var batch = await store.TeamNotices.Include(item => item.Case!.History).Where(item => ids.Contains(item.Id)).OrderBy(item => item.Id).ToListAsync(cancellationToken);
        var (stage, team) = (batch[0].Stage, batch[0].Case!.OwnerGroup);
        var clock = teams.Of(team);
        var notice = stage == NoticeStage.Digest
            ? NoticeText.Digest([.. batch.Select(item => item.Case!)], clock, options.Value.PublicUrl)
            : NoticeText.Of(batch[0].Case!, stage, clock, options.Value.PublicUrl, batch[0].Address is { } own ? [own] : teams.Above(team, stage));
        var outcome = await TellAsync(batch[0].Person is { } person ? $"ntf:{batch[0].CaseId}:{stage}:{person}" : $"ntf:{batch[0].CaseId}:{stage}", notice, batch[0].Attempts, cancellationToken);
        var now = time.GetUtcNow();
        foreach (var item in batch)
        {
            (item.Status, item.Way, item.Message) = (outcome.Status, outcome.Way, outcome.Message);
            item.SentAt = outcome.Status == NoticeStatus.Sent ? now : null;
            item.DueAt = outcome.Status == NoticeStatus.Planned ? now + Rest : item.DueAt;
            if (outcome.Status == NoticeStatus.Sent)
            {
                item.Case!.History.Add(CaseBook.Entry(now, CaseBook.Engine, "notified", $"{Words(stage)}, by {outcome.Way}."));
            }
        }

        if (outcome.Status == NoticeStatus.Failed)
        {
            var finding = new Finding("3k", "INT-909", "Notices", $"A notice of {notice.Title} reached nobody: {outcome.Message} Correct the channel's address or the mail sender.");
            await cases.RaiseAsync(store, new CaseSubject("notices", "Notices") { SystemName = collaboration.SystemName }, [finding], cancellationToken);
        }

        await store.SaveChangesAsync(cancellationToken);
    }

    private async Task<Outcome> TellAsync(string key, Notice notice, int attempts, CancellationToken cancellationToken)
    {
        var way = "channel";
        try
        {
            await collaboration.Channel.WriteAsync(key, notice, null, cancellationToken);
        }
        catch (ConnectorException silent) when (silent.Class == ErrorClass.Ambiguous)
        {
            // It may have arrived, and can't be asked for: twice is worse than once too few while the case stands in the console.
            return new Outcome(NoticeStatus.Sent, way, $"The channel took it without an answer: {silent.Message}");
        }
        catch (ConnectorException away) when (away.Class is ErrorClass.Transient or ErrorClass.CircuitOpen or ErrorClass.QuotaSpent && attempts < MostAttempts)
        {
            return new Outcome(NoticeStatus.Planned, null, away.Message);
        }
        catch (ConnectorException refused)
        {
            way = "mail";
            if (await MailAsync(key, notice, cancellationToken) is { } alsoRefused)
            {
                return new Outcome(NoticeStatus.Failed, null, $"{refused.Message} {alsoRefused.Message}");
            }
        }

        if (way == "channel" && notice.To.Count > 0)
        {
            way = await MailAsync(key, notice, cancellationToken) is null ? "channel and mail" : way;
        }

        return new Outcome(NoticeStatus.Sent, way, null);
    }

    /// <returns>Null when it was accepted, or may have been.</returns>
    private async Task<ConnectorException?> MailAsync(string key, Notice notice, CancellationToken cancellationToken)
    {
        try
        {
            await collaboration.Mail.WriteAsync(key, notice, null, cancellationToken);
            return null;
        }
        catch (ConnectorException refused)
        {
            return refused.Class == ErrorClass.Ambiguous ? null : refused;
        }
    }

    private static string Words(NoticeStage stage) => stage switch
    {
        NoticeStage.Raised => "The team was told",
        NoticeStage.Digest => "The team was told in its digest",
        NoticeStage.HalfTime => "The team was reminded at half of the time",
        NoticeStage.Assigned => "Whom it was given to was told",
        NoticeStage.Overdue => "The team and its lead were told that it is overdue",
        _ => "The team and its head were told that it is long overdue",
    };

    private sealed record Outcome(NoticeStatus Status, string? Way, string? Message);
}
