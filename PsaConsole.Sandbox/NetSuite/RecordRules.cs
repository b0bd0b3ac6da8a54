using System.Text;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>The business rules that a record must keep, with the sentences that NetSuite refuses by.</summary>
internal sealed class RecordRules(RecordStore store)
{
    private static readonly Dictionary<(string Type, string Field), string> Labels = new()
    {
        [("customer", "subsidiary")] = "Primary Subsidiary",
        [("job", "companyName")] = "Project Name",
        [("job", "parent")] = "Customer",
        [("timeBill", "tranDate")] = "Date",
        [("timeBill", "hours")] = "Duration",
        [("projectTask", "title")] = "Name",
    };

    /// <summary>Throws when the record, as it would be after the write, breaks a rule.</summary>
    /// <param name="after">Gives the value of a field after the write.</param>
    /// <exception cref="NetSuiteRefusal">A rule is broken.</exception>
    public void Check(RecordType type, Record? before, Func<string, object?> after)
    {
        var missing = type.Schema.Fields.Where(field => field.Required && after(field.Name) is null or "").Select(field => field.Name).ToList();
        if (type.Name is "customer" or "vendor")
        {
            missing.InsertRange(0, ((string[])(after("isPerson") is true ? ["firstName", "lastName"] : ["companyName"])).Where(name => after(name) is null or ""));
        }

        if (missing.Count > 0)
        {
            throw NetSuiteRefusal.Rule($"Please enter value(s) for: {string.Join(", ", missing.Select(name => Label(type.Name, name)))}.");
        }

        switch (type.Name)
        {
            case "job": CheckJob(before, after); break;
            case "customerSubsidiaryRelationship": CheckRelationship(before, after); break;
            case "timeBill": CheckTime(before, after); break;
            case "journalEntry": Journals.Check(store, before, after); break;
        }
    }

    /// <summary>Throws when the record may not be deleted.</summary>
    /// <exception cref="NetSuiteRefusal">Others refer to it, or its period is closed.</exception>
    public void CheckDelete(Record record)
    {
        if (record.Schema.Name == "timeBill")
        {
            RefuseClosed(record.Date("tranDate"));
        }

        foreach (var type in NetSuiteSchema.Types)
        {
            foreach (var field in type.Schema.Fields.Where(field => field.Table?.Split(',').Contains(record.Schema.Name) == true))
            {
                // The relationship to the primary subsidiary is part of the customer.
                if (store[type.Name].FindBy(field.Name, record.Id).Any(other => !(type.Name == "customerSubsidiaryRelationship" && other.Flag("isPrimarySub"))))
                {
                    throw NetSuiteRefusal.Rule("This record cannot be deleted because it has dependent records.");
                }
            }
        }
    }

    private void CheckJob(Record? before, Func<string, object?> after)
    {
        var (customer, subsidiary) = ((string)after("parent")!, (string)after("subsidiary")!);
        if (before?.Text("parent") == customer && before.Text("subsidiary") == subsidiary)
        {
            return;
        }

        var isOfCustomer = store["customer"].Find(customer)?.Text("subsidiary") == subsidiary
            || store["customerSubsidiaryRelationship"].FindBy("entity", customer).Any(relationship => relationship.Text("subsidiary") == subsidiary && !relationship.Flag("isInactive"));
        if (!isOfCustomer)
        {
            throw NetSuiteRefusal.Rule($"Invalid Field Value {subsidiary} for the following field: subsidiary");
        }
    }

    private void CheckRelationship(Record? before, Func<string, object?> after)
    {
        var taken = store["customerSubsidiaryRelationship"].FindBy("entity", after("entity")!).Any(other => other.Id != before?.Id && other.Text("subsidiary") == (string)after("subsidiary")!);
        if (taken)
        {
            throw NetSuiteRefusal.Rule("The entity-subsidiary relationship already exists.");
        }
    }

    private void CheckTime(Record? before, Func<string, object?> after)
    {
        RefuseClosed(before?.Date("tranDate"));
        RefuseClosed((DateOnly)after("tranDate")!);
        if (after("customer") is string id && store["job"].Find(id) is { } job)
        {
            if (!job.Flag("allowTime"))
            {
                throw NetSuiteRefusal.Rule($"Invalid Field Value {id} for the following field: customer. The project does not allow time entry.");
            }

            if (after("caseTaskEvent") is string task && store["projectTask"].Find(task)?.Text("project") != id)
            {
                throw NetSuiteRefusal.Rule($"Invalid Field Value {task} for the following field: casetaskevent");
            }
        }
    }

    private void RefuseClosed(DateOnly? day)
    {
        var isClosed = store["accountingPeriod"].Scan().Any(period =>
            !period.Flag("isYear") && !period.Flag("isQuarter") && (period.Flag("closed") || period.Flag("allLocked")) && period.Date("startDate") <= day && period.Date("endDate") >= day);
        if (isClosed)
        {
            throw NetSuiteRefusal.Rule("The transaction date you specified is not within the date range of an open accounting period. The period is closed.");
        }
    }

    /// <summary>As on the form: startDate is "Start Date".</summary>
    private static string Label(string type, string field)
    {
        if (Labels.TryGetValue((type, field), out var label))
        {
            return label;
        }

        var words = new StringBuilder();
        foreach (var letter in field)
        {
            words.Append(words.Length == 0 ? char.ToUpperInvariant(letter).ToString() : char.IsUpper(letter) ? $" {letter}" : letter.ToString());
        }

        return words.ToString();
    }
}
