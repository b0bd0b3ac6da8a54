using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Tests.Web;

/// <summary>An open page reads what a new address asks for and what was changed, one after the other, and not all pages at once.</summary>
public sealed class LivePageTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reading_of_changes_that_was_begun_for_the_page_before_does_not_put_its_rows_on_this_one()
    {
        await using var live = await LiveAsync();
        var page = live.Page;
        var renderer = live.Screen;
        await renderer.ShowAsync(page, "first");
        Assert.Equal("first", page.Rows);

        // A change is read while the viewer goes to another address.
        await live.TellAsync();
        await page.IsRefreshing.Task.WaitAsync(Patience, Token);
        var went = renderer.ShowAsync(page, "second");
        page.MayEnd.SetResult();
        await Task.WhenAll(went, page.HasRefreshed.Task);

        Assert.Equal("second", page.Rows);
    }

    [Fact]
    public async Task Rows_that_somebody_asks_for_while_changes_are_read_are_not_taken_away_again()
    {
        await using var live = await LiveAsync();
        await live.Screen.ShowAsync(live.Page, "first");
        await live.TellAsync();
        await live.Page.IsRefreshing.Task.WaitAsync(Patience, Token);

        var asked = live.Page.AskAsync("asked for");
        live.Page.MayEnd.SetResult();
        await Task.WhenAll(asked, live.Page.HasRefreshed.Task);

        Assert.Equal("asked for", live.Page.Rows);
    }

    [Fact]
    public async Task What_is_committed_while_the_page_is_read_for_the_first_time_reaches_it()
    {
        await using var live = await LiveAsync();
        var mayShow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        live.Page.MayShow = mayShow.Task;
        var drawn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        live.Screen.Drawn = drawn.Task;
        var shown = live.Screen.ShowAsync(live.Page, "first");
        await live.TellAsync();

        // The feed has told of it and won't tell again; the viewer's browser is slow and has drawn nothing yet.
        Assert.False(live.Page.IsRefreshing.Task.IsCompleted);
        mayShow.SetResult();
        drawn.SetResult();
        await shown;
        await live.Page.IsRefreshing.Task.WaitAsync(Patience, Token);
        live.Page.MayEnd.SetResult();
        await live.Page.HasRefreshed.Task.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task Half_of_the_cores_is_left_to_who_presses_something()
    {
        using var pace = new RefreshPace();
        var places = new List<IDisposable>();
        for (var place = 0; place < Math.Max(1, Environment.ProcessorCount / 2); place++)
        {
            places.Add(await pace.EnterAsync(Token));
        }

        var next = pace.EnterAsync(Token);
        Assert.False(next.IsCompleted);
        places[0].Dispose();
        using var entered = await next;
        places.Skip(1).ToList().ForEach(place => place.Dispose());
    }

    private async Task<Live> LiveAsync()
    {
        var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        var feed = new ChangeFeed(database, NullLogger<ChangeFeed>.Instance);
        var services = new ServiceCollection().AddSingleton(feed).AddSingleton(TimeProvider.System).AddSingleton<RefreshPace>().AddLogging().BuildServiceProvider();
        var live = new Live(database, feed, services, new Screen(services), new RowsPage { Feed = feed, Time = TimeProvider.System, Pace = services.GetRequiredService<RefreshPace>() });
        using var listens = new SemaphoreSlim(0);
        using var subscription = feed.Subscribe(_ => listens.Release());
        await feed.StartAsync(Token);
        await listens.WaitAsync(Patience, Token);
        return live;
    }

    /// <summary>Shows one row, which its address names; reading what was changed takes until the test lets it end.</summary>
    private sealed class RowsPage : LivePage
    {
        public string Rows { get; private set; } = "";

        public TaskCompletionSource IsRefreshing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource MayEnd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource HasRefreshed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [Parameter]
        public string Address { get; set; } = "";

        /// <summary>What reading the address waits for.</summary>
        public Task MayShow { get; set; } = Task.CompletedTask;

        public Task AskAsync(string rows) => InvokeAsync(() => InTurnAsync(() =>
        {
            Rows = rows;
            return Task.CompletedTask;
        }));

        protected override async Task ShowAsync()
        {
            await MayShow;
            Rows = Address;
        }

        protected override bool Concerns(FeedItem change) => change.Kind == "case";

        protected override async Task RefreshAsync(IReadOnlySet<FeedItem> changes)
        {
            var shown = Rows;
            IsRefreshing.TrySetResult();
            await MayEnd.Task;
            Rows = shown;
            HasRefreshed.TrySetResult();
        }
    }

#pragma warning disable BL0006 // A page needs a renderer to live in, and this is the smallest.
    /// <summary>A page on a screen, beside a feed that listens.</summary>
    private sealed record Live(NpgsqlDataSource Database, ChangeFeed Feed, ServiceProvider Services, Screen Screen, RowsPage Page) : IAsyncDisposable
    {
        /// <summary>Tells of a case, and waits until everybody who listens was told.</summary>
        public async Task TellAsync()
        {
            using var heard = new SemaphoreSlim(0);
            using var subscription = Feed.Subscribe(item => _ = item.Id == "1" && heard.Release() >= 0);
            await using var tell = Database.CreateCommand($"select pg_notify('{ChangeFeed.Channel}', 'case 1')");
            await tell.ExecuteNonQueryAsync(Token);
            await heard.WaitAsync(Patience, Token);
        }

        public async ValueTask DisposeAsync()
        {
            await Screen.DisposeAsync();
            await Feed.StopAsync(CancellationToken.None);
            Feed.Dispose();
            await Services.DisposeAsync();
            await Database.DisposeAsync();
        }
    }

    /// <summary>A renderer that draws nothing.</summary>
    private sealed class Screen(IServiceProvider services) : Renderer(services, NullLoggerFactory.Instance)
    {
        private int? _page;

        public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

        protected override RendererInfo RendererInfo { get; } = new("Server", isInteractive: true);

        public Task ShowAsync(RowsPage page, string address) => Dispatcher.InvokeAsync(async () =>
        {
            _page ??= AssignRootComponentId(page);
            await RenderRootComponentAsync(_page.Value, ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(RowsPage.Address)] = address }));
        });

        protected override void HandleException(Exception exception) => throw exception;

        /// <summary>When the viewer's browser has drawn what it is sent.</summary>
        public Task Drawn { get; set; } = Task.CompletedTask;

        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => Drawn;
    }
#pragma warning restore BL0006
}
