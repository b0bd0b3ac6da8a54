using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>The org of the sample customer: multi-currency, with State and Country picklists, and the custom fields and objects that were added.</summary>
internal static class SalesforceSchema
{
    public const string SettingTable = "$Setting";

    public static readonly string IntegrationUserId = SalesforceId.New("005", 1);

    public static readonly string[] OpenStages = ["Prospecting", "Proposal", "Negotiation"];

    private static readonly string[] Currencies = ["USD", "GBP", "EUR", "JPY"];
    private static readonly string[] Entities = ["US01", "GB01", "DE01", "JP01"];

    public static readonly IReadOnlyDictionary<string, string> Countries = new Dictionary<string, string>
    {
        ["US"] = "United States",
        ["GB"] = "United Kingdom",
        ["DE"] = "Germany",
        ["JP"] = "Japan",
        ["FR"] = "France",
        ["NL"] = "Netherlands",
        ["CH"] = "Switzerland",
        ["AT"] = "Austria",
        ["IE"] = "Ireland",
        ["CA"] = "Canada",
        ["ES"] = "Spain",
        ["IT"] = "Italy",
        ["SE"] = "Sweden",
        ["SG"] = "Singapore",
        ["AU"] = "Australia",
    };

    public static readonly IReadOnlyList<SObject> Objects =
    [
        Account(), Contact(), Opportunity(), OpportunityLineItem(), Contract(), Product(), Pricebook(), PricebookEntry(), User(), ScheduleEntry(), Phase(), Role(),
    ];

    private static readonly Dictionary<string, SObject> ByName = Objects.ToDictionary(item => item.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The objects' tables, and one for what an administrator has set.</summary>
    public static IReadOnlyList<TableSchema> Tables =>
    [
        .. Objects.Select(item => item.Schema),
        new TableSchema(SettingTable, sequence => SalesforceId.New("0Se", sequence), [new("Name", FieldType.Text) { Unique = true }, new("Value", FieldType.Text)]),
    ];

    public static SObject? Find(string name) => ByName.GetValueOrDefault(name);

    private static SObject Account() => Object("001", "Account", "Account",
        [
            Text("Name", 255, required: true), Ref("ParentId", "Account"), Pick("Type", "Prospect", "Customer", "Partner", "Other"), Text("AccountNumber", 40), Text("Industry", 80),
            Text("BillingStreet", 255), Text("BillingCity", 40), Text("BillingState", 80), Text("BillingStateCode", 10), Text("BillingPostalCode", 20),
            Text("BillingCountry", 80), Pick("BillingCountryCode", [.. Countries.Keys]), Text("Phone", 40) with { Kind = "phone" }, Text("Website", 255) with { Kind = "url" },
            Ref("OwnerId", "User"), Ref("MasterRecordId", "Account") with { ReadOnly = true }, Currency(), Text("Description", 32_000),
            Text("Tax_Registration_Number__c", 40), Pick("Payment_Terms__c", "Net 30", "Net 45", "Net 60"), Pick("Credit_Status__c", "Good", "Hold") with { Default = "Good" },
            Flag("Requires_PO__c"), Pick("Invoice_Delivery__c", "Email", "Portal"), Text("Segment__c", 80),
            Text("PsaConsole_Id__c", 80) with { ExternalId = true, Unique = true },
        ],
        new("ChildAccounts", "Account", "ParentId", false), new("Opportunities", "Opportunity", "AccountId", true),
        new("Contacts", "Contact", "AccountId", true), new("Contracts", "Contract", "AccountId", true));

    private static SObject Contact() => Object("003", "Contact", "Contact",
        [
            Ref("AccountId", "Account"), Text("FirstName", 40), Text("LastName", 80, required: true), Text("Name", 121) with { ReadOnly = true },
            Text("Email", 80) with { Kind = "email", Indexed = true }, Text("Title", 128), Text("Department", 80), Text("Phone", 40) with { Kind = "phone" },
            Ref("ReportsToId", "Contact"), Ref("OwnerId", "User"), Currency(),
        ]);

    private static SObject Opportunity() => Object("006", "Opportunity", "Opportunity",
        [
            Text("Name", 120, required: true), Ref("AccountId", "Account"), Pick("StageName", [.. OpenStages, "Closed Won", "Closed Lost"]) with { Required = true },
            Flag("IsClosed") with { ReadOnly = true }, Flag("IsWon") with { ReadOnly = true }, Money("Amount"), Number("Probability") with { Kind = "percent" },
            Date("CloseDate") with { Required = true }, Text("Type", 80), Text("Description", 32_000), Text("NextStep", 255), Ref("Pricebook2Id", "Pricebook2"), Ref("ContractId", "Contract"),
            Ref("OwnerId", "User"), Flag("HasOpportunityLineItem") with { ReadOnly = true }, Instant("LastStageChangeDate") with { ReadOnly = true },
            new("FiscalYear", FieldType.Whole) { ReadOnly = true }, new("FiscalQuarter", FieldType.Whole) { ReadOnly = true }, Currency(),
            Pick("Billing_Type__c", "Time and Materials", "Capped Time and Materials", "Fixed Price - Milestones", "Fixed Price - Installments", "Percent Complete", "Retainer", "Non-Billable"),
            Date("Start_Date__c"), Date("End_Date__c"), Pick("Service_Line__c", "Data", "Cloud", "Strategy"), Pick("Selling_Entity__c", Entities), Money("Not_To_Exceed__c"),
            Text("Purchase_Order__c", 80), Number("Discount_Pct__c") with { Kind = "percent" }, Text("Project_Manager__c", 80) with { Kind = "email" },
            Pick("Invoice_Frequency__c", "Monthly", "Biweekly"), Flag("Is_Internal__c"), Text("Project_Number__c", 80), Text("PSA_Project_Id__c", 80),
            Text("ERP_Project_Id__c", 80), Text("Handoff_Status__c", 80), Text("Handoff_Message__c", 32_000),
        ],
        new("OpportunityLineItems", "OpportunityLineItem", "OpportunityId", true), new("Billing_Schedule_Entries__r", "Billing_Schedule_Entry__c", "Opportunity__c", true),
        new("Delivery_Phases__r", "Delivery_Phase__c", "Opportunity__c", true), new("Requested_Roles__r", "Requested_Role__c", "Opportunity__c", true));

    private static SObject OpportunityLineItem() => Object("00k", "OpportunityLineItem", "Opportunity Product",
        [
            Ref("OpportunityId", "Opportunity") with { Required = true }, Ref("Product2Id", "Product2"), Ref("PricebookEntryId", "PricebookEntry") with { Required = true },
            Text("Name", 376) with { ReadOnly = true }, Text("ProductCode", 255) with { ReadOnly = true }, Number("Quantity") with { Required = true }, Money("UnitPrice"), Money("TotalPrice"),
            Money("ListPrice") with { ReadOnly = true }, Date("ServiceDate"), new("SortOrder", FieldType.Whole), Text("Description", 255), Currency(),
            Text("Work_Stream__c", 80), Pick("Selling_Entity__c", Entities),
        ]);

    private static SObject Contract() => Object("800", "Contract", "Contract",
        [
            Ref("AccountId", "Account") with { Required = true }, Pick("Status", "Draft", "In Approval Process", "Activated") with { Default = "Draft" },
            Text("StatusCode", 40) with { ReadOnly = true }, Date("StartDate"), Date("EndDate") with { ReadOnly = true }, new("ContractTerm", FieldType.Whole),
            Text("ContractNumber", 30) with { ReadOnly = true }, Instant("ActivatedDate") with { ReadOnly = true }, Ref("CustomerSignedId", "Contact"), Date("CustomerSignedDate"),
            Text("SpecialTerms", 4_000), Ref("OwnerId", "User"), Currency(),
        ],
        new ChildRelationship("Opportunities", "Opportunity", "ContractId", false));

    private static SObject Product() => Object("01t", "Product2", "Product",
        [
            Text("Name", 255, required: true), Text("ProductCode", 255) with { Indexed = true }, Flag("IsActive"), Text("Description", 4_000), Text("Family", 80), Currency(),
            Text("Role__c", 80), Pick("Level__c", "L1", "L2", "L3", "L4", "L5"), Text("Location__c", 2),
        ]);

    private static SObject Pricebook() => Object("01s", "Pricebook2", "Price Book",
        [Text("Name", 255, required: true), Flag("IsActive"), Flag("IsStandard") with { ReadOnly = true }, Text("Description", 255)],
        new ChildRelationship("PricebookEntries", "PricebookEntry", "Pricebook2Id", true));

    private static SObject PricebookEntry() => Object("01u", "PricebookEntry", "Price Book Entry",
        [
            Ref("Pricebook2Id", "Pricebook2") with { Required = true }, Ref("Product2Id", "Product2") with { Required = true }, Text("Name", 255) with { ReadOnly = true },
            Text("ProductCode", 255) with { ReadOnly = true }, Money("UnitPrice") with { Required = true }, Flag("IsActive"), Flag("UseStandardPrice"), Currency(),
            Money("Standard_Cost__c"), Date("Valid_From__c"), Date("Valid_To__c"),
        ]);

    private static SObject User() => Object("005", "User", "User",
        [
            Text("Username", 80, required: true) with { Unique = true }, Text("FirstName", 40), Text("LastName", 80, required: true), Text("Name", 121) with { ReadOnly = true },
            Text("Email", 128, required: true) with { Kind = "email", Indexed = true }, Flag("IsActive"), Text("TimeZoneSidKey", 40), Text("Title", 80),
        ]);

    private static SObject ScheduleEntry() => Object("a00", "Billing_Schedule_Entry__c", "Billing Schedule Entry",
        [
            Text("Name", 80), Ref("Opportunity__c", "Opportunity") with { Required = true }, Number("Sequence__c"), Date("Due_Date__c"), Money("Amount__c"), Currency(),
            Text("Phase__c", 80), Flag("Acceptance_Required__c"), Pick("Selling_Entity__c", Entities),
        ]);

    private static SObject Phase() => Object("a01", "Delivery_Phase__c", "Delivery Phase",
        [
            Text("Name", 80), Ref("Opportunity__c", "Opportunity") with { Required = true }, Number("Sequence__c"), Date("Start_Date__c"), Date("End_Date__c"), Number("Planned_Hours__c"), Currency(),
        ]);

    private static SObject Role() => Object("a02", "Requested_Role__c", "Requested Role",
        [
            Text("Name", 80), Ref("Opportunity__c", "Opportunity") with { Required = true }, Text("Role__c", 80), Pick("Level__c", "L1", "L2", "L3", "L4", "L5"), Text("Location__c", 2),
            Number("Hours__c"), Date("Start_Date__c"), Date("End_Date__c"), Text("Skills__c", 255), Currency(),
        ]);

    private static SObject Object(string prefix, string name, string label, FieldSchema[] fields, params ChildRelationship[] children)
        => new(prefix, label, new TableSchema(name, sequence => SalesforceId.New(prefix, sequence), fields)) { Children = children };

    private static FieldSchema Text(string name, int length, bool required = false) => new(name, FieldType.Text) { Length = length, Required = required };

    private static FieldSchema Ref(string name, string table) => new(name, FieldType.Reference) { Table = table };

    private static FieldSchema Pick(string name, params string[] values) => new(name, FieldType.Picklist) { Values = values };

    private static FieldSchema Money(string name) => new(name, FieldType.Number) { Kind = "currency" };

    private static FieldSchema Number(string name) => new(name, FieldType.Number);

    private static FieldSchema Date(string name) => new(name, FieldType.Date);

    private static FieldSchema Instant(string name) => new(name, FieldType.DateTime);

    private static FieldSchema Flag(string name) => new(name, FieldType.Boolean) { Default = false };

    private static FieldSchema Currency() => Pick("CurrencyIsoCode", Currencies) with { Default = "USD" };
}
