using System.Collections.Frozen;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>NetSuite's fixed lists: the ids that an enum field takes and what each is called.</summary>
internal static class Lists
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> All = new Dictionary<string, FrozenDictionary<string, string>>
    {
        ["jobBillingType"] = Named(("1", "Charge-Based"), ("2", "Fixed Bid, Interval"), ("3", "Fixed Bid, Milestone"), ("4", "Time and Materials"), ("5", "Non-Billable")),
        ["jobStatus"] = Named(("1", "Not Awarded/Pending"), ("2", "In Progress"), ("3", "Awarded"), ("4", "Closed"), ("5", "On Hold")),
        ["customerStatus"] = Named(("13", "Closed Won"), ("16", "Lost Customer"), ("15", "Renewal")),
        ["timeApproval"] = Named(("1", "Automatic"), ("2", "Supervisor Approval Only"), ("3", "Project Manager Approval Only"), ("4", "Supervisor and Project Manager Approval")),
        ["timeType"] = Named(("P", "Planned"), ("A", "Actual"), ("B", "Allocated")),
        ["timeApprovalStatus"] = Named(("1", "Open"), ("2", "Pending Approval"), ("3", "Approved"), ("4", "Rejected")),
        ["taskStatus"] = Named(("NOTSTART", "Not Started"), ("PROGRESS", "In Progress"), ("COMPLETE", "Completed")),
        ["constraintType"] = Named(("FIXEDSTART", "Fixed Start"), ("ASAP", "As Soon As Possible")),
        ["scheduleType"] = Named(("1", "Standard"), ("2", "Charge-Based"), ("3", "Fixed Bid, Interval"), ("4", "Fixed Bid, Milestone"), ("5", "Time and Materials")),
        ["frequency"] = Named(
            ("ANNUALLY", "Annually"), ("CUSTOM", "Custom"), ("DAILY", "Daily"), ("EVERYOTHERMONTH", "Every Other Month"), ("EVERYOTHERWEEK", "Every Other Week"), ("EVERYOTHERYEAR", "Every Other Year"),
            ("MONTHLY", "Monthly"), ("ONETIME", "One Time"), ("QUARTERLY", "Quarterly"), ("TWICEAMONTH", "Twice a Month"), ("TWICEAYEAR", "Twice a Year"), ("WEEKLY", "Weekly")),
        ["unit"] = Named(("DAY", "Days"), ("WEEK", "Weeks"), ("MONTH", "Months")),
        ["country"] = Named(("US", "United States"), ("GB", "United Kingdom"), ("DE", "Germany"), ("JP", "Japan"), ("FR", "France"), ("CH", "Switzerland"), ("AT", "Austria"), ("NL", "Netherlands"),
            ("IE", "Ireland"), ("ES", "Spain"), ("IT", "Italy"), ("CA", "Canada"), ("AU", "Australia"), ("SG", "Singapore"), ("IN", "India")),
        ["journalApproval"] = Named(("1", "Pending Approval"), ("2", "Approved for Posting"), ("3", "Rejected")),
        ["accountType"] = Named(("Income", "Income"), ("COGS", "Cost of Goods Sold"), ("Expense", "Expense"), ("OthCurrLiab", "Other Current Liability"), ("UnbilledRec", "Unbilled Receivable"), ("NonPosting", "Non Posting")),
        ["invoiceApproval"] = Named(("1", "Pending Approval"), ("2", "Approved"), ("3", "Rejected")),
        ["invoiceStatus"] = Named(("A", "Open"), ("B", "Paid In Full")),
    }.ToFrozenDictionary();

    /// <summary>What the id is called in the list; null when the list has no such id.</summary>
    public static string? NameOf(string list, string id) => All[list].GetValueOrDefault(id);

    private static FrozenDictionary<string, string> Named(params (string Id, string Name)[] entries) => entries.ToFrozenDictionary(entry => entry.Id, entry => entry.Name);
}
