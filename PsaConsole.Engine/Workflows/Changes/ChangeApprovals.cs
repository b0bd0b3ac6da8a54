using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>What finance decides before a change is carried over: one question for each legal entity, with every field before and after (PL70).</summary>
public static class ChangeApprovals
{
    /// <summary>By how much the change moves the part's value, or what is posted on it, in the contract's currency.</summary>
    public static Money Moved(ChangeJourney change, ChangedPart part)
    {
        var value = Math.Abs((part.Wanted.ContractValue ?? 0m) - (part.Before.ContractValue ?? 0m));
        var repriced = change.Impact?.Repriced.GetValueOrDefault(part.Number) is { } hours ? Math.Abs(hours.Net.Amount) : 0m;
        return new Money(Math.Max(value, repriced), part.Before.Currency!);
    }

    /// <param name="moved">See <see cref="Moved"/>, in its entity's currency.</param>
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
            Impact = Moved(change, part),
            Changes =
            [
                .. part.Changes.Select(item => new ApprovalChange(item.Field, item.Shown(item.Before, part.Before.Currency), item.Shown(item.After, part.Before.Currency))),
                .. isContract ? [new ApprovalChange("Contract signed on", signed, Day(change.Deal?.Contract?.SignedOn))] : Array.Empty<ApprovalChange>(),
                .. Impact(change.Impact, part),
            ],
            Records = [.. part.ErpFields.Count > 0 || part.Fields.Count == 0 ? [$"Project {part.Number} in the ERP"] : Array.Empty<string>(), .. part.Fields.Contains(EngagementFields.BillRates) ? [$"Posted hours of {part.Number} that are not invoiced"] : Array.Empty<string>(), .. part.PsaFields.Count > 0 ? [$"Project {part.Number} in the PSA"] : Array.Empty<string>(), .. part.Fields.Contains(EngagementFields.Milestones) ? [$"Billing schedule of {part.Number} in the ERP"] : Array.Empty<string>()],
            Chain = ApprovalTier.Chain(ApprovalKind.Change, moved, pack.ApprovalTiers),
            Requesters = [.. new[] { part.Before.ProjectManager, part.Wanted.ProjectManager }.OfType<string>().Where(name => name.Length > 0).Distinct()],
            Fingerprint = ApprovalAsk.FingerprintOf(new { part.Number, part.Changes, change.Deal?.Contract }),
        };
    }

    private static IEnumerable<ApprovalChange> Impact(ChangeImpact? impact, ChangedPart part)
    {
        if (impact is null)
        {
            yield break;
        }

        if (impact.MarginBefore != impact.MarginAfter)
        {
            yield return new("Planned margin", Percent(impact.MarginBefore), Percent(impact.MarginAfter));
        }

        if (impact.Repriced.GetValueOrDefault(part.Number) is { } hours)
        {
            yield return new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Posted hours at the new rate ({hours.Hours:0.##} h)"), hours.Was.ToString(), hours.Becomes.ToString());
            if (hours.Supplementary.Amount != 0m)
            {
                yield return new("Hours on invoices at the new rate (stay as they are)", null, $"{(hours.Supplementary.Amount > 0m ? "+" : "")}{hours.Supplementary}");
            }
        }

        yield return new("Invoiced already", impact.Invoiced.ToString(), impact.Invoiced.ToString());
        yield return new("Posted, not invoiced", impact.Unbilled.ToString(), impact.Unbilled.ToString());
    }

    private static string? Percent(decimal? share) => share is { } known ? known.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) + " %" : null;

    internal static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
