using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows;

/// <summary>What became of a notice.</summary>
/// <param name="Id">The provider's id of the message; null when nobody could be told.</param>
/// <param name="Message">Why it did not go the usual way.</param>
/// <param name="Undelivered">INT-909, when nobody could be told.</param>
public sealed record Told(string? Id, string? Message, Finding? Undelivered);

/// <summary>Tells people of what a run has done (3-workflows 3k): in the channel, else by mail, else as a case; a notice never blocks the business.</summary>
public sealed class Announcer(ICollaboration collaboration)
{
    public string SystemName => collaboration.SystemName;

    public async Task<Told> TellAsync(string key, Notice notice, bool inDoubt, CancellationToken cancellationToken)
    {
        try
        {
            return new(await collaboration.Channel.EnsureAsync(key, notice, null, inDoubt, cancellationToken), null, null);
        }
        catch (ConnectorException refused) when (refused.Class is not (ErrorClass.CircuitOpen or ErrorClass.QuotaSpent or ErrorClass.Auth or ErrorClass.Transient))
        {
            return await MailAsync(key, notice, refused, inDoubt, cancellationToken);
        }
    }

    private async Task<Told> MailAsync(string key, Notice notice, ConnectorException refused, bool inDoubt, CancellationToken cancellationToken)
    {
        try
        {
            return new(await collaboration.Mail.EnsureAsync(key, notice, null, inDoubt, cancellationToken), $"By mail, since the channel refused: {refused.Message}", null);
        }
        catch (ConnectorException alsoRefused)
        {
            return new(null, alsoRefused.Message, new Finding("3k", "INT-909", notice.Title, $"Nobody could be told: {notice.Title}. {refused.Message} {alsoRefused.Message} Correct the channel's address or the mail sender."));
        }
    }
}
