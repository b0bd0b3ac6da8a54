using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>Salesforce, as the sample customer has set it up.</summary>
internal sealed class SalesforceVendor(World world) : Vendor("salesforce", 1, [], world)
{
    public override JsonObject Credentials => new() { ["clientId"] = "3MVG9.sandbox.psaconsole", ["clientSecret"] = "sandbox-salesforce-secret" };

    public override void Map(WebApplication app)
    {
    }

    public override Task WriteErrorAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public override Task WriteThrottleAsync(HttpContext context) => WriteErrorAsync(context, StatusCodes.Status403Forbidden);

    public override void Seed(SampleFirm firm)
    {
    }

    public override void ExpireTokens()
    {
    }
}
