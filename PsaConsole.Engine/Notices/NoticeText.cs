using System.Globalization;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Notices;

/// <summary>What a notice says: code, cause, value, due time, what to do and where. Nothing of why somebody is away, and no action without signing in (3k).</summary>
public static class NoticeText
{
    private const int MostLines = 20;

    /// <summary>One case, at a stage that concerns it alone.</summary>
    public static Notice Of(ExceptionCase about, NoticeStage stage, ServiceClock clock, string publicUrl, IReadOnlyList<string> to) => new()
    {
        Title = $"{Heading(stage)}{about.Code}: {CaseKinds.Of(about.Code).Title}",
        Text = about.Message,
        Facts =
        [
            new("About", about.Subject),
            .. about is { Exposure: { } amount, ExposureCurrency: { } currency } ? (KeyValuePair<string, string>[])[new("At risk", new Money(amount, currency).ToString())] : [],
            .. about.DueAt is { } due ? (KeyValuePair<string, string>[])[new("Due", Local(due, clock))] : [],
            new("With", about.Assignee ?? Words(about.OwnerGroup)),
            new("What to do", CaseKinds.Of(about.Code).SuggestedFix),
        ],
        Link = $"{publicUrl.TrimEnd('/')}/exceptions/{about.Id.ToString(CultureInfo.InvariantCulture)}",
        To = to,
    };

    /// <summary>The digest of a team: its new cases, the most pressing first.</summary>
    public static Notice Digest(IReadOnlyList<ExceptionCase> cases, ServiceClock clock, string publicUrl) => new()
    {
        Title = cases.Count == 1 ? $"{Words(cases[0].OwnerGroup)}: one new case" : $"{Words(cases[0].OwnerGroup)}: {cases.Count} new cases",
        Text = "New since the last digest, the most pressing first.",
        Facts = [.. cases.OrderBy(item => item.DueAt).Take(MostLines).Select(item => KeyValuePair.Create(item.Code, $"{item.Subject}, due {(item.DueAt is { } due ? Local(due, clock) : "open")}"))],
        Link = $"{publicUrl.TrimEnd('/')}/exceptions",
    };

    private static string Heading(NoticeStage stage) => stage switch
    {
        NoticeStage.HalfTime => "Half of its time has passed. ",
        NoticeStage.Assigned => "Given to you. ",
        NoticeStage.Overdue => "Overdue. ",
        NoticeStage.LongOverdue => "Long overdue. ",
        _ => "",
    };

    private static string Local(DateTimeOffset at, ServiceClock clock) =>
        TimeZoneInfo.ConvertTime(at, clock.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + $" {clock.Zone.Id}";

    /// <summary>ResourceManagement becomes Resource management.</summary>
    private static string Words(string team) =>
        string.Concat(team.Select((letter, index) => index > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString()));
}
