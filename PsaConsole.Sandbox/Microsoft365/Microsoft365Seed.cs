using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>Fills the tenant with the firm's people, the mailbox that notices are sent from, and the weekly meetings of the projects in flight.</summary>
internal sealed class Microsoft365Seed(RecordStore store, SampleFirm firm)
{
    public const string Sender = "psaconsole@northwind.example";
    private const int MeetingWeeks = 8;
    private static readonly TimeOnly MeetingTime = new(10, 0);

    private static readonly Dictionary<string, (string Zone, string Language, string City)> Places = new()
    {
        ["US"] = ("Eastern Standard Time", "en-US", "New York"),
        ["GB"] = ("GMT Standard Time", "en-GB", "London"),
        ["DE"] = ("W. Europe Standard Time", "de-DE", "Berlin"),
        ["JP"] = ("Tokyo Standard Time", "ja-JP", "Tokyo"),
    };

    public void Fill()
    {
        store.Insert(Microsoft365Schema.Users, new Dictionary<string, object?>
        {
            ["displayName"] = "PSA Console",
            ["mail"] = Sender,
            ["mailNickname"] = "psaconsole",
            ["userPrincipalName"] = Sender,
            ["createdDateTime"] = Midnight(firm.Today.AddYears(-1)),
        });
        var users = firm.Consultants.ToDictionary(person => person.Number, User);
        foreach (var project in firm.Projects)
        {
            foreach (var person in project.Team.Select(member => member.Consultant).Distinct())
            {
                Meetings(project, users[person]);
            }
        }
    }

    private Record User(Consultant person)
    {
        var place = Places[person.Country];
        return store.Insert(Microsoft365Schema.Users, new Dictionary<string, object?>
        {
            ["accountEnabled"] = person.TerminationDate is not { } last || last >= firm.Today,
            ["businessPhones"] = new JsonArray(),
            ["city"] = place.City,
            ["companyName"] = firm.Entity(person.LegalEntity).Name,
            ["country"] = person.Country,
            ["createdDateTime"] = Midnight(person.HireDate),
            ["department"] = person.ServiceLine,
            ["displayName"] = person.Name,
            ["employeeHireDate"] = Midnight(person.HireDate),
            ["employeeId"] = person.Number,
            ["employeeType"] = "Employee",
            ["givenName"] = person.FirstName,
            ["jobTitle"] = person.Role,
            ["mail"] = person.Email,
            ["mailNickname"] = person.Email.Split('@')[0],
            ["officeLocation"] = place.City,
            ["preferredLanguage"] = place.Language,
            ["surname"] = person.LastName,
            ["usageLocation"] = person.Country,
            ["userPrincipalName"] = person.Email,
            ["userType"] = "Member",
            ["timeZone"] = place.Zone,
            ["workDayEnd"] = TimeOnly.FromTimeSpan(TimeSpan.FromHours(9 + (double)person.WeeklyHours / 5)).ToString("HH:mm", CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Mondays at ten, in the person's own time.</summary>
    private void Meetings(Project project, Record user)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(user.Text("timeZone")!);
        var monday = firm.Today.AddDays(-(((int)firm.Today.DayOfWeek + 6) % 7));
        for (var week = 0; week < MeetingWeeks; week++)
        {
            var day = monday.AddDays(7 * week);
            if (day < project.Deal.Start || day > project.Deal.End)
            {
                continue;
            }

            var start = GraphTime.ToUtc(day.ToDateTime(MeetingTime), zone);
            store.Insert(Microsoft365Schema.Events, new Dictionary<string, object?>
            {
                ["user"] = user.Id,
                ["start"] = start,
                ["end"] = start.AddHours(1),
                ["subject"] = $"{project.Number} team meeting",
                ["location"] = "",
                ["showAs"] = "busy",
                ["isPrivate"] = false,
            });
        }
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
