using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Tests.Access;

/// <summary>Every right and every role, against the table of domain/9 §9.1 written out once more here.</summary>
public sealed class RightsMatrixTests
{
    // The columns are EX DO RM PM FO FC HR IA SA GB AU, the words those of the document.
    private const string Table =
        """
        SeeDashboards           | r   | r    | r      | r own    | r        | r        | r agg | r tech | -     | r       | r
        SeeRates                | agg | -    | bill   | bill own | x        | x        | -     | -      | -     | -       | r
        SeeAvailability         | -   | x    | x      | own      | -        | -        | x     | -      | -     | -       | masked
        SettleExceptions        | -   | x    | x      | own      | x        | x        | x HR  | x INT  | x SEC | -       | r
        Retry                   | -   | x    | x STF  | -        | x FIN    | x        | -     | x INT  | -     | -       | -
        EditAndRetry            | -   | x    | x      | own      | x        | x        | -     | x INT  | -     | -       | -
        EditFinancialFields     | -   | -    | -      | -        | (x)      | x        | -     | -      | -     | -       | -
        Skip                    | -   | nofin| nofin  | -        | (x)      | (x)      | -     | x INT  | -     | -       | -
        Compensate              | -   | hand | -      | -        | (x)      | x        | -     | -      | -     | -       | -
        Approve                 | -   | (x)  | -      | -        | (x)      | x        | -     | -      | -     | -       | -
        OverrideStaffingWarning | -   | -    | x STF  | request  | -        | -        | -     | -      | -     | -       | -
        OverrideStaffingBlock   | -   | -    | -      | -        | -        | -        | -     | -      | -     | -       | -
        ChangeMappings          | -   | draft| draft  | -        | draft    | activate | draft | activate | -   | activate | r
        ChangePolicies          | -   | -    | -      | -        | draft    | activate | draft | draft  | -     | activate | r
        Reconcile               | -   | -    | run    | -        | run      | sign     | run   | run    | -     | -       | r
        ExportWorkbook          | agg | own  | own    | own      | x        | x        | x HR  | -      | -     | -       | x
        ManageSystems           | -   | -    | -      | -        | -        | -        | -     | x      | creds | -       | r
        ManageRoles             | -   | -    | -      | -        | -        | -        | -     | -      | x     | -       | r
        ReadAudit               | -   | own  | own    | own      | x        | x        | x HR  | x INT  | x SEC | -       | x
        """;

    private static readonly string[] Columns =
    [
        "Executive", "DeliveryOperations", "ResourceManager", "ProjectManager", "FinanceOperations", "FinanceController", "HrPartner",
        "IntegrationAdministrator", "SecurityAdministrator", "GovernanceBoard", "Auditor",
    ];

    private static readonly Dictionary<string, Extent> Meaning = new()
    {
        ["-"] = Extent.None,
        ["x"] = Extent.All,
        ["r"] = Extent.Read,
        ["r own"] = Extent.ReadOwn,
        ["r agg"] = Extent.Aggregated,
        ["agg"] = Extent.Aggregated,
        ["r tech"] = Extent.Technical,
        ["x INT"] = Extent.Technical,
        ["bill"] = Extent.BillRates,
        ["bill own"] = Extent.OwnBillRates,
        ["own"] = Extent.Own,
        ["masked"] = Extent.Masked,
        ["x HR"] = Extent.HumanResources,
        ["x SEC"] = Extent.Security,
        ["x STF"] = Extent.StaffingCases,
        ["x FIN"] = Extent.FinanceCases,
        ["nofin"] = Extent.NonFinancial,
        ["hand"] = Extent.HandOff,
        ["(x)"] = Extent.WithinLimit,
        ["request"] = Extent.Request,
        ["draft"] = Extent.Draft,
        ["activate"] = Extent.Activate,
        ["run"] = Extent.Prepare,
        ["sign"] = Extent.Sign,
        ["creds"] = Extent.Credentials,
    };

    [Fact]
    public void Every_right_of_every_role_is_that_of_the_document()
    {
        var lines = Table.Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();

        Assert.Equal(Enum.GetNames<Right>(), lines.Select(line => line[0]));
        Assert.Equal(Columns, RightsMatrix.RoleOrder);
        Assert.All(lines, line => Assert.All(Columns.Index(), column =>
            Assert.True(
                Meaning[line[column.Index + 1]] == RightsMatrix.Of(Enum.Parse<Right>(line[0]), column.Item),
                $"{line[0]} for {column.Item} is {RightsMatrix.Of(Enum.Parse<Right>(line[0]), column.Item)}, and the document says {line[column.Index + 1]}")));
        Assert.Equal(Extent.None, RightsMatrix.Of(Right.Retry, "Gardener"));
    }

    [Fact]
    public void Every_action_on_every_kind_of_case_is_allowed_to_exactly_the_roles_of_the_document()
    {
        var walked = 0;
        foreach (var kind in CaseKinds.All)
        {
            foreach (var action in Enum.GetValues<CaseAction>().Where(action => action is CaseAction.Assign or CaseAction.Snooze || (action is not CaseAction.None && kind.Actions.HasFlag(action))))
            {
                foreach (var role in Columns)
                {
                    foreach (var own in new[] { true, false })
                    {
                        foreach (var amount in new decimal?[] { null, 400m, 501m, 10_000m, 10_001m, 100_001m, 250_001m })
                        {
                            walked++;
                            var permission = CaseRights.Of(new Actor("p", "P", new HashSet<string> { role }), action, Case(kind, own ? "p" : "q", amount));
                            var expected = Expected(kind, action, role, own, amount);
                            Assert.True(expected == permission.Allowed, $"{kind.Code} {action} by {role}, own {own}, {amount}: expected {expected}. {permission.Why}");
                            Assert.True(permission.Allowed ? permission.Role == role : permission.Why?.Length > 10, $"{kind.Code} {action} by {role} does not say why");
                        }
                    }
                }
            }
        }

        Assert.True(walked > 20_000, $"only {walked} were walked");
    }

    private static bool Expected(CaseKind kind, CaseAction action, string role, bool own, decimal? amount)
    {
        var money = kind.Code[..3] is "TIM" or "EXP" or "BIL" or "REC";
        var finance = money || kind.Owner == CaseOwner.Finance;
        var technical = !finance && (kind.Code[..3] == "INT" || kind.Owner == CaseOwner.IntegrationAdministration);
        var staffing = kind.Code[..3] is "STF" or "RES";
        bool UpTo(decimal limit) => amount is { } known ? known <= limit : !money;
        if (kind.Code == "CHG-701" && action is (CaseAction.Approve or CaseAction.Reject))
        {
            // Decided as an approval, with its chain, and not as a case.
            return false;
        }

        return (action, role) switch
        {
            (CaseAction.Assign or CaseAction.Snooze, "DeliveryOperations" or "ResourceManager" or "FinanceOperations" or "FinanceController") => true,
            (CaseAction.Assign or CaseAction.Snooze, "ProjectManager") => own,
            (CaseAction.Assign or CaseAction.Snooze, "HrPartner") => kind.Owner == CaseOwner.HumanResources,
            (CaseAction.Assign or CaseAction.Snooze, "IntegrationAdministrator") => technical,
            (CaseAction.Assign or CaseAction.Snooze, "SecurityAdministrator") => kind.Owner == CaseOwner.Security,
            (CaseAction.Retry, "DeliveryOperations" or "FinanceController") => true,
            (CaseAction.Retry, "ResourceManager") => staffing,
            (CaseAction.Retry, "FinanceOperations") => finance,
            (CaseAction.Retry, "IntegrationAdministrator") => technical,
            (CaseAction.Remap, "DeliveryOperations" or "ResourceManager" or "FinanceOperations" or "HrPartner" or "IntegrationAdministrator") => true,
            (CaseAction.EditAndRetry, "DeliveryOperations" or "ResourceManager" or "FinanceOperations" or "FinanceController") => true,
            (CaseAction.EditAndRetry, "ProjectManager") => own,
            (CaseAction.EditAndRetry, "IntegrationAdministrator") => technical,
            (CaseAction.Waive, "ResourceManager") when kind.Code[..3] == "STF" => true,
            (CaseAction.Waive, _) when kind.Code[..3] == "STF" => false,
            (CaseAction.Skip or CaseAction.Waive, "DeliveryOperations" or "ResourceManager") => !finance,
            (CaseAction.Skip or CaseAction.Waive, "FinanceOperations") => !money || UpTo(500m),
            (CaseAction.Skip or CaseAction.Waive, "FinanceController") => !money || amount is null or <= 10_000m,
            (CaseAction.Skip or CaseAction.Waive, "IntegrationAdministrator") => technical,
            (CaseAction.Compensate, "DeliveryOperations") => kind.Code[..3] == "HND",
            (CaseAction.Compensate, "FinanceOperations") => UpTo(500m),
            (CaseAction.Compensate, "FinanceController") => true,
            (CaseAction.Approve or CaseAction.Reject, "DeliveryOperations") => !finance && UpTo(250_000m),
            (CaseAction.Approve or CaseAction.Reject, "FinanceOperations") => finance && UpTo(100_000m),
            (CaseAction.Approve or CaseAction.Reject, "FinanceController") => true,
            _ => false,
        };
    }

    private static ExceptionCase Case(CaseKind kind, string assignee, decimal? amount) => new()
    {
        Code = kind.Code,
        BusinessKey = "k",
        Subject = "s",
        Message = "m",
        Findings = "[]",
        Severity = "High",
        OwnerGroup = kind.Owner.ToString(),
        RaisedAt = DateTimeOffset.UnixEpoch,
        Assignee = assignee,
        Exposure = amount,
        ExposureCurrency = amount is null ? null : "EUR",
    };
}
