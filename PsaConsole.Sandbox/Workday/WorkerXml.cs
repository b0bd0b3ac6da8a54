using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Workday;

/// <summary>Writes a worker as of the request's effective date, the parts that its response group names.</summary>
internal sealed class WorkerXml(RecordStore store, GetWorkersRequest request)
{
    private static readonly XNamespace Wd = GetWorkersRequest.Wd;

    /// <summary>Employed on that day: the last day of work still counts.</summary>
    public static bool IsActive(Record worker, DateOnly day) => worker.Date("hireDate") <= day && (worker.Date("terminationDate") is not { } end || end >= day);

    public XElement Write(Record worker) => Element(
        "Worker",
        request.Includes("Reference") ? Element("Worker_Reference", Id("WID", worker.Id), Id(worker.Flag("contingent") ? "Contingent_Worker_ID" : "Employee_ID", worker.Text("employeeId")!)) : null,
        Element("Worker_Descriptor", Name(worker)),
        Element(
            "Worker_Data",
            Element("Worker_ID", worker.Text("employeeId")),
            Element("User_ID", worker.Text("email")),
            request.Includes("Personal_Information") ? Personal(worker) : null,
            request.Includes("Employment_Information") ? Employment(worker) : null,
            request.Includes("Organizations") ? Element("Organization_Data", Organization("COMPANY", worker.Text("company")!), Organization("COST_CENTER", worker.Text("costCenter")!)) : null,
            request.Includes("Skills") || request.Includes("Qualifications") ? Skills(worker) : null,
            request.Includes("Transaction_Log_Data") ? Log(worker) : null));

    private static XElement Personal(Record worker)
    {
        var name = Element(
            "Name_Detail_Data",
            new XAttribute(Wd + "Formatted_Name", Name(worker)),
            Element("First_Name", worker.Text("firstName")),
            Element("Last_Name", worker.Text("lastName")));
        return Element(
            "Personal_Data",
            Element("Name_Data", Element("Legal_Name_Data", name), Element("Preferred_Name_Data", new XElement(name))),
            Element("Gender_Reference", Id("Gender_Code", worker.Text("gender")!)),
            Element("Birth_Date", Iso(worker.Date("birthDate"))),
            Element("Marital_Status_Reference", Id("Marital_Status_ID", worker.Text("maritalStatus")!)),
            Element("Identification_Data", Element("National_ID", Element("National_ID_Data", Element("ID", worker.Text("nationalId"))))),
            Element(
                "Contact_Data",
                Element("Address_Data", Element("Address_Line_Data", worker.Text("homeAddress")), Usage("HOME")),
                Element("Phone_Data", Element("Phone_Number", worker.Text("homePhone")), Usage("HOME")),
                Element("Email_Address_Data", Element("Email_Address", worker.Text("email")), Usage("WORK")),
                Element("Email_Address_Data", Element("Email_Address", worker.Text("homeEmail")), Usage("HOME"))));
    }

    private XElement Employment(Record worker)
    {
        var hasStarted = worker.Date("hireDate") <= request.AsOf;
        return Element("Employment_Data", hasStarted ? Element("Worker_Job_Data", Element("Position_Data", Position(worker))) : null, Status(worker));
    }

    private static object?[] Position(Record worker) =>
    [
        Element("Position_ID", $"P-{worker.Text("employeeId")}"),
        Element("Position_Title", worker.Text("jobProfile")),
        Element("Business_Title", worker.Text("jobProfile")),
        Element("Start_Date", Iso(worker.Date("hireDate"))),
        Element("Worker_Type_Reference", worker.Flag("contingent") ? Id("Contingent_Worker_Type_ID", "Contractor") : Id("Employee_Type_ID", "Regular")),
        Element("Position_Time_Type_Reference", Id("Position_Time_Type_ID", worker.Number("fte") < 1m ? "Part_time" : "Full_time")),
        Element("Scheduled_Weekly_Hours", Number(worker.Number("weeklyHours"))),
        Element("Default_Weekly_Hours", Number(worker.Number("weeklyHours") / worker.Number("fte"))),
        Element("Full_Time_Equivalent_Percentage", Number(worker.Number("fte") * 100m)),
        Element(
            "Job_Profile_Summary_Data",
            Element("Job_Profile_Reference", Id("Job_Profile_ID", worker.Text("jobProfile")!)),
            Element("Management_Level_Reference", Id("Management_Level_ID", worker.Text("level")!)),
            Element("Job_Profile_Name", worker.Text("jobProfile"))),
        Element(
            "Business_Site_Summary_Data",
            Element("Location_Reference", Id("Location_ID", $"LOC-{worker.Text("country")}")),
            Element("Name", $"{worker.Text("country")} Office"),
            Element("Address_Data", Element("Country_Reference", Id("ISO_3166-1_Alpha-2_Code", worker.Text("country")!)))),
        worker.Text("manager") is { } manager ? Element("Manager_as_of_last_detected_manager_change_Reference", Id("Employee_ID", manager)) : null,
    ];

    private XElement Status(Record worker)
    {
        var (hire, end) = (worker.Date("hireDate")!.Value, worker.Date("terminationDate"));
        var hasEnded = end < request.AsOf;
        return Element(
            "Worker_Status_Data",
            Element("Active", IsActive(worker, request.AsOf) ? "1" : "0"),
            Element("Active_Status_Date", Iso(hasEnded ? end : hire)),
            Element("Hire_Date", Iso(hire)),
            Element("Original_Hire_Date", Iso(hire)),
            Element("First_Day_of_Work", Iso(hire)),
            Element("Terminated", hasEnded ? "1" : "0"),
            hasEnded ? Element("Termination_Date", Iso(end)) : null,
            hasEnded ? Element("Primary_Termination_Reason_Reference", Id("Termination_Subcategory_ID", worker.Text("terminationReason") ?? "Other")) : null,
            hasEnded ? Element("Termination_Last_Day_of_Work", Iso(end)) : null,
            store["leave"].FindBy("worker", worker.Id).Select(Leave));
    }

    private XElement Leave(Record leave) => Element(
        "Leave_Status_Data",
        Element("Leave_of_Absence_Type_Reference", Id("Leave_of_Absence_Type_ID", leave.Text("type")!)),
        Element("On_Leave", leave.Date("firstDay") <= request.AsOf && (leave.Date("actualLastDay") ?? leave.Date("estimatedLastDay")) >= request.AsOf ? "1" : "0"),
        Element("Leave_Start_Date", Iso(leave.Date("firstDay"))),
        Element("Estimated_Leave_End_Date", Iso(leave.Date("estimatedLastDay"))),
        Element("Leave_Last_Day_of_Work", Iso(leave.Date("lastDayOfWork"))),
        Element("Leave_Reason", leave.Text("reason")));

    private static XElement Organization(string type, string code) => Element(
        "Worker_Organization_Data",
        Element("Organization_Reference", Id("WID", Wid.Of(type, code)), Id("Organization_Reference_ID", code)),
        Element(
            "Organization_Data",
            Element("Organization_Reference_ID", code),
            Element("Organization_Code", code),
            Element("Organization_Name", code),
            Element("Organization_Type_Reference", Id("Organization_Type_ID", type))));

    private static XElement Skills(Record worker) => Element(
        "Qualification_Data",
        (worker["skills"] as JsonArray ?? []).Select(skill => Element("Skill", Element("Skill_Data", Element("Skill_Name", (string)skill!["Skill"]!), Element("Level", (string)skill["Level"]!)))));

    private XElement Log(Record worker) => Element(
        "Transaction_Log_Entry_Data",
        store["transaction"].FindBy("worker", worker.Id).Select(entry => Element(
            "Transaction_Log_Entry",
            Element("Transaction_Log_Reference", Id("WID", entry.Id)),
            Element(
                "Transaction_Log_Data",
                Element("Transaction_Log_Type_Reference", Id("WID", Wid.Of("transactionType", entry.Text("type")!)), Id("Business_Process_Type", entry.Text("type")!)),
                Element("Transaction_Log_Description", $"{entry.Text("type")}: {Name(worker)}"),
                Element("Transaction_Entry_Moment", ((DateTimeOffset)entry["entered"]!).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
                Element("Transaction_Effective_Moment", $"{Iso(entry.Date("effective"))}T00:00:00.000-08:00")))));

    private static XElement Usage(string type) => Element("Usage_Data", Element("Type_Data", Element("Type_Reference", Id("Communication_Usage_Type_ID", type))));

    private static XElement Id(string type, string value) => new(Wd + "ID", new XAttribute(Wd + "type", type), value);

    private static XElement Element(string name, params object?[] content) => new(Wd + name, content);

    private static string Name(Record worker) => $"{worker.Text("firstName")} {worker.Text("lastName")}";

    private static string? Iso(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Number(decimal? number) => number?.ToString("0.####", CultureInfo.InvariantCulture);
}
