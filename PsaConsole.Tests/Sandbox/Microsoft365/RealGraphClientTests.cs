using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Graph.Users.Item.SendMail;
using Microsoft.Kiota.Abstractions.Authentication;

namespace PsaConsole.Tests.Sandbox.Microsoft365;

/// <summary>The vendor's own client must not notice that it talks to the sandbox.</summary>
public sealed class RealGraphClientTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Microsofts_client_pages_through_the_users()
    {
        using var graph = Client(sandbox);
        var page = await graph.Users.GetAsync(call =>
        {
            call.QueryParameters.Top = 15;
            call.QueryParameters.Select = ["id", "mail", "accountEnabled"];
        }, TestContext.Current.CancellationToken);
        var mails = new List<string?>();
        var pages = PageIterator<User, UserCollectionResponse>.CreatePageIterator(graph, page!, user =>
        {
            mails.Add(user.Mail);
            return true;
        });
        await pages.IterateAsync(TestContext.Current.CancellationToken);
        Assert.Equal(41, mails.Distinct().Count());
        Assert.Superset(sandbox.Host.Firm.Consultants.Select(person => person.Email).ToHashSet(), mails.Select(mail => mail!).ToHashSet());
    }

    [Fact]
    public async Task Microsofts_client_sends_mail_and_reads_it_back()
    {
        using var graph = Client(sandbox);
        var (to, subject) = (sandbox.Address(6), $"From the client {Guid.NewGuid()}");
        await graph.Users[sandbox.Sender()].SendMail.PostAsync(new SendMailPostRequestBody
        {
            Message = new Message
            {
                Subject = subject,
                Body = new ItemBody { ContentType = BodyType.Html, Content = "<b>Hello</b>" },
                ToRecipients = [new Recipient { EmailAddress = new EmailAddress { Address = to } }],
                InternetMessageHeaders = [new InternetMessageHeader { Name = "x-psaconsole-id", Value = "op-2" }],
            },
            SaveToSentItems = true,
        }, cancellationToken: TestContext.Current.CancellationToken);
        var found = await graph.Users[to].Messages.GetAsync(call => call.QueryParameters.Filter = $"subject eq '{subject}'", TestContext.Current.CancellationToken);
        var mail = Assert.Single(found!.Value!);
        Assert.Equal(("Hello", BodyType.Html), (mail.BodyPreview, mail.Body!.ContentType));
    }

    [Fact]
    public async Task Microsofts_client_follows_the_delta()
    {
        using var graph = Client(sandbox);
        var first = await graph.Users.Delta.GetAsDeltaGetResponseAsync(call => call.QueryParameters.Select = ["displayName", "jobTitle"], TestContext.Current.CancellationToken);
        Assert.Equal(41, first!.Value!.Count);
        await graph.Users[sandbox.Address(8)].PatchAsync(new User { JobTitle = "Partner" }, cancellationToken: TestContext.Current.CancellationToken);
        var second = await graph.Users.Delta.WithUrl(first.OdataDeltaLink!).GetAsDeltaGetResponseAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("Partner", Assert.Single(second!.Value!).JobTitle);
    }

    [Fact]
    public async Task Microsofts_client_waits_as_told_and_tries_again_when_throttled()
    {
        await using var own = await RunningSandbox.StartAsync();
        using var graph = Client(own);
        await own.FaultAsync(new { system = "microsoft365", path = "/v1.0/users", effect = "throttle", count = 1 });
        Assert.NotNull(await graph.Users[own.Address(0)].GetAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal([429, 200], own.Host.World.Calls.Find("microsoft365", null, null, 100).Where(call => call.Path.StartsWith("/v1.0", StringComparison.Ordinal)).Select(call => call.Status));
    }

    [Fact]
    public async Task Microsofts_client_understands_the_error()
    {
        using var graph = Client(sandbox);
        var error = await Assert.ThrowsAsync<ODataError>(() => graph.Users["nobody@northwind.example"].GetAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(("Request_ResourceNotFound", 404), (error.Error!.Code, error.ResponseStatusCode));
        Assert.NotNull(error.Error.InnerError!.RequestId);
        Assert.NotNull(error.Error.InnerError.Date);
    }

    private static GraphServiceClient Client(RunningSandbox sandbox)
        => new(new BaseBearerTokenAuthenticationProvider(new Tokens(sandbox)), new Uri(sandbox.Host.Url("microsoft365"), "/v1.0").AbsoluteUri);

    /// <summary>Credentials of Azure.Identity send no token to 127.0.0.1.</summary>
    private sealed class Tokens(RunningSandbox sandbox) : IAccessTokenProvider
    {
        public AllowedHostsValidator AllowedHostsValidator { get; } = new();

        public Task<string> GetAuthorizationTokenAsync(Uri uri, Dictionary<string, object>? additionalAuthenticationContext = null, CancellationToken cancellationToken = default)
            => sandbox.GraphTokenAsync(sandbox.Client("microsoft365"));
    }
}
