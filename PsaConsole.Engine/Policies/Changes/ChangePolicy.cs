using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies.Changes;

/// <summary>The matrix of 3-workflows 3h (PL70): which class the change of a field has, with the limits of PL71 and PL72.</summary>
public static class ChangePolicy
{
    /// <summary>An end date that moves further is finance's matter (PL72).</summary>
    public const int DaysToMoveEnd = 30;

    /// <summary>A limit or budget that changes by more is finance's matter (PL71), in percent.</summary>
    public const decimal BudgetPercent = 5m;

    private const string BillingType = "Billing type";
    private const string Currency = "Currency";
    private const string LegalEntity = "Legal entity";

    /// <summary>Every field that differs, with its class. Both are canonical: neither has a system's ids.</summary>
    public static IReadOnlyList<FieldChange> Classify(Engagement before, Engagement after, ChangeFacts facts) =>
    [
        .. EngagementFields.Differing(before, after).Select(field => Classify(field, before, after, facts)),
        .. Schedule(before, after),
    ];

    /// <summary>Billing type, currency and legal entity: what a project can't change in place (CHG-703).</summary>
    public static IReadOnlyList<FieldChange> Frozen(string project, (string? Type, string? Currency, string? Entity) before, (string? Type, string? Currency, string? Entity) after)
    {
        (string Field, string? Before, string? After)[] fields = [(BillingType, before.Type, after.Type), (Currency, before.Currency, after.Currency), (LegalEntity, before.Entity, after.Entity)];
        return
        [
            .. fields.Where(field => field.Before != field.After)
                .Select(field => new FieldChange(project, field.Field, ChangeClass.Contract, field.Before, field.After, "a project keeps it for good") { IsFrozen = true }),
        ];
    }

    /// <summary>CHG-703 for each frozen field.</summary>
    /// <param name="posted">Whether anything is in the books: then the deal can't be taken back either.</param>
    public static IEnumerable<Finding> Refused(IEnumerable<FieldChange> changes, bool posted, string subject, Money? exposure) =>
        changes.Where(change => change.IsFrozen).Select(change => new Finding("3h", "CHG-703", subject, $"{change.Field} of {change.Project} can't become {change.After ?? "empty"}: {(posted ? "something is posted on the project. Sell the rest as a new project or line and transfer to it" : "its projects are set up. Take the deal back and win it again")}, or set it back to {change.Before ?? "empty"} in the CRM; the case then closes by itself.")
        {
            Field = change.Field,
            Expected = change.Before,
            Actual = change.After,
            Exposure = exposure,
        });

    private static FieldChange Classify(EngagementField field, Engagement before, Engagement after, ChangeFacts facts)
    {
        var (kind, why) = field.Label switch
        {
            EngagementFields.Name or EngagementFields.ProjectManager => (ChangeClass.Auto, "delivery's own"),
            EngagementFields.Start => Start(before.Start, after.Start, facts),
            EngagementFields.End => End(before.End, after.End, facts),
            EngagementFields.ContractValue => (ChangeClass.Contract, "the value of the contract changes"),
            EngagementFields.NotToExceed => Budget(before.NotToExceed, after.NotToExceed, facts),
            EngagementFields.PurchaseOrder => (ChangeClass.Finance, "invoices carry it"),
            EngagementFields.CostCenter => (ChangeClass.Finance, "future postings go there"),
            EngagementFields.BillRates => (ChangeClass.Finance, "the client pays another rate"),
            EngagementFields.RateCard or EngagementFields.InvoiceFrequency => (ChangeClass.Finance, "it changes what is billed, or when"),
            _ => throw new ArgumentException($"{field.Label} has no class of change.", nameof(field)),
        };
        var (was, now) = field.Label == EngagementFields.BillRates ? AgreedRates.Differing(before.BillRates, after.BillRates) : (field.Value(before), field.Value(after));
        return new FieldChange(before.Number, field.Label, kind, was, now, why);
    }

    private static (ChangeClass, string) Start(DateOnly? before, DateOnly? after, ChangeFacts facts) =>
        before is null || after is null || before < facts.FirstOpenDay || after < facts.FirstOpenDay
            ? (ChangeClass.Finance, "it lies before the oldest open period")
            : (ChangeClass.Notify, "within open periods");

    private static (ChangeClass, string) End(DateOnly? before, DateOnly? after, ChangeFacts facts)
    {
        if (before is not { } old || after is not { } now)
        {
            return (ChangeClass.Finance, "PL72: an end without a date");
        }

        var days = Math.Abs(now.DayNumber - old.DayNumber);
        return days > DaysToMoveEnd ? (ChangeClass.Finance, string.Create(CultureInfo.InvariantCulture, $"PL72: it moves by {days} days, more than {DaysToMoveEnd}"))
            : facts.FiscalYearOf(old) != facts.FiscalYearOf(now) ? (ChangeClass.Finance, "PL72: it moves to another fiscal year")
            : (ChangeClass.Notify, string.Create(CultureInfo.InvariantCulture, $"it moves by {days} days within its fiscal year"));
    }

    private static (ChangeClass, string) Budget(decimal? before, decimal? after, ChangeFacts facts)
    {
        if (before is not > 0m || after is not { } now)
        {
            return (ChangeClass.Finance, "PL71: a limit comes or goes");
        }

        var moved = Math.Abs(now - before.Value);
        return moved > before.Value * BudgetPercent / 100m ? (ChangeClass.Finance, string.Create(CultureInfo.InvariantCulture, $"PL71: it changes by more than {BudgetPercent:0.##} %"))
            : moved > facts.ApprovalThreshold ? (ChangeClass.Finance, "PL71: it changes by more than the legal entity's threshold")
            : (ChangeClass.Notify, string.Create(CultureInfo.InvariantCulture, $"it changes by at most {BudgetPercent:0.##} %"));
    }

    private static IEnumerable<FieldChange> Schedule(Engagement before, Engagement after)
    {
        var currency = before.Currency ?? after.Currency ?? "";
        if (ScheduleChange.MovesDates(before.Schedule, after.Schedule))
        {
            var dated = ScheduleChange.WithDates(before.Schedule, after.Schedule);
            yield return new FieldChange(before.Number, EngagementFields.MilestoneDates, ChangeClass.Notify, ScheduleChange.Words(before.Schedule, currency), ScheduleChange.Words(dated, currency), "amounts stay");
        }

        if (ScheduleChange.ChangesAmounts(before.Schedule, after.Schedule))
        {
            yield return new FieldChange(before.Number, EngagementFields.Milestones, ChangeClass.Contract, ScheduleChange.Words(before.Schedule, currency), ScheduleChange.Words(after.Schedule, currency), "what is billed changes");
        }
    }
}
