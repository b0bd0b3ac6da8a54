using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>Graph v1.0 without the wire around it: which call is answered by what.</summary>
internal sealed class GraphApi : IDisposable
{
    /// <summary>The addresses below /v1.0 that the sandbox knows, for the call log's routes.</summary>
    public static readonly IReadOnlyList<string> Routes =
    [
        "/users", "/users/delta", "/users/{id}", "/users/{id}/mailboxSettings", "/users/{id}/sendMail", "/users/{id}/calendar/getSchedule", "/users/{id}/messages",
        "/users/{id}/messages/{message}", "/users/{id}/mailFolders/{folder}/messages", "/subscriptions", "/subscriptions/{id}", "/{**other}",
    ];

    private readonly GraphUsers _users;
    private readonly UsersDelta _delta;
    private readonly GraphSchedule _schedule;
    private readonly GraphMail _mail;
    private readonly GraphSubscriptions _subscriptions;

    /// <param name="root">The address of /v1.0, which links are made of.</param>
    public GraphApi(RecordStore store, World world, Func<string> root)
    {
        _users = new GraphUsers(store, world.Clock, root);
        _delta = new UsersDelta(store, world.Clock, root);
        _schedule = new GraphSchedule(store, _users, root);
        _mail = new GraphMail(store, _users, world.Clock, root);
        _subscriptions = new GraphSubscriptions(store, world, root);
    }

    public void Tell(RecordChange change) => _subscriptions.Tell(change);

    public void Dispose() => _subscriptions.Dispose();

    /// <exception cref="GraphRefusal">The call is refused.</exception>
    public async Task<GraphReply> AnswerAsync(GraphCall call, CancellationToken cancellationToken)
    {
        if (call is { Method: "POST", Path: ["subscriptions"] })
        {
            return await _subscriptions.CreateAsync(call, cancellationToken);
        }

        var path = call.Path;
        return (call.Method, path.Select(part => part.ToLowerInvariant()).ToArray()) switch
        {
            ("GET", ["users"]) => _users.List(call),
            ("POST", ["users"]) => _users.Create(call),
            ("GET", ["users", "delta" or "microsoft.graph.delta"]) => _delta.Read(call),
            ("GET", ["users", _]) => _users.Read(call, path[1]),
            ("PATCH", ["users", _]) => _users.Change(call, path[1]),
            ("DELETE", ["users", _]) => _users.Delete(path[1]),
            ("GET", ["users", _, "mailboxsettings"]) => _schedule.Settings(path[1]),
            ("PATCH", ["users", _, "mailboxsettings"]) => _schedule.ChangeSettings(call, path[1]),
            ("POST", ["users", _, "calendar", "getschedule" or "microsoft.graph.getschedule"]) => _schedule.Read(call, path[1]),
            ("POST", ["users", _, "sendmail" or "microsoft.graph.sendmail"]) => _mail.Send(call, path[1]),
            ("GET", ["users", _, "messages"]) => _mail.List(call, path[1], null),
            ("GET", ["users", _, "mailfolders", _, "messages"]) => _mail.List(call, path[1], path[3]),
            ("GET", ["users", _, "messages", _]) => _mail.Read(call, path[1], path[3]),
            ("DELETE", ["users", _, "messages", _]) => _mail.Delete(path[1], path[3]),
            ("GET", ["subscriptions"]) => _subscriptions.List(),
            ("GET", ["subscriptions", _]) => _subscriptions.Read(path[1]),
            ("PATCH", ["subscriptions", _]) => _subscriptions.Renew(call, path[1]),
            ("DELETE", ["subscriptions", _]) => _subscriptions.Delete(path[1]),
            (_, ["users"] or ["users", _] or ["users", _, "messages"] or ["subscriptions"] or ["subscriptions", _]) => throw GraphRefusal.OfStatus(StatusCodes.Status405MethodNotAllowed),
            (_, ["me", ..]) => throw Delegated(),
            (_, []) => throw GraphRefusal.OfStatus(StatusCodes.Status405MethodNotAllowed),
            _ => throw GraphRefusal.NoSegment(path[^1]),
        };
    }

    /// <summary>An application has no "me".</summary>
    private static GraphRefusal Delegated() => GraphRefusal.Query("/me request is only valid with delegated authentication flow.");
}
