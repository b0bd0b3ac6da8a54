using System.Globalization;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>The engine's names of people and history lines, as people read them.</summary>
public static class CaseWords
{
    /// <summary>Who an actor's id stands for: the engine, a sample user, or a person of the identity provider.</summary>
    /// <param name="names">Those who have signed in, and programs, by id (<see cref="PsaConsole.Engine.Access.Colleagues"/>).</param>
    public static string Person(string id, IReadOnlyDictionary<string, string> names) => names.TryGetValue(id, out var name) ? name : id switch
    {
        CaseBook.Engine => "PsaConsole",
        _ when id.StartsWith(ConsoleIdentity.SamplePrefix, StringComparison.Ordinal) => Words.Of(id[ConsoleIdentity.SamplePrefix.Length..]),
        _ => id,
    };

    /// <summary>A history line's verb: "asked for a retry".</summary>
    public static string Did(CaseEntry entry, IReadOnlyDictionary<string, string> names) => entry.Action switch
    {
        "raised" => "raised the case",
        "repeated" => "met it again",
        "came-back" => "knows it from before",
        "resolved" => "closed the case",
        "retry" => "asked for a retry",
        "edit-and-retry" => "corrected values and asked for a retry",
        "edited" => "changed",
        "assign" when entry.Text is null or "" or "nobody" => "gave it back to its group",
        "assign" => $"gave it to {Person(entry.Text, names)}",
        "comment" => "commented",
        "skip" => "left it out",
        "waive" => "let it pass",
        "snooze" => "put it off",
        "approve" => "approved it",
        "reject" => "rejected it",
        "superseded" => "closed it, since it is not needed any more",
        "pause" => "stopped its clock, since it waits for an outside party",
        "resume" => "let its clock run",
        "label" => "labelled it",
        "weighed" => "made it more pressing",
        "undo" => "took that back",
        "compensate" => "asked to take everything back",
        _ => entry.Action,
    };

    /// <summary>What was said with it, where the verb does not hold it already.</summary>
    public static string? Said(CaseEntry entry) => entry.Action == "assign" ? null : entry.Text;

    /// <summary>What stands still until the case is settled.</summary>
    public static string Cost(ExceptionCase about, RunStep? step)
    {
        var money = about switch
        {
            { Exposure: 0m } => "No money waits",
            { Exposure: { } amount, ExposureCurrency: { } currency } => $"{amount.ToString("N" + Currencies.MinorUnits(currency).ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture)} {currency} waits",
            _ => "No money is known to wait",
        };
        return step is { Status: StepStatus.Failed }
            ? $"{money}. Nothing goes on after “{step.Title}”."
            : $"{money}.";
    }

    /// <summary>A fragment of the catalogue as a sentence.</summary>
    public static string Sentence(string fragment) => fragment is "" or "-"
        ? "Decide, and say why."
        : $"{char.ToUpper(fragment[0], CultureInfo.InvariantCulture)}{fragment[1..]}.";
}
