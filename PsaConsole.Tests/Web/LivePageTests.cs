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
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reading_of_changes_that_was_begun_for_the_page_before_does_not_put_its_rows_on_this_one()
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        using var feed = new ChangeFeed(database, NullLogger<ChangeFeed>.Instance);
        await feed.StartAsync(Token);
        await using var services = new ServiceCollection().AddSingleton(feed).AddSingleton(TimeProvider.System).AddSingleton<RefreshPace>().AddLogging().BuildServiceProvider();
        await using var renderer = new Screen(services);
        var page = new RowsPage { Feed = feed, Time = TimeProvider.System, Pace = services.GetRequiredService<RefreshPace>() };
        await renderer.ShowAsync(page, "first");
        Assert.Equal("first", page.Rows);

        // A change is read while the viewer goes to another address.
        while (!page.IsRefreshing.Task.IsCompleted)
        {
            await using var tell = database.CreateCommand($"select pg_notify('{ChangeFeed.Channel}', 'case 1')");
            await tell.ExecuteNonQueryAsync(Token);
            await Task.WhenAny(page.IsRefreshing.Task, Task.Delay(100, Token));
        }

        var went = renderer.ShowAsync(page, "second");
        page.MayEnd.SetResult();
        await Task.WhenAll(went, page.HasRefreshed.Task);

        Assert.Equal("second", page.Rows);
        await feed.StopAsync(Token);
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

    /// <summary>Shows one row, which its address names; reading what was changed takes until the test lets it end.</summary>
    private sealed class RowsPage : LivePage
    {
        public string Rows { get; private set; } = "";

        public TaskCompletionSource IsRefreshing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource MayEnd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource HasRefreshed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [Parameter]
        public string Address { get; set; } = "";

        protected override Task ShowAsync()
        {
            Rows = Address;
            return Task.CompletedTask;
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
    /// <summary>A renderer that draws nothing.</summary>
    private sealed class Screen(IServiceProvider services) : Renderer(services, NullLoggerFactory.Instance)
    {
        private int? _page;

        public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

        public Task ShowAsync(RowsPage page, string address) => Dispatcher.InvokeAsync(async () =>
        {
            _page ??= AssignRootComponentId(page);
            await RenderRootComponentAsync(_page.Value, ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(RowsPage.Address)] = address }));
        });

        protected override void HandleException(Exception exception) => throw exception;

        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => Task.CompletedTask;
    }
#pragma warning restore BL0006
}
