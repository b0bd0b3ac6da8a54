using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Visits;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Exceptions;

/// <summary>Whoever comes back is told what happened while they were away, and not what they saw themselves.</summary>
public sealed class VisitTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Visit_goes_on_while_somebody_looks_and_another_begins_after_a_pause()
    {
        var visit = new Visit { Person = "p", SeenAt = Morning };
        visit.Look(Morning.AddMinutes(20));
        visit.Look(Morning.AddMinutes(40));
        Assert.Null(visit.Before);

        visit.Look(Morning.AddHours(5));
        visit.Look(Morning.AddHours(5).AddMinutes(10));

        Assert.Equal((Morning.AddMinutes(40), Morning.AddHours(5).AddMinutes(10)), (visit.Before, visit.SeenAt));
    }

    [Fact]
    public async Task New_settled_returned_and_taken_cases_since_the_last_visit_are_counted()
    {
        var person = $"tests:{Guid.NewGuid():n}";
        var reader = RunningFirm.Operations with { Id = person };
        Assert.Null(await firm.Get<Visits>().LookAsync(reader, Token));
        Assert.Null(await firm.Get<Visits>().LookAsync(reader, Token));
        await using var store = await firm.OpenStoreAsync();
        var away = TimeProvider.System.GetUtcNow().AddHours(-3);
        await store.Visits.Where(visit => visit.Person == person).ExecuteUpdateAsync(set => set.SetProperty(visit => visit.SeenAt, away), Token);
        var old = Case("HND-006", away.AddHours(-1));
        var fresh = Case("HND-006", away.AddHours(1));
        store.ExceptionCases.AddRange(old, fresh);
        await store.SaveChangesAsync(Token);
        store.ExceptionCases.Add(Case("HND-006", away.AddHours(1), old.Id));
        await store.SaveChangesAsync(Token);
        await firm.Get<CaseActions>().SkipAsync(RunningFirm.Operations, old.Id, old.Version, "tests", Token);
        await firm.Get<CaseActions>().AssignAsync(RunningFirm.Operations, fresh.Id, fresh.Version, RunningFirm.Operations.Id, Token);

        var missed = await firm.Get<Visits>().LookAsync(reader, Token);

        // The sample firm raises cases of its own.
        Assert.True(missed!.New >= 2);
        Assert.Equal((1, 1, 1), (missed.Settled, missed.CameBack, missed.Taken));
        Assert.InRange(missed.Since - away, TimeSpan.FromMilliseconds(-1), TimeSpan.FromMilliseconds(1));
        Assert.Equal(missed.Since, (await firm.Get<Visits>().LookAsync(reader, Token))!.Since);
    }

    private static ExceptionCase Case(string code, DateTimeOffset at, long? from = null) => new()
    {
        Code = code,
        BusinessKey = $"tests:{Guid.NewGuid():n}",
        Subject = "Raised by a test",
        Message = "Raised by a test.",
        Findings = "[]",
        Severity = nameof(CaseSeverity.Medium),
        OwnerGroup = nameof(CaseOwner.DeliveryOperations),
        RaisedAt = at,
        CameBackFrom = from,
    };
}
