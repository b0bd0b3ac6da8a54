namespace PsaConsole.Engine.Connectors.Microsoft365;

/// <summary>Section Connectors:microsoft365. Url is Graph's root, https://graph.microsoft.com unless a national cloud is used.</summary>
public sealed class Microsoft365Options : ConnectorOptions
{
    private const string PublicGraph = "graph.microsoft.com";

    public string? TenantId { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>Address of the Teams workflow "When a Teams webhook request is received". It is a secret: who has it may post.</summary>
    public string? TeamsWebhookUrl { get; set; }

    /// <summary>Mailbox that notices are sent from.</summary>
    public string? MailSender { get; set; }

    /// <summary>Addresses that notices are mailed to, separated by semicolons; the sender's own mailbox when there is none.</summary>
    public string? MailRecipients { get; set; }

    public string Scope { get; set; } = $"https://{PublicGraph}/.default";

    /// <summary>Where tokens are issued; by default the public cloud's sign-in for the public Graph, else the same host as Graph.</summary>
    public Uri? LoginUrl { get; set; }

    internal Uri TokenUrl => new(LoginUrl ?? (Url!.Host == PublicGraph ? new Uri("https://login.microsoftonline.com") : Url), $"/{Uri.EscapeDataString(TenantId!)}/oauth2/v2.0/token");

    internal IReadOnlyList<string> Recipients =>
        (string.IsNullOrWhiteSpace(MailRecipients) ? MailSender! : MailRecipients).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    protected override IEnumerable<Uri> Addresses =>
        [.. new[] { Url, Url is null || TenantId is null ? null : TokenUrl, Uri.TryCreate(TeamsWebhookUrl, UriKind.Absolute, out var webhook) ? webhook : null }.OfType<Uri>()];

    protected override IEnumerable<(string Key, string? Value)> Credentials =>
    [
        (nameof(TenantId), TenantId), (nameof(ClientId), ClientId), (nameof(ClientSecret), ClientSecret),
        (nameof(TeamsWebhookUrl), TeamsWebhookUrl), (nameof(MailSender), MailSender),
    ];
}
