using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>
/// What makes an ERP project usable (3-workflows, Table C): attributes that must be present and equal when the project is read back. A project that
/// exists without them can't be billed, whatever status the write was answered with.
/// </summary>
public static class OutcomeContract
{
    /// <summary>One attribute of the contract.</summary>
    /// <param name="Label">What people call it.</param>
    /// <param name="Applies">Whether the project needs it.</param>
    /// <param name="Value">Its value in comparable form; null when absent.</param>
    public sealed record Attribute(string Label, Func<Engagement, bool> Applies, Func<Engagement, string?> Value);

    public static IReadOnlyList<Attribute> Attributes { get; } =
    [
        new("Client", Always, project => Code(project.ClientId)),
        new("Legal entity", Always, project => Code(project.LegalEntity)),
        new("Project number", Always, project => Code(project.Number)),
        new("Cost centre", Always, project => Code(project.CostCenter)),
        new("Project manager", Always, project => Code(project.ProjectManager)),
        new("Currency", Always, project => Code(project.Currency)),
        new("Start date", Always, project => Date(project.Start)),
        new("End date", Always, project => Date(project.End)),
        new("Billing rule", Always, project => BillingRule(project.BillingType)),
        new("Open for time", project => project.OpenForTime, project => project.OpenForTime ? "yes" : null),
        new("Contract value", Billable, project => Number(project.ContractValue)),
        new("Contract number", Billable, project => Code(project.ContractNumber)),
        new("Tax code", Always, project => Code(project.TaxCode)),
        new("Payment terms", Billable, project => Code(project.PaymentTerms)),
        new("Invoice delivery", Billable, project => Code(project.InvoiceDelivery)),
        new("Revenue recognition method", Billable, project => Code(project.RevenueMethod)),
        new("Purchase order", project => Billable(project) && project.PurchaseOrder is not null, project => Code(project.PurchaseOrder)),
        new("Rate card", project => DealPolicy.NeedsRateCard(project.BillingType), project => Code(project.RateCard)),
        new("Not to exceed", project => project.BillingType is BillingType.CappedTimeAndMaterials or BillingType.Retainer, project => Number(project.NotToExceed)),
        new("Billing schedule", HasSchedule, Schedule),
        new("Billing frequency", project => DealPolicy.NeedsRateCard(project.BillingType), project => Code(project.InvoiceFrequency)),
    ];

    /// <summary>HND-008 for each attribute that the project needs and that is missing or different in the read-back.</summary>
    public static IReadOnlyList<Finding> Compare(Engagement expected, Engagement? actual, Money? exposure)
    {
        if (actual is null)
        {
            return [Found(expected, "Project", expected.Number, null, exposure)];
        }

        return
        [
            .. from attribute in Attributes
               where attribute.Applies(expected)
               let wanted = attribute.Value(expected)
               let found = attribute.Value(actual)
               where wanted is null || !string.Equals(wanted, found, StringComparison.OrdinalIgnoreCase)
               select Found(expected, attribute.Label, wanted, found, exposure),
            .. ScheduleTotal(expected, actual, exposure),
        ];
    }

    /// <summary>Table C: Σ schedule = contract value. Two equal schedules can both be wrong, so this looks at what the ERP holds alone.</summary>
    private static IEnumerable<Finding> ScheduleTotal(Engagement expected, Engagement actual, Money? exposure)
    {
        var total = actual.Schedule.Sum(entry => entry.Amount);
        if (HasSchedule(expected) && HasSchedule(actual) && actual.ContractValue is { } value && total != value)
        {
            yield return Found(expected, "Billing schedule total", Number(value), Number(total), exposure);
        }
    }

    private static Finding Found(Engagement expected, string label, string? wanted, string? found, Money? exposure)
    {
        var what = found is null
            ? $"{label} is missing on ERP project {expected.Number}; it must be {wanted ?? "set, and the hand-off knows no value for it"}."
            : $"{label} of ERP project {expected.Number} is {found}, but must be {wanted ?? "one that the hand-off knows, and it knows none"}.";
        return new Finding("Table C", "HND-008", expected.Name, $"{what} Fill it in the ERP and retry, or write the project again.")
        {
            Field = label,
            Expected = wanted,
            Actual = found,
            Exposure = exposure,
        };
    }

    private static bool Always(Engagement project) => true;

    private static bool Billable(Engagement project) => project.BillingType != BillingType.NonBillable;

    private static bool HasSchedule(Engagement project) => project.Schedule.Count > 0;

    /// <summary>Entries in order of date and amount: the ERP need not keep our names, but dates, amounts and their sum.</summary>
    private static string? Schedule(Engagement project) => project.Schedule.Count == 0
        ? null
        : string.Join("; ", project.Schedule
            .OrderBy(entry => entry.DueOn).ThenBy(entry => entry.Amount)
            .Select(entry => $"{Date(entry.DueOn)} {Number(entry.Amount)}"));

    /// <summary>What the ERP bills by; a cap and a retainer's limit are attributes of their own.</summary>
    private static string? BillingRule(BillingType? type) => type switch
    {
        BillingType.TimeAndMaterials or BillingType.CappedTimeAndMaterials => "time and materials",
        BillingType.FixedMilestone => "fixed bid, milestones",
        BillingType.FixedInterval or BillingType.Retainer => "fixed bid, intervals",
        BillingType.ProgressPercent => "charge based",
        BillingType.NonBillable => "non-billable",
        _ => null,
    };

    private static string? Code(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? Date(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Number(decimal? number) => number?.ToString("0.00##", CultureInfo.InvariantCulture);
}
