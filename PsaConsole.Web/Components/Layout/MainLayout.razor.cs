using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace PsaConsole.Web.Components.Layout;

public sealed partial class MainLayout
{
    private ErrorBoundary? _boundary;
    private ViewerLook _look = ViewerLook.Unknown;
    private bool _menuOpen = true;
    private IJSObjectReference? _module;
    private IJSObjectReference? _watch;
    private DotNetObjectReference<MainLayout>? _self;

    [CascadingParameter]
    public ViewerLook? Look { get; set; }

    [JSInvokable]
    public Task SystemThemeChanged(bool isDark)
    {
        _look = _look with { SystemIsDark = isDark };
        return InvokeAsync(StateHasChanged);
    }

    protected override void OnInitialized() => _look = Look ?? ViewerLook.Unknown;

    protected override void OnParametersSet() => _boundary?.Recover();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/look.js");
        var current = await _module.InvokeAsync<ViewerLook>("current");
        _self = DotNetObjectReference.Create(this);
        _watch = await _module.InvokeAsync<IJSObjectReference>("watchSystem", _self);
        await _module.InvokeVoidAsync("interactive");
        if (current != _look)
        {
            _look = current;
            StateHasChanged();
        }
    }

    private async Task ChooseThemeAsync(string theme)
    {
        _look = _look with { Theme = theme };
        if (_module is not null)
        {
            await _module.InvokeVoidAsync("choose", theme);
        }
    }

    private void Recover() => _boundary?.Recover();

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_watch is not null)
            {
                await _watch.InvokeVoidAsync("stop");
                await _watch.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and its listener with it.
        }

        _self?.Dispose();
    }
}
