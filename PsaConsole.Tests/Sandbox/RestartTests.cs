using System.Net;
using PsaConsole.Tests.Sandbox.Salesforce;

namespace PsaConsole.Tests.Sandbox;

public sealed class RestartTests
{
    [Fact]
    public async Task Records_ids_and_clock_survive_a_restart()
    {
        using var folder = TemporaryFolder.Create();
        string id, stamp;
        int deals;
        DateTimeOffset now;
        await using (var sandbox = await RunningSandbox.StartAsync(folder.Path))
        {
            var client = await sandbox.SalesforceAsync();
            sandbox.Host.World.Clock.Set(new DateTimeOffset(2027, 1, 15, 8, 0, 0, TimeSpan.Zero));
            using var moved = await sandbox.Control.PostAsync("/clock", new { now = "2027-01-15T08:00:00Z" });
            now = sandbox.Host.World.Clock.GetUtcNow();
            client = await sandbox.SalesforceAsync();
            id = await client.CreateAsync("Account", new { Name = "Lasting", PsaConsole_Id__c = "last-1", Requires_PO__c = true });
            using var changed = await client.PatchAsync($"sobjects/Account/{id}", new { Segment__c = "Kept" });
            stamp = (await client.ReadAsync($"sobjects/Account/{id}")).GetProperty("SystemModstamp").GetString()!;
            deals = (await client.QueryAsync("SELECT COUNT() FROM Opportunity")).GetProperty("totalSize").GetInt32();
        }

        await using (var sandbox = await RunningSandbox.StartAsync(folder.Path))
        {
            var client = await sandbox.SalesforceAsync();
            var read = await client.ReadAsync($"sobjects/Account/{id}");
            Assert.Equal("Kept", read.GetProperty("Segment__c").GetString());
            Assert.True(read.GetProperty("Requires_PO__c").GetBoolean());
            Assert.Equal(stamp, read.GetProperty("SystemModstamp").GetString());
            Assert.Equal(deals, (await client.QueryAsync("SELECT COUNT() FROM Opportunity")).GetProperty("totalSize").GetInt32());
            Assert.InRange(sandbox.Host.World.Clock.GetUtcNow() - now, TimeSpan.Zero, TimeSpan.FromMinutes(1));
            Assert.NotEqual(id, await client.CreateAsync("Account", new { Name = "Next" }));
            await (await client.PostAsync("sobjects/Account", new { Name = "Twice", PsaConsole_Id__c = "last-1" })).RefusedAsync(HttpStatusCode.BadRequest, "DUPLICATE_VALUE");
        }
    }

    [Fact]
    public async Task Journal_alone_is_enough_when_the_process_was_killed()
    {
        using var folder = TemporaryFolder.Create();
        using var copy = TemporaryFolder.Create();
        string id;
        await using (var sandbox = await RunningSandbox.StartAsync(folder.Path))
        {
            var client = await sandbox.SalesforceAsync();
            id = await client.CreateAsync("Account", new { Name = "Written down" });

            // What a kill leaves behind is what is in the files now, without the snapshot of a clean end; and half a line.
            foreach (var file in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(copy.Path, Path.GetRelativePath(folder.Path, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                await using var written = File.Create(target);
                await source.CopyToAsync(written, TestContext.Current.CancellationToken);
            }

            await File.AppendAllTextAsync(Path.Combine(copy.Path, "salesforce", "journal.jsonl"), "[\"Account\",99", TestContext.Current.CancellationToken);
        }

        await using (var sandbox = await RunningSandbox.StartAsync(copy.Path))
        {
            var client = await sandbox.SalesforceAsync();
            Assert.Equal("Written down", (await client.ReadAsync($"sobjects/Account/{id}")).GetProperty("Name").GetString());
            await client.CreateAsync("Account", new { Name = "After the kill" });
        }

        await using (var sandbox = await RunningSandbox.StartAsync(copy.Path))
        {
            var client = await sandbox.SalesforceAsync();
            Assert.Equal(2, (await client.NamesAsync("SELECT Name FROM Account WHERE Name IN ('Written down', 'After the kill')")).Length);
        }
    }
}
