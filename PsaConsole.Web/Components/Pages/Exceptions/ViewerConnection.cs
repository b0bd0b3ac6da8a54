using Microsoft.AspNetCore.Components.Server.Circuits;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>Tells the components of a circuit when its browser goes and when it comes back: a lost circuit is kept for a while, and nobody sits before it.</summary>
public sealed class ViewerConnection : CircuitHandler
{
    /// <summary>True when the browser is there, false when it has gone.</summary>
    public event Action<bool>? Changed;

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Changed?.Invoke(false);
        return Task.CompletedTask;
    }

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Changed?.Invoke(true);
        return Task.CompletedTask;
    }
}
