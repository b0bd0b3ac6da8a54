using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Workday;

/// <summary>The REST services absenceManagement and common, read only. References are {id, descriptor, href}; there is no filter by change (vendor page 3.2).</summary>
internal sealed class RestApi(RecordStore store, Func<string> root)
{
    private const int UsualLimit = 20;
    private const int MostLimit = 100;
    private static readonly (string Code, int Precision)[] Currencies = [("USD", 2), ("GBP", 2), ("EUR", 2), ("JPY", 0)];
    private static readonly string[] Statuses = ["Approved", "Submitted", "Canceled", "Denied"];
    private static readonly string[] OrganizationTypes = ["Company", "Cost Center", "Supervisory"];

    /// <param name="service">absenceManagement, common or staffing.</param>
    /// <param name="path">The parts below the tenant.</param>
    /// <param name="query">The query.</param>
    /// <exception cref="WorkdayRefusal">The call is refused.</exception>
    public JsonObject Answer(string service, IReadOnlyList<string> path, IQueryCollection query)
    {
        var isAbsence = service.Equals("absenceManagement", StringComparison.OrdinalIgnoreCase);
        return (isAbsence, path) switch
        {
            (_, ["workers"]) => Page(query, Searched(query), worker => isAbsence ? AbsenceWorker(service, worker) : Summary(service, worker)),
            (true, ["workers", var id]) => AbsenceWorker(service, Worker(id)),
            (false, ["workers", var id]) => Profile(service, Worker(id)),
            (true, ["workers", var id, "timeOffDetails"]) => Page(query, TimeOff(Worker(id), query), entry => TimeOffDetail(service, entry)),
            (true, ["workers", var id, "leavesOfAbsence"]) => Page(query, Leaves(Worker(id), query), leave => Leave(service, leave)),
            (true, ["values", "timeOff" or "leave", "status"]) => Page(query, Statuses, status => Wid.Value("status", status)),
            (false, ["workers", var id, "timeOffEntries"]) => Page(query, TimeOff(Worker(id), query), entry => TimeOffEntry(service, entry)),
            (false, ["workers", var id, "directReports"]) => Page(query, Reports(Worker(id)), worker => Summary(service, worker)),
            (false, ["workers", var id, "organizations"]) => Page(query, OrganizationsOf(Worker(id)), organization => Organization(service, organization)),
            (false, ["organizations"]) => Page(query, AllOrganizations(), organization => Organization(service, organization)),
            (false, ["organizationTypes"]) => Page(query, OrganizationTypes, type => Wid.Reference(Wid.Of("organizationType", type), type, Address(service, $"organizationTypes/{Wid.Of("organizationType", type)}"))),
            (false, ["currencies"]) => Page(query, Currencies, currency =>
            {
                var json = Wid.Reference(Wid.Of("currency", currency.Code), currency.Code, Address(service, $"currencies/{Wid.Of("currency", currency.Code)}"));
                (json["code"], json["precision"]) = (currency.Code, currency.Precision);
                return json;
            }),
            (false, ["supervisoryOrganizations"]) => Page(query, Managers(), manager => Supervisory(service, manager)),
            (false, ["supervisoryOrganizations", var id]) => Supervisory(service, Manager(id)),
            (false, ["supervisoryOrganizations", var id, "workers"]) => Page(query, Reports(Manager(id)), worker => Summary(service, worker)),
            _ => throw WorkdayRefusal.OfStatus(StatusCodes.Status404NotFound),
        };
    }

    private JsonObject Summary(string service, Record worker)
    {
        var json = Reference(service, worker);
        json["primaryWorkEmail"] = worker.Text("email");
        json["isManager"] = Reports(worker).Any();
        json["businessTitle"] = worker.Text("jobProfile");
        if (SuperiorOf(worker) is { } manager)
        {
            json["primarySupervisoryOrganization"] = SupervisoryReference(service, manager);
        }

        return json;
    }

    private JsonObject Profile(string service, Record worker)
    {
        var json = Summary(service, worker);
        json["location"] = Wid.Value("location", $"{worker.Text("country")} Office");
        json["dateOfBirth"] = Iso(worker.Date("birthDate"));
        if (Reports(worker).Any())
        {
            json["supervisoryOrganizationsManaged"] = Address(service, $"workers/{worker.Id}/supervisoryOrganizationsManaged");
        }

        return json;
    }

    private JsonObject AbsenceWorker(string service, Record worker)
    {
        var json = Reference(service, worker);
        json["person"] = new JsonObject { ["email"] = worker.Text("email"), ["phone"] = worker.Text("homePhone") };
        var job = new JsonObject
        {
            ["id"] = Wid.Of("position", worker.Id),
            ["descriptor"] = $"P-{worker.Text("employeeId")} {worker.Text("jobProfile")}",
            ["businessTitle"] = worker.Text("jobProfile"),
            ["jobType"] = Wid.Value("jobType", "Regular"),
            ["jobProfile"] = Wid.Value("jobProfile", worker.Text("jobProfile")!),
            ["location"] = Wid.Value("location", $"{worker.Text("country")} Office"),
        };
        job["location"]!["country"] = Wid.Value("country", worker.Text("country")!);
        if (SuperiorOf(worker) is { } manager)
        {
            job["supervisoryOrganization"] = SupervisoryReference(service, manager);
        }

        json["primaryJob"] = job;
        return json;
    }

    private JsonObject TimeOffDetail(string service, Record entry)
    {
        var json = new JsonObject
        {
            ["id"] = entry.Id,
            ["date"] = Iso(entry.Date("date")),
            ["quantity"] = entry.Number("quantity"),
            ["unit"] = Wid.Value("unit", entry.Text("unit")!),
            ["status"] = Wid.Value("status", entry.Text("status")!),
            ["timeOffType"] = Wid.Value("timeOffType", entry.Text("type")!),
            ["position"] = Wid.Value("position", entry.Text("worker")!),
            ["worker"] = Reference(service, store["worker"].FindAny(entry.Text("worker"))!),
        };
        if (entry.Text("reason") is { Length: > 0 } reason)
        {
            json["reason"] = Wid.Value("reason", reason);
        }

        if (entry.Text("comment") is { Length: > 0 } comment)
        {
            json["comment"] = comment;
        }

        return json;
    }

    private JsonObject TimeOffEntry(string service, Record entry) => new()
    {
        ["id"] = entry.Id,
        ["descriptor"] = $"{entry.Text("type")} {Iso(entry.Date("date"))}",
        ["date"] = Iso(entry.Date("date")),
        ["units"] = entry.Number("quantity")!.Value.ToString("0.##", CultureInfo.InvariantCulture),
        ["unitOfTime"] = Wid.Value("unit", entry.Text("unit")!),
        ["employee"] = Reference(service, store["worker"].FindAny(entry.Text("worker"))!),
        ["timeOff"] = new JsonObject { ["id"] = Wid.Of("timeOffType", entry.Text("type")!), ["descriptor"] = entry.Text("type"), ["plan"] = Wid.Value("plan", $"{entry.Text("type")} Plan") },
        ["timeOffRequest"] = new JsonObject { ["id"] = Wid.Of("request", entry.Id), ["descriptor"] = $"Absence Request: {Iso(entry.Date("date"))}", ["status"] = entry.Text("status") },
    };

    private JsonObject Leave(string service, Record leave)
    {
        var json = new JsonObject
        {
            ["id"] = leave.Id,
            ["descriptor"] = $"{leave.Text("type")} {Iso(leave.Date("firstDay"))}",
            ["firstDayOfLeave"] = Iso(leave.Date("firstDay")),
            ["lastDayOfWork"] = Iso(leave.Date("lastDayOfWork")),
            ["estimatedLastDayOfLeave"] = Iso(leave.Date("estimatedLastDay")),
            ["leaveType"] = Wid.Value("leaveType", leave.Text("type")!),
            ["status"] = Wid.Value("status", leave.Text("status")!),
            ["reason"] = Wid.Value("reason", leave.Text("reason")!),
            ["worker"] = Reference(service, store["worker"].FindAny(leave.Text("worker"))!),
        };
        if (leave.Date("actualLastDay") is { } last)
        {
            json["actualLastDayOfLeave"] = Iso(last);
        }

        return json;
    }

    private IEnumerable<Record> TimeOff(Record worker, IQueryCollection query)
    {
        var (from, to, statuses, types) = (Date(query, "fromDate"), Date(query, "toDate"), query["status"], query["timeOffType"]);
        return store["timeOff"].FindBy("worker", worker.Id)
            .Where(entry => (from is null || entry.Date("date") >= from) && (to is null || entry.Date("date") <= to) && IsOne(statuses, "status", entry.Text("status")!) && IsOne(types, "timeOffType", entry.Text("type")!))
            .OrderBy(entry => entry.Date("date"));
    }

    private IEnumerable<Record> Leaves(Record worker, IQueryCollection query)
    {
        var (from, to, statuses, types) = (Date(query, "fromDate"), Date(query, "toDate"), query["status"], query["leaveType"]);
        return store["leave"].FindBy("worker", worker.Id)
            .Where(leave => (from is null || (leave.Date("actualLastDay") ?? leave.Date("estimatedLastDay")) >= from) && (to is null || leave.Date("firstDay") <= to) && IsOne(statuses, "status", leave.Text("status")!) && IsOne(types, "leaveType", leave.Text("type")!))
            .OrderBy(leave => leave.Date("firstDay"));
    }

    /// <summary>Filters take the ids of the prompt values; several may be given.</summary>
    private static bool IsOne(IEnumerable<string?> wanted, string kind, string name)
    {
        var ids = wanted.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)).ToList();
        return ids.Count == 0 || ids.Contains(Wid.Of(kind, name)) || ids.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    private IEnumerable<Record> Searched(IQueryCollection query)
    {
        var words = query["search"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return store["worker"].Scan().Where(worker => words.Length == 0 || words.Any(word => Name(worker).Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    private IEnumerable<Record> Reports(Record worker) => store["worker"].FindBy("manager", worker.Text("employeeId")!);

    private IEnumerable<Record> Managers() => store["worker"].Scan().Where(worker => Reports(worker).Any());

    private Record Manager(string organization)
        => Managers().FirstOrDefault(manager => OrganizationId(manager) == organization) ?? throw WorkdayRefusal.OfStatus(StatusCodes.Status404NotFound);

    private Record? SuperiorOf(Record worker) => worker.Text("manager") is { } number ? store["worker"].FirstBy("employeeId", number) : null;

    private static string OrganizationId(Record manager) => Wid.Of("supervisory", manager.Id);

    private JsonObject SupervisoryReference(string service, Record manager)
        => Wid.Reference(OrganizationId(manager), $"{manager.Text("serviceLine")} Team ({Name(manager)})", Address(service, $"supervisoryOrganizations/{OrganizationId(manager)}"));

    private JsonObject Supervisory(string service, Record manager)
    {
        var json = SupervisoryReference(service, manager);
        json["name"] = $"{manager.Text("serviceLine")} Team";
        json["code"] = $"SUP-{manager.Text("employeeId")}";
        json["manager"] = Reference(service, manager);
        json["workers"] = Address(service, $"supervisoryOrganizations/{OrganizationId(manager)}/workers");
        return json;
    }

    private static IEnumerable<(string Type, string Code)> OrganizationsOf(Record worker) => [("Company", worker.Text("company")!), ("Cost Center", worker.Text("costCenter")!)];

    private IEnumerable<(string Type, string Code)> AllOrganizations() => store["worker"].Scan().SelectMany(OrganizationsOf).Distinct().OrderBy(organization => organization.Code, StringComparer.Ordinal);

    private JsonObject Organization(string service, (string Type, string Code) organization)
    {
        var id = Wid.Of(organization.Type, organization.Code);
        var json = Wid.Reference(id, organization.Code, Address(service, $"organizations/{id}"));
        json["organizationType"] = Wid.Value("organizationType", organization.Type);
        return json;
    }

    /// <summary>By Workday id, or by a reference id such as Employee_ID=E0001.</summary>
    private Record Worker(string id)
    {
        const string ByNumber = "Employee_ID=";
        var worker = id.StartsWith(ByNumber, StringComparison.Ordinal) ? store["worker"].FirstBy("employeeId", id[ByNumber.Length..]) : store["worker"].Find(id);
        return worker ?? throw WorkdayRefusal.OfStatus(StatusCodes.Status404NotFound);
    }

    private JsonObject Reference(string service, Record worker) => Wid.Reference(worker.Id, Name(worker), Address(service, $"workers/{worker.Id}"));

    private string Address(string service, string path) => $"{root()}/ccx/api/{service}/v1/{Access.Tenant}/{path}";

    private static JsonObject Page<T>(IQueryCollection query, IEnumerable<T> found, Func<T, JsonObject> write)
    {
        var (limit, offset) = (Whole(query, "limit", UsualLimit), Whole(query, "offset", 0));
        if (limit is < 1 or > MostLimit)
        {
            throw WorkdayRefusal.Invalid($"limit must be between 1 and {MostLimit}.");
        }

        var all = found.ToList();
        return new JsonObject { ["total"] = all.Count, ["data"] = new JsonArray([.. all.Skip(offset).Take(limit).Select(write)]) };
    }

    private static int Whole(IQueryCollection query, string name, int usual)
        => !query.TryGetValue(name, out var text) ? usual : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw WorkdayRefusal.Invalid($"{name} must be a whole number.");

    private static DateOnly? Date(IQueryCollection query, string name)
        => !query.TryGetValue(name, out var text) ? null
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
            : throw WorkdayRefusal.Invalid($"{name} must be a date such as 2026-03-01.");

    private static string? Iso(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Name(Record worker) => $"{worker.Text("firstName")} {worker.Text("lastName")}";
}
