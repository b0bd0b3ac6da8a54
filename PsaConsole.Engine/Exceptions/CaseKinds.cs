namespace PsaConsole.Engine.Exceptions;

/// <summary>How soon a case needs somebody (4-exceptions): resolve within 4, 8, 24 and 80 business hours.</summary>
public enum CaseSeverity
{
    Critical,
    High,
    Medium,
    Low,
}

/// <summary>The group that settles a kind of case.</summary>
public enum CaseOwner
{
    DeliveryOperations,
    ResourceManagement,
    Finance,
    HumanResources,
    IntegrationAdministration,
    Security,
    DataSteward,
    ApproverChain,
}

/// <summary>What can be done with a case. Assigning, commenting and snoozing are always possible and not listed with the kinds.</summary>
[Flags]
public enum CaseAction
{
    None = 0,
    Retry = 1,
    EditAndRetry = 2,
    Skip = 4,
    Compensate = 8,
    Remap = 16,
    Approve = 32,
    Reject = 64,
    Waive = 128,
    Assign = 256,
    Comment = 512,

    /// <summary>Out of sight until it matters again; waking it is the same right.</summary>
    Snooze = 1024,
}

/// <summary>A kind of case: one line of the catalogue.</summary>
/// <param name="Title">What has happened, as the queue's group is headed.</param>
/// <param name="SuggestedFix">What usually settles it.</param>
/// <param name="ResolvesWhen">The check that closes it by itself when it passes again.</param>
public sealed record CaseKind(
    string Code, string Title, CaseSeverity Severity, CaseOwner Owner, CaseAction Actions, string SuggestedFix, string ResolvesWhen);

/// <summary>The catalogue of 4-exceptions, and INT-999 for faults of the engine itself. A new kind is a line here and nothing else.</summary>
public static class CaseKinds
{
    public static IReadOnlyList<CaseKind> All { get; } =
    [
        new("HND-001", "Client not matched or several candidates", CaseSeverity.High, CaseOwner.Finance, CaseAction.Remap | CaseAction.EditAndRetry | CaseAction.Skip | CaseAction.Reject, "Pick the right client, or create it in the CRM with its tax registration, then retry", "exactly one client matches"),
        new("HND-002", "Contract data incomplete", CaseSeverity.High, CaseOwner.DeliveryOperations, CaseAction.EditAndRetry | CaseAction.Retry | CaseAction.Reject, "Complete the fields listed below on the deal in the CRM: the hand-off goes on by itself", "the deal has everything that its billing type needs"),
        new("HND-003", "Selling legal entity unresolved", CaseSeverity.High, CaseOwner.Finance, CaseAction.Remap | CaseAction.EditAndRetry, "Name the selling entity on the deal, or adjust the rule that finds it", "the rule yields exactly one legal entity"),
        new("HND-004", "Rate missing, or margin below its floor", CaseSeverity.High, CaseOwner.Finance, CaseAction.Remap | CaseAction.Approve | CaseAction.Reject, "Add the missing rates to the rate card, or have the margin approved", "every planned role has a rate and the margin is above its floor"),
        new("HND-005", "No eligible candidate for a role at start", CaseSeverity.Medium, CaseOwner.ResourceManagement, CaseAction.Waive | CaseAction.EditAndRetry, "Change dates, skills or place of the role, recruit, or subcontract", "every role has a candidate"),
        new("HND-006", "Deal won again, or handed off already", CaseSeverity.Medium, CaseOwner.DeliveryOperations, CaseAction.Skip | CaseAction.Compensate | CaseAction.Approve, "Compare with the engagement that exists already: skip this one, or take it back", "somebody has decided"),
        new("HND-007", "Hand-off is stuck", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Retry | CaseAction.Compensate, "Look at what the step was answered, remove the cause, then retry", "the step is verified"),
        new("HND-008", "ERP project exists, but is not as the contract says", CaseSeverity.High, CaseOwner.Finance, CaseAction.EditAndRetry | CaseAction.Retry | CaseAction.Compensate | CaseAction.Remap, "Fill the values marked below on the project in the ERP, then retry", "the read-back of the project is complete and equal"),
        new("HND-009", "Deal lost or re-opened after postings", CaseSeverity.High, CaseOwner.DeliveryOperations, CaseAction.Approve | CaseAction.Compensate, "Hold the project and decide: time or invoices are posted on it", "the deal is won again or the project is cancelled"),
        new("HND-010", "Deal, contract lines and schedule don't add up", CaseSeverity.High, CaseOwner.Finance, CaseAction.EditAndRetry | CaseAction.Approve, "Correct the amount of the deal, its lines or its schedule in the CRM, then retry", "the difference is zero"),
        new("MST-101", "Owned field changed by non-owner system", CaseSeverity.Medium, CaseOwner.DataSteward, CaseAction.Approve | CaseAction.Reject | CaseAction.Waive, "restore owner value / accept", "values equal"),
        new("MST-102", "Duplicate client/person suspected", CaseSeverity.Medium, CaseOwner.DataSteward, CaseAction.Remap | CaseAction.Skip, "merge or mark distinct", "-"),
        new("MST-103", "Tax registration invalid/missing", CaseSeverity.High, CaseOwner.Finance, CaseAction.EditAndRetry | CaseAction.Retry, "validate number", "valid"),
        new("MST-104", "Cross-reference broken (target deleted/merged)", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Remap | CaseAction.Retry, "re-point", "target found"),
        new("MST-105", "Client on credit hold/inactive", CaseSeverity.High, CaseOwner.Finance, CaseAction.Approve | CaseAction.Waive, "release or stop work", "status released"),
        new("RES-201", "Worker not mapped to billable resource/role", CaseSeverity.Medium, CaseOwner.ResourceManagement, CaseAction.Remap | CaseAction.EditAndRetry | CaseAction.Skip, "map job profile", "mapping hits"),
        new("RES-202", "Employing LE/cost centre unmapped or inactive", CaseSeverity.High, CaseOwner.HumanResources, CaseAction.Remap | CaseAction.EditAndRetry, "fix in HR or mapping", "maps"),
        new("RES-203", "ERP employee/vendor missing", CaseSeverity.High, CaseOwner.Finance, CaseAction.Retry | CaseAction.EditAndRetry, "create in ERP", "xref Active"),
        new("RES-204", "Retroactive HR change touches posted time", CaseSeverity.High, CaseOwner.Finance, CaseAction.Approve | CaseAction.Compensate | CaseAction.Skip, "re-cost list (preview)", "rescinded"),
        new("RES-205", "Identity mismatch HR ↔ M365/PSA", CaseSeverity.Medium, CaseOwner.IntegrationAdministration, CaseAction.Remap | CaseAction.EditAndRetry, "correct UPN link", "resolves"),
        new("STF-301", "Over-allocation day", CaseSeverity.Medium, CaseOwner.ResourceManagement, CaseAction.Waive | CaseAction.EditAndRetry, "shorten/move/replace", "recompute clean"),
        new("STF-302", "Over-allocation week", CaseSeverity.Medium, CaseOwner.ResourceManagement, CaseAction.Waive | CaseAction.EditAndRetry, "Shorten, move or replace an assignment of that week", "the week is within its limit"),
        new("STF-303", "Assignment overlaps leave", CaseSeverity.High, CaseOwner.ResourceManagement, CaseAction.EditAndRetry | CaseAction.Waive, "move work or confirm cover", "leave cancelled/assignment changed"),
        new("STF-304", "Skill/level mismatch", CaseSeverity.Medium, CaseOwner.ResourceManagement, CaseAction.Waive | CaseAction.EditAndRetry, "other candidate, training", "score ok"),
        new("STF-305", "Location/work-permit/presence limit", CaseSeverity.High, CaseOwner.ResourceManagement, CaseAction.EditAndRetry, "other person, remote, permit", "valid"),
        new("STF-306", "Outside employment window (not started/terminated)", CaseSeverity.High, CaseOwner.ResourceManagement, CaseAction.EditAndRetry, "replace/shorten", "inside"),
        new("STF-307", "Double booking hard/tentative", CaseSeverity.High, CaseOwner.ResourceManagement, CaseAction.EditAndRetry | CaseAction.Waive, "release one", "resolved"),
        new("STF-308", "Labour rule breach (max hours, rest)", CaseSeverity.Critical, CaseOwner.ResourceManagement, CaseAction.EditAndRetry, "reduce hours", "below limit"),
        new("STF-309", "No bill/cost/transfer rate for assignment", CaseSeverity.High, CaseOwner.Finance, CaseAction.Remap | CaseAction.EditAndRetry, "add rate", "rate found"),
        new("STF-310", "Resource LE ≠ project LE without intercompany agreement", CaseSeverity.High, CaseOwner.Finance, CaseAction.Remap | CaseAction.Approve, "IC agreement/transfer rate", "agreement active"),
        new("STF-311", "Bench below threshold", CaseSeverity.Low, CaseOwner.ResourceManagement, CaseAction.Waive | CaseAction.EditAndRetry, "propose demand list", "utilisation ≥ threshold"),
        new("STF-312", "Booking ≠ task assignment hours (> 2 h/week)", CaseSeverity.Low, CaseOwner.DeliveryOperations, CaseAction.EditAndRetry | CaseAction.Waive, "align", "equal"),
        new("TIM-401", "Time lacks ERP dependency (project/task/person/category)", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Retry | CaseAction.Remap | CaseAction.EditAndRetry, "provision/map", "dependency Verified"),
        new("TIM-402", "Accounting period closed/on hold", CaseSeverity.High, CaseOwner.Finance, CaseAction.Approve | CaseAction.Reject, "choose accounting date", "period open"),
        new("TIM-403", "Rate not resolved/zero/ambiguous", CaseSeverity.High, CaseOwner.Finance, CaseAction.Remap | CaseAction.EditAndRetry, "add/correct rate", "resolves to one"),
        new("TIM-404", "Sequence/approval gap (cannot build revision chain)", CaseSeverity.Medium, CaseOwner.DeliveryOperations, CaseAction.Retry | CaseAction.EditAndRetry | CaseAction.Reject, "re-read source, fix approval", "chain complete"),
        new("TIM-405", "Reversal without original posting", CaseSeverity.High, CaseOwner.Finance, CaseAction.Remap | CaseAction.Skip | CaseAction.Compensate, "link original", "found"),
        new("TIM-406", "Change/recall after invoicing", CaseSeverity.High, CaseOwner.Finance, CaseAction.Approve | CaseAction.Reject, "credit note request", "credited"),
        new("TIM-407", "Not-to-exceed/funding limit exceeded", CaseSeverity.High, CaseOwner.Finance, CaseAction.Approve | CaseAction.Reject | CaseAction.EditAndRetry, "raise limit, mark non-chargeable, write-off", "limit suffices"),
        new("TIM-408", "Accepted by ERP but not posted within 60 min (staged/error line)", CaseSeverity.High, CaseOwner.Finance, CaseAction.Retry | CaseAction.EditAndRetry | CaseAction.Compensate, "see ERP line error", "voucher read back"),
        new("TIM-409", "Duplicate posting or suspected duplicate", CaseSeverity.Critical, CaseOwner.Finance, CaseAction.Compensate | CaseAction.Skip, "reverse surplus", "reversed"),
        new("TIM-410", "Hours rule (> 24 h/day, negative, future, non-working day policy)", CaseSeverity.Medium, CaseOwner.DeliveryOperations, CaseAction.Reject | CaseAction.Approve | CaseAction.EditAndRetry, "return to submitter", "corrected"),
        new("TIM-411", "Approver invalid (self, unauthorised, leaver)", CaseSeverity.High, CaseOwner.DeliveryOperations, CaseAction.Reject, "re-approve by valid approver", "new approval"),
        new("EXP-501", "Receipt/tax data missing", CaseSeverity.Medium, CaseOwner.DeliveryOperations, CaseAction.EditAndRetry | CaseAction.Reject, "complete line", "complete"),
        new("EXP-502", "FX rate missing for date/pair", CaseSeverity.High, CaseOwner.Finance, CaseAction.Retry | CaseAction.EditAndRetry, "load rate", "rate present"),
        new("EXP-503", "Category not mapped to ERP project category", CaseSeverity.Medium, CaseOwner.IntegrationAdministration, CaseAction.Remap, "map", "mapping hits"),
        new("EXP-504", "Policy limit/duplicate expense", CaseSeverity.Medium, CaseOwner.Finance, CaseAction.Approve | CaseAction.Reject | CaseAction.Skip, "decide", "-"),
        new("BIL-601", "Milestone done but no billing schedule entry/mapping", CaseSeverity.High, CaseOwner.Finance, CaseAction.Remap | CaseAction.EditAndRetry, "create/map entry", "entry found"),
        new("BIL-602", "Schedule/milestone total ≠ contract value", CaseSeverity.High, CaseOwner.Finance, CaseAction.EditAndRetry | CaseAction.Approve, "re-plan", "Σ equal"),
        new("BIL-603", "Billing lags delivery beyond PL61", CaseSeverity.Medium, CaseOwner.Finance, CaseAction.Approve | CaseAction.Waive | CaseAction.Retry, "create invoice", "invoice posted"),
        new("BIL-604", "Billed/ready before acceptance", CaseSeverity.High, CaseOwner.Finance, CaseAction.Compensate | CaseAction.Approve, "revoke or attach acceptance", "evidence present"),
        new("BIL-605", "Tax code unresolved for billing", CaseSeverity.High, CaseOwner.Finance, CaseAction.Remap | CaseAction.EditAndRetry, "determine", "resolves"),
        new("BIL-606", "Invoice result not returned/number missing", CaseSeverity.Medium, CaseOwner.IntegrationAdministration, CaseAction.Retry, "poll ERP", "read back"),
        new("CHG-701", "Sensitive change/action awaiting approval", CaseSeverity.Medium, CaseOwner.ApproverChain, CaseAction.Approve | CaseAction.Reject, "Approve or reject it, or withdraw the request", "it is decided or withdrawn"),
        new("CHG-702", "Version conflict/stale change", CaseSeverity.Medium, CaseOwner.DeliveryOperations, CaseAction.Retry | CaseAction.EditAndRetry | CaseAction.Reject, "rebase on current", "superseded"),
        new("CHG-703", "Change not allowed (billed/posted parts)", CaseSeverity.High, CaseOwner.Finance, CaseAction.Reject | CaseAction.EditAndRetry | CaseAction.Compensate, "new line/project", "withdrawn"),
        new("CHG-704", "Partial propagation", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Retry | CaseAction.Compensate, "finish failed targets", "all targets equal"),
        new("REC-801", "Reconciliation difference ≥ materiality", CaseSeverity.High, CaseOwner.Finance, CaseAction.Retry | CaseAction.EditAndRetry | CaseAction.Remap | CaseAction.Compensate | CaseAction.Waive, "per class (§6.3)", "difference gone in next run"),
        new("REC-802", "Difference aged > 14 days (any size)", CaseSeverity.Medium, CaseOwner.Finance, CaseAction.Waive | CaseAction.Retry, "explain/write-off", "cleared"),
        new("REC-803", "Extract incomplete/control total mismatch", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Retry, "re-extract", "totals equal"),
        new("INT-901", "Retries exhausted (dead letter)", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Retry | CaseAction.Skip, "Remove the cause, then retry: ten new attempts are granted", "the step is verified"),
        new("INT-902", "Authentication/consent failure", CaseSeverity.Critical, CaseOwner.IntegrationAdministration, CaseAction.Retry, "Renew the credential in the system, then test and resume it under Systems", "a call succeeds"),
        new("INT-903", "Sustained throttling (> 15 min lane wait)", CaseSeverity.Medium, CaseOwner.IntegrationAdministration, CaseAction.Waive, "lower concurrency/raise quota", "backlog < 5 min"),
        new("INT-904", "Schema/contract mismatch (poison)", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Remap | CaseAction.Retry | CaseAction.Skip, "Compare the answer below with the mapping, adapt the mapping, then retry", "the answer can be read"),
        new("INT-905", "Event gap/replay window lost", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Retry, "run partial re-sync", "watermark continuous"),
        new("INT-906", "Same key, different payload", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Skip | CaseAction.EditAndRetry, "investigate", "-"),
        new("INT-907", "Circuit open/target down > 15 min", CaseSeverity.Critical, CaseOwner.IntegrationAdministration, CaseAction.Retry, "wait/vendor", "closed"),
        new("INT-908", "Latency SLO breached", CaseSeverity.Medium, CaseOwner.IntegrationAdministration, CaseAction.Waive, "Look under Systems for the target that answers slowly", "95 of 100 calls are in time again for 30 minutes"),
        new("INT-909", "Notification not deliverable", CaseSeverity.Low, CaseOwner.IntegrationAdministration, CaseAction.Retry, "address/channel", "delivered"),
        new("INT-910", "Outcome unknown (ambiguous write)", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Retry | CaseAction.Compensate, "Retry: the target is asked by key first, so nothing is created twice", "the write is found, or proven absent"),
        new("GOV-951", "SoD/permission violation attempt", CaseSeverity.High, CaseOwner.Security, CaseAction.None, "review", "reviewed"),
        new("GOV-952", "Mapping/policy uncovered or invalid value", CaseSeverity.Medium, CaseOwner.IntegrationAdministration, CaseAction.Remap, "add rule", "rule hits"),
        new("GOV-953", "Audit chain verification failed", CaseSeverity.Critical, CaseOwner.Security, CaseAction.None, "incident", "never"),
        new("GOV-954", "Personal-data guard dropped forbidden field at edge", CaseSeverity.Low, CaseOwner.Security, CaseAction.None, "fix source scope", "scope fixed"),
        new("INT-999", "The engine met an unexpected fault", CaseSeverity.High, CaseOwner.IntegrationAdministration, CaseAction.Retry, "retry; report it with the run's id if it stays", "replay verified"),
    ];

    private static readonly Dictionary<string, CaseKind> ByCode = All.ToDictionary(kind => kind.Code, StringComparer.Ordinal);

    /// <exception cref="ArgumentException">No such code.</exception>
    public static CaseKind Of(string code) => ByCode.TryGetValue(code, out var kind)
        ? kind
        : throw new ArgumentException($"There is no kind of case {code}.", nameof(code));
}
