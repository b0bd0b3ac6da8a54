using System.Linq.Expressions;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Pages.Engagements;

namespace PsaConsole.Web.Components.Pages.Billing;

/// <summary>What the list of milestones shows, as its address says it.</summary>
/// <param name="State">One of <see cref="States"/>, or null for all.</param>
/// <param name="Search">Part of a milestone, a project number or an invoice number.</param>
/// <param name="After">The last row of the page before.</param>
public sealed record BillingFilter(string? State, string? Search, EngagementPosition? After)
{
    public static BillingFilter Everything { get; } = new(null, null, null);

    /// <summary>The states that people choose between, each with what it covers.</summary>
    public static IReadOnlyDictionary<string, Expression<Func<Run, bool>>> States { get; } = new Dictionary<string, Expression<Func<Run, bool>>>
    {
        ["stopped"] = run => run.Status == RunStatus.Parked || run.Status == RunStatus.WaitingApproval,
        ["delivered"] = run => run.Status == RunStatus.Waiting && run.StepKey == "acceptance",
        ["ready"] = run => run.Status == RunStatus.Waiting && run.StepKey == "invoice",
        ["invoiced"] = run => run.Status == RunStatus.Completed,
    };

    public static BillingFilter Of(string? state, string? search, string? after) => new(
        state is not null && States.ContainsKey(state) ? state : null,
        string.IsNullOrWhiteSpace(search) ? null : search.Trim()[..Math.Min(search.Trim().Length, 120)],
        EngagementPosition.Parse(after));

    public string Url(Guid? selected = null) => ConsoleUrls.Billing(Search, State, After?.ToString(), selected);
}
