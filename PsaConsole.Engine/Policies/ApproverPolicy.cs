using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>Who may have approved what is posted (PL40, SoD-9).</summary>
public static class ApproverPolicy
{
    /// <summary>TIM-411: somebody else approved, who was employed then.</summary>
    /// <param name="subject">What was approved, in the words of people.</param>
    /// <param name="submitter">E-mail address of whose it is.</param>
    /// <param name="approvedBy">E-mail address as the PSA says; null when it names nobody.</param>
    /// <param name="approver">The approver as HR knows them.</param>
    /// <param name="did">What the submitter did: worked.</param>
    /// <param name="today">In the legal entity's zone.</param>
    public static IEnumerable<Finding> Check(string subject, string? submitter, string? approvedBy, Consultant? approver, string did, DateOnly today)
    {
        var why = approvedBy switch
        {
            null => "the PSA does not say who approved",
            _ when string.Equals(approvedBy, submitter, StringComparison.OrdinalIgnoreCase) => $"it was approved by the person who {did}",
            _ when approver?.LastWorkingDay < today => $"{approver.Name} approved, but has left",
            _ => null,
        };
        if (why is not null)
        {
            yield return new Finding("PL40", "TIM-411", subject, $"{subject} is not posted: {why}. Recall it, and let somebody with the right approve it.") { Field = "Approver", Expected = "somebody else, employed", Actual = approvedBy };
        }
    }
}
