using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>What must hold of a won deal and its contract before anything is written (3-workflows 3.0.4, PL01 and PL03–PL11). All findings at once.</summary>
public static class DealPolicy
{
    /// <summary>PL01: only a deal that is closed, won and in a won stage is handed over.</summary>
    public static bool IsWon(Opportunity deal) => deal is { IsClosed: true, IsWon: true };

    /// <summary>PL03, Table C: the data that the billing type needs. One finding for each missing field.</summary>
    public static IEnumerable<Finding> Completeness(Opportunity deal, Client client)
    {
        if (deal.BillingType is not { } type)
        {
            yield return Missing(deal, "Billing type", "PL03");
            yield break;
        }

        var billable = type != BillingType.NonBillable;
        foreach (var (field, present) in Required(deal, client, type, billable))
        {
            if (!present)
            {
                yield return Missing(deal, field, "PL03");
            }
        }
    }

    /// <summary>PL04: the deal's amount equals the sum of its contract lines.</summary>
    /// <param name="tolerancePercent">Accepted difference in percent of the amount; 0 by default.</param>
    public static IEnumerable<Finding> ValueTiesOut(Opportunity deal, decimal tolerancePercent)
    {
        var amount = deal.Amount ?? 0m;
        var lines = deal.Lines.Sum(line => line.Amount);
        if (deal.BillingType != BillingType.NonBillable && Math.Abs(amount - lines) > Math.Abs(amount) * tolerancePercent / 100m)
        {
            yield return Difference(deal, "PL04", "The contract lines", "Correct the amount or the lines in CRM.", amount, lines);
        }
    }

    /// <summary>PL08: where the billing type has a schedule of amounts, its entries add up to the deal's value exactly.</summary>
    public static IEnumerable<Finding> ScheduleTiesOut(Opportunity deal)
    {
        if (NeedsSchedule(deal.BillingType) && deal.Schedule.Count > 0 && deal.Schedule.Sum(entry => entry.Amount) is var total && total != (deal.Amount ?? 0m))
        {
            yield return Difference(deal, "PL08", "The billing schedule entries", "Correct the schedule in CRM.", deal.Amount ?? 0m, total);
        }
    }

    /// <summary>PL09: a limit is positive.</summary>
    public static IEnumerable<Finding> FundingIsPositive(Opportunity deal)
    {
        if (deal.NotToExceed is <= 0m)
        {
            yield return new Finding("PL09", "HND-002", deal.Name, $"The not-to-exceed amount of {deal.Name} is {Number(deal.NotToExceed.Value)}. Enter a positive limit in CRM.")
            {
                Field = "Not to exceed",
                Expected = "more than 0",
                Actual = Number(deal.NotToExceed.Value),
            };
        }
    }

    /// <summary>PL11: nothing is set up for a client on credit hold.</summary>
    public static IEnumerable<Finding> ClientIsInGoodStanding(Opportunity deal, Client client)
    {
        if (client.OnCreditHold)
        {
            yield return new Finding("PL11", "MST-105", client.LegalName, $"{client.LegalName} is on credit hold. Release the client, or decide that the work may begin.")
            {
                Field = "Credit status",
                Expected = "good",
                Actual = "on hold",
                Exposure = deal.Amount is { } amount ? new Money(amount, deal.Currency) : null,
            };
        }
    }

    /// <summary>True for the billing types whose schedule entries carry the amounts to be billed (Table C).</summary>
    public static bool NeedsSchedule(BillingType? type) => type is BillingType.FixedMilestone or BillingType.FixedInterval or BillingType.Retainer;

    /// <summary>True for the billing types that bill by rate card (Table C).</summary>
    public static bool NeedsRateCard(BillingType? type) => type is BillingType.TimeAndMaterials or BillingType.CappedTimeAndMaterials;

    private static IEnumerable<(string Field, bool Present)> Required(Opportunity deal, Client client, BillingType type, bool billable)
    {
        yield return ("Start date", deal.PlannedStart is not null);
        yield return ("End date", deal.PlannedEnd is not null);
        yield return ("Project manager", deal.ProjectManager is not null);
        yield return ("Service line", deal.ServiceLine is not null);
        yield return ("Client country", client.Country is not null);
        if (billable)
        {
            yield return ("Amount", deal.Amount is > 0m);
            yield return ("Contract", deal.Contract is not null);
            yield return ("Contract signature date", deal.Contract is null || deal.Contract.SignedOn is not null);
            yield return ("Contract lines", deal.Lines.Count > 0);
            yield return ("Payment terms of the client", client.PaymentTerms is not null);
            yield return ("Invoice delivery of the client", client.InvoiceDelivery is not null);
            yield return ("Purchase order", !client.RequiresPurchaseOrder || deal.PurchaseOrder is not null);
        }

        yield return ("Rate card", !NeedsRateCard(type) || deal.RateCard is not null);
        yield return ("Not to exceed", type is not (BillingType.CappedTimeAndMaterials or BillingType.Retainer) || deal.NotToExceed is not null);
        yield return ("Billing schedule", !NeedsSchedule(type) || deal.Schedule.Count > 0);
        yield return ("Invoice frequency", !NeedsRateCard(type) || deal.InvoiceFrequency is not null);
    }

    private static Finding Missing(Opportunity deal, string field, string policy) =>
        new(policy, "HND-002", deal.Name, $"{field} is missing on {deal.Name}. Complete it in CRM.")
        {
            Field = field,
            Expected = "a value",
            Actual = null,
            Exposure = deal.Amount is { } amount ? new Money(amount, deal.Currency) : null,
        };

    private static Finding Difference(Opportunity deal, string policy, string what, string fix, decimal amount, decimal total) =>
        new(policy, "HND-010", deal.Name, $"{what} of {deal.Name} add up to {new Money(total, deal.Currency)}, but the deal is worth {new Money(amount, deal.Currency)}: {new Money(amount - total, deal.Currency)} apart. {fix}")
        {
            Field = "Amount",
            Expected = Number(amount),
            Actual = Number(total),
            Exposure = new Money(amount, deal.Currency),
        };

    private static string Number(decimal amount) => amount.ToString("0.00##", CultureInfo.InvariantCulture);
}
