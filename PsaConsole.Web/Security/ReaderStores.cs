using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Store;

namespace PsaConsole.Web.Security;

/// <summary>Who looks at a page or asks the API: the person of the circuit, or the caller of the request.</summary>
public sealed class CurrentReader(IServiceProvider services)
{
    private static readonly Actor Nobody = new("", "", new HashSet<string>()) { Scope = DataScope.Nothing };

    private ClaimsPrincipal? _caller;

    /// <summary>A request of the API is answered for whoever made it.</summary>
    public void Answer(ClaimsPrincipal caller) => _caller = caller;

    public async Task<Actor> ActorAsync()
    {
        var person = _caller ?? (await services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync()).User;
        return person.Identity?.IsAuthenticated is true ? ConsoleIdentity.ActorOf(person) : Nobody;
    }
}

/// <summary>What pages and the API read through: the store as far as the reader's scope and roles go (R110, 9-access 9.1). No page opens the whole of it.</summary>
public sealed class ReaderStores(IDbContextFactory<EngineDbContext> stores, Func<Task<Actor>> reader)
{
    public ReaderStores(IDbContextFactory<EngineDbContext> stores, Actor reader)
        : this(stores, () => Task.FromResult(reader))
    {
    }

    /// <summary>What the reader may look at in the records of their scope.</summary>
    public async Task<Sight> SightAsync() => Sight.Of(await reader());

    public async Task<EngineDbContext> CreateDbContextAsync(CancellationToken cancellationToken) => await stores.CreateForAsync(await reader(), cancellationToken);

    /// <summary>For numbers and sums, which also those see who see no record of what is counted.</summary>
    public async Task<EngineDbContext> CreateForSumsAsync(CancellationToken cancellationToken) => await stores.CreateForSumsAsync(await reader(), cancellationToken);
}
