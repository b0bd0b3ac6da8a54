using System.Text.Json.Nodes;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Tests.Exceptions;

/// <summary>A value more in a mapping set changes what becomes of that value and of no other.</summary>
public sealed class ValueRulesTests
{
    private const string Roles = """[{"target":"role","source":"jobProfile","values":{"Analyst":"Analyst","Lead":"Architect"}}]""";
    private const string Centers = """[{"target":"costCenter","source":"costCenter"}]""";

    [Fact]
    public void Table_gets_a_line_more()
    {
        var rules = ValueRules.With(Roles, new UnmappedValue("person.role", "role", "Rocket Scientist"), "Architect");

        Assert.Equal("Architect", Map(rules, "jobProfile", "Rocket Scientist", "role"));
        Assert.Equal("Analyst", Map(rules, "jobProfile", "Analyst", "role"));
        Assert.Null(Map(rules, "jobProfile", "Clown", "role"));
        Assert.Equal(["Analyst", "Architect"], ValueRules.Known(rules, "role"));
    }

    [Fact]
    public void Value_that_is_taken_as_it_is_gets_an_exception_which_can_be_corrected()
    {
        var value = new UnmappedValue("person.cost-center", "costCenter", "CC-OLD");
        var once = ValueRules.With(Centers, value, "CC-NEW");
        var twice = ValueRules.With(once, value, "CC-NEWER");

        Assert.Equal("CC-NEW", Map(once, "costCenter", "CC-OLD", "costCenter"));
        Assert.Equal("CC-NEWER", Map(twice, "costCenter", "CC-OLD", "costCenter"));
        Assert.Equal("CC-1", Map(twice, "costCenter", "CC-1", "costCenter"));
        Assert.Equal(2, JsonNode.Parse(twice)!.AsArray().Count);
    }

    [Theory]
    [InlineData("DeliveryOperations", "person.role", true, false)]
    [InlineData("ResourceManager", "person.role", true, false)]
    [InlineData("FinanceOperations", "hub.expense-category", true, false)]
    [InlineData("FinanceOperations", "person.zone", false, false)]
    [InlineData("FinanceController", "hub.expense-category", false, true)]
    [InlineData("FinanceController", "person.zone", false, false)]
    [InlineData("HrPartner", "person.role", true, false)]
    [InlineData("HrPartner", "hub.expense-category", false, false)]
    [InlineData("IntegrationAdministrator", "person.zone", true, true)]
    [InlineData("IntegrationAdministrator", "netsuite.journal.write", true, false)]
    [InlineData("GovernanceBoard", "person.role", false, false)]
    [InlineData("ProjectManager", "person.role", false, false)]
    [InlineData("Auditor", "person.role", false, false)]
    public void Rules_are_written_and_put_in_force_by_those_of_the_matrix(string role, string set, bool drafts, bool activates)
    {
        var actor = new Actor("p", "P", new HashSet<string> { role });

        Assert.Equal((drafts, activates), (MappingRights.OfDraft(actor, set).Allowed, MappingRights.OfActivation(actor, set).Allowed));
        Assert.False(MappingRights.OfDraft(actor with { IsPerson = false }, set).Allowed);
    }

    private static string? Map(string rules, string source, string value, string field)
    {
        var sets = new MappingSets();
        sets.Activate(new MappingSet { Name = "tests", Version = 1, Rules = rules, Author = "tests", CreatedAt = DateTimeOffset.UnixEpoch });
        return sets.Map("tests", new JsonObject { [source] = value }).Record[field]?.ToString();
    }
}
