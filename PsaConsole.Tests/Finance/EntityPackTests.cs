using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Finance;

/// <summary>Legal entities' rules as data.</summary>
public sealed class EntityPackTests
{
    private static readonly DateOnly Day = new(2026, 3, 10);

    private static readonly (string Name, string Text)[] Shipped = [.. EntityPacks.ShippedFiles()];

    public static string France { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Packs", "FR01.json"));

    [Fact]
    public void Every_shipped_pack_passes_its_own_examples() =>
        Assert.Equal(["DE01", "GB01", "JP01", "US01"], new EntityPacks(Shipped).All.Select(pack => pack.LegalEntity));

    [Theory]
    [InlineData("US01", "US", "US-SALES")]
    [InlineData("US01", "DE", "EXPORT")]
    [InlineData("GB01", "GB", "UK-STD")]
    [InlineData("JP01", "JP", "JP-STD")]
    [InlineData("DE01", "DE", "DE-STD")]
    [InlineData("DE01", "AT", "EU-RC")]
    [InlineData("DE01", "CH", "EXPORT")]
    [InlineData("FR01", "FR", "FR-STD")]
    [InlineData("FR01", "DE", "EU-RC")]
    public void Tax_code_follows_from_the_pack(string entity, string country, string expected)
    {
        var packs = new EntityPacks([.. Shipped, ("FR01.json", France)]);

        Assert.Equal(expected, packs.TaxCode(BillingType.TimeAndMaterials, entity, Client(country), Day).TaxCode);
        Assert.Equal("INTERNAL", packs.TaxCode(BillingType.NonBillable, entity, Client(country), Day).TaxCode);
    }

    [Fact]
    public void A_legal_entity_without_a_pack_has_no_tax_code_and_no_cost_centre()
    {
        var packs = new EntityPacks(Shipped);

        Assert.Equal("BIL-605", packs.TaxCode(BillingType.Retainer, "FR01", Client("FR"), Day).Finding!.Code);
        Assert.Throws<MappingException>(() => packs.CostCenter("FR01", "Data"));
        Assert.Throws<MappingException>(() => packs.CostCenter("DE01", "Gardening"));
        Assert.Equal("BIL-605", packs.TaxCode(BillingType.Retainer, "DE01", Client(null), Day).Finding!.Code);
    }

    [Theory]
    [InlineData("\"taxCode\": \"FR-STD\"", "\"taxCode\": \"EU-RC\"", "gives FR-STD, not EU-RC")]
    [InlineData("\"code\": \"FR-STD\", \"kind\"", "\"code\": \"FR-OLD\", \"kind\"", "names FR-STD, which is not among the tax codes")]
    [InlineData("\"Europe/Paris\"", "\"Europe/Nowhere\"", "timeZone \"Europe/Nowhere\" is not known")]
    [InlineData("\"FR\",", "\"France\",", "country \"France\"")]
    [InlineData("\"owner\"", "\"ovner\"", "can't be read")]
    public void A_pack_that_contradicts_itself_is_not_used(string text, string instead, string why)
    {
        Assert.Contains(text, France, StringComparison.Ordinal);
        var problem = Assert.Throws<InvalidDataException>(() => new EntityPacks([.. Shipped, ("FR01.json", France.Replace(text, instead, StringComparison.Ordinal))]));

        Assert.Contains("FR01.json", problem.Message, StringComparison.Ordinal);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    private static Client Client(string? country) => new() { LegalName = "Client", Country = country, TaxRegistration = "X 1" };
}
