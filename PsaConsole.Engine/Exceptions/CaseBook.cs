using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Exceptions.Assignment;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions;

/// <summary>Raises, repeats and resolves cases inside the transaction of what caused them.</summary>
public sealed class CaseBook(TeamClocks teams, IOptions<EngineOptions> options, TimeProvider time)
{
    /// <summary>The name under which the engine writes histories and audit entries.</summary>
    public const string Engine = "engine";

    private const int WeighedAtOnce = 500;

    /// <summary>That a notice reached nobody is not told by notices.</summary>
    private const string UndeliverableNotice = "INT-909";

    /// <summary>Raises one case for each code among the findings, or counts a repeat of the one that is open.</summary>
    /// <param name="about">What the cases are about.</param>
    public async Task<IReadOnlyList<ExceptionCase>> RaiseAsync(
        EngineDbContext store, CaseSubject about, IReadOnlyList<Finding> findings, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var cases = new List<ExceptionCase>();
        foreach (var group in findings.GroupBy(finding => finding.Code))
        {
            var open = await store.ExceptionCases.SingleOrDefaultAsync(
                item => item.Code == group.Key && item.BusinessKey == about.BusinessKey && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying),
                cancellationToken);
            cases.Add(open is null ? await RaiseAsync(store, about, group.Key, [.. group], now, cancellationToken) : Repeat(open, about, [.. group], now));
        }

        return cases;
    }

    /// <summary>Resolves the open cases of a run that belong to a step which has passed now. Only the same check passing again does this.</summary>
    /// <param name="still">Codes that were found again, whose cases stay open.</param>
    public async Task ResolveAsync(EngineDbContext store, Guid runId, string stepKey, IReadOnlyList<string> still, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var open = await store.ExceptionCases
            .Where(item => item.RunId == runId && item.StepKey == stepKey && !still.Contains(item.Code) && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying))
            .ToListAsync(cancellationToken);
        foreach (var item in open)
        {
            item.Status = CaseStatus.Resolved;
            item.ClosedAt = now;
            item.Version++;
            item.History.Add(Entry(now, Engine, "resolved", "The check passed: read back and equal."));
        }
    }

    /// <summary>Closes the open cases of a run that will not go on, since something newer took its place.</summary>
    public async Task SupersedeAsync(EngineDbContext store, Guid runId, string why, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var item in await store.ExceptionCases.Where(item => item.RunId == runId && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying)).ToListAsync(cancellationToken))
        {
            item.Status = CaseStatus.Resolved;
            item.ClosedAt = now;
            item.Version++;
            item.History.Add(Entry(now, Engine, "superseded", why));
        }
    }

    /// <summary>Resolves the open cases of some codes that are about a thing and not about a run, such as a system.</summary>
    /// <param name="raisedBefore">A case that was raised since is about something newer, and stays.</param>
    /// <returns>How many there were.</returns>
    public Task<int> ResolveAsync(
        EngineDbContext store, IReadOnlyCollection<string> codes, string businessKey, DateTimeOffset raisedBefore, string text, CancellationToken cancellationToken) =>
        ResolveAsync(store, codes, businessKey, retriedKey: businessKey, raisedBefore, text, cancellationToken);

    /// <inheritdoc cref="ResolveAsync(EngineDbContext, IReadOnlyCollection{string}, string, DateTimeOffset, string, CancellationToken)"/>
    /// <param name="retriedKey">Cases about this are resolved as well, once somebody has asked for a retry.</param>
    public async Task<int> ResolveAsync(
        EngineDbContext store, IReadOnlyCollection<string> codes, string businessKey, string retriedKey, DateTimeOffset raisedBefore, string text, CancellationToken cancellationToken)
    {
        var open = await store.ExceptionCases
            .Where(item => codes.Contains(item.Code) && item.LastSeenAt < raisedBefore
                && ((item.BusinessKey == businessKey && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying)) || (item.BusinessKey == retriedKey && item.Status == CaseStatus.Retrying)))
            .ToListAsync(cancellationToken);
        foreach (var item in open)
        {
            item.Status = CaseStatus.Resolved;
            item.ClosedAt = time.GetUtcNow();
            item.Version++;
            item.History.Add(Entry(time.GetUtcNow(), Engine, "resolved", text));
        }

        return open.Count;
    }

    /// <summary>Resolves the open cases of a code whose business keys begin alike, since one case stands for all of them from now on.</summary>
    public async Task MergeAsync(EngineDbContext store, string code, string keyPrefix, string why, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var item in await store.ExceptionCases
            .Where(item => item.Code == code && item.RunId == null && item.BusinessKey.StartsWith(keyPrefix) && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying))
            .ToListAsync(cancellationToken))
        {
            item.Status = CaseStatus.Resolved;
            item.ClosedAt = now;
            item.Version++;
            item.History.Add(Entry(now, Engine, "superseded", why));
        }
    }

    /// <summary>Gives a case another severity than its kind has: its deadline and its place in the queue follow.</summary>
    public void Weigh(ExceptionCase about, CaseSeverity severity)
    {
        if (about.Severity != severity.ToString())
        {
            Weigh(about, severity, teams.Of(about.OwnerGroup).Due(time.GetUtcNow(), ServiceClock.HoursToResolve(severity)));
        }
    }

    /// <summary>
    /// Where the month is about to end, finance's open cases weigh a step more, each once, and are due no later than before; what waits for others with its clock stopped
    /// follows when that runs. It is no other case than before: a decision that somebody is taking stays theirs to take.
    /// </summary>
    /// <returns>How many there were; the rest of a long queue comes with the next look.</returns>
    public async Task<int> WeighForCloseAsync(EngineDbContext store, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<ExceptionCase> pressing = [];
        foreach (var kinds in CaseKinds.All.Where(kind => ClosesSoon(kind, now)).GroupBy(kind => kind.Severity))
        {
            var (codes, severity) = (kinds.Select(kind => kind.Code).ToList(), kinds.Key.ToString());
            var raised = CaseWeight.Raised(kinds.Key);
            foreach (var item in await CaseSelection.OpenOf(store).AsTracking()
                .Where(item => codes.Contains(item.Code) && item.Severity == severity && (item.ClockPausedUntil == null || item.ClockPausedUntil <= now))
                .OrderBy(item => item.Id).Take(WeighedAtOnce).ToListAsync(cancellationToken))
            {
                var due = teams.Of(item.OwnerGroup).Due(now, ServiceClock.HoursToResolve(raised));
                Weigh(item, raised, due < item.DueAt ? due : item.DueAt ?? due);
                item.History.Add(Entry(now, Engine, "weighed", $"{raised}: what is open when the month ends is not in its books."));
                pressing.Add(item);
            }
        }

        await RemindSoonerAsync(store, pressing, now, cancellationToken);
        return pressing.Count;
    }

    /// <summary>Reminders that are still to come follow the new deadline; whoever has the case open is told.</summary>
    private async Task RemindSoonerAsync(EngineDbContext store, IReadOnlyList<ExceptionCase> pressing, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = pressing.Select(item => item.Id).ToList();
        var planned = await store.TeamNotices
            .Where(notice => ids.Contains(notice.CaseId) && notice.Status == NoticeStatus.Planned && notice.DueAt > now && (notice.Stage == NoticeStage.HalfTime || notice.Stage == NoticeStage.Overdue || notice.Stage == NoticeStage.LongOverdue))
            .ToListAsync(cancellationToken);
        foreach (var notice in planned)
        {
            var about = pressing.First(item => item.Id == notice.CaseId);
            var left = teams.Of(about.OwnerGroup).Worked(now, about.DueAt!.Value);
            var share = notice.Stage switch { NoticeStage.HalfTime => 0.5, NoticeStage.Overdue => 1.0, _ => 1.5 };
            var at = teams.Of(about.OwnerGroup).Due(now, left * share);
            notice.DueAt = at < notice.DueAt ? at : notice.DueAt;
        }

        var told = ids.ConvertAll(id => "case " + id);
        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, told) from unnest({told}) as told", cancellationToken);
    }

    private bool ClosesSoon(CaseKind kind, DateTimeOffset now) =>
        kind.Severity != CaseSeverity.Critical && CaseWeight.Closes(kind, teams.Of(kind.Owner.ToString()).WorkingDaysLeftInMonth(now));

    private void Weigh(ExceptionCase about, CaseSeverity severity, DateTimeOffset due)
    {
        (about.Severity, about.DueAt) = (severity.ToString(), due);
        about.PriorityAt = CostOfDelay.PriorityAt(due, severity, Roughly(ExposureOf(about)));
    }

    private static Money? ExposureOf(ExceptionCase about) => about is { Exposure: { } amount, ExposureCurrency: { } currency } ? new Money(amount, currency) : null;

    private async Task<ExceptionCase> RaiseAsync(
        EngineDbContext store, CaseSubject about, string code, IReadOnlyList<Finding> findings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = await store.ExceptionCases
            .Where(item => item.BusinessKey == about.BusinessKey && item.Code == code)
            .OrderByDescending(item => item.Id)
            .Select(item => new { item.Id, item.Status, item.ClosedAt })
            .FirstOrDefaultAsync(cancellationToken);
        var kind = CaseKinds.Of(code);
        var exposure = Exposure(about, findings);
        var rule = await AssignmentRules.PickAsync(store, kind, about.RunId, cancellationToken);
        var team = rule?.ToTeam ?? kind.Owner.ToString();
        var clock = teams.Of(team);
        var severity = CaseWeight.Of(kind, Roughly(exposure), options.Value.MuchMoney, clock.WorkingDaysLeftInMonth(now));
        var due = clock.Due(now, ServiceClock.HoursToResolve(severity));
        var raised = new ExceptionCase
        {
            Code = code,
            BusinessKey = about.BusinessKey,
            RunId = about.RunId,
            StepKey = about.StepKey,
            SystemName = about.SystemName,
            LegalEntities = [.. about.LegalEntities],
            Practices = [.. about.Practices],
            Subject = about.Subject,
            Message = Sentence(findings),
            Findings = JsonSerializer.Serialize(findings, MappingSets.Json),
            Payload = about.Payload,
            Severity = severity.ToString(),
            OwnerGroup = team,
            Assignee = rule?.Assignee,
            Exposure = exposure?.Amount,
            ExposureCurrency = exposure?.Currency,
            RaisedAt = now,
            LastSeenAt = now,
            DueAt = due,
            CameBackFrom = before?.Id,
            PriorityAt = CostOfDelay.PriorityAt(due, severity, Roughly(exposure)),
        };
        raised.History.Add(Entry(now, Engine, "raised", raised.Message));
        if (before is { ClosedAt: { } closed })
        {
            var how = before.Status == CaseStatus.Waived ? "let pass" : "settled";
            raised.History.Add(Entry(now, Engine, "came-back", string.Create(CultureInfo.InvariantCulture, $"Case {before.Id}, {how} on {closed:yyyy-MM-dd HH:mm} UTC, was about the same.")));
        }

        store.ExceptionCases.Add(raised);
        if (rule?.Assignee is { } person)
        {
            raised.History.Add(Entry(now, Engine, "assign", person));
            await AssigneeNotice.PlanAsync(store, raised, person, severity == CaseSeverity.Critical ? now : clock.Due(now, TimeSpan.Zero), cancellationToken);
        }

        if (code != UndeliverableNotice)
        {
            store.TeamNotices.AddRange(NoticePlan.Of(severity, now, clock).Select(planned => new TeamNotice { Case = raised, Stage = planned.Stage, DueAt = planned.At }));
        }

        return raised;
    }

    private static ExceptionCase Repeat(ExceptionCase open, CaseSubject about, IReadOnlyList<Finding> findings, DateTimeOffset now)
    {
        var message = Sentence(findings);
        var again = open.Status == CaseStatus.Retrying ? "The retry did not pass. " : "Seen again. ";
        open.Occurrences++;
        open.LastSeenAt = now;
        open.Status = CaseStatus.Open;
        open.StepKey = about.StepKey;
        open.SystemName = about.SystemName;
        open.Message = message;
        (open.LegalEntities, open.Practices) = ([.. about.LegalEntities], [.. about.Practices]);
        open.Findings = JsonSerializer.Serialize(findings, MappingSets.Json);
        open.Payload = about.Payload;
        open.Version++;
        open.History.Add(Entry(now, Engine, "repeated", again + message));
        return open;
    }

    private decimal? Roughly(Money? money) => money is { } known ? known.Amount * options.Value.RoughRates.GetValueOrDefault(known.Currency, 1m) : null;

    private static Money? Exposure(CaseSubject about, IReadOnlyList<Finding> findings) =>
        findings.Select(finding => finding.Exposure).Where(money => money is not null).MaxBy(money => money!.Value.Amount) ?? about.Exposure;

    private static string Sentence(IReadOnlyList<Finding> findings)
    {
        var text = string.Join(" ", findings.Select(finding => finding.Message));
        return text.Length <= 4000 ? text : text[..3999] + "…";
    }

    internal static CaseEntry Entry(DateTimeOffset at, string actor, string action, string? text) =>
        new() { At = at, Actor = actor, Action = action, Text = text };
}

/// <summary>What a case is about.</summary>
/// <param name="BusinessKey">One open case exists for each code and business key.</param>
public sealed record CaseSubject(string BusinessKey, string Subject)
{
    public Guid? RunId { get; init; }
    public string? StepKey { get; init; }
    public string? SystemName { get; init; }
    public Money? Exposure { get; init; }

    /// <summary>What the call that failed asked and was answered: see <see cref="CasePayload"/>.</summary>
    public string? Payload { get; init; }

    /// <summary>The legal entities that it concerns; none for a system, or while nobody knows.</summary>
    public IReadOnlyList<string> LegalEntities { get; init; } = [];

    /// <summary>The practices that it concerns.</summary>
    public IReadOnlyList<string> Practices { get; init; } = [];
}
