using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Approvals;

public sealed partial class ApprovalsPage
{
    private readonly HashSet<long> _fresh = [];
    private readonly LastBegun _reading = new();
    private HashSet<long> _changed = [];
    private ApprovalFilter _filter = ApprovalFilter.Waiting;
    private IReadOnlyList<ApprovalRow>? _rows;
    private CasePosition? _next;
    private ApprovalView? _approval;
    private int _waiting;
    private long _last;

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    [SupplyParameterFromQuery]
    public string? State { get; set; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    [SupplyParameterFromQuery]
    public string? After { get; set; }

    [SupplyParameterFromQuery(Name = "approval")]
    public long? Selected { get; set; }

    private IReadOnlyList<FilterLinks.Choice> Choices =>
    [
        Choice("Waiting", null, _waiting),
        Choice("Decided", ApprovalFilter.Decided, null),
    ];

    protected override async Task ShowAsync()
    {
        var before = _filter;
        _filter = ApprovalFilter.Of(State, Q, After);
        if (_rows is null || before != _filter)
        {
            await LoadAsync();
        }
        else
        {
            await LoadSelectedAsync();
        }
    }

    protected override bool Concerns(FeedItem change) => change.Kind is "approval";

    protected override async Task RefreshAsync(IReadOnlySet<FeedItem> changes)
    {
        if (_rows is not { } shown)
        {
            return;
        }

        var current = (await Approvals.ReadAsync([.. shown.Select(row => row.Id)], Leaving)).ToDictionary(row => row.Id);
        _changed = [.. shown.Where(row => current.TryGetValue(row.Id, out var now) && now != row).Select(row => row.Id)];
        _rows = [.. shown.Select(row => current.GetValueOrDefault(row.Id, row))];
        _fresh.UnionWith(await Approvals.NewAsync(_filter, _last, Leaving));
        await LoadSelectedAsync();
    }

    private async Task LoadAsync()
    {
        _fresh.Clear();
        _changed = [];
        _last = await Approvals.LastAsync(Leaving);
        (_rows, _next) = await Approvals.ListAsync(_filter, Leaving);
        await LoadSelectedAsync();
    }

    private async Task LoadSelectedAsync()
    {
        _waiting = await Approvals.CountWaitingAsync(Leaving);
        await _reading.ReadAsync(
            async () => Selected is { } id ? await Approvals.ReadAsync(id, (await Session).User, Leaving) : null,
            found => _approval = found);
    }

    private FilterLinks.Choice Choice(string text, string? state, int? count) =>
        new(text, (_filter with { State = state, After = null }).Url(), _filter.State == state, count is 0 ? null : count);
}
