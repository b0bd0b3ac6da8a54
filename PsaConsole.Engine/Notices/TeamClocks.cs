using Microsoft.Extensions.Options;
using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Engine.Notices;

/// <summary>When each team works and who is above it; from section Engine:Teams. A team that is not named works Monday to Friday, 09:00–17:30 UTC.</summary>
public sealed class TeamClocks(IOptions<EngineOptions> options)
{
    private readonly IReadOnlyDictionary<string, ServiceClock> clocks = options.Value.Teams.ToDictionary(team => Known(team.Key), team => Clock(team.Key, team.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The working time that the team's deadlines are counted in, and outside of which it is left alone.</summary>
    public ServiceClock Of(string team) => clocks.GetValueOrDefault(team, ServiceClock.Default);

    /// <summary>Mail addresses for the second reminder (the lead) and the third (the head); none means that only the channel is told.</summary>
    public IReadOnlyList<string> Above(string team, NoticeStage stage)
    {
        var settings = options.Value.Teams.FirstOrDefault(item => string.Equals(item.Key, team, StringComparison.OrdinalIgnoreCase)).Value;
        var address = stage switch
        {
            NoticeStage.Overdue => settings?.Lead,
            NoticeStage.LongOverdue => settings?.Head ?? settings?.Lead,
            _ => null,
        };
        return address is { Length: > 0 } ? [address] : [];
    }

    private static string Known(string team) => Enum.TryParse<CaseOwner>(team, ignoreCase: true, out _)
        ? team
        : throw new OptionsValidationException(EngineOptions.Section, typeof(EngineOptions), [$"Engine:Teams:{team} is no team. Teams: {string.Join(", ", Enum.GetNames<CaseOwner>())}."]);

    private static ServiceClock Clock(string team, TeamOptions settings)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(settings.Zone, out var zone))
        {
            throw new OptionsValidationException(EngineOptions.Section, typeof(EngineOptions), [$"Engine:Teams:{team}:Zone '{settings.Zone}' is no time zone. Use a name such as Europe/London."]);
        }

        return settings.Opens < settings.Closes
            ? new ServiceClock(zone, settings.Opens, settings.Closes) { Holidays = settings.Holidays.ToHashSet() }
            : throw new OptionsValidationException(EngineOptions.Section, typeof(EngineOptions), [$"Engine:Teams:{team}: the day must open before it closes."]);
    }
}
