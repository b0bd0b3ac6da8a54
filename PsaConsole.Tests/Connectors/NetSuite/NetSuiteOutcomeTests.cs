using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Tests.Sandbox.NetSuite;

namespace PsaConsole.Tests.Connectors.NetSuite;

/// <summary>Each attribute of Table C, lost on the way to NetSuite. The tests of a class run one after the other, so a fault hits only its own test.</summary>
public sealed class NetSuiteOutcomeTests(ConnectedEngine engine) : IClassFixture<ConnectedEngine>
{
    private const string JobPath = "/services/rest/record/v1/job";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IErp Erp => engine.Get<IErp>();

    [Theory]
    [InlineData("custentity_psac_cost_center", "Cost centre")]
    [InlineData("projectManager", "Project manager")]
    [InlineData("startDate", "Start date")]
    [InlineData("projectedEndDate", "End date")]
    [InlineData("jobBillingType", "Billing rule")]
    [InlineData("entityStatus", "Open for time")]
    [InlineData("jobPrice", "Contract value")]
    [InlineData("custentity_psac_contract_no", "Contract number")]
    [InlineData("custentity_psac_tax_code", "Tax code")]
    [InlineData("custentity_psac_terms", "Payment terms")]
    [InlineData("custentity_psac_invoice_delivery", "Invoice delivery")]
    [InlineData("custentity_psac_revrec", "Revenue recognition method")]
    [InlineData("custentity_psac_po", "Purchase order")]
    [InlineData("billingRateCard", "Rate card")]
    [InlineData("custentity_psac_nte", "Not to exceed")]
    [InlineData("billingSchedule", "Billing frequency")]
    public Task Dropped_attribute_is_the_only_one_that_is_missing(string field, string label) => DropAsync(BillingType.CappedTimeAndMaterials, field, label);

    [Theory]
    [InlineData(BillingType.FixedMilestone)]
    [InlineData(BillingType.FixedInterval)]
    [InlineData(BillingType.Retainer)]
    public Task Dropped_schedule_is_the_only_attribute_that_is_missing(BillingType type) => DropAsync(type, "billingSchedule", "Billing schedule");

    private async Task DropAsync(BillingType type, string field, string label)
    {
        var name = $"{type}-{field.Replace('_', '-')}";
        var client = await Erp.Clients.WriteAsync("psac-client-outcome", Sample.Client("Outcome Werke GmbH", "DE01"), null, Token);
        var account = await engine.Sandbox.NetSuiteAsync();
        var manager = (await account.RowsAsync("SELECT email FROM employee WHERE isjobmanager = 'T' ORDER BY id"))[0]["email"];
        var card = (await account.RowsAsync("SELECT name FROM billingratecard ORDER BY id"))[0]["name"];
        var project = Sample.Project(type, "DE01-" + name, client, manager, card, open: true);
        await engine.FaultAsync(new { system = "netsuite", method = "PUT", path = JobPath, effect = "omit:" + field, count = 1 });

        var id = await Erp.Projects.WriteAsync("psac-outcome-" + name, project, null, Token);

        var finding = Assert.Single(OutcomeContract.Compare(project, await Erp.Projects.ReadAsync(id, Token), null));
        Assert.Equal((label, null), (finding.Field, finding.Actual));
        await Erp.Projects.WriteAsync("psac-outcome-" + name, project, id, Token);
        Assert.Empty(OutcomeContract.Compare(project, await Erp.Projects.ReadAsync(id, Token), null));
    }
}
