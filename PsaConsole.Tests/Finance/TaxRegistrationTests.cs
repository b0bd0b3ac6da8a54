using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Finance;

/// <summary>Reverse charge needs a valid number (8-localisation 8.4): one that can't be any stops the hand-off (MST-103).</summary>
public sealed class TaxRegistrationTests
{
    private static readonly TaxRegistrations Registrations = new EntityPacks(EntityPacks.ShippedFiles()).Registrations;

    [Theory]
    [InlineData("DE", "DE123456789")]
    [InlineData("DE", "de 123 456 789")]
    [InlineData("GB", "GB123456789")]
    [InlineData("GR", "EL123456789")]
    [InlineData("NL", "NL123456789B01")]
    [InlineData("CH", "CHE-123.456.789 MWST")]
    [InlineData("US", "12-3456789")]
    [InlineData("JP", "T1234567890123")]
    [InlineData("BR", "12.345.678/0001-95")]
    public void Number_that_can_be_one_is_let_pass(string country, string number) => Assert.Null(Registrations.Check(Client(country, number)));

    [Theory]
    [InlineData("DE", "DE12345678")]
    [InlineData("DE", "FR12345678901")]
    [InlineData("GR", "GR123456789")]
    [InlineData("US", "12-345678")]
    [InlineData("JP", "1234567890123")]
    [InlineData("FR", "n/a")]
    public void Number_that_can_be_none_is_a_finding(string country, string number)
    {
        var finding = Registrations.Check(Client(country, number))!;

        Assert.Equal(("MST-103", "Tax registration", number), (finding.Code, finding.Field, finding.Actual));
    }

    [Fact]
    public void Nothing_is_said_of_a_client_without_number_or_country()
    {
        Assert.Null(Registrations.Check(Client("DE", null)));
        Assert.Null(Registrations.Check(Client(null, "anything")));
    }

    [Fact]
    public void Form_of_a_country_is_a_line_in_a_file()
    {
        var packs = new EntityPacks([.. EntityPacks.ShippedFiles(), ("registrations.json", """{"BR": "[0-9]{14}"}""")]);

        Assert.NotNull(packs.Registrations.Check(Client("BR", "4711")));
        Assert.NotNull(packs.Registrations.Check(Client("DE", "4711")));
        Assert.Throws<InvalidDataException>(() => new EntityPacks([("registrations.json", """{"BR": "("}""")]));
    }

    private static Client Client(string? country, string? number) => new() { LegalName = "Elbe Handel", Country = country, TaxRegistration = number };
}
