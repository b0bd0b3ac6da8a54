using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions;

/// <summary>Where a case is found.</summary>
public enum CaseShelf
{
    /// <summary>Open, and nobody has put it off.</summary>
    Open,

    /// <summary>Open, and put off.</summary>
    Asleep,

    Settled,

    /// <summary>Open, put off or not.</summary>
    Unsettled,
}

/// <summary>Which cases are meant: all that a list has, or some of them by number.</summary>
public sealed record CaseSelection
{
    /// <summary>Kinds that a rule may settle; they are few, and so are the open cases of each.</summary>
    private static readonly string[] Remappable = [.. CaseKinds.All.Where(kind => kind.Actions.HasFlag(CaseAction.Remap)).Select(kind => kind.Code)];

    public CaseShelf Shelf { get; init; }

    /// <summary>Only those that are assigned to the person who asks.</summary>
    public bool Mine { get; init; }

    /// <summary>Only this kind.</summary>
    public string? Code { get; init; }

    /// <summary>Only those of this team.</summary>
    public string? Team { get; init; }

    /// <summary>Only those that are with this person; empty for those that are with nobody.</summary>
    public string? With { get; init; }

    public CaseSeverity? Severity { get; init; }

    /// <summary>Raised at this moment or later …</summary>
    public DateTimeOffset? RaisedFrom { get; init; }

    /// <summary>… and before this one.</summary>
    public DateTimeOffset? RaisedBefore { get; init; }

    /// <summary>Only those for which at least so much waits, in their own currency.</summary>
    public decimal? AtLeast { get; init; }

    /// <summary>What a person typed: see <see cref="CaseSearch"/>.</summary>
    public string? Search { get; init; }

    /// <summary>Whether the search looks into what systems were asked and answered: only for those who may see it.</summary>
    public bool Payloads { get; init; }

    /// <summary>Only those that found a value without a rule: this one.</summary>
    public UnmappedValue? Unmapped { get; init; }

    /// <summary>Only these; null for all that match.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>The last case that there was when they were chosen: what was raised since is not meant.</summary>
    public long? UpTo { get; init; }

    /// <param name="person">Id of the person who asks.</param>
    public IQueryable<ExceptionCase> Of(EngineDbContext store, string person, DateTimeOffset now)
    {
        var cases = Shelf switch
        {
            CaseShelf.Settled => store.ExceptionCases.AsNoTracking().Where(item => item.Status == CaseStatus.Resolved || item.Status == CaseStatus.Waived),
            CaseShelf.Unsettled => OpenOf(store),
            CaseShelf.Asleep => OpenOf(store).Where(Asleep(now)),
            _ => AwakeOf(store, now),
        };
        if (Mine)
        {
            cases = cases.Where(item => item.Assignee == person);
        }

        if (Code is { } code)
        {
            cases = cases.Where(item => item.Code == code);
        }

        cases = Narrowed(cases);
        cases = Search is { } search ? CaseSearch.Of(search).In(cases, Payloads) : cases;
        if (Unmapped is { } value)
        {
            var found = JsonSerializer.Serialize(new[] { new { Unmapped = value } }, MappingSets.Json);
            cases = cases.Where(item => Remappable.Contains(item.Code) && EF.Functions.JsonContains(item.Findings, found));
        }

        if (Ids is { } ids)
        {
            cases = cases.Where(item => ids.Contains(item.Id));
        }

        return UpTo is { } last ? cases.Where(item => item.Id <= last) : cases;
    }

    private IQueryable<ExceptionCase> Narrowed(IQueryable<ExceptionCase> cases)
    {
        cases = Team is { } team ? cases.Where(item => item.OwnerGroup == team) : cases;
        cases = With switch
        {
            null => cases,
            "" => cases.Where(item => item.Assignee == null),
            var person => cases.Where(item => item.Assignee == person),
        };
        cases = Severity?.ToString() is { } severity ? cases.Where(item => item.Severity == severity) : cases;
        cases = RaisedFrom is { } from ? cases.Where(item => item.RaisedAt >= from) : cases;
        cases = RaisedBefore is { } before ? cases.Where(item => item.RaisedAt < before) : cases;
        return AtLeast is { } least ? cases.Where(item => item.Exposure >= least) : cases;
    }

    /// <summary>Whether somebody has put it off, see <see cref="ExceptionCase.IsAsleep"/>; never unknown, so that it can be counted by.</summary>
    public static Expression<Func<ExceptionCase, bool>> Asleep(DateTimeOffset now) =>
        item => (item.SnoozedUntil != null && item.SnoozedUntil > now) || (item.SnoozedPast != null && item.Occurrences <= item.SnoozedPast);

    /// <summary>The open cases that nobody has put off, see <see cref="ExceptionCase.IsAsleep"/>.</summary>
    public static IQueryable<ExceptionCase> AwakeOf(EngineDbContext store, DateTimeOffset now) =>
        OpenOf(store).Where(item => (item.SnoozedUntil == null || item.SnoozedUntil <= now) && (item.SnoozedPast == null || item.Occurrences > item.SnoozedPast));

    /// <summary>The cases that wait for somebody, or for what was asked of them.</summary>
    public static IQueryable<ExceptionCase> OpenOf(EngineDbContext store) =>
        store.ExceptionCases.AsNoTracking().Where(item => item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying);
}
