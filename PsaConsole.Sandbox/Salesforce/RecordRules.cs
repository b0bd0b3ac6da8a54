using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>What the org does with a record when it is saved: fields that it works out itself, and combinations that it refuses.</summary>
internal sealed class RecordRules(RecordStore store, SandboxClock clock)
{
    /// <summary>Adds to the values what follows from them. <paramref name="before"/> is null for a new record.</summary>
    /// <exception cref="SalesforceRefusal">The combination is refused.</exception>
    public void Apply(SObject item, Record? before, Dictionary<string, object?> values)
    {
        switch (item.Name)
        {
            case "Account": Country(values); break;
            case "Opportunity": Opportunity(before, values); break;
            case "OpportunityLineItem": LineItem(before, values); break;
            case "Contract": Contract(before, values); break;
            case "PricebookEntry": PriceEntry(before, values); break;
            case "Contact" or "User": FullName(before, values); break;
            default: break;
        }
    }

    /// <summary>What follows for other records from a saved or deleted one.</summary>
    public void After(SObject item, Record record)
    {
        if (item.Name != "OpportunityLineItem" || store["Opportunity"].Find(record.Text("OpportunityId")) is not { } deal)
        {
            return;
        }

        var hasLines = store["OpportunityLineItem"].FindBy("OpportunityId", deal.Id).Count > 0;
        if (deal.Flag("HasOpportunityLineItem") != hasLines)
        {
            store.Update("Opportunity", deal.Id, new Dictionary<string, object?> { ["HasOpportunityLineItem"] = hasLines });
        }
    }

    private static void Country(Dictionary<string, object?> values)
    {
        if (values.TryGetValue("BillingCountryCode", out var code))
        {
            values["BillingCountry"] = code is string known ? SalesforceSchema.Countries[known] : null;
        }
        else if (values.TryGetValue("BillingCountry", out var name))
        {
            var match = SalesforceSchema.Countries.FirstOrDefault(country => country.Value.Equals(name as string, StringComparison.OrdinalIgnoreCase));
            values["BillingCountryCode"] = name is null ? null : match.Key ?? throw new SalesforceRefusal(
                400, "FIELD_INTEGRITY_EXCEPTION", $"There's a problem with this country, even though it may appear correct. Please select a country/territory from the list of valid countries.: Billing Country", "BillingCountry");
        }
    }

    private void Opportunity(Record? before, Dictionary<string, object?> values)
    {
        if (values.TryGetValue("StageName", out var stage) && stage is string name && name != before?.Text("StageName"))
        {
            values["IsWon"] = name == "Closed Won";
            values["IsClosed"] = name.StartsWith("Closed", StringComparison.Ordinal);
            values["LastStageChangeDate"] = clock.GetUtcNow();
            values.TryAdd("Probability", name switch { "Prospecting" => 10m, "Proposal" => 50m, "Negotiation" => 80m, "Closed Won" => 100m, _ => 0m });
        }

        if (values.TryGetValue("CloseDate", out var close) && close is DateOnly day)
        {
            values["FiscalYear"] = (long)day.Year;
            values["FiscalQuarter"] = (long)((day.Month - 1) / 3 + 1);
        }

        if (before is null)
        {
            values.TryAdd("OwnerId", SalesforceSchema.IntegrationUserId);
        }
    }

    private void LineItem(Record? before, Dictionary<string, object?> values)
    {
        if (before is null)
        {
            var deal = store["Opportunity"].Find((string?)values["OpportunityId"])!;
            var entry = store["PricebookEntry"].Find((string?)values["PricebookEntryId"])!;
            if (deal.Text("Pricebook2Id") is { } book && book != entry.Text("Pricebook2Id"))
            {
                throw new SalesforceRefusal(400, "FIELD_INTEGRITY_EXCEPTION", "field integrity exception: PricebookEntryId (pricebook entry is in a different pricebook than the one assigned to the opportunity)", "PricebookEntryId");
            }

            if (!Equals(deal["CurrencyIsoCode"], entry["CurrencyIsoCode"]))
            {
                throw new SalesforceRefusal(400, "FIELD_INTEGRITY_EXCEPTION", "field integrity exception: PricebookEntryId (the pricebook entry currency code does not match the opportunity currency code)", "PricebookEntryId");
            }

            values["Product2Id"] = entry["Product2Id"];
            values["Name"] = string.Create(CultureInfo.InvariantCulture, $"{deal.Text("Name")} {entry.Text("Name")}");
            values["ProductCode"] = entry["ProductCode"];
            values["ListPrice"] = entry["UnitPrice"];
            values["CurrencyIsoCode"] = deal["CurrencyIsoCode"];
            if (deal["Pricebook2Id"] is null)
            {
                store.Update("Opportunity", deal.Id, new Dictionary<string, object?> { ["Pricebook2Id"] = entry["Pricebook2Id"] });
            }
        }

        var quantity = Now("Quantity");
        if (values.ContainsKey("UnitPrice") && values.ContainsKey("TotalPrice"))
        {
            throw new SalesforceRefusal(400, "FIELD_INTEGRITY_EXCEPTION", "You must specify either UnitPrice or TotalPrice, not both.", "UnitPrice", "TotalPrice");
        }

        if (values.TryGetValue("TotalPrice", out var total) && total is decimal sum && quantity is not (null or 0m))
        {
            values["UnitPrice"] = sum / quantity;
        }
        else
        {
            values["TotalPrice"] = quantity * (Now("UnitPrice") ?? throw new SalesforceRefusal(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [UnitPrice]", "UnitPrice"));
        }

        decimal? Now(string field) => values.TryGetValue(field, out var value) ? (decimal?)value : before?.Number(field);
    }

    private void Contract(Record? before, Dictionary<string, object?> values)
    {
        var status = values.TryGetValue("Status", out var wanted) ? (string?)wanted : before?.Text("Status") ?? "Draft";
        if (before is null)
        {
            values["ContractNumber"] = (store["Contract"].Count + 100).ToString("00000000", CultureInfo.InvariantCulture);
            values.TryAdd("OwnerId", SalesforceSchema.IntegrationUserId);
            if (status == "Activated")
            {
                throw new SalesforceRefusal(400, "FAILED_ACTIVATION", "Choose a valid contract status and save your changes. Ask your admin for details.", "Status");
            }
        }

        if (status == "Activated" && before?.Text("Status") != "Activated")
        {
            values["ActivatedDate"] = clock.GetUtcNow();
        }

        values["StatusCode"] = status switch { "Activated" => "Activated", "Draft" => "Draft", _ => "InApproval" };
        var start = values.TryGetValue("StartDate", out var day) ? (DateOnly?)day : before?.Date("StartDate");
        var months = values.TryGetValue("ContractTerm", out var term) ? (long?)term : (long?)before?["ContractTerm"];
        values["EndDate"] = start is { } first && months is { } length ? first.AddMonths((int)length).AddDays(-1) : null;
    }

    private void PriceEntry(Record? before, Dictionary<string, object?> values)
    {
        if (before is null)
        {
            var product = store["Product2"].Find((string?)values["Product2Id"])!;
            values["Name"] = product["Name"];
            values["ProductCode"] = product["ProductCode"];
        }
    }

    private static void FullName(Record? before, Dictionary<string, object?> values)
    {
        var first = values.TryGetValue("FirstName", out var given) ? (string?)given : before?.Text("FirstName");
        var last = values.TryGetValue("LastName", out var family) ? (string?)family : before?.Text("LastName");
        values["Name"] = $"{first} {last}".Trim();
    }
}
