using Microsoft.AspNetCore.Components;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Engagements;

public sealed partial class EngagementsPage
{
    private readonly HashSet<Guid> _fresh = [];
    private HashSet<Guid> _changed = [];
    private EngagementFilter _filter = EngagementFilter.Everything;
    private IReadOnlyList<EngagementLine>? _rows;
    private IReadOnlyDictionary<RunStatus, int> _live = new Dictionary<RunStatus, int>();
    private EngagementPosition? _next;

    [SupplyParameterFromQuery]
    public string? State { get; set; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    [SupplyParameterFromQuery]
    public string? After { get; set; }

    private IReadOnlyList<FilterLinks.Choice> Choices =>
    [
        Choice("All", null, null),
        Choice("Needs a person", "stopped", Count(RunStatus.Parked) + Count(RunStatus.WaitingApproval)),
        Choice("On the way", "moving", Count(RunStatus.Running) + Count(RunStatus.Waiting) + Count(RunStatus.Compensating)),
        Choice("Verified", "verified", null),
        Choice("Undone", "undone", null),
    ];

    protected override async Task ShowAsync()
    {
        _filter = EngagementFilter.Of(State, Q, After);
        await LoadAsync();
    }

    protected override bool Concerns(FeedItem change) => change.Kind == "run";

    protected override async Task RefreshAsync(IReadOnlySet<FeedItem> changes)
    {
        _live = await Engagements.CountLiveAsync(Leaving);
        var shown = (_rows ?? []).ToDictionary(row => row.Id);
        var news = changes.Select(change => Guid.TryParse(change.Id, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).ToHashSet();
        var again = changes.Any(change => change.Kind == "all") ? shown.Keys : shown.Keys.Where(news.Contains);
        // A row that no longer matches stays where it is and shows its new state: nothing vanishes under the pointer.
        var current = (await Engagements.ReadAsync(EngagementFilter.Everything, [.. again], Leaving)).ToDictionary(row => row.Id);
        _changed = [.. current.Values.Where(row => row != shown[row.Id]).Select(row => row.Id)];
        _rows = [.. shown.Values.Select(row => current.GetValueOrDefault(row.Id, row))];
        if (_filter.After is null)
        {
            var arrived = await Engagements.ReadAsync(_filter, [.. news.Where(id => !shown.ContainsKey(id))], Leaving);
            _fresh.UnionWith(arrived.Select(row => row.Id));
        }
    }

    private async Task LoadAsync()
    {
        _fresh.Clear();
        _changed = [];
        (_rows, var more) = await Engagements.ListAsync(_filter, Leaving);
        // The end of the page as it was read: rows that change later stay where they are.
        _next = more ? new EngagementPosition(_rows[^1].ChangedAt, _rows[^1].Id) : null;
        _live = await Engagements.CountLiveAsync(Leaving);
    }

    private int Count(RunStatus status) => _live.GetValueOrDefault(status);

    private FilterLinks.Choice Choice(string text, string? state, int? count) =>
        new(text, ConsoleUrls.Engagements(_filter.Search, state), _filter.State == state, count is 0 ? null : count);
}
