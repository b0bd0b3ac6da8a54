using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Pages.Postings;
using PsaConsole.Web.Security;

namespace PsaConsole.Tests.Workflows;

/// <summary>What the page Postings reads of work that went the whole way from approval to the books.</summary>
public sealed class PostingQueriesTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Approved_time_is_listed_with_its_documents_until_it_is_taken_back()
    {
        var sheet = await Timesheets.SharedAsync(firm, "Time and Materials");
        var entry = await sheet.EnterApprovedAsync(sheet.Person(), 8m);
        var run = await sheet.PostedAsync(entry);
        var queries = Queries();

        var row = Assert.Single((await queries.ListAsync(EngagementFilter.Of("verified", sheet.Number, null), Token)).Rows, item => item.Id == run.Id);
        Assert.Equal(("In the books", sheet.Number), (row.State, row.Number));
        Assert.Equal(sheet.Journals(entry).Select(journal => journal.Text("tranId")).Order(), row.Vouchers.Order());
        var posting = await queries.ReadAsync(run.Id, Token);
        Assert.All(posting!.Lines, line => Assert.False(string.IsNullOrWhiteSpace(line.Why.Rate) || line.Reversed || line.IsReversal));
        var charged = (await queries.TotalsAsync(Token)).Posted;
        Assert.Contains(charged, total => total.Currency == row.Value!.Value.Currency && total.Amount >= row.Value.Value.Amount);

        await sheet.RecallAsync(entry);
        await sheet.NetAsync(entry, 0m);

        Assert.All((await queries.ReadAsync(run.Id, Token))!.Lines, line => Assert.True(line.Reversed || line.IsReversal));
    }

    [Fact]
    public async Task Rates_are_shown_to_whom_the_matrix_shows_them()
    {
        var sheet = await Timesheets.SharedAsync(firm, "Time and Materials");
        var run = await sheet.PostedAsync(await sheet.EnterApprovedAsync(sheet.Person(), 6m));

        Assert.All((await Queries().ReadAsync(run.Id, Token))!.Lines, line => Assert.True(line.ShowsMoney));
        var hidden = (await Queries(RunningFirm.Operations).ReadAsync(run.Id, Token))!;
        Assert.All(hidden.Lines, line => Assert.False(line.ShowsMoney));
        Assert.Null(hidden.Row.Value);
        Assert.All(hidden.Steps, step => Assert.Empty(step.Fields));
        var manager = (await Queries(RunningFirm.Operations with { Roles = new HashSet<string> { Roles.ResourceManager } }).ReadAsync(run.Id, Token))!;
        Assert.All(manager.Lines, line => Assert.Equal(line.Row.Kind != PostingKind.Cost, line.ShowsMoney));
    }

    private PostingQueries Queries(Actor? reader = null) => new(
        new ReaderStores(firm.Get<IDbContextFactory<EngineDbContext>>(), reader ?? RunningFirm.Controller),
        firm.Catalog,
        TimeProvider.System);
}
