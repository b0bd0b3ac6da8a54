namespace PsaConsole.Engine.Connectors;

/// <summary>A token as it was issued.</summary>
/// <param name="Value">The bearer token; opaque, never logged.</param>
/// <param name="ExpiresAt">When it ends by itself; null when the vendor does not say, then only a refusal tells.</param>
/// <param name="Instance">Where calls go with this token, when the vendor says so.</param>
public sealed record IssuedToken(string Value, DateTimeOffset? ExpiresAt, Uri? Instance);

/// <summary>The current access token of one connector: asked for once however many calls need it, renewed when it ends or is refused.</summary>
/// <param name="issue">Asks the vendor for a new token.</param>
public sealed class AccessToken(TimeProvider clock, Func<CancellationToken, Task<IssuedToken>> issue) : IDisposable
{
    // A token that ends while its call is under way costs a refusal.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim renewing = new(1, 1);
    private IssuedToken? current;

    public async Task<IssuedToken> GetAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref current) is { } token && IsFresh(token))
        {
            return token;
        }

        await renewing.WaitAsync(cancellationToken);
        try
        {
            if (current is not { } renewed || !IsFresh(renewed))
            {
                current = await issue(cancellationToken);
            }

            return current;
        }
        finally
        {
            renewing.Release();
        }
    }

    /// <summary>Forgets a token that the vendor refused; a newer one that another call fetched meanwhile stays.</summary>
    public void Refused(IssuedToken token) => Interlocked.CompareExchange(ref current, null, token);

    public void Dispose() => renewing.Dispose();

    private bool IsFresh(IssuedToken token) => token.ExpiresAt is not { } end || end - Margin > clock.GetUtcNow();
}
