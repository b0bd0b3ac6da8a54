using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Views;
using PsaConsole.Engine.Exceptions.Visits;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Pages.Groups;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Exceptions;

public sealed partial class ExceptionsPage
{
    private readonly HashSet<long> _fresh = [];
    private readonly LastBegun _reading = new();
    private HashSet<long> _changed = [];
    private CaseFilter _filter = CaseFilter.Open;
    private IReadOnlyList<CaseGroup> _groups = [];
    private IReadOnlyList<CaseRow>? _rows;
    private CasePosition? _next;
    private CaseView? _case;
    private ChosenCases? _chosen;
    private IReadOnlyList<GroupLine> _actions = [];
    private HandOver? _missed;
    private IReadOnlyList<MappingDraft> _drafts = [];
    private (int Open, int Mine, int Asleep) _counts;
    private long _last;
    private ClaimsPrincipal _person = new();

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    [SupplyParameterFromQuery]
    public string? State { get; set; }

    [SupplyParameterFromQuery]
    public string? Code { get; set; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    [SupplyParameterFromQuery]
    public string? After { get; set; }

    [SupplyParameterFromQuery]
    public string? Team { get; set; }

    [SupplyParameterFromQuery]
    public string? With { get; set; }

    [SupplyParameterFromQuery]
    public string? Severity { get; set; }

    [SupplyParameterFromQuery]
    public string? From { get; set; }

    [SupplyParameterFromQuery]
    public string? To { get; set; }

    [SupplyParameterFromQuery]
    public string? Least { get; set; }

    [Inject]
    public required SavedViews Views { get; init; }

    [Inject]
    public required Visits Visits { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [SupplyParameterFromQuery(Name = "case")]
    public long? Selected { get; set; }

    private string Subject => _person.FindFirstValue(ConsoleIdentity.Subject) ?? "";

    private IReadOnlyList<FilterLinks.Choice> Choices =>
    [
        Choice("Open", null, _counts.Open),
        Choice("Mine", CaseFilter.Mine, _counts.Mine),
        Choice("Snoozed", CaseFilter.Snoozed, _counts.Asleep),
        Choice("Settled", CaseFilter.Settled, null),
    ];

    protected override async Task ShowAsync()
    {
        _person = (await Session).User;
        var before = _filter;
        _filter = Asked();
        if (await OpeningViewAsync() is { } opening)
        {
            Navigation.NavigateTo(opening, replace: true);
            return;
        }

        if (_rows is null || before != _filter)
        {
            // What was chosen stays only while the list pages on.
            _chosen = (before with { After = null }) == (_filter with { After = null }) ? _chosen : null;
            await LoadAsync();
        }
        else
        {
            await LoadCaseAsync();
        }
    }

    private CaseFilter Asked() => CaseFilter.Of(State, Code, Q, After) with
    {
        Team = Enum.TryParse<CaseOwner>(Team, out var team) ? team.ToString() : null,
        With = string.IsNullOrWhiteSpace(With) ? null : With,
        Severity = Enum.TryParse<CaseSeverity>(Severity, out var severity) ? severity : null,
        From = Day(From),
        To = Day(To),
        AtLeast = decimal.TryParse(Least, NumberStyles.Number, CultureInfo.InvariantCulture, out var least) && least > 0m ? least : null,
    };

    /// <summary>Whoever asks for the queue and nothing else gets the view with which it opens for them.</summary>
    private async Task<string?> OpeningViewAsync()
    {
        if (new Uri(Navigation.Uri).Query.Length > 0)
        {
            return null;
        }

        var shelf = await Views.ListAsync(Subject, Leaving);
        return shelf.Views.FirstOrDefault(view => view.Id == shelf.Default) is { } view ? ConsoleUrls.Exceptions() + view.Query : null;
    }

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    protected override bool Concerns(FeedItem change) => change.Kind is "case" or "run" or "group";

    protected override async Task RefreshAsync(IReadOnlySet<FeedItem> changes)
    {
        if (_rows is not { } shown)
        {
            return;
        }

        var current = (await Cases.ReadAsync([.. shown.Select(row => row.Id)], Leaving)).ToDictionary(row => row.Id);
        _changed = [.. shown.Where(row => current.TryGetValue(row.Id, out var now) && now != row).Select(row => row.Id)];
        _rows = [.. shown.Select(row => current.GetValueOrDefault(row.Id, row))];
        _fresh.UnionWith(await Cases.NewAsync(_filter, Subject, _last, Leaving));
        await LoadAroundAsync();
    }

    private async Task LoadAsync()
    {
        _fresh.Clear();
        _changed = [];
        _last = await Cases.LastAsync(Leaving);
        (_rows, _next) = await Cases.ListAsync(_filter, Subject, Leaving);
        await LoadAroundAsync();
    }

    private async Task LoadAroundAsync()
    {
        _groups = await Cases.GroupsAsync(Leaving);
        _counts = await Cases.CountAsync(Subject, Leaving);
        _actions = await Groups.NowAsync(Leaving);
        _missed = await Visits.LookAsync(ConsoleIdentity.ActorOf(_person), Leaving);
        _drafts = await Cases.DraftsAsync(Leaving);
        await LoadCaseAsync();
    }

    private Task LoadCaseAsync() => _reading.ReadAsync(
        async () => Selected is { } id ? await Reader.ReadAsync(id, _person, Leaving) : null,
        found => _case = found);

    private IReadOnlySet<long> TickedRows => _chosen is { Ids: null } ? _rows!.Select(row => row.Id).ToHashSet() : _chosen?.Ids?.ToHashSet() ?? [];

    private void Tick((IReadOnlyList<long> Ids, bool On) change)
    {
        var ids = _chosen?.Ids ?? [];
        ids = change.On ? [.. ids.Union(change.Ids)] : [.. (_chosen is { Ids: null } ? _rows!.Select(row => row.Id) : ids).Except(change.Ids)];
        _chosen = ids.Count == 0 ? null : new ChosenCases(_filter with { After = null }, ids, ids.Count, CanGrow: true);
    }

    private async Task ChooseAllAsync() =>
        _chosen = new ChosenCases(_filter with { After = null }, null, await Cases.MatchingAsync(_filter, Subject, Leaving), CanGrow: false);

    private async Task StartedAsync()
    {
        _chosen = null;
        await LoadAsync();
    }

    private FilterLinks.Choice Choice(string text, string? state, int? count) =>
        new(text, (_filter with { State = state, After = null }).Url(), _filter.State == state, count is 0 ? null : count);
}
