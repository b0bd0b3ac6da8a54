using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies.Changes;

/// <summary>A field of an engagement that may change after its hand-off.</summary>
/// <param name="Label">What people call it.</param>
/// <param name="Value">In comparable form; null when absent.</param>
/// <param name="Take">The first engagement with the second's value.</param>
/// <param name="InPsa">Whether the PSA holds it as well as the ERP.</param>
public sealed record EngagementField(string Label, Func<Engagement, string?> Value, Func<Engagement, Engagement, Engagement> Take, bool InPsa)
{
    /// <summary>Whether the ERP holds it; what no target holds is kept by the console alone.</summary>
    public bool InErp { get; init; } = true;
}

/// <summary>The fields that a change carries over, in the order in which people read them.</summary>
public static class EngagementFields
{
    public const string Name = "Name";
    public const string ProjectManager = "Project manager";
    public const string Start = "Start date";
    public const string End = "End date";
    public const string MilestoneDates = "Milestone dates";
    public const string ContractValue = "Contract value";
    public const string Milestones = "Milestones";
    public const string NotToExceed = "Not to exceed";
    public const string PurchaseOrder = "Purchase order";
    public const string CostCenter = "Cost centre";
    public const string RateCard = "Rate card";
    public const string BillRates = "Bill rates";
    public const string InvoiceFrequency = "Invoice frequency";

    public static IReadOnlyList<EngagementField> All { get; } =
    [
        new(Name, project => project.Name, (to, from) => to with { Name = from.Name }, true),
        new(ProjectManager, project => Code(project.ProjectManager), (to, from) => to with { ProjectManager = from.ProjectManager }, true),
        new(Start, project => Date(project.Start), (to, from) => to with { Start = from.Start }, true),
        new(End, project => Date(project.End), (to, from) => to with { End = from.End }, true),
        new(MilestoneDates, Amounts, (to, from) => to with { Schedule = ScheduleChange.WithDates(to.Schedule, from.Schedule) }, true),
        new(ContractValue, project => Number(project.ContractValue), (to, from) => to with { ContractValue = from.ContractValue }, true),
        new(Milestones, Amounts, (to, from) => to with { Schedule = from.Schedule }, true),
        new(NotToExceed, project => Number(project.NotToExceed), (to, from) => to with { NotToExceed = from.NotToExceed }, false),
        new(PurchaseOrder, project => Code(project.PurchaseOrder), (to, from) => to with { PurchaseOrder = from.PurchaseOrder }, false),
        new(CostCenter, project => Code(project.CostCenter), (to, from) => to with { CostCenter = from.CostCenter }, false),
        new(RateCard, project => Code(project.RateCard), (to, from) => to with { RateCard = from.RateCard }, false),
        new(BillRates, project => AgreedRates.Words(project.BillRates), (to, from) => to with { BillRates = from.BillRates }, false) { InErp = false },
        new(InvoiceFrequency, project => Code(project.InvoiceFrequency), (to, from) => to with { InvoiceFrequency = from.InvoiceFrequency }, false),
    ];

    /// <summary>The first engagement with those fields of the second.</summary>
    public static Engagement Take(Engagement to, Engagement from, IEnumerable<string> labels) =>
        All.Where(field => labels.Contains(field.Label)).Aggregate(to, (project, field) => field.Take(project, from));

    /// <summary>The fields beside the schedule that differ, in order.</summary>
    internal static IEnumerable<EngagementField> Differing(Engagement before, Engagement after) =>
        All.Where(field => field.Label is not (MilestoneDates or Milestones) && !string.Equals(field.Value(before), field.Value(after), StringComparison.Ordinal));

    /// <summary>Dates and amounts in their order: a system need not keep our names, but those.</summary>
    private static string? Amounts(Engagement project) => project.Schedule.Count == 0
        ? null
        : string.Join("; ", project.Schedule.OrderBy(entry => entry.DueOn).ThenBy(entry => entry.Amount).Select(entry => $"{Date(entry.DueOn)} {Number(entry.Amount)}"));

    private static string? Code(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    internal static string? Date(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string? Number(decimal? number) => number?.ToString("0.00##", CultureInfo.InvariantCulture);
}
