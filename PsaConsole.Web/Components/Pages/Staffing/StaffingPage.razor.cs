using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Staffing;

public sealed partial class StaffingPage
{
    private StaffingFilter _filter = StaffingFilter.Of(null, null, null, null, null);
    private IReadOnlyList<PersonLine>? _lines;
    private PersonView? _person;
    private string? _next;
    private (int Booked, int InConflict) _counts;
    private bool _masked;

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    [SupplyParameterFromQuery]
    public string? State { get; set; }

    [SupplyParameterFromQuery]
    public string? Scale { get; set; }

    [SupplyParameterFromQuery]
    public string? From { get; set; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    [SupplyParameterFromQuery]
    public string? After { get; set; }

    [SupplyParameterFromQuery]
    public string? Person { get; set; }

    private IReadOnlyList<FilterLinks.Choice> People =>
    [
        new("Booked", (_filter with { State = null, After = null }).Url(), _filter.State is null, _counts.Booked is 0 ? null : _counts.Booked),
        new("In conflict", (_filter with { State = StaffingFilter.Conflicts, After = null }).Url(), _filter.State is not null, _counts.InConflict is 0 ? null : _counts.InConflict),
    ];

    private IReadOnlyList<FilterLinks.Choice> Scales =>
    [
        new("Weeks", (_filter with { Scale = null }).Url(Person), !_filter.ByDay),
        new("Days", (_filter with { Scale = StaffingFilter.Days }).Url(Person), _filter.ByDay),
    ];

    protected override async Task ShowAsync()
    {
        var actor = ConsoleIdentity.ActorOf((await Session).User);
        _masked = actor.Roles.Count == 1 && actor.Is(Roles.Auditor);
        var before = _filter;
        _filter = StaffingFilter.Of(State, Scale, From, Q, After);
        if (_lines is null || before != _filter)
        {
            await LoadAsync();
        }
        else
        {
            await LoadPersonAsync();
        }
    }

    protected override bool Concerns(FeedItem change) => change.Kind == "staffing";

    protected override Task RefreshAsync(IReadOnlySet<FeedItem> changes) => LoadAsync();

    private async Task LoadAsync()
    {
        (_lines, _next) = await Staffing.ListAsync(_filter, _masked, Leaving);
        _counts = await Staffing.CountAsync(Leaving);
        await LoadPersonAsync();
    }

    private async Task LoadPersonAsync()
    {
        var person = Person is { Length: > 0 and <= 120 } id ? await Staffing.ReadAsync(id, _masked, Leaving) : null;
        if (person is not null)
        {
            await Reads.NoteAsync(ConsoleIdentity.ActorOf((await Session).User), Person!, "Availability and bookings", Leaving);
        }

        _person = person;
    }

    private string Shifted(int direction) =>
        (_filter with { From = _filter.First(Staffing.Today).AddDays(direction * _filter.DaysPerColumn * _filter.Columns / 2), After = null }).Url(Person);
}
