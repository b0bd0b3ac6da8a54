using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Web.Components.Shared;

/// <summary>The engine's states in the words and tones that people see, everywhere the same.</summary>
public static class Standings
{
    public static (string Text, Tone Tone) Of(RunStatus status) => status switch
    {
        RunStatus.Running => ("Running", Tone.Running),
        RunStatus.Waiting => ("Waiting", Tone.Waiting),
        RunStatus.WaitingApproval => ("Waits for approval", Tone.Waiting),
        RunStatus.Parked => ("Needs a person", Tone.Bad),
        RunStatus.Compensating => ("Being undone", Tone.Running),
        RunStatus.Compensated => ("Undone", Tone.Quiet),
        RunStatus.Completed => ("Verified", Tone.Good),
        RunStatus.Ended => ("Nothing to do", Tone.Quiet),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "A run has no such status."),
    };

    public static (string Text, Tone Tone) Of(StepStatus status) => status switch
    {
        StepStatus.Pending => ("Not yet", Tone.Quiet),
        StepStatus.Begun => ("Running", Tone.Running),
        StepStatus.Retrying => ("Will be tried again", Tone.Waiting),
        StepStatus.WaitingApproval => ("Waits for approval", Tone.Waiting),
        StepStatus.Failed => ("Needs a person", Tone.Bad),
        StepStatus.Done => ("Done", Tone.Good),
        StepStatus.Skipped => ("Skipped", Tone.Quiet),
        StepStatus.Undone => ("Undone", Tone.Quiet),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "A step has no such status."),
    };

    public static (string Text, Tone Tone) Of(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Waiting => ("Waits for a decision", Tone.Waiting),
        ApprovalStatus.Approved => ("Approved", Tone.Good),
        ApprovalStatus.Rejected => ("Rejected", Tone.Bad),
        ApprovalStatus.Void => ("Void", Tone.Quiet),
        ApprovalStatus.Expired => ("Expired", Tone.Bad),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "An approval has no such status."),
    };

    public static (string Text, Tone Tone) Of(GroupStatus status) => status switch
    {
        GroupStatus.Running => ("Running", Tone.Running),
        GroupStatus.Paused => ("Paused", Tone.Waiting),
        GroupStatus.Stopped => ("Stopped", Tone.Bad),
        GroupStatus.Cancelled => ("Cancelled", Tone.Quiet),
        GroupStatus.Ended => ("Ended", Tone.Good),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "A group action has no such status."),
    };

    public static (string Text, Tone Tone) Of(MemberResult result) => result switch
    {
        MemberResult.Waiting => ("Not asked yet", Tone.Quiet),
        MemberResult.Asked => ("Asked", Tone.Running),
        MemberResult.Verified => ("Verified", Tone.Good),
        MemberResult.Failed => ("Failed", Tone.Bad),
        MemberResult.Skipped => ("Left out", Tone.Quiet),
        MemberResult.Superseded => ("Superseded", Tone.Quiet),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "A member has no such result."),
    };

    public static (string Text, Tone Tone) Of(CaseStatus status) => status switch
    {
        CaseStatus.Open => ("Needs a person", Tone.Bad),
        CaseStatus.Retrying => ("Retrying", Tone.Running),
        CaseStatus.Resolved => ("Resolved", Tone.Good),
        CaseStatus.Waived => ("Waived", Tone.Quiet),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "A case has no such status."),
    };
}
