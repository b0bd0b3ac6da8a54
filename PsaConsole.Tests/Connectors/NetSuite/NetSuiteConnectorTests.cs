using Microsoft.Extensions.DependencyInjection;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Connectors.NetSuite;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Tests.Sandbox.NetSuite;

namespace PsaConsole.Tests.Connectors.NetSuite;

public sealed class NetSuiteConnectorTests(ConnectedEngine engine) : IClassFixture<ConnectedEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IErp Erp => engine.Get<IErp>();

    public static TheoryData<BillingType> BillingTypes => [.. Enum.GetValues<BillingType>()];

    [Theory]
    [MemberData(nameof(BillingTypes))]
    public async Task Project_of_every_billing_type_is_read_back_as_it_was_written(BillingType type)
    {
        var client = await Erp.Clients.WriteAsync($"psac-client-{type}", Sample.Client($"{type} Werke GmbH", "DE01"), null, Token);
        var project = Project(type, $"DE01-{type}", client);

        var id = await Erp.Projects.WriteAsync($"psac-project-{type}", project, null, Token);

        Assert.Equal(id, await Erp.Projects.FindAsync($"psac-project-{type}", Token));
        Assert.Empty(OutcomeContract.Compare(project, await Erp.Projects.ReadAsync(id, Token), null));
        var opened = project with { OpenForTime = true };
        Assert.NotEmpty(OutcomeContract.Compare(opened, await Erp.Projects.ReadAsync(id, Token), null));
        Assert.Equal(id, await Erp.Projects.WriteAsync($"psac-project-{type}", opened, id, Token));
        Assert.Empty(OutcomeContract.Compare(opened, await Erp.Projects.ReadAsync(id, Token), null));
    }

    [Fact]
    public async Task Attribute_that_the_answer_lost_is_found_missing()
    {
        var client = await ClientAsync("omitted");
        var project = Project(BillingType.CappedTimeAndMaterials, "DE01-omitted", client);
        foreach (var field in (string[])["jobBillingType", "custentity_psac_nte", "custentity_psac_tax_code", "custentity_psac_cost_center", "billingRateCard", "projectManager", "jobPrice"])
        {
            await engine.FaultAsync(new { system = "netsuite", method = "PUT", path = "/services/rest/record/v1/job", effect = "omit:" + field, count = 1 });
            var id = await Erp.Projects.WriteAsync("psac-project-" + field, project with { Number = "DE01-" + field }, null, Token);
            Assert.Single(OutcomeContract.Compare(project with { Number = "DE01-" + field }, await Erp.Projects.ReadAsync(id, Token), null));
        }
    }

    [Fact]
    public async Task Value_that_was_taken_away_is_cleared()
    {
        var client = await ClientAsync("cleared");
        var project = Project(BillingType.TimeAndMaterials, "DE01-cleared", client);
        var id = await Erp.Projects.WriteAsync("psac-project-cleared", project, null, Token);
        await Erp.Projects.WriteAsync("psac-project-cleared", project with { PurchaseOrder = null, RateCard = null, Name = "Renamed" }, id, Token);
        var found = await Erp.Projects.ReadAsync(id, Token);
        Assert.Equal((null, null, "Renamed", "Net 45"), (found!.PurchaseOrder, found.RateCard, found.Name, found.PaymentTerms));
    }

    [Fact]
    public async Task Schedule_that_is_right_keeps_its_completed_milestones_and_a_wrong_one_is_replaced()
    {
        var client = await ClientAsync("schedule");
        var project = Project(BillingType.FixedMilestone, "DE01-schedule", client);
        var id = await Erp.Projects.WriteAsync("psac-project-schedule", project, null, Token);
        var account = await engine.Sandbox.NetSuiteAsync();
        using (var completed = await account.CallAsync("PATCH", "record/v1/billingSchedule/eid:psac-project-schedule", new { milestone = new { items = new[] { new { id = 1, milestoneCompleted = true } } } }))
        {
            completed.EnsureSuccessStatusCode();
        }

        await Erp.Projects.WriteAsync("psac-project-schedule", project with { OpenForTime = true }, id, Token);
        var kept = await account.GetStringAsync("record/v1/billingSchedule/eid:psac-project-schedule?expandSubResources=true", Token);
        Assert.Contains("\"milestoneCompleted\":true", kept, StringComparison.Ordinal);

        var moved = project with { Schedule = [.. project.Schedule.Select(entry => entry with { DueOn = entry.DueOn!.Value.AddDays(7) })] };
        await Erp.Projects.WriteAsync("psac-project-schedule", moved, id, Token);
        Assert.Equal(moved.Schedule.Select(entry => (entry.DueOn, entry.Amount)), (await Erp.Projects.ReadAsync(id, Token))!.Schedule.Select(entry => (entry.DueOn, entry.Amount)));
    }

    [Fact]
    public async Task Withdrawn_project_is_closed_stays_and_can_come_back()
    {
        var client = await ClientAsync("withdrawn");
        var project = Project(BillingType.Retainer, "DE01-withdrawn", client, open: true);
        var id = await Erp.Projects.WriteAsync("psac-project-withdrawn", project, null, Token);

        await Erp.Projects.WithdrawAsync(id, Token);
        await Erp.Projects.WithdrawAsync(id, Token);

        var closed = await Erp.Projects.ReadAsync(id, Token);
        Assert.False(closed!.OpenForTime);
        Assert.Empty(closed.Schedule);
        Assert.False(await Erp.HasPostingsAsync(id, Token));
        Assert.Equal(id, await Erp.Projects.WriteAsync("psac-project-withdrawn", project, null, Token));
        Assert.Empty(OutcomeContract.Compare(project, await Erp.Projects.ReadAsync(id, Token), null));
        await Erp.Projects.WithdrawAsync("99999999", Token);
        Assert.Null(await Erp.Projects.ReadAsync("99999999", Token));
        Assert.Null(await Erp.Projects.FindAsync("psac-project-nothing", Token));
    }

    [Fact]
    public async Task Client_is_read_back_with_its_legal_entities_and_finance_keeps_what_it_owns()
    {
        var client = Sample.Client("Elbe Handel GmbH", "DE01", "GB01", "US01");
        var id = await Erp.Clients.WriteAsync("psac-client-elbe", client, null, Token);
        var found = await Erp.Clients.ReadAsync(id, Token);
        Assert.Equal(client.LegalEntities, found!.LegalEntities);
        Assert.Equivalent(client with { LegalEntities = found.LegalEntities }, found);

        var changed = client with { LegalName = "Elbe Handel SE", PaymentTerms = "Net 30", TaxRegistration = "DE1", LegalEntities = ["JP01", "DE01"] };
        Assert.Equal(id, await Erp.Clients.WriteAsync("psac-client-elbe", changed, id, Token));
        found = await Erp.Clients.ReadAsync(id, Token);
        Assert.Equal(("Elbe Handel SE", "Net 45", client.TaxRegistration), (found!.LegalName, found.PaymentTerms, found.TaxRegistration));
        Assert.Equal(["DE01", "GB01", "US01", "JP01"], found.LegalEntities);
        Assert.Null(await Erp.Clients.ReadAsync("99999999", Token));
    }

    [Fact]
    public async Task Known_clients_are_matched_by_tax_number_then_domain_then_name()
    {
        var known = engine.Sandbox.Host.Firm.Clients.First(client => client.KnownInErp);
        var wanted = new Client { LegalName = "Quite Different", Country = known.Country, TaxRegistration = known.TaxRegistration };
        var byTax = Assert.Single(await Erp.FindClientsAsync(wanted, Token));
        Assert.Equal((known.Name, known.TaxRegistration, known.Country), (byTax.Name, byTax.TaxRegistration, byTax.Country));
        Assert.Contains(await Erp.FindClientsAsync(wanted with { TaxRegistration = "none", Website = known.Website }, Token), match => match.Id == byTax.Id && match.Domain is not null);
        Assert.Contains(await Erp.FindClientsAsync(new Client { LegalName = known.Name.ToUpperInvariant() }, Token), match => match.Id == byTax.Id);
        Assert.Empty(await Erp.FindClientsAsync(new Client { LegalName = "Zyxw' OR 1 = 1" }, Token));
        var hold = engine.Sandbox.Host.Firm.Clients.First(client => client.KnownInErp && client.CreditHold);
        var held = Assert.Single(await Erp.FindClientsAsync(new Client { LegalName = "-", TaxRegistration = hold.TaxRegistration }, Token));
        Assert.True((await Erp.Clients.ReadAsync(held.Id, Token))!.OnCreditHold);
    }

    [Fact]
    public async Task Weaker_key_still_finds_the_client_where_a_stronger_one_finds_only_another()
    {
        var abroad = Sample.Client("Austrian Branch", "DE01") with { Website = "https://broad.example", BillTo = new Address { City = "Wien", Country = "AT" }, Country = "AT", TaxRegistration = null };
        var here = Sample.Client("Broadly Known GmbH", "DE01") with { Website = null, TaxRegistration = null };
        await Erp.Clients.WriteAsync("psac-client-abroad", abroad, null, Token);
        var id = await Erp.Clients.WriteAsync("psac-client-here", here, null, Token);

        var wanted = here with { Website = abroad.Website };
        var found = await Erp.FindClientsAsync(wanted, Token);

        var (match, finding) = ClientMatching.Match(wanted, [.. found.Select(item => new ClientCandidate(item.Id, item.Name, item.TaxRegistration, item.Domain, item.Country))]);
        Assert.Equal((id, null), (match?.Id, finding));
    }

    [Fact]
    public async Task Legal_entities_are_asked_for_once_a_minute()
    {
        using var own = await engine.ConnectAsync([]);
        var erp = own.GetRequiredService<IErp>();
        var first = await erp.ReadLegalEntitiesAsync(Token);
        await engine.FaultAsync(new { system = "netsuite", path = "/services/rest/query", effect = "status:400", count = 1 });
        Assert.Same(first, await erp.ReadLegalEntitiesAsync(Token));
        await Assert.ThrowsAsync<ConnectorException>(() => erp.FindClientsAsync(new Client { LegalName = "Takes the fault" }, Token));
    }

    [Fact]
    public async Task Legal_entities_are_read_with_their_currencies() =>
        Assert.Equal("US01 USD US, GB01 GBP GB, DE01 EUR DE, JP01 JPY JP", string.Join(", ", (await Erp.ReadLegalEntitiesAsync(Token)).Where(entity => entity.Active).Select(entity => $"{entity.Code} {entity.Currency} {entity.Country}")));

    [Fact]
    public async Task Project_with_invoices_has_postings()
    {
        var account = await engine.Sandbox.NetSuiteAsync();
        var posted = (await account.RowsAsync("SELECT entity FROM transactionline ORDER BY id"))[0]["entity"];
        Assert.True(await Erp.HasPostingsAsync(posted, Token));
    }

    [Theory]
    [InlineData("subsidiary", "XX01")]
    [InlineData("department", "CC-NONE")]
    [InlineData("employee", "nobody@example.test")]
    [InlineData("term", "Net 999")]
    [InlineData("billingratecard", "no-such-card")]
    public async Task Missing_reference_is_named_and_nothing_is_written(string kind, string code)
    {
        var client = await ClientAsync("reference");
        var project = Project(BillingType.TimeAndMaterials, "DE01-reference", client);
        project = kind switch
        {
            "subsidiary" => project with { LegalEntity = code },
            "department" => project with { CostCenter = code },
            "employee" => project with { ProjectManager = code },
            "term" => project with { PaymentTerms = code },
            _ => project with { RateCard = code },
        };
        var refused = await Assert.ThrowsAsync<ConnectorException>(() => Erp.Projects.WriteAsync("psac-project-reference", project, null, Token));
        Assert.Equal(ErrorClass.Business, refused.Class);
        Assert.Contains($"{kind} \"{code}\"", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Null(await Erp.Projects.FindAsync("psac-project-reference", Token));
    }

    [Fact]
    public async Task Saved_customers_and_projects_are_changes()
    {
        var source = engine.Get<IEnumerable<IChangeSource>>().Single(candidate => candidate.SystemName == "netsuite");
        var cursor = (await source.ReadChangesAsync(null, Token)).Cursor;
        var client = await ClientAsync("changed");
        var id = await Erp.Projects.WriteAsync("psac-project-changed", Project(BillingType.NonBillable, "DE01-changed", client), null, Token);

        var page = await source.ReadChangesAsync(cursor, Token);

        Assert.Single(page.Changes, change => change.SourceType == "client" && change.SourceId == client);
        Assert.Single(page.Changes, change => change.SourceType == "engagement" && change.SourceId == id);
        Assert.Equal(page.Changes.Select(change => change.Revision), (await source.ReadChangesAsync(cursor, Token)).Changes.Select(change => change.Revision));
        Assert.Equal(ErrorClass.CursorLost, (await Assert.ThrowsAsync<ConnectorException>(() => source.ReadChangesAsync("lost", Token))).Class);
    }

    [Fact]
    public void External_keys_are_fit_for_an_address_and_never_the_same()
    {
        string[] keys = ["psac-project-1", "a:b", "a|b", "a/b", "a-b", "a--b", ExternalKey.Of("a:b"), "", "-", new string('x', 81), new string('x', 82), "ä"];
        var made = keys.Select(ExternalKey.Of).ToList();
        Assert.Equal("psac-project-1", made[0]);
        Assert.Equal(keys.Length, made.Distinct(StringComparer.Ordinal).Count());
        Assert.All(made, key => Assert.Matches("^[A-Za-z0-9_-]{1,255}$", key));
    }

    private Task<string> ClientAsync(string name) => Erp.Clients.WriteAsync($"psac-client-{name}", Sample.Client($"{name} AG", "DE01"), null, Token);

    private Engagement Project(BillingType type, string number, string client, bool open = false)
    {
        var firm = engine.Sandbox.Host.Firm;
        return Sample.Project(type, number, client, firm.Deals[0].ProjectManager, firm.RateCards[0].Name, open);
    }
}
