using System.Net;
using System.Text.Json;

namespace PsaConsole.Tests.Sandbox.Microsoft365;

public sealed class UserTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Users_come_in_pages_by_links_to_the_sandbox_itself()
    {
        var client = await sandbox.GraphAsync();
        var (ids, address) = (new List<string>(), "users?$select=id,mail,employeeId&$top=15");
        while (address is not null)
        {
            var page = await client.ReadAsync(address);
            Assert.EndsWith("$metadata#users(id,mail,employeeId)", page.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
            ids.AddRange(page.GetProperty("value").EnumerateArray().Select(user => user.GetProperty("id").GetString()!));
            Assert.All(page.GetProperty("value").EnumerateArray(), user => Assert.Equal(["id", "mail", "employeeId"], user.EnumerateObject().Select(property => property.Name)));
            address = page.TryGetProperty("@odata.nextLink", out var next) ? next.GetString() : null;
            Assert.StartsWith(address is null ? "" : sandbox.Host.Url("microsoft365").AbsoluteUri + "v1.0/users?", address ?? "", StringComparison.Ordinal);
        }

        Assert.Equal(41, ids.Distinct().Count());
    }

    [Fact]
    public async Task User_is_found_by_id_by_principal_name_and_by_filter()
    {
        var client = await sandbox.GraphAsync();
        var consultant = sandbox.Host.Firm.Consultants[3];
        var user = await client.ReadAsync($"users/{consultant.Email}?$select=id,employeeId,department,accountEnabled");
        Assert.Equal(consultant.Number, user.GetProperty("employeeId").GetString());
        var id = user.GetProperty("id").GetString();
        Assert.True(Guid.TryParse(id, out _));
        Assert.Equal(consultant.Email, (await client.ReadAsync($"users/{id}")).GetProperty("mail").GetString());
        var found = await client.ReadAsync($"users?$filter=employeeId eq '{consultant.Number}' and accountEnabled eq true");
        Assert.Equal(consultant.Name, found.GetProperty("value").EnumerateArray().Single().GetProperty("displayName").GetString());
        var several = await client.ReadAsync($"users?$filter=mail in ('{sandbox.Address(0)}','{sandbox.Address(1)}') or startsWith(userPrincipalName,'psaconsole@')");
        Assert.Equal(3, several.GetProperty("value").GetArrayLength());
    }

    [Theory]
    [InlineData("users/nobody@northwind.example", 404, "Request_ResourceNotFound")]
    [InlineData("users?$select=shoeSize", 400, "BadRequest")]
    [InlineData("users?$filter=shoeSize eq 44", 400, "BadRequest")]
    [InlineData("users?$filter=mail is 'x'", 400, "BadRequest")]
    [InlineData("users?$top=1000", 400, "Request_BadRequest")]
    [InlineData("users?$apply=groupby", 400, "BadRequest")]
    [InlineData("users?$search=\"displayName:A\"", 400, "Request_UnsupportedQuery")]
    [InlineData("me", 400, "BadRequest")]
    [InlineData("planets", 400, "BadRequest")]
    public async Task Wrong_call_is_refused_in_graphs_words(string path, int status, string code)
        => await (await (await sandbox.GraphAsync()).CallAsync("GET", path)).RefusedAsync((HttpStatusCode)status, code);

    [Fact]
    public async Task Delta_gives_all_users_and_then_only_what_changed_or_went()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = await own.GraphAsync();
        var (first, link) = await RoundAsync(client, "users/delta?$select=displayName,jobTitle&$top=12");
        Assert.Equal(41, first.Select(user => user.GetProperty("id").GetString()).Distinct().Count());
        var (nothing, next) = await RoundAsync(client, link);
        Assert.Empty(nothing);

        var (changed, gone) = (own.Address(2), own.Address(5));
        using var patched = await client.CallAsync("PATCH", $"users/{changed}", new { jobTitle = "Architect" });
        Assert.Equal(HttpStatusCode.NoContent, patched.StatusCode);
        var goneId = (await client.ReadAsync($"users/{gone}")).GetProperty("id").GetString();
        using var deleted = await client.CallAsync("DELETE", $"users/{gone}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        var (changes, _) = await RoundAsync(client, next);
        Assert.Equal(2, changes.Count);
        Assert.Equal("Architect", changes[0].GetProperty("jobTitle").GetString());
        Assert.Equal((goneId, "changed"), (changes[1].GetProperty("id").GetString(), changes[1].GetProperty("@removed").GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Old_delta_link_is_gone_and_a_made_up_one_is_refused()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = await own.GraphAsync();
        var (_, link) = await RoundAsync(client, "users/delta?$deltatoken=latest");
        using var clock = await own.Control.CallAsync("POST", "/clock", new { now = DateTimeOffset.UtcNow.AddDays(8) });
        client = await own.GraphAsync();
        using var old = await client.CallAsync("GET", link);
        Assert.EndsWith("/v1.0/users/delta", old.Headers.Location?.AbsoluteUri, StringComparison.Ordinal);
        await old.RefusedAsync(HttpStatusCode.Gone, "syncStateNotFound");
        await (await client.CallAsync("GET", "users/delta?$deltatoken=abc")).RefusedAsync(HttpStatusCode.BadRequest, "Request_BadRequest");
    }

    [Fact]
    public async Task Schedule_tells_busy_times_in_the_zone_asked_for_and_strangers_one_by_one()
    {
        var client = await sandbox.GraphAsync();
        var (firm, sender) = (sandbox.Host.Firm, sandbox.Sender());
        var busy = firm.Projects.SelectMany(project => project.Team).Select(member => firm.Consultants.First(person => person.Number == member.Consultant)).First(person => person.Country == "US").Email;
        var monday = firm.Today.AddDays(7 - (((int)firm.Today.DayOfWeek + 6) % 7));
        object Time(string time) => new { dateTime = $"{monday:yyyy-MM-dd}T{time}", timeZone = "Eastern Standard Time" };

        // Parameters as SDKs write them, in Pascal case.
        using var answer = await client.CallAsync(
            "POST", $"users/{sender}/calendar/getSchedule",
            new { Schedules = new[] { busy, "stranger@elsewhere.example" }, StartTime = Time("09:00:00"), EndTime = Time("13:00:00"), AvailabilityViewInterval = 60 },
            ("Prefer", "outlook.timezone=\"America/New_York\""));
        var schedules = (await RunningSandbox.JsonAsync(answer)).GetProperty("value");
        Assert.Matches("^[02]{4}$", schedules[0].GetProperty("availabilityView").GetString()!);
        foreach (var item in schedules[0].GetProperty("scheduleItems").EnumerateArray())
        {
            Assert.EndsWith("T10:00:00.0000000", item.GetProperty("start").GetProperty("dateTime").GetString(), StringComparison.Ordinal);
            Assert.Equal("0200", schedules[0].GetProperty("availabilityView").GetString());
        }

        Assert.Equal("ErrorMailRecipientNotFound", schedules[1].GetProperty("error").GetProperty("responseCode").GetString());
        await (await client.CallAsync("POST", $"users/{sender}/calendar/getSchedule", new { schedules = new[] { busy }, startTime = Time("09:00:00"), endTime = Time("13:00:00"), availabilityViewInterval = 3 }))
            .RefusedAsync(HttpStatusCode.BadRequest, "ErrorInvalidMergedFreeBusyInterval");
    }

    [Fact]
    public async Task Automatic_replies_are_set_and_read_back()
    {
        var client = await sandbox.GraphAsync();
        var settings = $"users/{sandbox.Address(7)}/mailboxSettings";
        Assert.Equal("disabled", (await client.ReadAsync(settings)).GetProperty("automaticRepliesSetting").GetProperty("status").GetString());
        using var changed = await client.CallAsync("PATCH", settings, new { automaticRepliesSetting = new { status = "alwaysEnabled", internalReplyMessage = "Back on Monday" } });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var replies = (await client.ReadAsync(settings)).GetProperty("automaticRepliesSetting");
        Assert.Equal(("alwaysEnabled", "Back on Monday", "all"), (replies.GetProperty("status").GetString(), replies.GetProperty("internalReplyMessage").GetString(), replies.GetProperty("externalAudience").GetString()));
    }

    private static async Task<(List<JsonElement> Users, string DeltaLink)> RoundAsync(HttpClient client, string address)
    {
        var users = new List<JsonElement>();
        while (true)
        {
            var page = await client.ReadAsync(address);
            users.AddRange(page.GetProperty("value").EnumerateArray());
            if (page.TryGetProperty("@odata.deltaLink", out var link))
            {
                return (users, link.GetString()!);
            }

            address = page.GetProperty("@odata.nextLink").GetString()!;
        }
    }
}
