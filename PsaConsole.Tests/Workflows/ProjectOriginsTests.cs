using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;

namespace PsaConsole.Tests.Workflows;

/// <summary>"Why this value": what the ERP holds of a project is what its explanation computes from the deal.</summary>
public sealed class ProjectOriginsTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explanation_computes_every_value_that_the_erp_holds_and_names_the_field_it_comes_from()
    {
        var deal = firm.NewDeal("Percent Complete", $"Origins {Guid.NewGuid():n}"[..20], firm.Sandbox.IsOfOneEntity);
        await firm.WinAsync(deal);
        var run = await firm.CompletedAsync(deal);
        var state = JsonSerializer.Deserialize<HandOff>(run.State, MappingSets.Json)!;
        var part = Assert.Single(state.Parts);
        await using var store = await firm.OpenStoreAsync();
        var stamps = JsonNode.Parse(await store.RunSteps.Where(step => step.RunId == run.Id && step.Key == "deal").Select(step => step.Stamps).SingleAsync(Token) ?? "[]")!.AsArray();
        var names = stamps.Select(stamp => stamp!["set"]!.GetValue<string>()).ToList();
        var sets = await store.MappingSets.Where(set => names.Contains(set.Name)).ToListAsync(Token);

        var origins = ProjectOrigins.Of(state, part, sets);

        var held = await firm.Get<IErp>().Projects.ReadAsync(part.ErpProjectId!, Token);
        Assert.True(origins.Count > 10, $"only {origins.Count} are explained");
        Assert.All(origins, origin => Assert.Equal(
            origin.Value, OutcomeContract.Attributes.Single(attribute => attribute.Label == origin.Field).Value(held!), ignoreCase: true));
        var currency = origins.Single(origin => origin.Field == "Currency");
        Assert.Equal($"salesforce opportunity {deal}, CurrencyIsoCode", currency.Source);
        Assert.Equal(currency.Value, firm.Table("salesforce", "Opportunity").Find(deal)!.Text("CurrencyIsoCode"));
        Assert.Contains("mapping set salesforce.opportunity.read version ", currency.Rule, StringComparison.Ordinal);
        Assert.DoesNotContain(origins, origin => origin.Corrected);

        var plan = ProjectOrigins.OfPlan(state, part, sets);
        var planned = (await firm.Get<IPsa>().Plans.ReadAsync(part.PsaProjectId!, Token))!;
        Assert.Equal(planned.Phases.Count + planned.Milestones.Count + planned.Roles.Count, plan.Count);
        Assert.NotEmpty(planned.Phases);
        Assert.All(planned.Phases, phase => Assert.Contains(plan, origin =>
            origin.Field == $"Phase {phase.Name}" && origin.Value.EndsWith($" {phase.PlannedHours.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)} h", StringComparison.Ordinal)
            && origin.Source == $"salesforce opportunity {deal}, Delivery_Phases__r" && origin.Rule.Contains("mapping set salesforce.phase.read version ", StringComparison.Ordinal)));
        Assert.All(plan.Where(origin => origin.Field.StartsWith("Role ", StringComparison.Ordinal)), origin => Assert.EndsWith(", Requested_Roles__r", origin.Source, StringComparison.Ordinal));

        // Another deal, another value: it is computed and not remembered.
        var other = ProjectOrigins.Of(state with { Corrections = new DealCorrections { ProjectManager = "someone.else@example.com" } }, part, sets).Single(origin => origin.Field == "Project manager");
        Assert.Equal(("someone.else@example.com", true, "Entered by a person with edit and retry"), (other.Value, other.Corrected, other.Source));
    }
}
