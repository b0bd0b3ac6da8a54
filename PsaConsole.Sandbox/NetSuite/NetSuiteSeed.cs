using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>Fills the account with the firm's set-up, its people, the clients that finance knows already, and the projects in flight with their last invoices.</summary>
internal sealed class NetSuiteSeed(Records records, RecordStore store, SampleFirm firm)
{
    private readonly Dictionary<string, string> _subsidiaries = [];
    private readonly Dictionary<string, string> _currencies = [];
    private readonly Dictionary<string, string> _departments = [];
    private readonly Dictionary<string, string> _classes = [];
    private readonly Dictionary<string, string> _locations = [];
    private readonly Dictionary<string, string> _terms = [];
    private readonly Dictionary<string, string> _employees = [];
    private readonly Dictionary<string, string> _managers = [];
    private readonly Dictionary<string, string> _customers = [];
    private readonly Dictionary<string, string> _cards = [];

    public void Fill()
    {
        SetUp();
        Periods();
        Journals.Seed(records, store, firm.Today);
        Employees();
        foreach (var client in firm.Clients.Where(client => client.KnownInErp))
        {
            Customer(client);
        }

        foreach (var project in firm.Projects)
        {
            Job(project);
        }
    }

    private void SetUp()
    {
        foreach (var (symbol, name, precision, rate) in ((string, string, decimal, decimal)[])[("USD", "US Dollar", 2, 1m), ("GBP", "British Pound", 2, 1.27m), ("EUR", "Euro", 2, 1.09m), ("JPY", "Japanese Yen", 0, 0.0067m)])
        {
            _currencies[symbol] = Create("currency", new() { ["name"] = name, ["symbol"] = symbol, ["exchangeRate"] = rate, ["currencyPrecision"] = precision, ["isBaseCurrency"] = symbol == "USD", ["externalId"] = symbol });
        }

        foreach (var entity in firm.LegalEntities)
        {
            var name = $"{entity.Code} {entity.Name}";
            var parent = _subsidiaries.GetValueOrDefault("US01");
            _subsidiaries[entity.Code] = Create("subsidiary", new()
            {
                ["name"] = name,
                ["fullName"] = parent is null ? name : $"US01 {firm.LegalEntities[0].Name} : {name}",
                ["legalName"] = entity.Name,
                ["parent"] = parent,
                ["currency"] = _currencies[entity.Currency],
                ["country"] = entity.Country,
                ["externalId"] = entity.Code,
            });
            _locations[entity.Code] = Create("location", new() { ["name"] = $"{entity.Country} Office", ["subsidiary"] = _subsidiaries[entity.Code], ["timeZone"] = entity.TimeZone, ["externalId"] = $"LOC-{entity.Country}" });
        }

        foreach (var center in firm.CostCenters)
        {
            _departments[center.Code] = Create("department", new() { ["name"] = center.Name, ["subsidiary"] = _subsidiaries[center.LegalEntity], ["externalId"] = center.Code });
        }

        foreach (var line in firm.CostCenters.Select(center => center.ServiceLine).Distinct())
        {
            _classes[line] = Create("classification", new() { ["name"] = line, ["externalId"] = line });
        }

        foreach (var days in (int[])[30, 45, 60])
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"Net {days}");
            _terms[name] = Create("term", new() { ["name"] = name, ["daysUntilNetDue"] = (decimal)days, ["externalId"] = name });
        }

        foreach (var card in firm.RateCards)
        {
            _cards[card.Name] = Create("billingRateCard", new() { ["name"] = card.Name, ["currency"] = _currencies[card.Currency], ["externalId"] = card.Slug });
        }
    }

    /// <summary>A period a month; those that ended more than a month ago are closed.</summary>
    private void Periods()
    {
        for (var year = firm.Today.Year - 1; year <= firm.Today.Year + 2; year++)
        {
            var whole = Create("accountingPeriod", new() { ["periodName"] = string.Create(CultureInfo.InvariantCulture, $"FY {year}"), ["startDate"] = new DateOnly(year, 1, 1), ["endDate"] = new DateOnly(year, 12, 31), ["isYear"] = true, ["isPosting"] = false });
            for (var month = 1; month <= 12; month++)
            {
                var start = new DateOnly(year, month, 1);
                var end = start.AddMonths(1).AddDays(-1);
                var isClosed = end < new DateOnly(firm.Today.Year, firm.Today.Month, 1).AddMonths(-1);
                Create("accountingPeriod", new()
                {
                    ["periodName"] = start.ToString("MMM yyyy", CultureInfo.InvariantCulture),
                    ["startDate"] = start,
                    ["endDate"] = end,
                    ["closed"] = isClosed,
                    ["allLocked"] = isClosed,
                    ["arLocked"] = isClosed,
                    ["apLocked"] = isClosed,
                    ["parent"] = whole,
                });
            }
        }
    }

    private void Employees()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var person in firm.Consultants)
        {
            var entity = firm.Entity(person.LegalEntity);
            var id = Create("employee", new()
            {
                ["entityId"] = names.Add(person.Name) ? person.Name : $"{person.Name} {person.Number}",
                ["firstName"] = person.FirstName,
                ["lastName"] = person.LastName,
                ["email"] = person.Email,
                ["title"] = person.Role,
                ["subsidiary"] = _subsidiaries[person.LegalEntity],
                ["department"] = _departments[person.CostCenter],
                ["class"] = _classes[person.ServiceLine],
                ["location"] = _locations[person.LegalEntity],
                ["supervisor"] = person.Manager is { } manager ? _employees.GetValueOrDefault(manager) : null,
                ["hireDate"] = person.HireDate,
                ["releasedate"] = person.TerminationDate,
                ["isJobResource"] = person.Billable,
                ["isJobManager"] = person.Role == "Project Manager",
                ["currency"] = _currencies[entity.Currency],
                ["externalId"] = person.Number,
            });
            _employees[person.Number] = id;
            _managers[person.Email] = id;
        }
    }

    private string Customer(Client client)
    {
        var address = new JsonObject
        {
            ["country"] = client.Country,
            ["state"] = client.State,
            ["city"] = client.City,
            ["zip"] = client.PostalCode,
            ["addr1"] = client.Street,
            ["addressee"] = client.Name,
        };
        return _customers[client.Key] = Create(
            "customer",
            new()
            {
                ["entityId"] = $"{client.Key} {client.Name}",
                ["companyName"] = client.Name,
                ["email"] = client.Email,
                ["url"] = client.Website,
                ["subsidiary"] = _subsidiaries[client.LegalEntity],
                ["currency"] = _currencies[client.Currency],
                ["terms"] = _terms[client.PaymentTerms],
                ["custentity_psac_tax_reg"] = client.TaxRegistration,
                ["custentity_psac_invoice_delivery"] = client.InvoiceDelivery,
                ["custentity_psac_credit_hold"] = client.CreditHold,
            },
            new() { ["addressBook"] = new JsonArray(new JsonObject { ["label"] = "Billing", ["defaultBilling"] = true, ["defaultShipping"] = true, ["addressBookAddress"] = address }) });
    }

    private void Job(Project project)
    {
        var (deal, client) = (project.Deal, firm.Client(project.Deal.Client));
        var customer = _customers.TryGetValue(client.Key, out var known) ? known : Customer(client);
        var entity = deal.SellingEntity ?? client.LegalEntity;
        if (entity != client.LegalEntity && !store["customerSubsidiaryRelationship"].FindBy("entity", customer).Any(one => one.Text("subsidiary") == _subsidiaries[entity]))
        {
            Create("customerSubsidiaryRelationship", new() { ["entity"] = customer, ["subsidiary"] = _subsidiaries[entity], ["primaryCurrency"] = _currencies[deal.Currency] });
        }

        var department = _departments[$"CC-{entity}-{deal.ServiceLine.ToUpperInvariant()}"];
        var job = Create("job", new()
        {
            ["entityId"] = project.Number,
            ["companyName"] = deal.Name,
            ["autoName"] = false,
            ["parent"] = customer,
            ["subsidiary"] = _subsidiaries[entity],
            ["currency"] = _currencies[deal.Currency],
            ["entityStatus"] = "2",
            ["jobBillingType"] = BillingType(deal.BillingType),
            ["billingRateCard"] = deal.RateCard is { } card ? _cards.GetValueOrDefault(card) : null,
            ["projectManager"] = _managers.GetValueOrDefault(deal.ProjectManager),
            ["startDate"] = deal.Start,
            ["projectedEndDate"] = deal.End,
            ["jobPrice"] = deal.Amount,
            ["custentity_psac_cost_center"] = department,
            ["custentity_psac_terms"] = _terms[client.PaymentTerms],
            ["custentity_psac_invoice_delivery"] = client.InvoiceDelivery,
            ["custentity_psac_po"] = deal.PurchaseOrder,
            ["custentity_psac_nte"] = deal.NotToExceed,
        });
        if (deal.Amount is { } amount && deal.Start < firm.Today)
        {
            Invoice(project, customer, job, department, amount);
        }
    }

    /// <summary>A tenth of the work was invoiced last month.</summary>
    private void Invoice(Project project, string customer, string job, string department, decimal contract)
    {
        var day = new DateOnly(firm.Today.Year, firm.Today.Month, 1).AddDays(-1);
        var amount = Math.Round(contract / 10m, project.Deal.Currency == "JPY" ? 0 : 2, MidpointRounding.AwayFromZero);
        var (subsidiary, terms) = (store["job"].Find(job)!.Text("subsidiary"), store["customer"].Find(customer)!.Text("terms"));
        var period = store["accountingPeriod"].Scan().First(candidate => !candidate.Flag("isYear") && candidate.Date("startDate") <= day && candidate.Date("endDate") >= day);
        var memo = $"{project.Number} {project.Deal.Name}";
        var invoice = Create(
            "invoice",
            new()
            {
                ["tranId"] = string.Create(CultureInfo.InvariantCulture, $"INV{store["invoice"].Count + 1:00000}"),
                ["entity"] = customer,
                ["job"] = job,
                ["subsidiary"] = subsidiary,
                ["tranDate"] = day,
                ["dueDate"] = day.AddDays(30),
                ["terms"] = terms,
                ["currency"] = _currencies[project.Deal.Currency],
                ["postingPeriod"] = period.Id,
                ["department"] = department,
                ["otherRefNum"] = project.Deal.PurchaseOrder,
                ["memo"] = memo,
                ["total"] = amount,
                ["amountRemaining"] = amount,
                ["amountPaid"] = 0m,
            },
            new() { ["item"] = new JsonArray(new JsonObject { ["line"] = 1m, ["description"] = memo, ["quantity"] = 1m, ["rate"] = amount, ["amount"] = amount, ["job"] = job, ["department"] = department }) });
        Create("transactionLine", new() { ["transaction"] = invoice, ["lineSequenceNumber"] = 0m, ["mainLine"] = true, ["entity"] = job, ["foreignAmount"] = amount, ["netAmount"] = amount, ["subsidiary"] = subsidiary });
        Create("transactionLine", new()
        {
            ["transaction"] = invoice,
            ["lineSequenceNumber"] = 1m,
            ["mainLine"] = false,
            ["itemType"] = "Service",
            ["entity"] = job,
            ["quantity"] = -1m,
            ["rate"] = amount,
            ["foreignAmount"] = -amount,
            ["netAmount"] = -amount,
            ["subsidiary"] = subsidiary,
            ["department"] = department,
            ["memo"] = memo,
        });
    }

    private string Create(string type, Dictionary<string, object?> values, Dictionary<string, JsonArray>? lines = null)
        => records.Create(NetSuiteSchema.Find(type)!, new InputFields(values, lines ?? [], [])).Id;

    private static string BillingType(string type) => type switch
    {
        "Fixed Price - Milestones" => "3",
        "Fixed Price - Installments" or "Retainer" => "2",
        "Percent Complete" => "1",
        "Non-Billable" => "5",
        _ => "4",
    };
}
