namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>What a person asks to be done to a case.</summary>
public sealed record CaseCommand(string Action, string Reason, string Assignee, IReadOnlyDictionary<string, string> Edits)
{
    public const string Retry = "Retry";
    public const string EditAndRetry = "EditAndRetry";
    public const string Skip = "Skip";
    public const string Assign = "Assign";
    public const string Comment = "Comment";
}

/// <summary>A value that may be corrected before a retry.</summary>
public sealed record EditableField(string Name, string Value);
