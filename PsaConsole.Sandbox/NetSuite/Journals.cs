using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>The ledger: chart of accounts, exchange rates by date, and journal entries, which balance, keep to open periods and wait for approval.</summary>
internal static class Journals
{
    private const string Record = "journalEntry";
    private const int DaysOfRates = 200;

    private static readonly (string Number, string Name, string Type)[] Chart =
    [
        ("1250", "Unbilled Receivable", "UnbilledRec"), ("2300", "Payroll Clearing", "OthCurrLiab"), ("2310", "Expense Clearing", "OthCurrLiab"), ("4000", "Services Revenue Accrued", "Income"),
        ("4090", "Services Rendered Free of Charge", "Income"), ("5000", "Project Labor", "COGS"), ("5100", "Project Expenses", "COGS"), ("6900", "Services Free of Charge", "Expense"),
    ];

    /// <summary>Units of US dollars that one unit is worth, before the days' ups and downs.</summary>
    private static readonly (string Symbol, decimal Dollars)[] Worth = [("USD", 1m), ("GBP", 1.27m), ("EUR", 1.09m), ("JPY", 0.0067m)];

    public static void Seed(Records records, RecordStore store, DateOnly today)
    {
        foreach (var (number, name, type) in Chart)
        {
            records.Create(NetSuiteSchema.Find("account")!, new InputFields(new() { ["acctNumber"] = number, ["acctName"] = name, ["fullName"] = $"{number} {name}", ["acctType"] = type }, [], []));
        }

        for (var day = today.AddDays(-DaysOfRates); day <= today; day = day.AddDays(1))
        {
            Rates(store, day);
        }
    }

    /// <summary>The treasury's rates of a business day: what one unit of each currency is worth in each subsidiary's base currency.</summary>
    public static void Rates(RecordStore store, DateOnly day)
    {
        if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || store["currencyRate"].FindBy("effectiveDate", day).Count > 0)
        {
            return;
        }

        foreach (var (home, homeWorth) in Worth)
        {
            foreach (var (other, worth) in Worth.Where(pair => pair.Symbol != home))
            {
                // Up and down by half a percent, the same in every run.
                var sway = 1m + ((((day.DayNumber * 7) + (int)(worth * 100m) + (int)(homeWorth * 10m)) % 11) - 5) / 1_000m;
                store.Insert("currencyRate", new Dictionary<string, object?>
                {
                    ["baseCurrency"] = store["currency"].FirstBy("symbol", home)!.Id,
                    ["transactionCurrency"] = store["currency"].FirstBy("symbol", other)!.Id,
                    ["exchangeRate"] = Math.Round(worth / homeWorth * sway, 8, MidpointRounding.AwayFromZero),
                    ["effectiveDate"] = day,
                });
            }
        }
    }

    /// <summary>Number, period and currency rate, as the form fills them in.</summary>
    public static void Complete(RecordStore store, RecordType type, Dictionary<string, object?> values)
    {
        if (type.Name != Record)
        {
            return;
        }

        values.TryAdd("tranId", string.Create(CultureInfo.InvariantCulture, $"JE{store[Record].ScanAll().Count() + 1:000000}"));
        values.TryAdd("exchangeRate", 1m);
        if (!values.ContainsKey("postingPeriod") && values.GetValueOrDefault("tranDate") is DateOnly day)
        {
            values["postingPeriod"] = PeriodOf(store, day)?.Id;
        }
    }

    /// <exception cref="NetSuiteRefusal">The entry does not balance, its period is closed, or a line is not complete.</exception>
    public static void Check(RecordStore store, Record? before, Func<string, object?> after)
    {
        var lines = (after("line") as JsonArray ?? []).OfType<JsonObject>().ToList();
        if (lines.Count < 2)
        {
            throw NetSuiteRefusal.Rule("You must enter at least two lines for this transaction.");
        }

        foreach (var line in lines)
        {
            if (line["account"] is null)
            {
                throw NetSuiteRefusal.Rule("Please enter value(s) for: Account.");
            }

            if (Amount(line, "debit") < 0m || Amount(line, "credit") < 0m || (Amount(line, "debit") > 0m) == (Amount(line, "credit") > 0m))
            {
                throw NetSuiteRefusal.Rule("Each line of a journal entry has a debit or a credit above zero, not both.");
            }

            if (line["entity"]?.ToString() is { } entity && store["job"].Find(entity) is { } job && job.Text("subsidiary") != (string?)after("subsidiary"))
            {
                throw NetSuiteRefusal.Rule($"Invalid Field Value {entity} for the following field: entity");
            }
        }

        if (lines.Sum(line => Amount(line, "debit")) != lines.Sum(line => Amount(line, "credit")))
        {
            throw NetSuiteRefusal.Rule("Transaction is not in balance! Debits do not equal credits.");
        }

        RefuseClosed(store, before?.Text("postingPeriod"));
        RefuseClosed(store, (string?)after("postingPeriod"));
        if (after("postingPeriod") is string period && after("tranDate") is DateOnly day && PeriodOf(store, day)?.Id != period)
        {
            throw NetSuiteRefusal.Rule("The transaction date you specified is not within the date range of your accounting period.");
        }
    }

    /// <summary>What SuiteQL shows of the lines.</summary>
    public static void Follow(RecordStore store, Record entry)
    {
        if (entry.Schema.Name != Record)
        {
            return;
        }

        var number = 0m;
        foreach (var line in (entry["line"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var amount = Amount(line, "debit") - Amount(line, "credit");
            store.Insert("transactionLine", new Dictionary<string, object?>
            {
                ["transaction"] = entry.Id,
                ["lineSequenceNumber"] = number++,
                ["mainLine"] = false,
                ["entity"] = line["entity"]?.ToString(),
                ["foreignAmount"] = amount,
                ["netAmount"] = Math.Round(amount * (entry.Number("exchangeRate") ?? 1m), 2, MidpointRounding.AwayFromZero),
                ["subsidiary"] = entry.Text("subsidiary"),
                ["department"] = line["department"]?.ToString(),
                ["memo"] = line["memo"]?.ToString(),
            });
        }
    }

    private static decimal Amount(JsonObject line, string side) => line[side] is { } value ? decimal.Parse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture) : 0m;

    private static Record? PeriodOf(RecordStore store, DateOnly day) =>
        store["accountingPeriod"].Scan().FirstOrDefault(period => !period.Flag("isYear") && !period.Flag("isQuarter") && period.Date("startDate") <= day && period.Date("endDate") >= day);

    private static void RefuseClosed(RecordStore store, string? period)
    {
        if (store["accountingPeriod"].Find(period) is { } found && (found.Flag("closed") || found.Flag("allLocked")))
        {
            throw NetSuiteRefusal.Rule("The transaction date you specified is not within the date range of an open accounting period. The period is closed.");
        }
    }
}

/// <summary>The ledger's record types.</summary>
internal static partial class NetSuiteSchema
{
    private static RecordType Account() => new("account", id => Whole(id + 100), Text("acctNumber", true), Needed(Text("acctName")), Text("fullName"), Choice("acctType", "accountType"), Flag("isInactive"), ExternalId)
    {
        ViewOnly = true,
        NameField = "fullName",
    };

    private static RecordType CurrencyRate() => new("currencyRate", Plain, Reference("baseCurrency", "currency"), Reference("transactionCurrency", "currency"), Number("exchangeRate"), Indexed(Day("effectiveDate"))) { QueryOnly = true };

    private static RecordType JournalEntry() => new("journalEntry", id => Whole(id + 500_000), Text("tranId", true), Needed(Reference("subsidiary", "subsidiary")), Needed(Day("tranDate")), Reference("postingPeriod", "accountingPeriod"),
        Reference("currency", "currency"), Number("exchangeRate"), Text("memo"), Choice("approvalStatus", "journalApproval", "1"), Flag("isReversal"), Text("custbody_psac_kind"), Number("custbody_psac_hours"),
        Reference("custbody_psac_employee", "employee"), Text("custbody_psac_category"), Text("custbody_psac_receipt"), Day("custbody_psac_work_date"), Indexed(Text("custbody_psac_source")), Text("custbody_psac_reversal_of"), Sublist("line"), ExternalId, Modified, Created)
    {
        NameField = "tranId",
        Lines = Lines(("line", [Number("line"), Reference("account", "account"), Number("debit"), Number("credit"), Reference("entity", "job,customer,employee"), Reference("department", "department"), Reference("class", "classification"),
            Reference("location", "location"), Text("memo"), Flag("eliminate")])),
    };
}
