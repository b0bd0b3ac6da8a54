using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Exceptions.Remap;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Exceptions;

/// <summary>Cases are fixed at their cause: one form, and exactly the cases that it clears are retried (ambition 9).</summary>
public sealed class RemapTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private const int Many = 200;

    /// <summary>How long nothing may move.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Actor Manager = new("tests:manager", "Resource manager", new HashSet<string> { Roles.ResourceManager });

    private readonly SamplePeople people = new(firm);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_cases_of_one_missing_code_are_cleared_by_one_form_and_one_retry()
    {
        var job = $"Scientist {Guid.NewGuid():n}"[..24];
        for (var index = 0; index < Many; index++)
        {
            Hire($"R{index:0000}", job, "CC-DE01-DATA");
        }

        Hire("R9999", "Clown", "CC-DE01-DATA");
        var cases = await RaisedAsync("RES-201", job, Many);
        var other = (await RaisedAsync("RES-201", "Clown", 1))[0];

        var offer = Assert.Single(await firm.Get<Remaps>().OffersAsync(Manager, cases[0].Id, Token));
        Assert.Equal((Many, Many, true), (offer.Cases, offer.Alone, offer.NeedsSecond));
        Assert.Contains("Consultant", offer.Choices.Values);
        await Assert.ThrowsAsync<RefusedException>(() => firm.Get<Remaps>().ProposeAsync(Manager, cases[0].Id, offer.Value, "Emperor", "tests", Token));
        var proposed = await firm.Get<Remaps>().ProposeAsync(Manager, cases[0].Id, offer.Value, "Consultant", "The new job family", Token);
        Assert.Equal(new Remapped(false, null, 0), proposed);
        await Assert.ThrowsAsync<RefusedException>(() => firm.Get<Remaps>().ProposeAsync(Manager, cases[1].Id, offer.Value, "Analyst", "tests", Token));

        var draft = Assert.Single(await firm.Get<Remaps>().OffersAsync(RunningFirm.Controller, cases[7].Id, Token)).Draft!;
        var done = await firm.Get<Remaps>().ActivateAsync(RunningFirm.Controller, draft.Id, "Agreed with HR", Token);

        Assert.Equal((true, Many), (done.IsInForce, done.Cases));
        var counts = await EndedAsync(done.Group!.Value);
        Assert.Equal((Many, Many), (counts.Verified, counts.Total));
        await using var store = await firm.OpenStoreAsync();
        Assert.Equal(CaseStatus.Open, (await store.ExceptionCases.AsNoTracking().SingleAsync(item => item.Id == other.Id, Token)).Status);
        Assert.Equal(Many, await store.ExceptionCases.CountAsync(item => item.Code == "RES-201" && item.Message.Contains(job) && item.Status == CaseStatus.Resolved, Token));
        Assert.Equal(
            [("mapping.draft", Manager.Id), ("mapping.activate", RunningFirm.Controller.Id)],
            (await store.AuditEntries.Where(entry => entry.Entity == "mapping:person.role" && entry.Allowed).OrderBy(entry => entry.Id).Select(entry => new { entry.Action, entry.Actor }).ToListAsync(Token)).Select(entry => (entry.Action, entry.Actor)));
    }

    [Fact]
    public async Task Nobody_puts_their_own_rule_of_money_in_force_and_security_hears_of_it()
    {
        var both = new Actor("tests:both", "Both", new HashSet<string> { Roles.FinanceOperations, Roles.FinanceController });
        var about = await RaiseAsync("EXP-503", new UnmappedValue("hub.expense-category", "category", "Balloon"));
        var remaps = firm.Get<Remaps>();
        await remaps.ProposeAsync(both, about.Id, new UnmappedValue("hub.expense-category", "category", "Balloon"), "Travel", "tests", Token);
        var draft = Assert.Single(await remaps.OffersAsync(both, about.Id, Token)).Draft!;

        var refused = await Assert.ThrowsAsync<RefusedException>(() => remaps.ActivateAsync(both, draft.Id, "tests", Token));

        Assert.StartsWith("SoD-4", refused.Message, StringComparison.Ordinal);
        await using var store = await firm.OpenStoreAsync();
        Assert.True(await store.ExceptionCases.AnyAsync(item => item.Code == "GOV-951" && item.BusinessKey.Contains(both.Id), Token));
        await Assert.ThrowsAsync<RefusedException>(() => remaps.ActivateAsync(Manager, draft.Id, "tests", Token));
        await remaps.RejectAsync(both, draft.Id, "I was wrong", Token);
        Assert.Null(Assert.Single(await remaps.OffersAsync(both, about.Id, Token)).Draft);
        await Assert.ThrowsAsync<RefusedException>(() => remaps.ActivateAsync(RunningFirm.Controller, draft.Id, "tests", Token));
        Assert.False(await store.MappingSets.AnyAsync(set => set.Name == "hub.expense-category" && set.Version > 1, Token));
    }

    [Fact]
    public async Task Rule_without_money_is_in_force_at_once_and_the_next_one_builds_on_it()
    {
        var administrator = new Actor("tests:administrator", "Integration administrator", new HashSet<string> { Roles.IntegrationAdministrator });
        foreach (var (country, zone) in new[] { ("FR", "Europe/Berlin"), ("CA", "America/New_York") })
        {
            var value = new UnmappedValue("person.zone", "zone", country);
            var about = await RaiseAsync("GOV-952", value);
            var done = await firm.Get<Remaps>().ProposeAsync(administrator, about.Id, value, zone, "tests", Token);
            Assert.Equal((true, 1), (done.IsInForce, done.Cases));
        }

        var mapped = firm.Get<MappingSets>();
        Assert.Equal(("Europe/Berlin", "America/New_York", 3), (Zone(mapped, "FR"), Zone(mapped, "CA"), mapped.VersionOf("person.zone")));
    }

    [Fact]
    public async Task Cost_centre_is_picked_from_those_of_the_books()
    {
        Hire("R8000", "Analyst", "CC-NOWHERE");
        var about = (await RaisedAsync("RES-202", "CC-NOWHERE", 1))[0];

        var offer = Assert.Single(await firm.Get<Remaps>().OffersAsync(RunningFirm.Operations, about.Id, Token));
        Assert.Contains("CC-DE01-DATA", offer.Choices.Values);
        await firm.Get<Remaps>().ProposeAsync(RunningFirm.Operations, about.Id, offer.Value, "CC-DE01-DATA", "The centre was renamed", Token);
        var draft = Assert.Single(await firm.Get<Remaps>().OffersAsync(RunningFirm.Controller, about.Id, Token)).Draft!;
        var done = await firm.Get<Remaps>().ActivateAsync(RunningFirm.Controller, draft.Id, "tests", Token);

        Assert.Equal(1, (await EndedAsync(done.Group!.Value)).Verified);
    }

    private static string? Zone(MappingSets sets, string country) => sets.Map("person.zone", new System.Text.Json.Nodes.JsonObject { ["country"] = country }).Record["zone"]?.ToString();

    private void Hire(string number, string job, string costCenter)
    {
        var hired = SamplePeople.Like(people.Somebody("DE01", 0), number, people.Today.AddDays(-1)) with { Role = job, CostCenter = costCenter };
        people.GiveAccount(hired.Email);
        people.Hire(hired);
    }

    private async Task<List<ExceptionCase>> RaisedAsync(string code, string part, int count)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var (until, seen) = (TimeProvider.System.GetUtcNow() + Patience, 0);
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await firm.OpenStoreAsync();
            var raised = await store.ExceptionCases.AsNoTracking().Where(item => item.Code == code && item.Message.Contains(part)).OrderBy(item => item.Id).ToListAsync(Token);
            if (raised.Count == count)
            {
                return raised;
            }

            if (raised.Count > seen)
            {
                (seen, until) = (raised.Count, TimeProvider.System.GetUtcNow() + Patience);
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, $"{raised.Count} of {count} cases were raised.");
        }

        throw new OperationCanceledException(Token);
    }

    private async Task<GroupCounts> EndedAsync(long group)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        var settled = 0;
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await firm.OpenStoreAsync();
            var row = await store.GroupActions.AsNoTracking().SingleAsync(item => item.Id == group, Token);
            var counts = await store.GroupMembers.Where(member => member.GroupId == group).CountAsync(Token);
            if (!row.IsLive)
            {
                Assert.True(row.Status == GroupStatus.Ended, row.Why);
                return counts;
            }

            // Two hundred people in three systems take their time beside other tests: what counts is that it goes on.
            if (counts.Verified > settled)
            {
                (settled, until) = (counts.Verified, TimeProvider.System.GetUtcNow() + Patience);
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, $"The group is {row.Status}: {counts}");
        }

        throw new OperationCanceledException(Token);
    }

    private async Task<ExceptionCase> RaiseAsync(string code, UnmappedValue value)
    {
        await using var store = await firm.OpenStoreAsync();
        var raised = await firm.Get<CaseBook>().RaiseAsync(store, new CaseSubject($"tests:{Guid.NewGuid():n}", "Raised by a test"), [new Finding("R45", code, "tests", "Raised by a test.") { Unmapped = value }], Token);
        await store.SaveChangesAsync(Token);
        return raised[0];
    }
}
