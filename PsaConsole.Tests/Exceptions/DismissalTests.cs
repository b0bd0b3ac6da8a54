using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Exceptions;

/// <summary>Whoever dismissed a case takes it back while nothing has come of it, and nobody else does.</summary>
public sealed class DismissalTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Snooze_and_skip_are_taken_back_by_who_did_them()
    {
        var about = Case();
        await using var store = await firm.OpenStoreAsync();
        store.ExceptionCases.Add(about);
        await store.SaveChangesAsync(Token);
        var (actions, dismissals) = (firm.Get<CaseActions>(), firm.Get<Dismissals>());

        await actions.SnoozeAsync(RunningFirm.Operations, about.Id, about.Version, new Snooze("hour", "For an hour", TimeProvider.System.GetUtcNow().AddHours(1), null), null, Token);
        await store.Entry(about).ReloadAsync(Token);
        Assert.NotNull(about.SnoozedUntil);
        Assert.NotNull(await dismissals.UntilAsync(store, RunningFirm.Operations, about, Token));
        Assert.Null(await dismissals.UntilAsync(store, RunningFirm.Controller, about, Token));
        await Assert.ThrowsAsync<RefusedException>(() => dismissals.UndoAsync(RunningFirm.Controller, about.Id, Token));
        await dismissals.UndoAsync(RunningFirm.Operations, about.Id, Token);
        await store.Entry(about).ReloadAsync(Token);
        Assert.Null(about.SnoozedUntil);
        await Assert.ThrowsAsync<RefusedException>(() => dismissals.UndoAsync(RunningFirm.Operations, about.Id, Token));

        await actions.SkipAsync(RunningFirm.Operations, about.Id, about.Version, "tests", Token);
        await dismissals.UndoAsync(RunningFirm.Operations, about.Id, Token);
        await store.Entry(about).ReloadAsync(Token);
        Assert.Equal((CaseStatus.Open, null), (about.Status, about.ClosedAt));

        await actions.SkipAsync(RunningFirm.Operations, about.Id, about.Version, "tests", Token);
        await actions.CommentAsync(RunningFirm.Controller, about.Id, "Good.", Token);
        await Assert.ThrowsAsync<RefusedException>(() => dismissals.UndoAsync(RunningFirm.Operations, about.Id, Token));
    }

    private static ExceptionCase Case() => new()
    {
        Code = "HND-006",
        BusinessKey = $"tests:{Guid.NewGuid():n}",
        Subject = "Raised by a test",
        Message = "Raised by a test.",
        Findings = "[]",
        Severity = nameof(CaseSeverity.Medium),
        OwnerGroup = nameof(CaseOwner.DeliveryOperations),
        RaisedAt = TimeProvider.System.GetUtcNow(),
    };
}
