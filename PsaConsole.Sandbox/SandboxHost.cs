using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using PsaConsole.Sandbox.Control;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;
using PsaConsole.Sandbox.Kantata;
using PsaConsole.Sandbox.Microsoft365;
using PsaConsole.Sandbox.NetSuite;
using PsaConsole.Sandbox.Salesforce;
using PsaConsole.Sandbox.Workday;

namespace PsaConsole.Sandbox;

/// <summary>The running sandbox: one web server a vendor and one for the control API, on the loopback address only.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private const int MaximumBodyBytes = 50 * 1024 * 1024;

    // Longer than any vendor takes, so that the refusal is the vendor's own.
    private const int MaximumRequestLine = 24 * 1024;
    private readonly List<WebApplication> _servers = [];
    private readonly Dictionary<string, Uri> _urls = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly FolderState? _folder;

    private SandboxHost(SandboxOptions options)
    {
        _folder = options.DataFolder is { } path ? FolderState.Open(path) : null;
        var faults = new Faults(options.Seed);
        World = new World(options, new SandboxClock(TimeProvider.System), new CallLog(), faults, new Notices(faults));
        if (options.Now is { } now && _folder?.Firm is null)
        {
            World.Clock.Set(now);
        }

        Vendors = [.. AllVendors(World)];
        Activity = new Activity(Vendors, World.Clock);
    }

    /// <summary>Every outside system that the sandbox stands in for: a new vendor is one more line here.</summary>
    private static IEnumerable<Vendor> AllVendors(World world)
    {
        yield return new SalesforceVendor(world);
        yield return new KantataVendor(world);
        yield return new WorkdayVendor(world);
        yield return new NetSuiteVendor(world);
        yield return new Microsoft365Vendor(world);
    }

    public World World { get; }

    public IReadOnlyList<Vendor> Vendors { get; }

    /// <summary>The firm that the vendors were filled from.</summary>
    public SampleFirm Firm { get; private set; } = null!;

    internal Activity Activity { get; }

    /// <summary>Starts every server and returns when all answer.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        var host = new SandboxHost(options);
        try
        {
            host.LoadOrSeed();
            foreach (var vendor in host.Vendors)
            {
                vendor.Url = await host.ServeAsync(vendor.Name, vendor.PortOffset, app => MapVendor(app, vendor, host._stopping.Token), cancellationToken);
            }

            await host.ServeAsync("control", 0, app => ControlApi.Map(app, host), cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a system listens: a vendor's name, or "control".</summary>
    /// <exception cref="KeyNotFoundException">There is no such system.</exception>
    public Uri Url(string system) => _urls[system];

    /// <exception cref="KeyNotFoundException">There is no such vendor.</exception>
    public Vendor Vendor(string name) => Vendors.FirstOrDefault(vendor => vendor.Name == name) ?? throw new KeyNotFoundException($"There is no vendor {name}.");

    /// <summary>Waits until the token is cancelled.</summary>
    public async Task RunUntilAsync(CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(ended.SetResult);
        await ended.Task;
    }

    /// <summary>Replaces the firm by a new one: every vendor is emptied and filled again.</summary>
    internal void Replace(FirmState state)
    {
        Settle(state);
        foreach (var vendor in Vendors)
        {
            vendor.Store.Clear();
            vendor.Store.Fill(() => vendor.Seed(Firm));
        }

        _folder?.Save(state, World.Clock.Offset);
    }

    internal void SetClock(DateTimeOffset now)
    {
        World.Clock.Set(now);
        _folder?.Save(_folder.Firm!, World.Clock.Offset);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Activity.DisposeAsync();
        foreach (var server in _servers)
        {
            await server.StopAsync(CancellationToken.None);
            await server.DisposeAsync();
        }

        await World.Notices.DisposeAsync();
        foreach (var vendor in Vendors)
        {
            vendor.Store.Dispose();
            (vendor as IDisposable)?.Dispose();
        }

        _stopping.Dispose();
    }

    private void LoadOrSeed()
    {
        var empty = Vendors.Where(vendor => _folder is null || !vendor.Store.Open(_folder.Of(vendor.Name))).ToList();
        if (_folder?.Firm is not { } kept)
        {
            Replace(new FirmState(World.Options.Consultants, World.Options.Seed, World.Clock.Today));
            return;
        }

        World.Clock.Set(TimeProvider.System.GetUtcNow() + _folder.ClockOffset);
        Settle(kept);

        // A vendor that the sandbox did not have when the folder was made.
        foreach (var vendor in empty)
        {
            vendor.Store.Fill(() => vendor.Seed(Firm));
        }
    }

    private void Settle(FirmState state)
    {
        Firm = FirmGenerator.Generate(state.Consultants, state.Seed, state.Today);
        foreach (var vendor in Vendors)
        {
            vendor.Firm = Firm;
        }
    }

    private static void MapVendor(WebApplication app, Vendor vendor, CancellationToken stopping)
    {
        var faults = new FaultMiddleware(vendor, stopping);
        app.Use(faults.InvokeAsync);
        app.UseRouting();
        vendor.Map(app);
        app.MapFallback(context => vendor.WriteErrorAsync(context, StatusCodes.Status404NotFound));
    }

    private async Task<Uri> ServeAsync(string system, int offset, Action<WebApplication> map, CancellationToken cancellationToken)
    {
        // Empty, so that no settings file or environment variable of whoever hosts it (the console, the tests) changes it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "PsaConsole.Sandbox" });

        // A port that is taken is told by the exception alone.
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaximumBodyBytes;
            kestrel.Limits.MaxRequestLineSize = MaximumRequestLine;
            kestrel.Listen(IPAddress.Loopback, World.Options.Port == 0 ? 0 : World.Options.Port + offset);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var app = builder.Build();
        _servers.Add(app);
        map(app);
        await app.StartAsync(cancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return _urls[system] = new Uri(address);
    }
}
