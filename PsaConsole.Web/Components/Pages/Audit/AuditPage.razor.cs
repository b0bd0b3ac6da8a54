using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Audit;

public sealed partial class AuditPage
{
    private Actor? _actor;
    private AuditFilter _filter = AuditFilter.Everything;
    private IReadOnlyList<AuditLine>? _lines;
    private (DateTimeOffset At, AuditCheckResult Result)? _lastCheck;
    private IReadOnlyDictionary<string, string> _names = new Dictionary<string, string>();
    private bool _more;
    private bool _checking;
    private string? _refusal;

    [Inject]
    public required AuditSearch Search { get; init; }

    [Inject]
    public required AuditCheck Check { get; init; }

    [Inject]
    public required Colleagues Colleagues { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    [SupplyParameterFromQuery]
    public string? Person { get; set; }

    [SupplyParameterFromQuery]
    public string? Action { get; set; }

    [SupplyParameterFromQuery]
    public string? Entity { get; set; }

    [SupplyParameterFromQuery]
    public string? From { get; set; }

    [SupplyParameterFromQuery]
    public string? To { get; set; }

    [SupplyParameterFromQuery]
    public string? Refused { get; set; }

    [SupplyParameterFromQuery]
    public long? Before { get; set; }

    private Permission CheckPermission => AuditScope.CheckPermissionOf(_actor!);

    protected override async Task OnParametersSetAsync()
    {
        _actor = ConsoleIdentity.ActorOf((await Session).User);
        _names = await Colleagues.NamesAsync(CancellationToken.None);
        _filter = new AuditFilter(Person, Action, Entity, Day(From), Day(To), Refused == "true", Before).Bounded();
        (_lines, _more) = await Search.PageAsync(_actor, _filter, CancellationToken.None);
        _lastCheck = await Search.LastCheckAsync(CancellationToken.None);
    }

    private async Task CheckAsync()
    {
        _refusal = CheckPermission.Why;
        if (_refusal is not null)
        {
            return;
        }

        _checking = true;
        StateHasChanged();
        await Check.RunAsync(_actor, CancellationToken.None);
        _lastCheck = await Search.LastCheckAsync(CancellationToken.None);
        _checking = false;
    }

    internal static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue ? day : null;

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
