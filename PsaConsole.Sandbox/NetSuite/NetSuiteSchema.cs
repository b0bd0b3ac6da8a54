using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>The record types that the sample customer uses, with its own fields (custentity_psac_…). Kinds of field: enum:LIST, duration.</summary>
internal static partial class NetSuiteSchema
{
    public const string Duration = "duration";
    private const string Enum = "enum:";

    public static readonly IReadOnlyList<RecordType> Types =
    [
        new("subsidiary", Plain, Text("name"), Text("fullName"), Text("legalName"), Reference("parent", "subsidiary"), Reference("currency", "currency"), Choice("country", "country"), Flag("isElimination"), Flag("isInactive"), ExternalId) { ViewOnly = true },
        new("currency", Plain, Text("name"), Text("symbol"), Number("exchangeRate"), Number("currencyPrecision"), Flag("isBaseCurrency"), Flag("isInactive"), ExternalId) { ViewOnly = true },
        new("department", Plain, Needed(Text("name")), Reference("parent", "department"), Reference("subsidiary", "subsidiary"), Flag("includeChildren"), Flag("isInactive"), ExternalId),
        new("classification", Plain, Needed(Text("name")), Reference("parent", "classification"), Reference("subsidiary", "subsidiary"), Flag("isInactive"), ExternalId),
        new("location", Plain, Needed(Text("name")), Reference("parent", "location"), Reference("subsidiary", "subsidiary"), Text("timeZone"), Flag("isInactive"), ExternalId),
        new("term", Plain, Needed(Text("name")), Number("daysUntilNetDue"), Number("discountPercent"), Flag("isInactive"), ExternalId),
        new("accountingPeriod", Plain, Text("periodName"), Day("startDate"), Day("endDate"), Flag("closed"), Flag("allLocked"), Flag("arLocked"), Flag("apLocked"), Flag("allowNonGLChanges"),
            Flag("isYear"), Flag("isQuarter"), Flag("isAdjust"), Flag("isPosting", true), Flag("isInactive"), Reference("parent", "accountingPeriod")) { ViewOnly = true, NameField = "periodName" },
        Employee(),
        Vendor(),
        Customer(),
        new("customerSubsidiaryRelationship", id => Whole(id + 400), Needed(Reference("entity", "customer")), Needed(Reference("subsidiary", "subsidiary")), Reference("primaryCurrency", "currency"), Locked(Flag("isPrimarySub")),
            Flag("isInactive"), Locked(Number("balance")), ExternalId) { NameField = "subsidiary" },
        BillingSchedule(),
        new("billingRateCard", Plain, Text("name"), Reference("currency", "currency"), Flag("isInactive"), ExternalId) { QueryOnly = true },
        Job(),
        new("projectTask", id => Whole(id + 700), Needed(Reference("project", "job")), Needed(Text("title")), Reference("parent", "projectTask"), Choice("status", "taskStatus", "NOTSTART"), Choice("constraintType", "constraintType", "ASAP"), Stamp("startDateTime"),
            Day("startDate"), Day("endDate"), Day("finishByDate"), Time("estimatedWork"), Time("plannedWork"), Locked(Time("actualWork")), Flag("nonBillableTask"), Text("priority"), Reference("owner", "employee"), Text("message"), ExternalId) { NameField = "title" },
        TimeBill(),
        Invoice(),
        Account(),
        CurrencyRate(),
        JournalEntry(),
        new("transactionLine", Plain, Reference("transaction", "invoice,journalEntry"), Number("lineSequenceNumber"), Flag("mainLine"), Text("itemType"), Reference("entity", "job"), Number("quantity"), Number("rate"), Number("foreignAmount"), Number("netAmount"),
            Reference("subsidiary", "subsidiary"), Reference("department", "department"), Text("memo")) { QueryOnly = true },
    ];

    /// <summary>Where asynchronous jobs are kept: no record type of any API.</summary>
    public static readonly TableSchema Jobs = new("asyncJob", Whole, [new FieldSchema("key", FieldType.Text) { Unique = true }, new FieldSchema("tasks", FieldType.List)]);

    private static readonly Dictionary<string, RecordType> ByName = Types.ToDictionary(type => type.Name, StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<TableSchema> Tables => [.. Types.Select(type => type.Schema), Jobs];

    /// <summary>The type of this name in any letter case; null when there is none.</summary>
    public static RecordType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The list that an enum field takes its ids from; null for any other field.</summary>
    public static string? ListOf(FieldSchema field) => field.Kind?.StartsWith(Enum, StringComparison.Ordinal) == true ? field.Kind[Enum.Length..] : null;

    private static FieldSchema ExternalId => new("externalId", FieldType.Text) { Unique = true, ExternalId = true };

    private static FieldSchema Modified => new("lastModifiedDate", FieldType.DateTime) { ReadOnly = true };

    private static FieldSchema Created => new("dateCreated", FieldType.DateTime) { ReadOnly = true };

    private static RecordType Employee() => new("employee", id => Entity(id, 0), Text("entityId", true), Needed(Text("firstName")), Needed(Text("lastName")), Indexed(Text("email")), Text("phone"), Text("title"), Needed(Reference("subsidiary", "subsidiary")),
        Reference("department", "department"), Reference("class", "classification"), Reference("location", "location"), Reference("supervisor", "employee"), Reference("approver", "employee"), Day("hireDate"), Day("releasedate"),
        Flag("isJobResource"), Flag("isJobManager"), Number("laborCost"), Number("targetUtilization"), Reference("currency", "currency"), Flag("isInactive"), ExternalId, Modified, Created)
    { NameField = "entityId" };

    private static RecordType Vendor() => new("vendor", id => Whole(id + 700_000), Text("entityId", true), Flag("isPerson"), Text("firstName"), Text("lastName"), Text("companyName"), Indexed(Text("email")), Text("phone"), Needed(Reference("subsidiary", "subsidiary")),
        Reference("currency", "currency"), Reference("terms", "term"), Flag("isJobResourceVend"), Number("laborCost"), Text("comments"), Flag("isInactive"), Reference("custentity_psac_cost_center", "department"), Day("custentity_psac_contract_start"),
        Day("custentity_psac_contract_end"), ExternalId, Modified, Created)
    { NameField = "entityId" };

    private static RecordType Customer() => new("customer", id => Entity(id, 1), Text("entityId", true), Indexed(Text("companyName")), Flag("isPerson"), Flag("autoName", true), Text("firstName"), Text("lastName"), Text("email"), Text("phone"), Text("url"), Text("comments"),
        Needed(Reference("subsidiary", "subsidiary")), Reference("currency", "currency"), Choice("entityStatus", "customerStatus", "13"), Reference("terms", "term"), Reference("parent", "customer"), Reference("salesRep", "employee"),
        Number("creditLimit"), Locked(Number("balance", 0m)), Locked(Number("overdueBalance", 0m)), Reference("billingSchedule", "billingSchedule"), Reference("billingRateCard", "billingRateCard"), Flag("taxable"), Text("vatRegNumber"), Text("defaultAddress"), Flag("isInactive"),
        Indexed(Text("custentity_psac_tax_reg")), Text("custentity_psac_invoice_delivery"), Flag("custentity_psac_credit_hold"), Sublist("addressBook"), Sublist("currencyList"), ExternalId, Modified, Created)
    {
        NameField = "entityId",
        Lines = Lines(
            ("addressBook", [Text("label"), Flag("defaultBilling"), Flag("defaultShipping"), Flag("isResidential"), new FieldSchema("addressBookAddress", FieldType.Structure)]),
            ("addressBook.addressBookAddress", [Choice("country", "country"), Text("state"), Text("city"), Text("zip"), Text("addr1"), Text("addr2"), Text("addr3"), Text("addressee"), Text("attention"), Text("addrPhone"), Text("addrText"), Flag("override")]),
            ("currencyList", [Reference("currency", "currency"), Number("balance"), Text("displaySymbol")])),
    };

    private static RecordType BillingSchedule() => new("billingSchedule", id => Whole(id + 200), Needed(Text("name", true)), Choice("frequency", "frequency"), Needed(Choice("scheduleType", "scheduleType")), Text("recurrencePattern"), Day("seriesStartDate"), Number("numberRemaining"),
        Number("initialAmount"), Flag("inArrears"), Flag("isPublic"), Reference("job", "job"), Flag("isInactive"), Sublist("milestone"), Sublist("recurrence"), ExternalId)
    {
        Lines = Lines(
            ("milestone", [Day("milestoneDate"), Number("milestoneAmount"), Flag("milestoneCompleted"), Day("milestoneActualCompletionDate"), Reference("projectTask", "projectTask"), Text("comments")]),
            ("recurrence", [Number("count"), Choice("units", "unit"), Number("amount"), Day("recurrenceDate"), Reference("paymentTerms", "term")])),
    };

    private static RecordType Job() => new("job", id => Entity(id, 2), Text("entityId", true), Needed(Text("companyName")), Flag("autoName", true), Needed(Reference("parent", "customer")), Needed(Reference("subsidiary", "subsidiary")), Reference("currency", "currency"), Number("fxRate"),
        Choice("entityStatus", "jobStatus", "1"), Choice("jobBillingType", "jobBillingType"), Reference("billingSchedule", "billingSchedule"), Reference("billingRateCard", "billingRateCard"), Reference("projectManager", "employee"),
        Day("startDate"), Day("projectedEndDate"), Day("endDate"), Locked(Day("calculatedEndDate")), Flag("allowTime", true), Flag("allowExpenses", true), Flag("limitTimeToAssignees"), Flag("allowAllResourcesForTasks"), Choice("timeApproval", "timeApproval", "1"),
        Number("estimatedCost"), Number("estimatedRevenue"), Time("estimatedTime"), Number("jobPrice"), Number("percentComplete"), Text("email"), Text("comments"), Flag("isInactive"),
        Reference("custentity_psac_cost_center", "department"), Text("custentity_psac_tax_code"), Reference("custentity_psac_terms", "term"), Text("custentity_psac_invoice_delivery"), Text("custentity_psac_po"), Number("custentity_psac_nte"),
        Text("custentity_psac_revrec"), Text("custentity_psac_contract_no"), Text("custentity_psac_billing_type"), ExternalId, Modified, Created)
    { NameField = "entityId" };

    private static RecordType TimeBill() => new("timeBill", id => Whole(id + 5_000), Needed(Reference("employee", "employee")), Reference("customer", "customer,job"), Reference("caseTaskEvent", "projectTask"), Needed(Day("tranDate")), Needed(Time("hours")), Flag("isBillable"), Flag("isUtilized"), Flag("isProductive"),
        Number("rate"), Number("price"), Flag("overrideRate"), Text("memo"), Reference("department", "department"), Reference("class", "classification"), Reference("location", "location"), Reference("subsidiary", "subsidiary"),
        Choice("timeType", "timeType", "A"), Choice("approvalStatus", "timeApprovalStatus", "1"), Flag("supervisorApproval"), Text("rejectionNote"), Locked(Flag("posted")), ExternalId, Modified, Created)
    { NameField = "memo" };

    private static RecordType Invoice() => new("invoice", id => Whole(id + 9_000), Text("tranId", true), Reference("entity", "customer"), Reference("job", "job"), Reference("subsidiary", "subsidiary"), Day("tranDate"), Day("dueDate"), Reference("terms", "term"), Reference("currency", "currency"),
        Number("exchangeRate", 1m), Reference("postingPeriod", "accountingPeriod"), Reference("department", "department"), Text("otherRefNum"), Text("memo"), Choice("approvalStatus", "invoiceApproval", "2"), Choice("status", "invoiceStatus", "A"),
        Number("total"), Number("amountRemaining"), Number("amountPaid"), Sublist("item"), ExternalId, Modified, Created)
    {
        NameField = "tranId",
        ViewOnly = true,
        Lines = Lines(("item", [Number("line"), Text("description"), Number("quantity"), Number("rate"), Number("amount"), Reference("job", "job"), Reference("department", "department")])),
    };

    private static Dictionary<string, TableSchema> Lines(params (string Path, FieldSchema[] Fields)[] lists)
        => lists.ToDictionary(list => list.Path, list => new TableSchema(list.Path, Plain, list.Fields), StringComparer.OrdinalIgnoreCase);

    private static FieldSchema Text(string name, bool unique = false) => new(name, FieldType.Text) { Unique = unique };

    private static FieldSchema Time(string name) => new(name, FieldType.Text) { Kind = Duration };

    private static FieldSchema Number(string name, decimal? start = null) => new(name, FieldType.Number) { Default = start };

    private static FieldSchema Flag(string name, bool start = false) => new(name, FieldType.Boolean) { Default = start };

    private static FieldSchema Day(string name) => new(name, FieldType.Date);

    private static FieldSchema Stamp(string name) => new(name, FieldType.DateTime);

    private static FieldSchema Sublist(string name) => new(name, FieldType.List);

    private static FieldSchema Reference(string name, string tables) => new(name, FieldType.Reference) { Table = tables };

    private static FieldSchema Choice(string name, string list, string? start = null) => new(name, FieldType.Picklist) { Kind = Enum + list, Default = start };

    private static FieldSchema Needed(FieldSchema field) => field with { Required = true };

    private static FieldSchema Locked(FieldSchema field) => field with { ReadOnly = true };

    private static FieldSchema Indexed(FieldSchema field) => field with { Indexed = true };

    private static string Plain(long sequence) => Whole(sequence);

    /// <summary>Customers, projects and employees share one series of ids, so that a field can take any of them.</summary>
    private static string Entity(long sequence, int kind) => Whole(1_000 + sequence * 3 + kind);

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
