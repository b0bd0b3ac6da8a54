using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Billing;

public sealed partial class BillingPage
{
    private readonly HashSet<Guid> _fresh = [];
    private readonly LastBegun _reading = new();
    private HashSet<Guid> _changed = [];
    private BillingFilter _filter = BillingFilter.Everything;
    private IReadOnlyList<BilledRow>? _rows;
    private EngagementPosition? _next;
    private BillingTotals? _totals;
    private BillingView? _milestone;
    private bool _seesCases;

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    [SupplyParameterFromQuery]
    public string? State { get; set; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    [SupplyParameterFromQuery]
    public string? After { get; set; }

    [SupplyParameterFromQuery(Name = "milestone")]
    public Guid? Selected { get; set; }

    private IReadOnlyList<FilterLinks.Choice> Choices =>
    [
        Choice("All", null, null),
        Choice("Needs a person", "stopped", _totals?.Stopped),
        Choice("To be accepted", "delivered", _totals?.UnacceptedCount),
        Choice("Ready, not invoiced", "ready", _totals?.ReadyCount),
        Choice("Invoiced", "invoiced", null),
    ];

    protected override async Task ShowAsync()
    {
        _seesCases = LooksAttribute.Opens(typeof(ExceptionsPage), ConsoleIdentity.ActorOf((await Session).User));
        var before = _filter;
        _filter = BillingFilter.Of(State, Q, After);
        if (_rows is null || before != _filter)
        {
            await LoadAsync();
        }

        await LoadSelectedAsync();
    }

    protected override bool Concerns(FeedItem change) => change.Kind is "run" or "case";

    protected override async Task RefreshAsync(IReadOnlySet<FeedItem> changes)
    {
        var shown = (_rows ?? []).ToDictionary(row => row.Id);
        var news = changes.Select(change => Guid.TryParse(change.Id, out var run) ? run : Guid.Empty).Where(run => run != Guid.Empty).ToHashSet();
        if (changes.Any(change => change.Kind is "all" or "case"))
        {
            news.UnionWith(shown.Keys);
        }

        var touched = await Billing.ReadAsync(BillingFilter.Everything, news, Leaving);
        if (touched.Count == 0)
        {
            return;
        }

        await LoadSelectedAsync();
        _totals = await Billing.TotalsAsync(Leaving);

        // A row that no longer matches stays where it is and shows its new state: nothing vanishes under the pointer.
        var current = touched.Where(row => shown.ContainsKey(row.Id)).ToDictionary(row => row.Id);
        _changed = [.. current.Values.Where(row => row.State != shown[row.Id].State).Select(row => row.Id)];
        _rows = [.. shown.Values.Select(row => current.GetValueOrDefault(row.Id, row))];
        if (_filter.After is null)
        {
            _fresh.UnionWith((await Billing.ReadAsync(_filter, [.. news.Where(run => !shown.ContainsKey(run))], Leaving)).Select(row => row.Id));
        }
    }

    private async Task LoadAsync()
    {
        _fresh.Clear();
        _changed = [];
        _totals = await Billing.TotalsAsync(Leaving);
        (_rows, var more) = await Billing.ListAsync(_filter, Leaving);
        _next = more ? new EngagementPosition(_rows[^1].ChangedAt, _rows[^1].Id) : null;
    }

    private async Task ReloadAsync()
    {
        await LoadSelectedAsync();
        await LoadAsync();
    }

    private Task LoadSelectedAsync() => _reading.ReadAsync(
        async () => Selected is { } id ? await Billing.ReadAsync(id, Leaving) : null,
        found => _milestone = found);

    private FilterLinks.Choice Choice(string text, string? state, int? count) =>
        new(text, ConsoleUrls.Billing(_filter.Search, state), _filter.State == state, count is 0 ? null : count);
}
