using System.Net;
using System.Net.Sockets;

namespace PsaConsole.Engine.Connectors;

/// <summary>
/// Where a system may be called: at the hosts that its configuration names, and at no address inside the house unless the configuration says so. What an answer says
/// (another instance, a next page) or a name server says does not lead the console, and the credentials that it carries, anywhere else.
/// </summary>
internal static class AddressGuard
{
    private static readonly IPNetwork[] Inside =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128"), IPNetwork.Parse("fc00::/7"),
    ];

    // 169.254.169.254 hands out the machine's own credentials in most clouds.
    private static readonly IPNetwork[] Nobody =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/3"), IPNetwork.Parse("::/128"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>Whether the configuration names this place: the same host as one of its addresses, or as one of its patterns, and not less protected.</summary>
    /// <param name="known">The addresses of the configuration.</param>
    /// <param name="patterns">Further hosts; <c>*.example.com</c> stands for every host below example.com.</param>
    public static bool Names(Uri address, IEnumerable<Uri> known, IEnumerable<string> patterns)
    {
        var list = known.ToList();
        var plain = list.Exists(uri => uri.Scheme == Uri.UriSchemeHttp);
        return (address.Scheme == Uri.UriSchemeHttps || (plain && address.Scheme == Uri.UriSchemeHttp))
            && (list.Exists(uri => Same(uri.Host, address.Host)) || patterns.Any(pattern => Matches(pattern, address.Host)));
    }

    /// <summary>Whether nothing may be sent to this address.</summary>
    /// <param name="insideToo">The configuration means an address inside of the house.</param>
    public static bool Forbids(IPAddress address, bool insideToo)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Nobody.Any(network => network.Contains(plain)) || (!insideToo && Inside.Any(network => network.Contains(plain)));
    }

    /// <summary>Connects to what the name stands for now, when it is allowed: the address that was looked at is the one that is connected to.</summary>
    /// <exception cref="ForbiddenAddressException">One of its addresses may not be called: a name that stands for an inside address as well is no vendor's.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint place, bool insideToo, CancellationToken cancellationToken)
    {
        var isMeant = insideToo || IPAddress.TryParse(place.Host.Trim('[', ']'), out _) || Same(place.Host, "localhost");
        var addresses = await Dns.GetHostAddressesAsync(place.Host, cancellationToken);
        if (Array.Find(addresses, address => Forbids(address, isMeant)) is { } forbidden)
        {
            throw new ForbiddenAddressException(place.Host, forbidden);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, place.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool Matches(string pattern, string host) =>
        pattern.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) : Same(pattern, host);

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A system's name stands for an address that nothing is sent to.</summary>
internal sealed class ForbiddenAddressException(string host, IPAddress address)
    : Exception($"{host} stands for {address}, which is inside of the house or nobody's. Is the name right? If it is meant, set AllowPrivateNetwork.");
