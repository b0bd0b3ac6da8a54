using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Store;
using PsaConsole.Web;
using PsaConsole.Web.Security;
using PsaConsole.Web.Store;

if (args is ["healthcheck", .. var own])
{
    return await HealthCheckVerb.RunAsync(own);
}

try
{
    var builder = WebApplication.CreateBuilder(args);
    await builder.Configuration.AddSandboxAsync(TimeProvider.System, CancellationToken.None);
    builder.AddConsole();
    await using var postgres = await builder.StartPrivateServerAsync(CancellationToken.None);

    await using var app = builder.Build();
    GrantedScopes.Check(app.Services);
    await app.MigrateAsync(CancellationToken.None);
    if (args is ["migrate", ..])
    {
        return 0;
    }

    app.UseConsole();
    await app.RunAsync();
    return 0;
}
catch (Exception refusal) when (refusal is StartRefusedException or PrivatePostgresException or SandboxDiscoveryException)
{
    await Console.Error.WriteLineAsync($"PsaConsole does not start: {refusal.Message}");
    return 78; // EX_CONFIG of sysexits.h: nothing will change until the configuration does.
}
