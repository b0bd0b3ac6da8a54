using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Security;

namespace PsaConsole.Tests.Workflows;

/// <summary>"Created but not billable" is a case of its own: NetSuite stores the project without one attribute and answers that all is well.</summary>
public sealed class BillableProjectTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The attribute on the wire, what people call it, and a billing type that needs it.</summary>
    public static TheoryData<string, string, string> Attributes => new()
    {
        { "entityId", "Project number", "Percent Complete" },
        { "custentity_psac_cost_center", "Cost centre", "Percent Complete" },
        { "projectManager", "Project manager", "Percent Complete" },
        { "startDate", "Start date", "Percent Complete" },
        { "projectedEndDate", "End date", "Percent Complete" },
        { "jobBillingType", "Billing rule", "Percent Complete" },
        { "jobPrice", "Contract value", "Percent Complete" },
        { "custentity_psac_contract_no", "Contract number", "Percent Complete" },
        { "custentity_psac_tax_code", "Tax code", "Percent Complete" },
        { "custentity_psac_terms", "Payment terms", "Percent Complete" },
        { "custentity_psac_invoice_delivery", "Invoice delivery", "Percent Complete" },
        { "custentity_psac_revrec", "Revenue recognition method", "Percent Complete" },
        { "billingRateCard", "Rate card", "Time and Materials" },
        { "custentity_psac_nte", "Not to exceed", "Capped Time and Materials" },
        { "billingSchedule", "Billing schedule", "Fixed Price - Milestones" },
        { "entityStatus", "Open for time", "Percent Complete" },
    };

    [Theory]
    [MemberData(nameof(Attributes))]
    public async Task Missing_attribute_is_named_and_only_its_repair_closes_the_case(string field, string label, string billingType)
    {
        var deal = firm.NewDeal(billingType, "Drop", firm.Sandbox.IsOfOneEntity);
        await firm.FaultAsync(new { system = "netsuite", path = "/services/rest/record/v1/job", effect = $"omit:{field}" });
        await firm.WinAsync(deal);
        var run = await firm.ParkedAsync(deal);
        await firm.ClearFaultsAsync();

        var raised = Assert.Single(await firm.CasesAsync(run), item => item.IsOpen);
        Assert.Equal("HND-008", raised.Code);
        var finding = Assert.Single(Findings(raised));
        Assert.Equal(label, finding.Field);
        Assert.Contains(label, raised.Message, StringComparison.Ordinal);

        var again = await firm.RetryAsync(raised);
        Assert.Equal(CaseStatus.Open, again.Status);
        Assert.Contains(again.History, entry => entry.Text?.StartsWith("The retry did not pass.", StringComparison.Ordinal) == true);

        Repair(run.ProjectNumber!, run.Title, field, finding.Expected!);
        var closed = await firm.RetryAsync(again);
        Assert.Equal(CaseStatus.Resolved, closed.Status);
        await firm.CompletedAsync(deal);
    }

    [Fact]
    public async Task Edit_and_retry_writes_the_project_again()
    {
        var deal = firm.NewDeal("Percent Complete", "Rewrite", firm.Sandbox.IsOfOneEntity);
        await firm.FaultAsync(new { system = "netsuite", path = "/services/rest/record/v1/job", effect = "omit:custentity_psac_tax_code" });
        await firm.WinAsync(deal);
        var run = await firm.ParkedAsync(deal);
        await firm.ClearFaultsAsync();
        var raised = Assert.Single(await firm.CasesAsync(run), item => item.IsOpen);

        var edits = new Dictionary<string, string?> { ["corrections.purchaseOrder"] = "PO-4711" };
        await firm.Get<CaseActions>().EditAndRetryAsync(RunningFirm.Controller, raised.Id, raised.Version, edits, "the client sent its order", Token);
        await firm.CompletedAsync(deal);

        var job = firm.Table("netsuite", "job").Scan().Single(record => record.Text("entityId") == run.ProjectNumber);
        Assert.Equal("PO-4711", job.Text("custentity_psac_po"));
        Assert.NotNull(job.Text("custentity_psac_tax_code"));
        Assert.Equal(CaseStatus.Resolved, Assert.Single(await firm.CasesAsync(run), item => item.Id == raised.Id).Status);

        // The journey says who entered it, and what it was before.
        var journey = (await new JourneyQueries(new ReaderStores(firm.Get<IDbContextFactory<EngineDbContext>>(), RunningFirm.Controller), firm.Catalog, firm.Get<Colleagues>(), TimeProvider.System).ReadAsync(run.Id, Token))!;
        var order = Assert.Single(journey.Fields, field => field.Group.StartsWith("Why", StringComparison.Ordinal) && field.Field == "Purchase order");
        Assert.Equal("PO-4711", order.Value);
        Assert.StartsWith($"Entered by {CaseWords.Person(RunningFirm.Controller.Id, new Dictionary<string, string>())} with edit and retry (Purchase order: empty → PO-4711)", order.Source, StringComparison.Ordinal);
        Assert.Contains(journey.Fields, field => field.Field.StartsWith("Phase ", StringComparison.Ordinal));
    }

    /// <summary>Fills the attribute in NetSuite's own record, as a bookkeeper would.</summary>
    private void Repair(string number, string title, string field, string expected)
    {
        var store = firm.Sandbox.Host.Vendor("netsuite").Store;
        var job = store["job"].Scan().Single(record => record.Text("entityId") == number || record.Text("companyName") == title);
        object? value = field switch
        {
            "custentity_psac_cost_center" => Id("department", "externalId", expected),
            "projectManager" => Id("employee", "email", expected),
            "custentity_psac_terms" => Id("term", "name", expected),
            "billingRateCard" => Id("billingRateCard", "name", expected),
            "billingSchedule" => Id("billingSchedule", "externalId", job.Text("externalId")!),
            "startDate" or "projectedEndDate" => DateOnly.ParseExact(expected, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            "jobPrice" or "custentity_psac_nte" => decimal.Parse(expected, CultureInfo.InvariantCulture),
            "jobBillingType" => "1",
            "entityStatus" => "2",
            _ => expected,
        };
        store.Update("job", job.Id, new Dictionary<string, object?> { [field] = value });

        string Id(string table, string key, string code) => store[table].Scan().Single(record => record.Text(key) == code).Id;
    }

    private static List<Finding> Findings(ExceptionCase raised) => System.Text.Json.JsonSerializer.Deserialize<List<Finding>>(raised.Findings, MappingSets.Json)!;
}
