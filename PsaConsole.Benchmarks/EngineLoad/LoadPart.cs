using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using PsaConsole.Engine;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>
/// The parts of the load that have a process of their own, so that processor time and memory can be told apart: the vendor, a replica of the engine, and a
/// Hangfire server. Each answers 200 at /ready.
/// </summary>
internal static class LoadPart
{
    /// <summary>First argument of a process that is a part.</summary>
    public const string Verb = "part";

    public const string Vendor = "vendor";
    public const string Replica = "engine";
    public const string Hangfire = "hangfire";

    public static Task RunAsync(string part) => part switch
    {
        Vendor => RunVendorAsync(),
        Replica => RunReplicaAsync(),
        Hangfire => RunHangfireAsync(),
        _ => throw new ArgumentException($"There is no part {part}.", nameof(part)),
    };

    private static async Task RunVendorAsync()
    {
        var latency = 0;
        var answer = """{"id":"4711","status":"ok"}"""u8.ToArray();
        var app = Quiet().Build();
        app.MapGet("/ready", () => "ready");
        app.MapPost("/latency/{milliseconds:int}", (int milliseconds) =>
        {
            Volatile.Write(ref latency, milliseconds);
            return "set";
        });
        app.Map("/work", branch => branch.Run(async context =>
        {
            if (Volatile.Read(ref latency) is > 0 and var wait)
            {
                await Task.Delay(wait);
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer);
        }));
        await app.RunAsync();
    }

    private static async Task RunReplicaAsync()
    {
        var builder = Quiet();
        builder.Services.AddEngine(builder.Configuration);
        builder.Services.AddSingleton(new VendorCalls(VendorAddress(builder)));
        builder.Services.AddSingleton<LoadWorkflow>();
        builder.Services.AddSingleton<Workflow>(provider => provider.GetRequiredService<LoadWorkflow>());
        builder.Services.AddSingleton<ChangeHandler, LoadChanges>();
        var app = builder.Build();
        app.MapGet("/ready", () => "ready");
        await app.RunAsync();
    }

    private static async Task RunHangfireAsync()
    {
        var builder = Quiet();
        using var vendor = new VendorCalls(VendorAddress(builder));
        await using var database = NpgsqlDataSource.Create(builder.Configuration.GetConnectionString("PsaConsole")!);
        HangfireLoad.Use(vendor, database);
        BackgroundJobServer? server = null;
        var app = builder.Build();
        app.MapGet("/ready", () => "ready");
        app.MapPost("/start", () =>
        {
            server = HangfireLoad.Serve(builder.Configuration.GetConnectionString("PsaConsole")!);
            return "started";
        });
        app.MapPost("/stop", () =>
        {
            server?.Dispose();
            return "stopped";
        });
        await app.RunAsync();
    }

    private static Uri VendorAddress(WebApplicationBuilder builder) => new(builder.Configuration["Load:Vendor"]!);

    private static WebApplicationBuilder Quiet()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        return builder;
    }
}
