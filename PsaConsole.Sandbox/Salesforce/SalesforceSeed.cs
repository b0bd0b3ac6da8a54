using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>Fills the org with the firm's clients, rate cards and deals, through the same code as the API.</summary>
internal sealed class SalesforceSeed(Records records, RecordStore store, SampleFirm firm)
{
    private readonly Dictionary<string, string> _accounts = [];
    private readonly Dictionary<string, string> _pricebooks = [];
    private readonly Dictionary<(string Role, string Level, string? Country), string> _products = [];
    private readonly Dictionary<(string Card, string Product), string> _entries = [];

    public void Fill()
    {
        Create("User", new()
        {
            ["Username"] = Sessions.Username,
            ["FirstName"] = "Integration",
            ["LastName"] = "User",
            ["Email"] = Sessions.Username,
            ["IsActive"] = true,
            ["TimeZoneSidKey"] = "GMT",
        });
        foreach (var client in firm.Clients)
        {
            _accounts[client.Key] = Account(client);
        }

        Prices();
        foreach (var deal in firm.Deals)
        {
            Deal(deal);
        }
    }

    /// <summary>Adds a deal of the running firm; accounts and prices are those that are there.</summary>
    public string AddDeal(Deal deal)
    {
        var client = firm.Client(deal.Client);
        _accounts[client.Key] = store["Account"].Scan().First(account => account.Text("Name") == client.Name).Id;
        foreach (var book in store["Pricebook2"].Scan())
        {
            _pricebooks[book.Text("Name")!] = book.Id;
        }

        foreach (var product in store["Product2"].Scan().Where(product => product.Text("Role__c") is not null || product.Text("ProductCode") == "FIXED"))
        {
            _products[ProductKey(product)] = product.Id;
        }

        foreach (var entry in store["PricebookEntry"].FindBy("Pricebook2Id", _pricebooks[deal.RateCard!]))
        {
            _entries[(deal.RateCard!, entry.Text("Product2Id")!)] = entry.Id;
        }

        return Deal(deal);
    }

    private static (string, string, string?) ProductKey(Record product) => (product.Text("Role__c") ?? "", product.Text("Level__c") ?? "", product.Text("Location__c"));

    private string Account(Client client)
    {
        var account = Create("Account", new()
        {
            ["Name"] = client.Name,
            ["Type"] = client.Segment == "Internal" ? "Other" : "Customer",
            ["AccountNumber"] = client.Key,
            ["Industry"] = client.Industry,
            ["BillingStreet"] = client.Street,
            ["BillingCity"] = client.City,
            ["BillingStateCode"] = client.State,
            ["BillingPostalCode"] = client.PostalCode,
            ["BillingCountryCode"] = client.Country,
            ["Website"] = client.Website,
            ["OwnerId"] = SalesforceSchema.IntegrationUserId,
            ["CurrencyIsoCode"] = client.Currency,
            ["Tax_Registration_Number__c"] = client.TaxRegistration,
            ["Payment_Terms__c"] = client.PaymentTerms,
            ["Credit_Status__c"] = client.CreditHold ? "Hold" : "Good",
            ["Requires_PO__c"] = client.RequiresPurchaseOrder,
            ["Invoice_Delivery__c"] = client.InvoiceDelivery,
            ["Segment__c"] = client.Segment,
        });
        Create("Contact", new()
        {
            ["AccountId"] = account,
            ["FirstName"] = "Accounts",
            ["LastName"] = "Payable",
            ["Email"] = client.Email,
            ["Title"] = "Accounts payable",
            ["CurrencyIsoCode"] = client.Currency,
        });
        return account;
    }

    private void Prices()
    {
        var fixedPrice = Create("Product2", new() { ["Name"] = "Fixed price work", ["ProductCode"] = "FIXED", ["IsActive"] = true });
        _products[("", "", null)] = fixedPrice;
        foreach (var rate in firm.RateCards.SelectMany(card => card.Rates).DistinctBy(rate => (rate.Role, rate.Level, rate.Country)))
        {
            _products[(rate.Role, rate.Level, rate.Country)] = Create("Product2", new()
            {
                ["Name"] = rate.Country is null ? $"{rate.Role} {rate.Level}" : $"{rate.Role} {rate.Level} {rate.Country}",
                ["ProductCode"] = $"{string.Concat(rate.Role.Where(char.IsAsciiLetterUpper))}-{rate.Level}-{rate.Country ?? "ANY"}",
                ["IsActive"] = true,
                ["Family"] = "Services",
                ["Role__c"] = rate.Role,
                ["Level__c"] = rate.Level,
                ["Location__c"] = rate.Country,
            });
        }

        foreach (var card in firm.RateCards)
        {
            _pricebooks[card.Name] = Create("Pricebook2", new() { ["Name"] = card.Name, ["IsActive"] = true, ["Description"] = card.Client is { } key ? $"Agreed with {firm.Client(key).Name}" : null });
            Entry(card, fixedPrice, 1m, null);
            foreach (var rate in card.Rates)
            {
                Entry(card, _products[(rate.Role, rate.Level, rate.Country)], rate.Bill, rate.Cost);
            }
        }
    }

    private void Entry(RateCard card, string product, decimal price, decimal? cost)
        => _entries[(card.Name, product)] = Create("PricebookEntry", new()
        {
            ["Pricebook2Id"] = _pricebooks[card.Name],
            ["Product2Id"] = product,
            ["UnitPrice"] = price,
            ["IsActive"] = true,
            ["CurrencyIsoCode"] = card.Currency,
            ["Standard_Cost__c"] = cost,
            ["Valid_From__c"] = card.ValidFrom,
            ["Valid_To__c"] = card.ValidTo,
        });

    private string Deal(Deal deal)
    {
        var contract = deal.Internal ? null : Contract(deal);
        var opportunity = Create("Opportunity", new()
        {
            ["Name"] = deal.Name,
            ["AccountId"] = _accounts[deal.Client],
            ["StageName"] = deal.Stage,
            ["Amount"] = deal.Amount,
            ["CloseDate"] = deal.CloseDate,
            ["Type"] = "New Business",
            ["Description"] = $"Sample deal {deal.Key}.",
            ["Pricebook2Id"] = deal.RateCard is { } card ? _pricebooks[card] : null,
            ["ContractId"] = contract,
            ["CurrencyIsoCode"] = deal.Currency,
            ["Billing_Type__c"] = deal.BillingType,
            ["Start_Date__c"] = deal.Start,
            ["End_Date__c"] = deal.End,
            ["Service_Line__c"] = deal.ServiceLine,
            ["Selling_Entity__c"] = deal.SellingEntity,
            ["Not_To_Exceed__c"] = deal.NotToExceed,
            ["Purchase_Order__c"] = deal.PurchaseOrder,
            ["Discount_Pct__c"] = deal.DiscountPercent,
            ["Project_Manager__c"] = deal.ProjectManager,
            ["Invoice_Frequency__c"] = deal.InvoiceFrequency,
            ["Is_Internal__c"] = deal.Internal,
            ["Project_Number__c"] = firm.Projects.FirstOrDefault(project => project.Deal.Key == deal.Key)?.Number,
        });
        Lines(deal, opportunity);
        Plan(deal, opportunity);
        return opportunity;
    }

    private string Contract(Deal deal)
    {
        var months = (deal.End.Year - deal.Start.Year) * 12 + deal.End.Month - deal.Start.Month + 1;
        var contract = Create("Contract", new()
        {
            ["AccountId"] = _accounts[deal.Client],
            ["StartDate"] = deal.Start,
            ["ContractTerm"] = (long)months,
            ["CustomerSignedDate"] = deal.SignedOn,
            ["CurrencyIsoCode"] = deal.Currency,
        });
        if (deal.SignedOn is not null)
        {
            records.Update(SalesforceSchema.Find("Contract")!, contract, new Dictionary<string, object?> { ["Status"] = "Activated" });
        }

        return contract;
    }

    private void Lines(Deal deal, string opportunity)
    {
        foreach (var (line, index) in deal.Lines.Select((line, index) => (line, index)))
        {
            var country = deal.Roles.FirstOrDefault(role => role.Role == line.Role && role.Level == line.Level)?.Country;
            var product = line.Role is null ? _products[("", "", null)] : _products[(line.Role, line.Level!, country)];
            Create("OpportunityLineItem", new()
            {
                ["OpportunityId"] = opportunity,
                ["PricebookEntryId"] = _entries[(deal.RateCard!, product)],
                ["Quantity"] = line.Quantity,
                ["UnitPrice"] = line.UnitPrice,
                ["SortOrder"] = (long)(index + 1),
                ["Work_Stream__c"] = line.WorkStream,
                ["Selling_Entity__c"] = line.SellingEntity,
                ["ServiceDate"] = deal.Start,
            });
        }
    }

    private void Plan(Deal deal, string opportunity)
    {
        foreach (var entry in deal.Schedule)
        {
            Create("Billing_Schedule_Entry__c", new()
            {
                ["Name"] = entry.Name,
                ["Opportunity__c"] = opportunity,
                ["Sequence__c"] = (decimal)entry.Sequence,
                ["Due_Date__c"] = entry.Due,
                ["Amount__c"] = entry.Amount,
                ["CurrencyIsoCode"] = deal.Currency,
                ["Phase__c"] = entry.Phase,
                ["Acceptance_Required__c"] = entry.AcceptanceRequired,
                ["Selling_Entity__c"] = entry.SellingEntity,
            });
        }

        foreach (var phase in deal.Phases)
        {
            Create("Delivery_Phase__c", new()
            {
                ["Name"] = phase.Name,
                ["Opportunity__c"] = opportunity,
                ["Sequence__c"] = (decimal)phase.Sequence,
                ["Start_Date__c"] = phase.Start,
                ["End_Date__c"] = phase.End,
                ["Planned_Hours__c"] = phase.PlannedHours,
                ["CurrencyIsoCode"] = deal.Currency,
            });
        }

        foreach (var role in deal.Roles)
        {
            Create("Requested_Role__c", new()
            {
                ["Name"] = $"{role.Role} {role.Level}",
                ["Opportunity__c"] = opportunity,
                ["Role__c"] = role.Role,
                ["Level__c"] = role.Level,
                ["Location__c"] = role.Country,
                ["Hours__c"] = role.Hours,
                ["Start_Date__c"] = role.Start,
                ["End_Date__c"] = role.End,
                ["Skills__c"] = role.Skills,
                ["CurrencyIsoCode"] = deal.Currency,
            });
        }
    }

    private string Create(string type, Dictionary<string, object?> values) => records.Create(SalesforceSchema.Find(type)!, values).Id;
}
