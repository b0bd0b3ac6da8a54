using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Clients;

/// <summary>
/// A change of a client reaches the systems that hold it (3-workflows 3b): read from both sides, settled by who owns which field, approved where invoices bear
/// the old value, written, read back. What a system changed that does not own it is a person's to settle, and holds up nothing else.
/// </summary>
public sealed class ClientChange(
    ICrm crm, IPsa psa, IErp erp, IBilling billing, EntityPacks packs, IDbContextFactory<EngineDbContext> stores, TimeProvider time) : Workflow<ClientJourney>
{
    public const string WorkflowName = "client-change";

    public override string Name => WorkflowName;

    public override TimeSpan? Target { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Every field has an owner: it is changed there.</summary>
    public override IReadOnlyDictionary<string, string> EditableFields { get; } = new Dictionary<string, string>();

    /// <summary>There is one run for each client.</summary>
    public static string KeyOf(Guid clientId) => $"client:{clientId:n}";

    protected override IEnumerable<Step> Steps(ClientJourney state)
    {
        yield return Step("read", StepKind.Do, "The client is read from every system that holds it", crm.SystemName, ReadAsync);
        yield return Step("owned", StepKind.Check, "Each value is its owner's", erp.SystemName, SettleAsync);
        yield return Step("approval", StepKind.Check, "What invoices bear is approved", erp.SystemName, AskAsync);
        if (state.PsaId is not null)
        {
            yield return Step("psa", StepKind.Do, "PSA has the client's name", psa.SystemName, WriteToPsaAsync) with { Undo = RestoreInPsaAsync };
            yield return Step("psa-verify", StepKind.Verify, "The client in PSA is read back", psa.SystemName, VerifyInPsaAsync) with { Redoes = "psa" };
        }

        if (state.ErpId is not null)
        {
            yield return Step("erp", StepKind.Do, "ERP has what the CRM owns", erp.SystemName, WriteToErpAsync) with { Undo = RestoreInErpAsync };
            yield return Step("erp-verify", StepKind.Verify, "The client in ERP is read back", erp.SystemName, VerifyInErpAsync) with { Redoes = "erp" };
            yield return Step("crm", StepKind.Do, "CRM has what the ERP owns", crm.SystemName, WriteToCrmAsync);
            yield return Step("crm-verify", StepKind.Verify, "The client in CRM is read back", crm.SystemName, VerifyInCrmAsync) with { Redoes = "crm" };
        }
    }

    protected override void Describe(Run run, ClientJourney state)
    {
        run.Title = (state.Crm ?? state.CrmBefore).LegalName;
        run.ClientName = run.Title;
        run.LegalEntity = state.Erp is { LegalEntities.Count: > 0 } held ? string.Join(", ", held.LegalEntities) : null;
    }

    // Read and settle

    private async Task<StepOutcome<ClientJourney>> ReadAsync(StepCall call, ClientJourney state, CancellationToken cancellationToken)
    {
        var found = await crm.ReadClientAsync(state.CrmId, cancellationToken);
        var (psaId, erpId) = await IdsAsync(state.ClientId, cancellationToken);
        var inPsa = psaId is null ? null : await psa.Clients.ReadAsync(psaId, cancellationToken);
        var inErp = erpId is null ? null : await erp.Clients.ReadAsync(erpId, cancellationToken);
        List<Finding> broken = [];
        AddIf(broken, found is null, crm.SystemName, state.CrmId, state);
        AddIf(broken, psaId is not null && inPsa is null, psa.SystemName, psaId, state);
        AddIf(broken, erpId is not null && inErp is null, erp.SystemName, erpId, state);
        if (broken.Count > 0)
        {
            return new StepOutcome<ClientJourney>(StepResult.Refused, state) { Findings = broken };
        }

        var read = state with
        {
            Crm = found,
            Erp = inErp,
            PsaId = psaId,
            ErpId = erpId,
            PsaName = inPsa?.LegalName,
            IsInvoiced = state.IsInvoiced || (erpId is not null && await billing.HasInvoicedAsync(erpId, cancellationToken)),
        };
        return Done(read) with { Message = $"{found!.LegalName}{(read.IsInvoiced ? ", invoiced before" : "")}" };
    }

    /// <summary>What differs and is nobody's to bring over is a case that stays until both sides are equal; the owner's changes go on.</summary>
    private Task<StepOutcome<ClientJourney>> SettleAsync(StepCall call, ClientJourney state, CancellationToken cancellationToken)
    {
        if (state.Erp is null)
        {
            return Task.FromResult(Done(state with { CrmBefore = state.Crm! }));
        }

        var sides = new ClientSides(state.Crm!, state.Erp, state.CrmBefore, state.ErpBefore ?? state.Erp, state.IsInvoiced);
        var stand = ClientOwnership.Decide(sides, state.Stand);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var findings = ClientOwnership.Findings(sides, stand, crm.SystemName, erp.SystemName).Where(finding => call.Run.AcceptanceOf(finding, today) is null).ToList();
        return Task.FromResult(Done(state with { Stand = stand, CrmBefore = state.Crm!, ErpBefore = state.Erp }) with
        {
            Warnings = findings,
            Detail = TargetSteps.Sides(findings.Select(finding => (finding.Field!, finding.Expected, finding.Actual))),
        });
    }

    private Task<StepOutcome<ClientJourney>> AskAsync(StepCall call, ClientJourney state, CancellationToken cancellationToken)
    {
        if (state.Stand.Address != AddressMove.ToErpOnceApproved)
        {
            return Task.FromResult(Done(state));
        }

        var (client, entity) = (state.Crm!, state.Erp!.LegalEntities is [var first, ..] ? first : null);
        var pack = entity is null ? null : packs.Of(entity);
        var (before, after) = (ClientOwnership.Line(state.Erp.BillTo), ClientOwnership.Line(client.BillTo));
        var nothing = new Money(0m, state.Erp.Currency ?? pack?.Currency ?? "USD");
        return Task.FromResult(Done(state) with
        {
            Message = "The bill-to address changes after the first invoice: finance approves it.",
            Asks =
            [
                new ApprovalAsk
                {
                    Kind = ApprovalKind.ClientMaster,
                    Key = "bill-to",
                    Subject = client.LegalName,
                    Reason = $"{client.LegalName} was invoiced at {before ?? "no address"}; the CRM now says {after}. The next invoices bear the new address.",
                    LegalEntity = entity ?? "",
                    Impact = nothing,
                    Changes = [new("Bill-to address", before, after)],
                    Records = [$"Client {client.LegalName} in {erp.SystemName}"],
                    Chain = ApprovalTier.Chain(ApprovalKind.ClientMaster, nothing, pack?.ApprovalTiers ?? []),
                    Requesters = [],
                    Fingerprint = ApprovalAsk.FingerprintOf(new { state.ClientId, client.BillTo }),
                },
            ],
        });
    }

    // PSA

    private async Task<StepOutcome<ClientJourney>> WriteToPsaAsync(StepCall call, ClientJourney state, CancellationToken cancellationToken) =>
        Done(state) with { ExternalId = await psa.Clients.EnsureAsync(Key(state), state.Crm!, state.PsaId, call.InDoubt, cancellationToken) };

    private async Task RestoreInPsaAsync(string id, string state, CancellationToken cancellationToken)
    {
        var before = Read(state);
        await psa.Clients.WriteAsync(Key(before), before.Crm! with { LegalName = before.PsaName! }, id, cancellationToken);
    }

    private async Task<StepOutcome<ClientJourney>> VerifyInPsaAsync(StepCall call, ClientJourney state, CancellationToken cancellationToken)
    {
        var found = await psa.Clients.ReadAsync(state.PsaId!, cancellationToken);
        return Verified(state, psa.SystemName, ("Name", state.Crm!.LegalName, found?.LegalName));
    }

    // ERP

    private async Task<StepOutcome<ClientJourney>> WriteToErpAsync(StepCall call, ClientJourney state, CancellationToken cancellationToken)
    {
        var id = await erp.Clients.EnsureAsync(Key(state), state.Crm! with { LegalEntities = state.Erp!.LegalEntities }, state.ErpId, call.InDoubt, cancellationToken);
        if (BringsAddressToErp(state))
        {
            await erp.WriteBillToAsync(id, state.Crm!, cancellationToken);
        }

        return Done(state) with { ExternalId = id };
    }

    private async Task RestoreInErpAsync(string id, string state, CancellationToken cancellationToken)
    {
        var before = Read(state);
        await erp.Clients.WriteAsync(Key(before), before.Erp!, id, cancellationToken);
        if (BringsAddressToErp(before))
        {
            await erp.WriteBillToAsync(id, before.Erp!, cancellationToken);
        }
    }

    private async Task<StepOutcome<ClientJourney>> VerifyInErpAsync(StepCall call, ClientJourney state, CancellationToken cancellationToken)
    {
        var found = await erp.Clients.ReadAsync(state.ErpId!, cancellationToken);
        List<(string, string?, string?)> sides = [("Name", state.Crm!.LegalName, found?.LegalName), ("Website", state.Crm.Website, found?.Website)];
        if (BringsAddressToErp(state) && !ClientOwnership.SameAddress(state.Crm.BillTo, found?.BillTo))
        {
            sides.Add(("Bill-to address", ClientOwnership.Line(state.Crm.BillTo), ClientOwnership.Line(found?.BillTo)));
        }

        var verified = Verified(state with { Erp = found ?? state.Erp, ErpBefore = found ?? state.ErpBefore }, erp.SystemName, [.. sides]);
        return verified.Result == StepResult.Done && BringsAddressToErp(state) ? verified with { State = verified.State with { Stand = state.Stand with { Address = AddressMove.None } } } : verified;
    }

    private static bool BringsAddressToErp(ClientJourney state) => state.Stand.Address is AddressMove.ToErp or AddressMove.ToErpOnceApproved;

    // CRM

    private async Task<StepOutcome<ClientJourney>> WriteToCrmAsync(StepCall call, ClientJourney state, CancellationToken cancellationToken)
    {
        if (!OwesCrm(state))
        {
            return Done(state) with { Message = "The ERP has changed nothing that the CRM does not know." };
        }

        await crm.WriteClientAsync(state.CrmId, ClientOwnership.ForCrm(state.Crm!, state.Erp!, state.Stand), cancellationToken);
        return Done(state) with { ExternalId = state.CrmId };
    }

    private async Task<StepOutcome<ClientJourney>> VerifyInCrmAsync(StepCall call, ClientJourney state, CancellationToken cancellationToken)
    {
        if (!OwesCrm(state))
        {
            return Done(state);
        }

        var (wanted, found) = (ClientOwnership.ForCrm(state.Crm!, state.Erp!, state.Stand), await crm.ReadClientAsync(state.CrmId, cancellationToken));
        var verified = Verified(
            state, crm.SystemName, ("Tax registration", wanted.TaxRegistration, found?.TaxRegistration), ("Currency", wanted.Currency, found?.Currency),
            ("Payment terms", wanted.PaymentTerms, found?.PaymentTerms), ("Invoice delivery", wanted.InvoiceDelivery, found?.InvoiceDelivery),
            ("Credit hold", Word(wanted), found is null ? null : Word(found)),
            ("Bill-to address", ClientOwnership.Line(wanted.BillTo), ClientOwnership.Line(found?.BillTo)));
        return verified.Result == StepResult.Done
            ? verified with { State = state with { Crm = found, CrmBefore = found!, Stand = state.Stand with { ToCrm = [], Address = AddressMove.None } } }
            : verified;
    }

    private static bool OwesCrm(ClientJourney state) => state.Stand.ToCrm.Count > 0 || state.Stand.Address == AddressMove.ToCrm;

    private static string Word(Client client) => client.OnCreditHold ? "on hold" : "good";

    // What the steps share

    private async Task<(string? Psa, string? Erp)> IdsAsync(Guid clientId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var ids = await store.CrossReferences.AsNoTracking()
            .Where(item => item.CanonicalType == ClientMaster.CanonicalType && item.CanonicalId == clientId && item.Active)
            .ToDictionaryAsync(item => item.SystemName, item => item.ExternalId, cancellationToken);
        return (ids.GetValueOrDefault(psa.SystemName), ids.GetValueOrDefault(erp.SystemName));
    }

    private static string Key(ClientJourney state) => TargetSteps.KeyOf(ClientMaster.CanonicalType, state.ClientId);

    private static void AddIf(List<Finding> findings, bool isBroken, string systemName, string? id, ClientJourney state)
    {
        if (isBroken)
        {
            findings.Add(new Finding("3b", "MST-104", state.CrmBefore.LegalName, $"{systemName} has no client {id} any more, which {state.CrmBefore.LegalName} is known by. Restore it there, then retry.")
            {
                Field = $"Client in {systemName}",
                Expected = id,
            });
        }
    }

    private static StepOutcome<ClientJourney> Done(ClientJourney state) => new(StepResult.Done, state);

    private static StepOutcome<ClientJourney> Verified(ClientJourney state, string systemName, params (string Field, string? Expected, string? Actual)[] sides)
    {
        var findings = sides.Where(side => !string.Equals(side.Expected?.Trim() ?? "", side.Actual?.Trim() ?? "", StringComparison.OrdinalIgnoreCase)).Select(side => new Finding(
            "3b", "MST-104", state.Crm!.LegalName, $"{side.Field} of {state.Crm.LegalName} in {systemName} is {side.Actual ?? "missing"}, but must be {side.Expected ?? "empty"}. Correct it there, then retry.")
        {
            Field = side.Field,
            Expected = side.Expected,
            Actual = side.Actual,
        }).ToList();
        return new StepOutcome<ClientJourney>(findings.Count == 0 ? StepResult.Done : StepResult.Refused, state) { Findings = findings, Detail = TargetSteps.Sides(sides) };
    }
}
