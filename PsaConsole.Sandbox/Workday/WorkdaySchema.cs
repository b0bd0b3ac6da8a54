using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Workday;

/// <summary>
/// What the tenant holds. Besides what a client may use there is what none should take along: birth dates, addresses, reasons and comments of absences.
/// All of it is made up.
/// </summary>
internal static class WorkdaySchema
{
    public static readonly IReadOnlyList<TableSchema> Tables =
    [
        Table(
            "worker", Text("employeeId", unique: true), Text("firstName"), Text("lastName"), Text("email", unique: true), Text("jobProfile"), Text("level"), Text("company"), Text("costCenter"), Text("serviceLine"), Text("country"),
            Number("fte"), Number("weeklyHours"), Day("hireDate"), Day("terminationDate"), Text("terminationReason"), Indexed("manager"), Flag("remote"), Flag("billable"), Flag("contingent"), new FieldSchema("skills", FieldType.List),
            Day("birthDate"), Text("gender"), Text("maritalStatus"), Text("nationalId"), Text("homeAddress"), Text("homePhone"), Text("homeEmail"), Number("salary")),
        Table("timeOff", Worker, Day("date"), Number("quantity"), Text("unit"), Text("type"), Text("status"), Text("reason"), Text("comment")),
        Table("leave", Worker, Day("firstDay"), Day("lastDayOfWork"), Day("estimatedLastDay"), Day("actualLastDay"), Text("type"), Text("status"), Text("reason")),
        Table("pendingChange", Worker, Day("effective"), new FieldSchema("values", FieldType.Structure)),
        Table("reportColumn", Text("name", unique: true), Text("field")),
        Table("transaction", Worker, Text("type"), Day("effective"), new FieldSchema("entered", FieldType.DateTime)),
    ];

    private static FieldSchema Worker => new("worker", FieldType.Reference) { Table = "worker", Required = true };

    private static TableSchema Table(string name, params IReadOnlyList<FieldSchema> fields) => new(name, sequence => Wid.Of(name, sequence.ToString(CultureInfo.InvariantCulture)), fields);

    private static FieldSchema Text(string name, bool unique = false) => new(name, FieldType.Text) { Unique = unique };

    private static FieldSchema Indexed(string name) => new(name, FieldType.Text) { Indexed = true };

    private static FieldSchema Number(string name) => new(name, FieldType.Number);

    private static FieldSchema Day(string name) => new(name, FieldType.Date);

    private static FieldSchema Flag(string name) => new(name, FieldType.Boolean);
}
