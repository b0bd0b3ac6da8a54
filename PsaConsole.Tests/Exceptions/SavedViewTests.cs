using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions.Views;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Exceptions;

/// <summary>A view belongs to who saved it, and shows nobody more than they may see.</summary>
public sealed class SavedViewTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static readonly Actor Auditor = new("tests:auditor", "Auditor", new HashSet<string> { Roles.Auditor });
    private static readonly Actor Board = new("tests:executive", "Executive", new HashSet<string> { Roles.Executive });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Auditor_keeps_views_and_shares_none_and_nobody_touches_anothers()
    {
        var views = firm.Get<SavedViews>();
        var own = await views.SaveAsync(Auditor, "Mine", "?state=settled", shared: false, opens: true, Token);
        await Assert.ThrowsAsync<RefusedException>(() => views.SaveAsync(Auditor, "Ours", "?state=settled", shared: true, opens: false, Token));
        await Assert.ThrowsAsync<RefusedException>(() => views.SaveAsync(Board, "Board", "?state=settled", shared: false, opens: false, Token));
        await Assert.ThrowsAsync<RefusedException>(() => views.SaveAsync(Auditor, " ", "?state=settled", shared: false, opens: false, Token));
        Assert.Empty((await views.ListAsync(RunningFirm.Operations.Id, Token)).Views);
        await Assert.ThrowsAsync<RefusedException>(() => views.ChooseAsync(RunningFirm.Operations, own, Token));
        await Assert.ThrowsAsync<RefusedException>(() => views.RemoveAsync(RunningFirm.Operations, own, Token));

        Assert.Equal(own, await views.SaveAsync(Auditor, "Mine", "?state=mine", shared: false, opens: false, Token));

        var shelf = await views.ListAsync(Auditor.Id, Token);
        Assert.Equal((own, "?state=mine"), (shelf.Default, Assert.Single(shelf.Views).Query));
        await views.RemoveAsync(Auditor, own, Token);
        Assert.Null((await views.ListAsync(Auditor.Id, Token)).Default);
    }
}
