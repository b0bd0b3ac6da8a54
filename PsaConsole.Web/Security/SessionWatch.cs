using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Store;

namespace PsaConsole.Web.Security;

/// <summary>
/// Who is signed in, for the pages of a circuit: nobody any more as soon as the session ends, wherever that was decided. The change feed tells at once; what it
/// lost, and a session that runs out, is found within the interval.
/// </summary>
public sealed class SessionWatch : RevalidatingServerAuthenticationStateProvider
{
    private static readonly AuthenticationState Nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));

    private readonly Sessions _sessions;
    private readonly IDisposable _subscription;
    private string? _session;

    public SessionWatch(ILoggerFactory loggers, Sessions sessions, ChangeFeed feed)
        : base(loggers)
    {
        _sessions = sessions;
        AuthenticationStateChanged += Remember;
        _subscription = feed.Subscribe(item =>
        {
            if (item.Kind == "session" && item.Id == Volatile.Read(ref _session))
            {
                SetAuthenticationState(Task.FromResult(Nobody));
            }
        });
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        await _sessions.IsLiveAsync(authenticationState.User.FindFirst(ConsoleIdentity.SessionId)?.Value, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _subscription.Dispose();
        }

        base.Dispose(disposing);
    }

    // The state is set once for a circuit, and again when the person has gone.
    private async void Remember(Task<AuthenticationState> state) => Volatile.Write(ref _session, (await state).User.FindFirst(ConsoleIdentity.SessionId)?.Value);
}
