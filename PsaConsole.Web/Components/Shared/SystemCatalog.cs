using System.Globalization;
using PsaConsole.Engine.Connectors;

namespace PsaConsole.Web.Components.Shared;

/// <summary>An outside system as people call it, and what it is to us.</summary>
public sealed record SystemInfo(string Name, string Title, string Role);

/// <summary>The outside systems that the engine is connected with. What a system is follows from the role that its connector plays.</summary>
public sealed class SystemCatalog
{
    private readonly Dictionary<string, SystemInfo> _byName;

    public SystemCatalog(
        IConfiguration configuration, IEnumerable<ICrm> crm, IEnumerable<IPsa> psa, IEnumerable<IHr> hr, IEnumerable<IErp> erp, IEnumerable<ICollaboration> collaboration)
    {
        (string Role, IEnumerable<IConnector> Connectors)[] roles = [("CRM", crm), ("PSA", psa), ("HR", hr), ("ERP", erp), ("Collaboration", collaboration)];
        All = [.. roles.SelectMany(role => role.Connectors.Select(connector =>
            new SystemInfo(connector.SystemName, TitleOf(configuration, connector.SystemName), role.Role)))];
        _byName = All.ToDictionary(system => system.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every system, in the order in which a deal travels.</summary>
    public IReadOnlyList<SystemInfo> All { get; }

    /// <summary>The system of that name; one that is no longer connected keeps its name and has no role.</summary>
    public SystemInfo Of(string name) => _byName.GetValueOrDefault(name) ?? new SystemInfo(name, TitleOf(null, name), "");

    private static string TitleOf(IConfiguration? configuration, string name) =>
        configuration?[$"Systems:{name}:Title"] ?? CultureInfo.InvariantCulture.TextInfo.ToTitleCase(name);
}
