using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>What finance decides before a change is carried over: one question for each legal entity, with every field before and after (PL70).</summary>
public static class ChangeApprovals
{
    /// <param name="moved">By how much the part's value changes, in its entity's currency.</param>
    public static ApprovalAsk Of(ChangeJourney change, ChangedPart part, Money moved, EntityPack pack, string? signed)
    {
        var isContract = change.Group == ChangeGroup.Contract;
        var why = string.Join("; ", part.Changes.Select(item => $"{item.Field}: {item.Why}"));
        return new ApprovalAsk
        {
            Kind = ApprovalKind.Change,
            Key = $"PL70:{part.LegalEntity}",
            Subject = $"{part.Number} {part.Before.Name}",
            Reason = $"{change.Title} needs finance{(isContract ? " and the client's signed amendment" : "")}. {why}.",
            LegalEntity = part.LegalEntity,
            Impact = new Money(Math.Abs((part.Wanted.ContractValue ?? 0m) - (part.Before.ContractValue ?? 0m)), part.Before.Currency!),
            Changes =
            [
                .. part.Changes.Select(item => new ApprovalChange(item.Field, item.Before, item.After)),
                .. isContract ? [new ApprovalChange("Contract signed on", signed, Day(change.Deal?.Contract?.SignedOn))] : Array.Empty<ApprovalChange>(),
                .. Impact(change.Impact),
            ],
            Records = [$"Project {part.Number} in the ERP", .. part.PsaFields.Count > 0 ? [$"Project {part.Number} in the PSA"] : Array.Empty<string>(), .. part.Fields.Contains(EngagementFields.Milestones) ? [$"Billing schedule of {part.Number} in the ERP"] : Array.Empty<string>()],
            Chain = ApprovalTier.Chain(ApprovalKind.Change, moved, pack.ApprovalTiers),
            Requesters = [.. new[] { part.Before.ProjectManager, part.Wanted.ProjectManager }.OfType<string>().Where(name => name.Length > 0).Distinct()],
            Fingerprint = ApprovalAsk.FingerprintOf(new { part.Number, part.Changes, change.Deal?.Contract }),
        };
    }

    private static IEnumerable<ApprovalChange> Impact(ChangeImpact? impact)
    {
        if (impact is null)
        {
            yield break;
        }

        if (impact.MarginBefore != impact.MarginAfter)
        {
            yield return new("Planned margin", Percent(impact.MarginBefore), Percent(impact.MarginAfter));
        }

        yield return new("Invoiced already", impact.Invoiced.ToString(), impact.Invoiced.ToString());
        yield return new("Posted, not invoiced", impact.Unbilled.ToString(), impact.Unbilled.ToString());
    }

    private static string? Percent(decimal? share) => share is { } known ? known.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) + " %" : null;

    internal static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
