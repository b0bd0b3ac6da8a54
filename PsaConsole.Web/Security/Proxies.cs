using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace PsaConsole.Web.Security;

/// <summary>
/// The proxies in front of the console, <c>Proxy:Networks:n</c> (10.1.0.0/16, or one address): they end TLS and tell who really asks, by <c>X-Forwarded-For</c> and
/// <c>X-Forwarded-Proto</c>. From anybody else these headers mean nothing.
/// </summary>
public static class Proxies
{
    private const string Section = "Proxy:Networks";

    /// <exception cref="StartRefusedException">A value is neither an address nor a network.</exception>
    public static void AddProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var networks = (configuration.GetSection(Section).Get<string[]>() ?? []).Select(Parse).ToList();
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = networks.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            networks.ForEach(forwarded.KnownIPNetworks.Add);
        });
    }

    private static IPNetwork Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new StartRefusedException($"{Section} holds {text}, which is neither an address nor a network such as 10.1.0.0/16.");
}
