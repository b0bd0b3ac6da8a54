using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions.Views;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>The saved views above the queue, and the form that saves another.</summary>
public sealed partial class ViewBar
{
    private ViewShelf _shelf = new([], null);
    private Actor? _actor;
    private ElementReference _box;
    private string _name = "";
    private bool _shared;
    private bool _opens;
    private bool _open;
    private bool _focus;
    private string? _problem;

    [Parameter, EditorRequired]
    public required CaseFilter Filter { get; set; }

    [Inject]
    public required SavedViews Views { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    private string Query => (Filter with { After = null }).Url()[ConsoleUrls.Exceptions().Length..];

    private SavedView? Current => _shelf.Views.FirstOrDefault(view => view.Query == Query);

    private bool MayShare => _actor is not null && SavedViews.MaySave(_actor, shared: true).Allowed;

    protected override async Task OnInitializedAsync()
    {
        _actor = ConsoleIdentity.ActorOf((await Session).User);
        await LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus)
        {
            _focus = false;
            await _box.FocusAsync();
        }
    }

    private async Task LoadAsync() => _shelf = await Views.ListAsync(_actor!.Id, CancellationToken.None);

    private void Open()
    {
        (_open, _focus, _problem) = (true, true, null);
        _name = Current is { } current && current.Owner == _actor?.Id ? current.Name : "";
    }

    private void Close() => (_open, _shared, _opens, _problem) = (false, false, false, null);

    private Task SaveAsync() => ActAsync(async actor =>
    {
        await Views.SaveAsync(actor, _name, Query, _shared, _opens, CancellationToken.None);
        Close();
    });

    private async Task ActAsync(Func<Actor, Task> act)
    {
        try
        {
            _problem = null;
            await act(_actor!);
        }
        catch (RefusedException refused)
        {
            _problem = refused.Message;
        }

        await LoadAsync();
    }
}
