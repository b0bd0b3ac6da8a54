using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Tests.Workflows;
using Consultant = PsaConsole.Sandbox.Firm.Consultant;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Quarter;

/// <summary>What the ERP holds of a record of the PSA, and what it should hold.</summary>
/// <param name="Held">Charged to the client and cost in the contract's currency, and hours.</param>
internal sealed record CheckedLine(string What, (decimal Bill, decimal Cost, decimal Hours) Held, (decimal Bill, decimal Cost, decimal Hours) Expected, int Journals);

/// <summary>
/// What the books should hold, computed from the records of CRM and PSA as they are in the end, with nothing of the engine: hours at the price book's price less the
/// deal's discount, and at the standard cost; expenses as they were paid.
/// </summary>
internal static class IndependentBooks
{
    public static CheckedLine OfTime(Timesheets project, string id, Consultant person, Record? entry)
    {
        var hours = entry?.Flag("approved") == true ? (entry.Number("time_in_minutes") ?? 0m) / 60m : 0m;
        var (price, digits) = (project.PriceOf(person), Digits(project));
        var bill = IsByTime(project) ? decimal.Round(price.Number("UnitPrice")!.Value * (100m - (project.Deal.Number("Discount_Pct__c") ?? 0m)) / 100m, 4, MidpointRounding.AwayFromZero) : 0m;
        var journals = project.Journals("time-entry", id);
        return new CheckedLine(
            $"time entry {id} of {project.Number}",
            (Sum(journals, "Time Unbilled"), Sum(journals, "Time Cost"), journals.Where(journal => journal.Text("custbody_psac_kind") == "Time Cost").Sum(journal => journal.Number("custbody_psac_hours") ?? 0m)),
            (Rounded(hours * bill, digits), Rounded(hours * price.Number("Standard_Cost__c")!.Value, digits), hours),
            journals.Count);
    }

    public static CheckedLine OfExpense(Timesheets project, string id, Record? claim)
    {
        var spent = claim?.Flag("approved") == true ? claim.Number("amount_in_cents")!.Value / (Digits(project) == 0 ? 1m : 100m) : 0m;
        var journals = project.Journals("expense", id);
        return new CheckedLine($"claim {id} of {project.Number}", (Sum(journals, "Expense Unbilled"), Sum(journals, "Expense Cost"), 0m), (IsByTime(project) ? spent : 0m, spent, 0m), journals.Count);
    }

    private static bool IsByTime(Timesheets project) => project.Deal.Text("Billing_Type__c") == LivingFirm.ByTime;

    private static int Digits(Timesheets project) => project.Deal.Text("CurrencyIsoCode") == "JPY" ? 0 : 2;

    private static decimal Rounded(decimal amount, int digits) => decimal.Round(amount, digits, MidpointRounding.AwayFromZero);

    /// <summary>The first line of a journal is the one whose sign counts.</summary>
    private static decimal Sum(IEnumerable<Record> journals, string kind) => journals.Where(journal => journal.Text("custbody_psac_kind") == kind).Sum(journal =>
    {
        var line = ((JsonArray)journal["line"]!)[0]!;
        return Number(line["debit"]) - Number(line["credit"]);
    });

    private static decimal Number(JsonNode? node) => node is null ? 0m : decimal.Parse(node.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
