using PsaConsole.Web;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddConsole();

    var app = builder.Build();
    app.UseConsole();
    await app.RunAsync();
    return 0;
}
catch (StartRefusedException refusal)
{
    await Console.Error.WriteLineAsync($"PsaConsole does not start: {refusal.Message}");
    return 78; // EX_CONFIG
}
