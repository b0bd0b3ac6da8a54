using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions.Remap;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>Fixes a case at its cause: a rule for the value that has none, or the decision on what somebody has proposed.</summary>
public sealed partial class RemapPanel
{
    private IReadOnlyList<RemapOffer>? _offers;
    private RemapOffer? _offer;
    private Remapped? _done;
    private ElementReference _first;
    private int _index;
    private string _becomes = "";
    private string _reason = "";
    private string? _problem;
    private bool _busy;
    private bool _focus;

    [Parameter, EditorRequired]
    public required CaseView Case { get; set; }

    /// <summary>Something was done or refused: the page reads again.</summary>
    [Parameter, EditorRequired]
    public required EventCallback OnChanged { get; set; }

    [Inject]
    public required Remaps Remaps { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    private string Draft => $"case-{Case.Row.Id}-Remap";

    private string Missing => string.Join(", ", Case.Unmapped.Select(value => $"“{value.Value}” has no rule in {value.Set}"));

    private string? WhyNot => _offer is not { } offer ? null : (offer.Draft is null ? offer.MayDraft : offer.MayActivate).Why;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus)
        {
            _focus = false;
            await _first.FocusAsync();
        }
    }

    private async Task OpenAsync()
    {
        _done = null;
        _offers = await Remaps.OffersAsync(await ActorAsync(), Case.Row.Id, CancellationToken.None);
        Choose();
        _focus = _offer is not null;
    }

    private void Choose()
    {
        _offer = _offers is { Count: > 0 } offers ? offers[Math.Min(_index, offers.Count - 1)] : null;
        _problem = WhyNot;
        _becomes = "";
    }

    private void Close()
    {
        (_offers, _offer, _problem) = (null, null, null);
        (_index, _becomes, _reason) = (0, "", "");
    }

    private Task SubmitAsync() => _offer is not { } offer ? Task.CompletedTask : ActAsync(async actor => offer.Draft is { } draft
        ? await Remaps.ActivateAsync(actor, draft.Id, _reason, CancellationToken.None)
        : await Remaps.ProposeAsync(actor, Case.Row.Id, offer.Value, _becomes, _reason, CancellationToken.None));

    private Task RejectAsync() => _offer is not { Draft: { } draft } ? Task.CompletedTask : ActAsync(async actor =>
    {
        await Remaps.RejectAsync(actor, draft.Id, _reason, CancellationToken.None);
        return null;
    });

    private async Task ActAsync(Func<Actor, Task<Remapped?>> act)
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            _done = await act(await ActorAsync());
            Close();
        }
        catch (RefusedException refused)
        {
            _problem = refused.Message;
        }
        finally
        {
            _busy = false;
        }

        await OnChanged.InvokeAsync();
    }

    private async Task<Actor> ActorAsync() => ConsoleIdentity.ActorOf((await Session).User);

    private static string Submit(RemapOffer offer) => offer switch
    {
        { Draft: not null } => $"Put in force and retry {Number(offer.Cases)}",
        { NeedsSecond: true } or { MayActivate.Allowed: false } => "Propose",
        _ => $"Save and retry {Number(offer.Cases)}",
    };

    private static string Done(Remapped done) => done switch
    {
        { IsInForce: false } => "Proposed. It waits for a second person.",
        { Group: null } => "In force. Whoever may retry these cases does.",
        _ => $"In force. {Number(done.Cases)} {(done.Cases == 1 ? "case is" : "cases are")} retried.",
    };

    private static string Number(int count) => count.ToString("N0", CultureInfo.CurrentCulture);
}
