using System.Globalization;

namespace PsaConsole.Engine.Staffing;

/// <summary>People of one legal entity on a project of another: an agreement and a transfer rate on every day (PL26, STF-310); 5-staffing 5.5.</summary>
internal static class EntityCheck
{
    public static IEnumerable<Conflict> Find(PersonPlan plan, StaffingRules rules)
    {
        var employing = plan.Person.LegalEntity;
        foreach (var item in plan.Planned.Where(item => Planning.End(item.Assignment) >= plan.Window.From && item.Assignment.LegalEntity is not null && employing is not null && item.Assignment.LegalEntity != employing))
        {
            var agreements = rules.Agreements.Where(agreement => agreement.Employing == employing && agreement.Project == item.Assignment.LegalEntity).ToList();
            foreach (var date in Eligibility.WorkDays(plan, item).Where(date => date >= plan.Window.From))
            {
                if (Missing(agreements, item.Assignment.LegalEntity!, date, rules) is { } missing)
                {
                    var text = string.Create(CultureInfo.InvariantCulture, $"{plan.Person.Name} is employed by {employing}, {item.Assignment.Title} is run by {item.Assignment.LegalEntity}: {missing} on {date:yyyy-MM-dd}.");
                    yield return new Conflict(ConflictKind.NoIntercompany, "STF-310", "PL26", ConflictSeverity.High, date, Planning.End(item.Assignment), 0m, text) { Because = [item.Assignment.Id], Involved = [item.Assignment.Id] };
                    break;
                }
            }
        }
    }

    private static string? Missing(List<IntercompanyAgreement> agreements, string project, DateOnly date, StaffingRules rules)
    {
        if (agreements.Find(agreement => agreement.Dates.Contains(date)) is not { } active)
        {
            return "there is no intercompany agreement";
        }

        if (rules.FunctionalCurrencies.TryGetValue(project, out var functional) && functional != active.ContractingCurrency)
        {
            return $"the agreement's contracting unit keeps {active.ContractingCurrency}, the entity {functional}";
        }

        return active.Rates.Any(rate => rate.PerHour.Currency == active.Currency && rate.Dates.Contains(date)) ? null : $"the agreement has no transfer rate in {active.Currency}";
    }
}
