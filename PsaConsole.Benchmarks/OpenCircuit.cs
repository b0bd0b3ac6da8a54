using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace PsaConsole.Benchmarks;

/// <summary>
/// Somebody with a page of the console open: signed in, the page read over HTTP, its circuit up over a web socket, every picture of it acknowledged. What a browser
/// does for Blazor without drawing anything, so that hundreds of them fit beside the server that is measured.
/// </summary>
internal sealed partial class OpenCircuit : IAsyncDisposable
{
    private readonly HubConnection _connection;
    private readonly Uri _console;
    private readonly Lock _gate = new();
    private (byte[] Text, TaskCompletionSource Seen)? _awaited;

    private OpenCircuit(HubConnection connection, Uri console)
    {
        _connection = connection;
        _console = console;
        connection.On("JS.RenderBatch", [typeof(long), typeof(byte[])], arguments => DrawAsync((long)arguments[0]!, (byte[])arguments[1]!));
        connection.On("JS.BeginInvokeJS", [typeof(long), typeof(string), typeof(string), typeof(int), typeof(long), typeof(int)], arguments => AnswerAsync((long)arguments[0]!, (string)arguments[1]!, (int)arguments[3]!));
        connection.On("JS.Error", [typeof(string)], arguments => FailAsync($"{arguments[0]}"));
        connection.Closed += problem => FailAsync($"The circuit was closed: {problem?.Message}");
    }

    /// <summary>How often the server drew the page.</summary>
    public int Batches { get; private set; }

    /// <summary>What went wrong with the circuit; null when nothing did.</summary>
    public string? Problem { get; private set; }

    /// <summary>Signs in and opens a page.</summary>
    /// <param name="role">The sample user.</param>
    public static async Task<OpenCircuit> OpenAsync(Uri console, string role, string path, CancellationToken cancellationToken)
    {
        var cookies = new CookieContainer();
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = console, Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var form = await http.GetStringAsync(new Uri("/sign-in", UriKind.Relative), cancellationToken);
        using var fields = new FormUrlEncodedContent(new Dictionary<string, string> { ["role"] = role, ["__RequestVerificationToken"] = FormToken().Match(form).Groups[1].Value });
        using var signedIn = await http.PostAsync(new Uri("/session/development", UriKind.Relative), fields, cancellationToken);
        var page = await http.GetStringAsync(new Uri(path, UriKind.Relative), cancellationToken);
        var builder = new HubConnectionBuilder().WithUrl(new Uri(console, "_blazor"), HttpTransportType.WebSockets, options =>
        {
            options.Cookies = cookies;
            options.SkipNegotiation = true;
        });
        builder.Services.AddSingleton<IHubProtocol, BlazorPack>();
        var circuit = new OpenCircuit(builder.Build(), console);
        await circuit.BeginAsync(new Uri(console, path), page, cancellationToken);
        return circuit;
    }

    /// <summary>Follows a link within the circuit, and waits until a picture of the page shows the text.</summary>
    public async Task GoAsync(string path, string text, CancellationToken cancellationToken)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited = (Encoding.UTF8.GetBytes(text), seen);
        }

        await _connection.SendAsync("OnLocationChanged", new Uri(_console, path).ToString(), null, true, cancellationToken);
        try
        {
            await seen.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{path} did not show \"{text}\" within a minute; {Batches} pictures were drawn so far. {Problem}");
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task BeginAsync(Uri address, string page, CancellationToken cancellationToken)
    {
        await _connection.StartAsync(cancellationToken);
        var id = await _connection.InvokeAsync<string>("StartCircuit", _console.ToString(), address.ToString(), "[]", ApplicationState().Match(page).Groups[1].Value, cancellationToken);
        if (string.IsNullOrEmpty(id))
        {
            throw new InvalidOperationException("The server refused the circuit.");
        }

        var markers = Component().Matches(page).Select(match => JsonNode.Parse(match.Groups[1].Value)!).Where(marker => marker["type"] is not null);
        var operations = new JsonArray([.. markers.Select((marker, index) => new JsonObject { ["type"] = "add", ["ssrComponentId"] = index + 1, ["marker"] = marker })]);
        var whole = new JsonObject { ["batchId"] = 1, ["operations"] = operations };
        await _connection.SendAsync("UpdateRootComponents", whole.ToJsonString(), ApplicationState().Match(page).Groups[1].Value, cancellationToken);
        while (Batches == 0 && Problem is null)
        {
            await Task.Delay(20, cancellationToken);
        }

        if (Problem is not null)
        {
            throw new InvalidOperationException(Problem);
        }
    }

    private async Task DrawAsync(long batch, byte[] picture)
    {
        lock (_gate)
        {
            Batches++;
            if (_awaited is { } awaited && picture.AsSpan().IndexOf(awaited.Text) >= 0)
            {
                awaited.Seen.TrySetResult();
                _awaited = null;
            }
        }

        await _connection.SendAsync("OnRenderCompleted", batch, null);
    }

    // A script was called: it says how its viewer looks at the page, else nothing; and where an object is wanted there is one.
    private Task AnswerAsync(long call, string script, int wanted)
    {
        const int JsObjectReference = 1;
        var result = wanted == JsObjectReference ? $$"""{"__jsObjectId":{{call}}}"""
            : script == "current" ? """{"theme":"system","systemIsDark":false,"timeZone":"Europe/Berlin"}"""
            : "null";
        return call == 0 ? Task.CompletedTask : _connection.SendAsync("EndInvokeJSFromDotNet", call, true, $"[{call},true,{result}]");
    }

    private Task FailAsync(string problem)
    {
        Problem ??= problem;
        lock (_gate)
        {
            _awaited?.Seen.TrySetException(new InvalidOperationException(problem));
        }

        return Task.CompletedTask;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    [GeneratedRegex("<!--Blazor:(\\{.+?\\})-->")]
    private static partial Regex Component();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.+?)-->")]
    private static partial Regex ApplicationState();

    /// <summary>The protocol of Blazor's hub: SignalR's MessagePack under another name.</summary>
    [SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
    private sealed class BlazorPack : IHubProtocol
    {
        private readonly MessagePackHubProtocol _pack = new();

        public string Name => "blazorpack";

        public int Version => _pack.Version;

        public TransferFormat TransferFormat => _pack.TransferFormat;

        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _pack.GetMessageBytes(message);

        public bool IsVersionSupported(int version) => _pack.IsVersionSupported(version);

        public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message) => _pack.TryParseMessage(ref input, binder, out message);

        public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _pack.WriteMessage(message, output);
    }
}
