namespace PsaConsole.Engine.Access;

/// <summary>Who acts: a person's id and the roles of 9-access 9.1 that they hold.</summary>
/// <param name="Id">Stable id of the person, as the audit trail keeps it.</param>
/// <param name="Name">What colleagues see.</param>
public sealed record Actor(string Id, string Name, IReadOnlySet<string> Roles)
{
    /// <summary>The session in which they act, as the audit trail keeps it; null for none.</summary>
    public string? Session { get; init; }

    /// <summary>E-mail address, by which the outside systems know them; null when it is not known.</summary>
    public string? Email { get; init; }

    /// <summary>Which legal entities and practices they see and change.</summary>
    public DataScope Scope { get; init; } = DataScope.Everything;

    /// <summary>False for a program with a key of its own: it may do what its roles let it, but takes no decision that is a person's.</summary>
    public bool IsPerson { get; init; } = true;

    /// <summary>All of their roles in one text, as the audit trail names them where none of them alone allowed it.</summary>
    public string RolesHeld => string.Join(",", Roles.Order(StringComparer.Ordinal));

    public bool Is(string role) => Roles.Contains(role);
}

/// <summary>Names of the roles of 9-access 9.1.</summary>
public static class Roles
{
    public const string Executive = nameof(Executive);
    public const string DeliveryOperations = nameof(DeliveryOperations);
    public const string ResourceManager = nameof(ResourceManager);
    public const string ProjectManager = nameof(ProjectManager);
    public const string FinanceOperations = nameof(FinanceOperations);
    public const string FinanceController = nameof(FinanceController);
    public const string HrPartner = nameof(HrPartner);
    public const string IntegrationAdministrator = nameof(IntegrationAdministrator);
    public const string SecurityAdministrator = nameof(SecurityAdministrator);
    public const string GovernanceBoard = nameof(GovernanceBoard);
    public const string Auditor = nameof(Auditor);
}
