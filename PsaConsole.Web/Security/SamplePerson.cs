using PsaConsole.Engine.Access;

namespace PsaConsole.Web.Security;

/// <summary>A sample user of the development sign-in who sees a part of the firm: an entry of <c>SignIn:Samples</c>.</summary>
public sealed class SamplePerson
{
    /// <summary>What they are called, such as "Finance operations, Germany".</summary>
    public string Title { get; init; } = "";

    /// <summary>Name of their role.</summary>
    public string Role { get; init; } = "";

    public ScopeGrant Scope { get; init; } = new();
}
