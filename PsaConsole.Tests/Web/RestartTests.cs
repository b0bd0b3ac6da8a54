using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Store;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>The server is replaced while somebody works: they go on where they were.</summary>
public sealed class RestartTests(PostgresFixture postgres, Browser browser) : IClassFixture<Browser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_typed_survives_a_restart_of_the_server()
    {
        var connection = await postgres.CreateDatabaseAsync();
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__PsaConsole"] = connection,
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{FreePort()}",
        };
        IPage page, edit;
        await using (var first = await ConsoleProcess.StartAsync(settings, Token))
        {
            page = await browser.SignInAsync(first.Address, "DeliveryOperations", $"/exceptions/{await StopAsync(connection)}");
            await page.Keyboard.PressAsync("c");
            await page.Locator("textarea").FillAsync("Called the client: the form comes on Monday");
            edit = await browser.SignInAsync(first.Address, "DeliveryOperations", $"/exceptions/{await StopAsync(connection, "HND-002")}");
            await edit.SettleAsync();
            await edit.Keyboard.PressAsync("e");
            await edit.GetByLabel("Purchase order").FillAsync("PO-4711");
            await edit.Locator("textarea").FillAsync("The client sent it");
        }

        await using var second = await ConsoleProcess.StartAsync(settings, Token);

        // The page finds its server again by itself, and the form is open as it was.
        await page.SettleAsync();
        await Expect(page.Locator(".action-form textarea")).ToHaveValueAsync("Called the client: the form comes on Monday");
        await page.Locator(".action-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".history")).ToContainTextAsync("the form comes on Monday");

        // So is a correction, field by field.
        await edit.SettleAsync();
        await Expect(edit.GetByLabel("Purchase order")).ToHaveValueAsync("PO-4711");
        await edit.Locator(".action-form button[type=submit]").ClickAsync();
        await Expect(edit.Locator(".history")).ToContainTextAsync("Purchase order: empty → PO-4711");
        await edit.Context.CloseAsync();

        // What was sent is not offered again.
        await page.ReloadAsync();
        await Expect(page.Locator(".history")).ToContainTextAsync("the form comes on Monday");
        await page.SettleAsync();
        await Expect(page.Locator(".action-form")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("c");
        await Expect(page.Locator(".action-form textarea")).ToHaveValueAsync("");
        await page.Context.CloseAsync();
    }

    private static async Task<long> StopAsync(string connection, string code = "HND-008")
    {
        await using var store = new EngineDbContext(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options);
        var about = SampleQueue.AddStopped(store, "Deal in mid-edit", TimeProvider.System.GetUtcNow());
        await store.SaveChangesAsync(Token);
        await store.Database.ExecuteSqlAsync($"update exception_case set code = {code} where id = {about.Id}", Token);
        return about.Id;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
