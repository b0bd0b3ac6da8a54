using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Tests.Sandbox;

public sealed class SampleFirmTests
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    [Fact]
    public void Same_seed_gives_the_same_firm()
    {
        Assert.Equivalent(FirmGenerator.Generate(60, 5, Today), FirmGenerator.Generate(60, 5, Today), strict: true);
        Assert.NotEqual(FirmGenerator.Generate(60, 5, Today).Consultants[10].Email, FirmGenerator.Generate(60, 6, Today).Consultants[10].Email);
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(400, 1)]
    [InlineData(400, 2)]
    [InlineData(1_000, 3)]
    public void Sound_deals_tie_out_and_have_what_their_client_requires(int consultants, int seed)
    {
        var firm = FirmGenerator.Generate(consultants, seed, Today);
        foreach (var deal in firm.Deals.Where(deal => deal.Defect is null))
        {
            var client = firm.Client(deal.Client);
            Assert.Equal(deal.Amount, deal.Lines.Sum(line => line.Total));
            Assert.True(deal.Schedule.Count == 0 || deal.Schedule.Sum(entry => entry.Amount) == deal.Amount, deal.Key);
            Assert.All(deal.Schedule.GroupBy(entry => entry.SellingEntity), part =>
                Assert.Equal(deal.Lines.Where(line => line.SellingEntity == part.Key).Sum(line => line.Total), part.Sum(entry => entry.Amount)));
            Assert.False(client.CreditHold);
            Assert.Equal(client.RequiresPurchaseOrder, deal.PurchaseOrder is not null);
            Assert.Equal(client.Currency, deal.Currency);
            Assert.Contains(firm.Consultants, person => person.Email == deal.ProjectManager);
            Assert.True(deal.Currency != "JPY" || deal.Schedule.All(entry => entry.Amount == Math.Truncate(entry.Amount)));
            Assert.NotEmpty(deal.Roles);
            Assert.All(deal.Roles, role => Assert.Contains(firm.Consultants, person => CanDo(person, role)));
            Assert.All(deal.Phases, phase => Assert.InRange(phase.End.DayNumber, phase.Start.DayNumber, deal.End.DayNumber));
        }
    }

    private static bool CanDo(Consultant person, RequestedRole role)
        => person.Billable && person.TerminationDate is null && person.Role == role.Role && person.Country == role.Country
            && string.CompareOrdinal(person.Level, role.Level) >= 0
            && role.Skills.Split(';', StringSplitOptions.RemoveEmptyEntries).All(wanted =>
                person.Skills.Any(skill => wanted.Split(':') is [var name, var level] && skill.Name == name && skill.Level >= int.Parse(level.TrimEnd('!'), System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Pipeline_holds_every_billing_type_deals_of_several_entities_and_some_that_are_wrong()
    {
        var firm = FirmGenerator.Generate(400, 1, Today);
        var ready = firm.Deals.Where(deal => deal.Stage == "Negotiation").ToList();
        Assert.Equal(7, ready.Where(deal => deal.Defect is null).Select(deal => deal.BillingType).Distinct().Count());
        Assert.Contains(ready, deal => deal.Lines.Any(line => line.SellingEntity is not null));
        Assert.Equal(4, ready.Count(deal => deal.Defect is not null));
        Assert.Contains(ready, deal => deal.PurchaseOrder is null && firm.Client(deal.Client).RequiresPurchaseOrder);
        Assert.Contains(ready, deal => deal.Amount != deal.Lines.Sum(line => line.Total));
        Assert.Contains(ready, deal => deal.Roles.Any(role => role.Skills.Contains("COBOL", StringComparison.Ordinal)) && firm.Consultants.All(person => person.Skills.All(skill => skill.Name != "COBOL")));
        Assert.All(firm.Projects, project => Assert.NotEmpty(project.Team));
    }

    [Fact]
    public void People_have_unique_numbers_and_addresses_and_managers_of_their_own_entity()
    {
        var firm = FirmGenerator.Generate(5_000, 1, Today);
        Assert.Equal(5_000, firm.Consultants.Select(person => person.Email).Distinct().Count());
        var byNumber = firm.Consultants.ToDictionary(person => person.Number);
        Assert.All(firm.Consultants.Where(person => person.Manager is not null), person => Assert.Equal(person.LegalEntity, byNumber[person.Manager!].LegalEntity));
        Assert.Equal(4, firm.Consultants.Count(person => person.Manager is null));
    }
}
