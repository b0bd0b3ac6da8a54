using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Connectors.NetSuite;

/// <summary>Records as a hand-off writes them to the sample account.</summary>
internal static class Sample
{
    public static Client Client(string name, params string[] legalEntities) => new()
    {
        LegalName = name,
        Website = "https://www.example.test",
        BillTo = new Address { Street = "Hafenstr. 1", City = "Hamburg", PostalCode = "20457", Country = "DE" },
        Country = "DE",
        TaxRegistration = "DE " + name,
        Currency = "EUR",
        PaymentTerms = "Net 45",
        InvoiceDelivery = "Portal",
        LegalEntities = legalEntities,
    };

    /// <summary>A complete project of a billing type: everything that Table C asks of it.</summary>
    public static Engagement Project(BillingType type, string number, string clientId, string manager, string rateCard, bool open = false)
    {
        var billable = type != BillingType.NonBillable;
        var byTime = type is BillingType.TimeAndMaterials or BillingType.CappedTimeAndMaterials;
        return new Engagement
        {
            Number = number,
            Name = $"{number} rollout",
            ClientId = clientId,
            LegalEntity = "DE01",
            Currency = "EUR",
            BillingType = type,
            ContractValue = billable ? 90_000.05m : null,
            ContractNumber = billable ? "00000123" : null,
            Start = new DateOnly(2027, 1, 4),
            End = new DateOnly(2027, 6, 30),
            ProjectManager = manager,
            CostCenter = "CC-DE01-CLOUD",
            TaxCode = billable ? "DE-STD" : "INTERNAL",
            PaymentTerms = billable ? "Net 45" : null,
            InvoiceDelivery = billable ? "Portal" : null,
            PurchaseOrder = billable ? "PO-77" : null,
            RateCard = byTime ? rateCard : null,
            NotToExceed = type is BillingType.CappedTimeAndMaterials or BillingType.Retainer ? 95_000m : null,
            RevenueMethod = "As billed",
            InvoiceFrequency = byTime ? "Biweekly" : null,
            OpenForTime = open,
            Schedule = type is BillingType.FixedMilestone or BillingType.FixedInterval or BillingType.Retainer
                ?
                [
                    new ScheduleEntry { Name = "First", Sequence = 1, DueOn = new DateOnly(2027, 2, 1), Amount = 30_000.02m },
                    new ScheduleEntry { Name = "Second", Sequence = 2, DueOn = new DateOnly(2027, 4, 1), Amount = 60_000.03m },
                ]
                : [],
        };
    }
}
