using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Staffing;

/// <summary>Puts the facts of other systems into the words of the checks. Pure.</summary>
public static class AssignmentFacts
{
    /// <summary>A booking with what the deal behind its project asks for, as far as the hub knows the deal.</summary>
    public static Assignment Of(Booking booking, StaffedPerson person, Opportunity? deal)
    {
        var role = deal?.Roles.FirstOrDefault(item => item.Role == booking.Role);
        var country = role?.Location;
        return new Assignment
        {
            Id = booking.Id,
            PersonId = person.Id,
            EngagementId = booking.EngagementId,
            Title = booking.Title,
            ClientId = booking.ClientId,
            Dates = new DateRange(booking.From, booking.To),
            Method = SpreadMethod.EvenHours,
            Value = booking.Hours,
            Hard = booking.Hard,
            ProbabilityPercent = booking.ProbabilityPercent,
            Billable = deal?.BillingType is not BillingType.NonBillable,
            Role = booking.Role,
            LegalEntity = booking.LegalEntity,
            Country = country,
            OnSite = country is not null && country != person.Country && !person.RemoteAllowed,
            Requirement = role is null ? new Requirement() : new Requirement { Skills = role.Skills, LowestLevel = role.Level },
            Currency = deal?.Currency,
            RateCards = deal is not null && DealPolicy.NeedsRateCard(deal.BillingType) ? [deal.Rates] : null,
            CreatedAt = booking.CreatedAt,
        };
    }

    /// <summary>A consultant with absences and holidays. HR's weekly hours have part time in them already, so it is not applied again.</summary>
    public static StaffedPerson Of(Consultant consultant, IEnumerable<Commitment> absences, IEnumerable<Holiday> holidays)
    {
        var perDay = decimal.Round(consultant.WeeklyHours / 5m, 2, MidpointRounding.AwayFromZero);
        return new StaffedPerson
        {
            Id = consultant.EmployeeId,
            Name = consultant.Name,
            Calendar = new WorkCalendar
            {
                WeekPattern = [perDay, perDay, perDay, perDay, perDay, 0m, 0m],
                Holidays = holidays.Where(holiday => holiday.Country is null || holiday.Country == consultant.Country)
                    .GroupBy(holiday => holiday.Date)
                    .ToDictionary(group => group.Key, group => Math.Min(1m, group.Max(holiday => holiday.Hours) / 8m)),
            },
            CalendarBasis = CalendarBasis.PersonalPattern,
            FullTimeEquivalent = consultant.FullTimeEquivalent,
            HiredOn = consultant.HiredOn,
            LastWorkingDay = consultant.LastWorkingDay,
            LegalEntity = consultant.LegalEntity,
            Country = consultant.Country,
            Level = consultant.Level,
            Skills = [.. consultant.Skills.Select(skill => new HeldSkill(skill.Skill, skill.Level))],
            RemoteAllowed = consultant.RemoteAllowed,
            Leaves = [.. absences.Select(absence => new Leave(absence.Dates, absence.Dates.From == absence.Dates.To ? absence.Hours : null))],
        };
    }
}
