using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>What CRM and ERP hold of one client now, and what they held when they were looked at last.</summary>
/// <param name="IsInvoiced">From the first invoice on the ERP owns the bill-to address (2-canonical-model 2.4).</param>
public sealed record ClientSides(Client Crm, Client Erp, Client CrmBefore, Client ErpBefore, bool IsInvoiced);

/// <summary>Where the two disagree, and what is to be done about it.</summary>
/// <param name="Disputed">Names of fields that the CRM changed and the ERP owns: a person decides (MST-101).</param>
/// <param name="ToCrm">Names of fields that the ERP, their owner, changed: they are brought to the CRM.</param>
/// <param name="Address">What becomes of the bill-to address.</param>
public sealed record ClientStand(IReadOnlyList<string> Disputed, IReadOnlyList<string> ToCrm, AddressMove Address)
{
    public static ClientStand None { get; } = new([], [], AddressMove.None);
}

/// <summary>Where a bill-to address is to go.</summary>
public enum AddressMove
{
    None,

    /// <summary>Nothing was invoiced yet: the CRM's address is the client's.</summary>
    ToErp,

    /// <summary>Invoices bear the old one: finance approves before the ERP takes the CRM's.</summary>
    ToErpOnceApproved,

    /// <summary>The ERP owns it and has changed it.</summary>
    ToCrm,
}

/// <summary>
/// Who owns which field of a client, and what follows when CRM and ERP disagree (2-canonical-model 2.4, R31). The CRM owns name and website, which are brought to
/// the others as they are. The ERP owns tax registration, currency, terms, delivery of invoices and credit. Only a change counts: what differed before anybody
/// looked stays as it is.
/// </summary>
public static class ClientOwnership
{
    /// <summary>What the ERP owns: name of the field in the canonical client, in words, and its value.</summary>
    private static readonly (string Name, string Words, Func<Client, string?> Value)[] OwnedByErp =
    [
        ("taxRegistration", "Tax registration", client => client.TaxRegistration),
        ("currency", "Invoicing currency", client => client.Currency),
        ("paymentTerms", "Payment terms", client => client.PaymentTerms),
        ("invoiceDelivery", "Invoice delivery", client => client.InvoiceDelivery),
        ("onCreditHold", "Credit hold", client => client.OnCreditHold ? "on hold" : "good"),
    ];

    /// <summary>Where they stand, given what was left to settle before.</summary>
    public static ClientStand Decide(ClientSides sides, ClientStand before)
    {
        List<string> disputed = [], toCrm = [];
        foreach (var (name, _, value) in OwnedByErp.Where(field => !Same(field.Value(sides.Crm), field.Value(sides.Erp))))
        {
            var (crmMoved, erpMoved) = (!Same(value(sides.Crm), value(sides.CrmBefore)), !Same(value(sides.Erp), value(sides.ErpBefore)));
            if (crmMoved || before.Disputed.Contains(name))
            {
                disputed.Add(name);
            }
            else if (erpMoved || before.ToCrm.Contains(name))
            {
                toCrm.Add(name);
            }
        }

        return new ClientStand(disputed, toCrm, MoveOf(sides, before.Address));
    }

    /// <summary>The disputes as findings: which value stands where, and what settles it.</summary>
    public static IReadOnlyList<Finding> Findings(ClientSides sides, ClientStand stand, string crm, string erp) =>
    [
        .. OwnedByErp.Where(field => stand.Disputed.Contains(field.Name)).Select(field => Disputed(sides, field.Words, field.Value(sides.Crm), field.Value(sides.Erp), crm, erp)),
        .. sides.Erp.OnCreditHold ? [OnHold(sides.Erp, erp)] : Array.Empty<Finding>(),
    ];

    /// <summary>The CRM's client with what the ERP owns as the ERP has it: what the CRM is to hold.</summary>
    public static Client ForCrm(Client crm, Client erp, ClientStand stand)
    {
        return crm with
        {
            TaxRegistration = Owed("taxRegistration", client => client.TaxRegistration),
            Currency = Owed("currency", client => client.Currency),
            PaymentTerms = Owed("paymentTerms", client => client.PaymentTerms),
            InvoiceDelivery = Owed("invoiceDelivery", client => client.InvoiceDelivery),
            OnCreditHold = Owed("onCreditHold", client => client.OnCreditHold),
            BillTo = stand.Address == AddressMove.ToCrm ? erp.BillTo : crm.BillTo,
        };

        T Owed<T>(string name, Func<Client, T> value) => value(stand.ToCrm.Contains(name) ? erp : crm);
    }

    /// <summary>Are they the same address, however it is written?</summary>
    public static bool SameAddress(Address? one, Address? other) =>
        Same(one?.Street, other?.Street) && Same(one?.City, other?.City) && Same(one?.Region, other?.Region) && Same(one?.PostalCode, other?.PostalCode) && Same(one?.Country, other?.Country);

    /// <summary>One line of an address, for people.</summary>
    public static string? Line(Address? address)
    {
        var parts = new[] { address?.Street, address?.PostalCode, address?.City, address?.Region, address?.Country }.Where(part => !string.IsNullOrWhiteSpace(part));
        return string.Join(", ", parts) is { Length: > 0 } line ? line : null;
    }

    private static AddressMove MoveOf(ClientSides sides, AddressMove before)
    {
        if (SameAddress(sides.Crm.BillTo, sides.Erp.BillTo) || sides.Crm.BillTo is null)
        {
            return AddressMove.None;
        }

        var (crmMoved, erpMoved) = (!SameAddress(sides.Crm.BillTo, sides.CrmBefore.BillTo), !SameAddress(sides.Erp.BillTo, sides.ErpBefore.BillTo));
        return (crmMoved, erpMoved, before) switch
        {
            (true, _, _) or (false, false, AddressMove.ToErp or AddressMove.ToErpOnceApproved) => sides.IsInvoiced ? AddressMove.ToErpOnceApproved : AddressMove.ToErp,
            (false, true, _) => sides.IsInvoiced ? AddressMove.ToCrm : AddressMove.ToErp,
            _ => before,
        };
    }

    private static Finding Disputed(ClientSides sides, string field, string? inCrm, string? inErp, string crm, string erp) => new(
        "R31", "MST-101", sides.Crm.LegalName,
        $"{field} of {sides.Crm.LegalName} was changed to {inCrm ?? "nothing"} in {crm}, but belongs to {erp}, which has {inErp ?? "nothing"}. Enter it in {erp}, or put it back in {crm}.")
    {
        Field = field,
        Expected = inErp,
        Actual = inCrm,
    };

    private static Finding OnHold(Client client, string erp) => new(
        "PL11", "MST-105", client.LegalName, $"{client.LegalName} is on credit hold in {erp} while projects are under way for it. Release it there, or stop the work.")
    {
        Field = "Credit hold",
        Expected = "good",
        Actual = "on hold",
    };

    private static bool Same(string? one, string? other) => string.Equals(one?.Trim() ?? "", other?.Trim() ?? "", StringComparison.OrdinalIgnoreCase);
}
