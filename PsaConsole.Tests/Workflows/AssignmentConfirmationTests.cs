using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Staffing;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Tests.Workflows;

/// <summary>Bookings in Kantata become confirmed assignments, or conflicts with a case (3d), and HR's changes are followed (3i).</summary>
public sealed class AssignmentConfirmationTests(BookedFirm booked) : IClassFixture<BookedFirm>
{
    private static readonly DateOnly Monday = BookedFirm.Monday;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Booking_that_nothing_stands_against_is_confirmed_and_read_back()
    {
        var person = booked.NewPerson();
        var booking = await booked.BookAsync(person.User, Monday, 5, 40m);

        var row = await booked.ConfirmedAsync(booking);

        Assert.True(booked.InPsa(booking).Flag("hard"));
        Assert.Equal((person.Number, 40m), (row.PersonId, row.Hours));
        Assert.Contains("\"outcome\"", row.Decision, StringComparison.Ordinal);
        await using var store = await booked.Firm.OpenStoreAsync();
        // The confirmation may have been followed by another look at the person already.
        var run = await store.Runs.Include(item => item.Steps).Where(item => item.LaneKey == $"person:{person.Number}" && item.Workflow == "assignment-confirmation" && item.Status == RunStatus.Completed).OrderBy(item => item.StartedAt).FirstAsync(Token);
        Assert.Equal(["read", "facts", "check", "confirm", "verify"], run.Steps.OrderBy(step => step.Position).Select(step => step.Key));
        Assert.Contains("factsReadAt", run.Steps.Single(step => step.Key == "check").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_bookings_of_one_person_at_once_are_not_both_confirmed()
    {
        var person = booked.NewPerson();
        var both = await Task.WhenAll(booked.BookAsync(person.User, Monday, 5, 40m), booked.BookAsync(person.User, Monday, 5, 40m));

        await booked.CaseAsync(person.Number, "STF-302", CaseStatus.Open);
        var rows = await Task.WhenAll(both.Select(id => booked.AssignmentAsync(id, row => row.State is AssignmentState.Confirmed or AssignmentState.InConflict)));

        Assert.Equal([AssignmentState.Confirmed, AssignmentState.InConflict], rows.Select(row => row.State).Order());
        Assert.Single(both, id => booked.InPsa(id).Flag("hard"));
        var about = await booked.CaseAsync(person.Number, "STF-301", CaseStatus.Open);
        Assert.Equal(("High", "ResourceManagement"), (about.Severity, about.OwnerGroup));
        Assert.Equal(about.DueAt, about.PriorityAt);
        Assert.Contains("40.00 h too many", about.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conflict_that_is_resolved_in_the_psa_closes_its_case_and_confirms_what_waited()
    {
        var person = booked.NewPerson();
        var first = await booked.BookAsync(person.User, Monday, 5, 40m);
        await booked.ConfirmedAsync(first);
        var second = await booked.BookAsync(person.User, Monday, 5, 20m);
        await booked.InConflictAsync(second);
        Assert.False(booked.InPsa(second).Flag("hard"));

        await booked.ChangeAsync(first, new { minutes = 20 * 60 });

        await booked.ConfirmedAsync(second);
        Assert.True(booked.InPsa(second).Flag("hard"));
        var closed = await booked.CaseAsync(person.Number, "STF-301", CaseStatus.Resolved);
        Assert.Equal("resolved", closed.History.OrderBy(entry => entry.Id).Last().Action);
    }

    [Fact]
    public async Task Tentative_booking_is_checked_and_left_as_it_is()
    {
        var person = booked.NewPerson();
        var booking = await booked.BookAsync(person.User, Monday, 5, 40m, notes: "Tentative 75 %");

        await booked.AssignmentAsync(booking, row => row.State == AssignmentState.Tentative);

        Assert.False(booked.InPsa(booking).Flag("hard"));
    }

    [Fact]
    public async Task Leave_that_is_approved_opens_a_case_and_its_cancellation_closes_it()
    {
        var person = booked.NewPerson();
        var booking = await booked.BookAsync(person.User, Monday, 5, 40m);
        await booked.ConfirmedAsync(booking);

        var absence = await booked.ApproveAbsenceAsync(person.Number, Monday.AddDays(1), 2);

        var about = await booked.CaseAsync(person.Number, "STF-303", CaseStatus.Open);
        Assert.Contains("is not available: 16.00 h", about.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Vacation", about.Message, StringComparison.OrdinalIgnoreCase);
        await booked.InConflictAsync(booking);
        Assert.True(booked.InPsa(booking).Flag("hard"));

        await booked.CancelAbsenceAsync(person.Number, absence);

        await booked.CaseAsync(person.Number, "STF-303", CaseStatus.Resolved);
        await booked.CaseAsync(person.Number, "STF-301", CaseStatus.Resolved);
        await booked.ConfirmedAsync(booking);
        await using var store = await booked.Firm.OpenStoreAsync();
        Assert.Empty(await store.StaffingConflicts.Where(row => row.PersonId == person.Number && row.GoneAt == null).ToListAsync(Token));
    }

    [Fact]
    public async Task Booking_that_is_cut_to_what_fits_is_confirmed_by_itself()
    {
        var person = booked.NewPerson();
        var booking = await booked.BookAsync(person.User, Monday, 5, 60m);
        await booked.InConflictAsync(booking);

        await booked.ChangeAsync(booking, new { minutes = 40 * 60 });

        var row = await booked.ConfirmedAsync(booking);
        Assert.Equal(40m, row.Hours);
        await booked.CaseAsync(person.Number, "STF-302", CaseStatus.Resolved);
    }
}
