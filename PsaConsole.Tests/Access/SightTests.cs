using PsaConsole.Engine.Access;

namespace PsaConsole.Tests.Access;

/// <summary>Rates and payloads are shown to whom the matrix of 9-access 9.1 shows them; names of fields and the vendor's codes to everybody.</summary>
public sealed class SightTests
{
    private const string Answer = """{"errorCode":"INVALID_FIELD","message":"Åsa Lindqvist has no e-mail","worker":{"name":"Åsa Lindqvist","costRate":92.40,"billRate":"187.50 EUR"},"exchangeRate":1.08,"costCenter":"100","lines":[{"rate":165}]}""";

    [Theory]
    [InlineData(Roles.Executive, false, false, false)]
    [InlineData(Roles.DeliveryOperations, false, false, true)]
    [InlineData(Roles.ResourceManager, true, false, true)]
    [InlineData(Roles.ProjectManager, true, false, false)]
    [InlineData(Roles.FinanceOperations, true, true, true)]
    [InlineData(Roles.FinanceController, true, true, true)]
    [InlineData(Roles.HrPartner, false, false, false)]
    [InlineData(Roles.IntegrationAdministrator, false, false, false)]
    [InlineData(Roles.SecurityAdministrator, false, false, false)]
    [InlineData(Roles.GovernanceBoard, false, false, false)]
    [InlineData(Roles.Auditor, true, true, false)]
    public void Each_role_sees_what_the_matrix_says(string role, bool bill, bool cost, bool payloads) =>
        Assert.Equal(new Sight(bill, cost, payloads), Sight.Of(new Actor("tests:reader", "Reader", new HashSet<string> { role })));

    [Fact]
    public void Whoever_sees_everything_sees_it_unchanged() => Assert.Equal(Answer, Sight.Whole.Show(Answer));

    [Fact]
    public void Rates_are_masked_wherever_they_stand_and_nothing_else_is()
    {
        var shown = Sight.WithoutRates.Show(Answer)!;

        Assert.Equal(3, Masks(shown));
        foreach (var hidden in new[] { "92.4", "187.50", "165" })
        {
            Assert.DoesNotContain(hidden, shown, StringComparison.Ordinal);
        }

        foreach (var seen in new[] { "INVALID_FIELD", "costRate", "1.08", "\"100\"" })
        {
            Assert.Contains(seen, shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Resource_manager_sees_bill_rates_and_no_cost_rates()
    {
        var shown = new Sight(true, false, true).Show(Answer)!;
        Assert.Contains("187.50", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("92.4", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Reader_sees_the_form_of_an_answer_and_the_code_and_no_value()
    {
        var shown = new Sight(true, true, false).Show(Answer)!;

        Assert.Contains("INVALID_FIELD", shown, StringComparison.Ordinal);
        Assert.Contains("worker", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Lindqvist", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_that_is_cut_or_no_json_hides_its_rates_too_and_all_of_it_from_readers()
    {
        const string Cut = """{"worker":{"name":"Åsa","costRate":92.40,"billRate":"187.5","no":"4711"}""";
        var shown = Sight.WithoutRates.Show(Cut[..^3])!;
        Assert.DoesNotContain("92.40", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("187.5", shown, StringComparison.Ordinal);
        Assert.Contains("4711"[..1], shown, StringComparison.Ordinal);
        Assert.Equal("••• (11 characters)", new Sight(true, true, false).Show("<b>Åsa</b>!"));
    }

    [Theory]
    [InlineData("Bill rate", "165.00", Sight.Mask)]
    [InlineData("Cost", "92,40 EUR", Sight.Mask)]
    [InlineData("Rate card", "Standard 2026", "Standard 2026")]
    [InlineData("Cost centre", "100", "100")]
    [InlineData("Exchange rate", "1.08", "1.08")]
    [InlineData("Tax code", "19", "19")]
    public void Compared_values_are_masked_by_their_name(string name, string value, string shown) => Assert.Equal(shown, Sight.WithoutRates.Show(name, value));

    private static int Masks(string text) => text.Split(System.Text.Json.JsonEncodedText.Encode(Sight.Mask).ToString()).Length + text.Split(Sight.Mask).Length - 2;
}
