using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Tests.Workflows;

/// <summary>What resource managers do about conflicts: ways out that were checked, and overrides.</summary>
public sealed class StaffingActionsTests(BookedFirm booked) : IClassFixture<BookedFirm>
{
    private static readonly DateOnly Monday = BookedFirm.Monday;

    private static readonly Actor Manager = new("tests:manager", "Resource manager", new HashSet<string> { Roles.ResourceManager });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StaffingActions Actions => booked.Firm.Get<StaffingActions>();

    private static DateOnly Soon => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(30);

    [Fact]
    public async Task Trimmed_booking_is_confirmed_with_the_hours_that_fit()
    {
        var (person, second) = await DoubleBookedAsync();
        var options = await Actions.OptionsAsync(Manager, person.Number, second, Token);
        var trim = Assert.Single(options, option => option.Kind == RemedyKind.Trim);
        var move = Assert.Single(options, option => option.Kind == RemedyKind.Move);

        // Half of the week is taken; two hours a day too many still only warn, and three days of work later nothing overlaps.
        Assert.InRange(trim.Parts[0].Hours, 20m, 30m);
        Assert.Equal(40m - trim.Parts[0].Hours, trim.HoursLost);
        Assert.True(move.DaysLater > 0);
        await Actions.ApplyAsync(Manager, person.Number, trim, "The client agrees", Token);

        var row = await booked.ConfirmedAsync(second);
        Assert.Equal(trim.Parts[0].Hours, row.Hours);
        await using var store = await booked.Firm.OpenStoreAsync();
        var audit = await store.AuditEntries.SingleAsync(entry => entry.Action == "staffing.change" && entry.Entity.EndsWith(":" + second), Token);
        Assert.Equal(("tests:manager", "The client agrees", true), (audit.Actor, audit.Reason, audit.Allowed));
    }

    [Fact]
    public async Task Booking_is_split_around_an_absence()
    {
        var person = booked.NewPerson();
        var booking = await booked.BookAsync(person.User, Monday, 5, 40m);
        await booked.ConfirmedAsync(booking);
        await booked.ApproveAbsenceAsync(person.Number, Monday.AddDays(2), 1);
        await booked.InConflictAsync(booking);

        var split = Assert.Single(await Actions.OptionsAsync(Manager, person.Number, booking, Token), option => option.Kind == RemedyKind.Split);
        await Actions.ApplyAsync(Manager, person.Number, split, "Around the absence", Token);

        await booked.CaseAsync(person.Number, "STF-303", CaseStatus.Resolved);
        Assert.Equal((16m, 24m), (split.Parts[0].Hours, split.Parts[1].Hours));
        await booked.UntilAsync(async store => await store.Assignments.CountAsync(row => row.PersonId == person.Number && row.State == AssignmentState.Confirmed, Token) == 2, () => "Both parts are confirmed.");
    }

    [Fact]
    public async Task Leave_that_is_approved_between_opening_and_deciding_is_caught()
    {
        var (person, second) = await DoubleBookedAsync();
        var move = Assert.Single(await Actions.OptionsAsync(Manager, person.Number, second, Token), option => option.Kind == RemedyKind.Move);
        await booked.ApproveAbsenceAsync(person.Number, move.Parts[0].From, 12);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => Actions.ApplyAsync(Manager, person.Number, move, "Later then", Token));

        Assert.Contains("has changed since you opened it", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Monday, booked.InPsa(second).Date("start_date"));
    }

    [Fact]
    public async Task Override_confirms_what_policy_blocks_until_its_date()
    {
        var (person, second) = await DoubleBookedAsync();

        await Actions.OverrideAsync(Manager, person.Number, second, "Two short weeks, agreed with Ada", Soon, Token);

        var row = await booked.ConfirmedAsync(second);
        Assert.Equal(("tests:manager", Soon), (row.OverriddenBy, row.OverriddenUntil));
        await booked.CaseAsync(person.Number, "STF-301", CaseStatus.Resolved);
    }

    [Fact]
    public async Task Nobody_overrides_their_own_booking_what_the_law_forbids_or_without_right_reason_and_date()
    {
        var (person, second) = await DoubleBookedAsync();
        await using (var store = await booked.Firm.OpenStoreAsync())
        {
            await store.Assignments.Where(row => row.ExternalId == second).ExecuteUpdateAsync(set => set.SetProperty(row => row.BookedBy, Manager.Id), Token);
        }

        Assert.Contains("SoD-6", await RefusedAsync(Manager, "I know", Soon), StringComparison.Ordinal);
        Assert.Contains("Needs the role", await RefusedAsync(RunningFirm.Controller, "I know", Soon), StringComparison.Ordinal);
        Assert.Contains("Say why", await RefusedAsync(Manager, " ", Soon), StringComparison.Ordinal);
        Assert.Contains("until when", await RefusedAsync(Manager, "I know", null), StringComparison.Ordinal);
        await using (var store = await booked.Firm.OpenStoreAsync())
        {
            Assert.Equal(2, await store.AuditEntries.CountAsync(entry => entry.Action == "staffing.override" && entry.Entity.EndsWith(":" + second) && !entry.Allowed, Token));
        }

        var german = booked.NewPerson("DE01");
        var eleven = await booked.BookAsync(german.User, Monday, 5, 55m, entity: "DE01");
        await booked.CaseAsync(german.Number, "STF-308", CaseStatus.Open);
        var law = await Assert.ThrowsAsync<RefusedException>(() => Actions.OverrideAsync(Manager, german.Number, eleven, "I know", Soon, Token));
        Assert.Contains("Nobody may override this", law.Message, StringComparison.Ordinal);

        async Task<string> RefusedAsync(Actor actor, string reason, DateOnly? until) =>
            (await Assert.ThrowsAsync<RefusedException>(() => Actions.OverrideAsync(actor, person.Number, second, reason, until, Token))).Message;
    }

    /// <summary>Half of a week is confirmed, a whole one is asked for beside it.</summary>
    private async Task<((string Number, string Name, string User) Person, string Second)> DoubleBookedAsync()
    {
        var person = booked.NewPerson();
        await booked.ConfirmedAsync(await booked.BookAsync(person.User, Monday, 5, 20m));
        var second = await booked.BookAsync(person.User, Monday, 5, 40m);
        await booked.InConflictAsync(second);
        return (person, second);
    }
}
