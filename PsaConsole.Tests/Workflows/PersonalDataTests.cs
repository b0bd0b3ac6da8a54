using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Workflows;

public sealed class PersonalDataTests(PostgresFixture postgres)
{
    private const string NationalId = "NATID-7Q-4410";
    private const string Address = "12 Quiet Lane, Nowhere";
    private const string Reason = "Oncology appointment";
    private const string Comment = "Keep this confidential, says the doctor";
    private const string Absence = "Chemotherapy Leave";
    private const string HomeEmail = "private.mailbox@home.example";
    private const decimal Salary = 98_765.43m;
    private static readonly DateOnly Born = new(1971, 2, 17);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_a_persons_private_life_is_kept_or_logged_and_people_are_told_who_sent_it()
    {
        using var log = new LogCapture();
        var firm = new RunningFirm(postgres) { Log = log };
        await firm.InitializeAsync();
        try
        {
            var people = new SamplePeople(firm);
            var number = await FeedAsync(firm, people);

            string[] expected = ["Annual_Salary", "Date_of_Birth", "Home_Address", "Home_Email", "National_ID", "comment", "leaveType", "reason", "timeOffType"];
            await ToldAsync(firm, expected);
            await people.CompletedAsync(number, () => people.Field(people.Worker(number).Text("email")!, "FTE") == "0.9");

            string[] secrets = [NationalId, Address, Reason, Comment, Absence, HomeEmail, Salary.ToString(CultureInfo.InvariantCulture), Born.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Born.ToString("MM/dd/yyyy", CultureInfo.InvariantCulture)];
            Assert.Empty(await KeptAsync(firm, secrets));
            Assert.NotEmpty(await KeptAsync(firm, [people.Worker(number).Text("email")!]));
            Assert.DoesNotContain(log.Lines, line => secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        }
        finally
        {
            await firm.DisposeAsync();
        }
    }

    /// <summary>A report with columns that it should not have, and absences with all that people write about them.</summary>
    private static async Task<string> FeedAsync(RunningFirm firm, SamplePeople people)
    {
        var workday = firm.Sandbox.Host.Vendor("workday").Store;
        var person = people.Somebody("US01", 1);
        var worker = people.Worker(person.Number);
        workday.Update("worker", worker.Id, new Dictionary<string, object?> { ["nationalId"] = NationalId, ["homeAddress"] = Address, ["homeEmail"] = HomeEmail, ["salary"] = Salary, ["birthDate"] = Born });
        foreach (var (name, field) in ((string, string)[])[("National_ID", "nationalId"), ("Home_Address", "homeAddress"), ("Home_Email", "homeEmail"), ("Annual_Salary", "salary"), ("Date_of_Birth", "birthDate")])
        {
            workday.Insert("reportColumn", new Dictionary<string, object?> { ["name"] = name, ["field"] = field });
        }

        people.Office.ApproveTimeOff(worker, people.Today.AddDays(1), 8m, Absence, Reason, Comment);
        people.Office.ApproveLeave(worker, people.Today.AddDays(10), people.Today.AddDays(40), Absence, Reason);
        people.Office.ChangeJob(worker.Id, people.TodayEverywhere, new() { ["fte"] = 0.9m });
        Assert.NotEmpty(await firm.Get<IHr>().ReadAbsencesAsync([person.Number], new DateRange(people.Today, people.Today.AddDays(60)), Token));
        return person.Number;
    }

    private static async Task ToldAsync(RunningFirm firm, string[] expected)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        string[] told = [];
        for (var left = 300; expected.Except(told).Any() && left > 0; left--)
        {
            await again.WaitForNextTickAsync(Token);
            await using var store = await firm.OpenStoreAsync();
            told = [.. (await store.ExceptionCases.Where(item => item.Code == "GOV-954").Select(item => item.Subject).ToListAsync(Token)).Select(subject => subject.Split(": ")[1]).Distinct()];
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), told.Intersect(expected).Order(StringComparer.Ordinal));
    }

    /// <summary>Every table of the database, whatever its schema, searched row by row.</summary>
    private static async Task<List<string>> KeptAsync(RunningFirm firm, string[] texts)
    {
        var database = firm.Get<NpgsqlDataSource>();
        var tables = new List<string>();
        await using (var command = database.CreateCommand("select format('%I.%I', table_schema, table_name) from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"))
        await using (var reader = await command.ExecuteReaderAsync(Token))
        {
            while (await reader.ReadAsync(Token))
            {
                tables.Add(reader.GetString(0));
            }
        }

        Assert.True(tables.Count > 15);
        var found = new List<string>();
        foreach (var table in tables)
        {
            await using var command = database.CreateCommand($"select count(*) from {table} as kept where kept::text ilike any ($1)");
            command.Parameters.Add(new NpgsqlParameter { Value = texts.Select(text => $"%{text}%").ToArray() });
            if ((long)(await command.ExecuteScalarAsync(Token))! > 0)
            {
                found.Add(table);
            }
        }

        return found;
    }
}
