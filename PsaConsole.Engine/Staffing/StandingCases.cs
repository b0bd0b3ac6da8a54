using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Staffing;

/// <summary>
/// Cases that stand for what the last check of a person found: raised with their first finding, changed with it, resolved by the check that does not find
/// it any more. One case for a person and a code; the caller commits.
/// </summary>
public sealed class StandingCases(CaseBook cases, TimeProvider time)
{
    /// <summary>Key of everything that stands against one person's plan.</summary>
    public static string KeyOf(string personId) => $"person:{personId}";

    /// <param name="found">What is a case: conflicts with a code, of work that is confirmed or asked for.</param>
    public async Task BringToAsync(EngineDbContext store, StaffedPerson person, string systemName, Guid? runId, IReadOnlyList<Conflict> found, CancellationToken cancellationToken)
    {
        var key = KeyOf(person.Id);
        var open = await store.ExceptionCases
            .Where(item => item.BusinessKey == key && item.Code.StartsWith("STF-") && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying))
            .ToDictionaryAsync(item => item.Code, cancellationToken);
        foreach (var group in found.GroupBy(conflict => conflict.Code))
        {
            Finding[] findings = [.. group.Select(conflict => Told(person, conflict))];
            if (open.Remove(group.Key, out var known) && SameJson(known.Findings, findings))
            {
                continue;
            }

            var about = new CaseSubject(key, person.Name) { RunId = runId, SystemName = systemName, LegalEntities = person.LegalEntity is { } entity ? [entity] : [] };
            foreach (var raised in await cases.RaiseAsync(store, about, findings, cancellationToken))
            {
                cases.Weigh(raised, WeightOf(group.Max(conflict => conflict.Severity)));
            }
        }

        foreach (var gone in open.Values)
        {
            gone.Status = CaseStatus.Resolved;
            gone.ClosedAt = time.GetUtcNow();
            gone.Version++;
            gone.History.Add(new CaseEntry { At = time.GetUtcNow(), Actor = CaseBook.Engine, Action = "resolved", Text = "The person's window was checked again: it is not found any more." });
        }
    }

    private static CaseSeverity WeightOf(ConflictSeverity severity) => severity switch
    {
        ConflictSeverity.Critical => CaseSeverity.Critical,
        ConflictSeverity.High => CaseSeverity.High,
        ConflictSeverity.Medium => CaseSeverity.Medium,
        _ => CaseSeverity.Low,
    };

    private static Finding Told(StaffedPerson person, Conflict conflict) => new(conflict.Policy, conflict.Code, person.Name, conflict.Message)
    {
        Expected = conflict.Limit?.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture),
        Actual = conflict.Measured?.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>PostgreSQL gives JSON back in a form of its own, so that texts can't be compared.</summary>
    private static bool SameJson(string stored, Finding[] findings) =>
        JsonSerializer.Deserialize<Finding[]>(stored, MappingSets.Json) is { } known && known.SequenceEqual(findings);
}
