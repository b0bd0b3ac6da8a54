using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// People are users, who belong to the account by a membership. A user is made by inviting one; who leaves is deactivated, and can come back.
/// https://knowledge.kantata.com/hc/en-us/articles/32608719669403-API-Quick-Reference-Managing-Users
/// </summary>
internal sealed class KantataPeople(KantataHttp http, KantataReferences references, MappingSets mappings) : ITarget<Placement>
{
    private const string Users = "users";
    private const string Memberships = "account_memberships";
    private const string Invitations = "account_invitations";
    private const string Subject = "User";
    private const string FieldSet = "kantata.person-fields.write";
    private readonly KantataFields fields = new(http);

    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => references.FindAsync(Subject, key, cancellationToken);

    public async Task<string> WriteAsync(string key, Placement record, string? id, CancellationToken cancellationToken)
    {
        var profile = mappings.Write("kantata.person.write", record);
        var role = await RoleIdAsync(record.Role, cancellationToken);
        id ??= (record.Email is null ? null : await FindByAddressAsync(record.Email, cancellationToken)) ?? await InviteAsync(profile, role, cancellationToken);
        await ChangeAsync(Users, "user", await http.FindAsync(Users, id, cancellationToken), id, profile, cancellationToken);
        if (await MembershipAsync(id, cancellationToken) is { } membership)
        {
            var membershipId = membership["id"]!.ToString();
            await ChangeAsync(Memberships, "account_membership", membership, membershipId, new JsonObject { ["default_role_id"] = role }, cancellationToken);
            await ActivateAsync(membership, membershipId, record.Active, cancellationToken);
        }

        await references.EnsureAsync(Users, Subject, "person", key, id, cancellationToken);
        await fields.EnsureAsync(Subject, id, mappings.Write(FieldSet, record), FieldSet, cancellationToken);
        return id;
    }

    public async Task<Placement?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Users, id, cancellationToken) is not { } user)
        {
            return null;
        }

        var membership = await MembershipAsync(id, cancellationToken);
        user["active"] = membership is not null && membership["disabled_at"] is null;
        user["role"] = membership?["default_role_id"]?.ToString() is { } role ? await http.FindAsync("roles", role, cancellationToken) : null;
        user["custom"] = await fields.ReadAsync(Subject, id, cancellationToken);
        return mappings.Read<Placement>("kantata.person.read", user);
    }

    /// <summary>Deactivated: what they entered stays.</summary>
    public async Task WithdrawAsync(string id, CancellationToken cancellationToken)
    {
        if (await MembershipAsync(id, cancellationToken) is { } membership)
        {
            await ActivateAsync(membership, membership["id"]!.ToString(), active: false, cancellationToken);
        }
    }

    /// <summary>The user with the address, or who was invited by it.</summary>
    public async Task<string?> FindByAddressAsync(string address, CancellationToken cancellationToken)
    {
        bool IsTheirs(JsonObject item) => string.Equals(item["email_address"]?.ToString(), address, StringComparison.OrdinalIgnoreCase);
        var search = $"search={Uri.EscapeDataString(address)}";
        return (await http.ListAsync(Users, $"{search}&on_my_account=true", cancellationToken)).Find(IsTheirs)?["id"]?.ToString()
            ?? (await http.ListAsync(Invitations, search, cancellationToken)).Find(IsTheirs)?["invitee_id"]?.ToString();
    }

    private async Task<string> InviteAsync(JsonObject profile, string? role, CancellationToken cancellationToken)
    {
        var invitation = profile.DeepClone().AsObject();
        invitation["default_role_id"] = role;
        var invited = await http.CreateAsync(Invitations, "account_invitation", invitation, cancellationToken);
        return invited["invitee_id"]?.ToString()
            ?? throw new ConnectorException(KantataHttp.System, ErrorClass.Contract, "kantata took an invitation and names no user for it. Look at the invitation there, then retry.");
    }

    /// <summary>The list shows active memberships unless it is asked for the others.</summary>
    private async Task<JsonObject?> MembershipAsync(string user, CancellationToken cancellationToken)
    {
        var filter = $"by_user_id={Uri.EscapeDataString(user)}";
        return (await http.ListAsync(Memberships, filter, cancellationToken)).FirstOrDefault()
            ?? (await http.ListAsync(Memberships, $"{filter}&only_inactive=true", cancellationToken)).FirstOrDefault();
    }

    private async Task ChangeAsync(string resource, string wrapper, JsonObject? found, string id, JsonObject wanted, CancellationToken cancellationToken)
    {
        var changes = new JsonObject(wanted.Where(pair => pair.Value?.ToString() != found?[pair.Key]?.ToString()).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        if (changes.Count > 0)
        {
            await http.UpdateAsync(resource, wrapper, id, changes, cancellationToken);
        }
    }

    private Task ActivateAsync(JsonObject membership, string id, bool active, CancellationToken cancellationToken) => (membership["disabled_at"] is null) == active
        ? Task.CompletedTask
        : http.ActAsync(Memberships, id, active ? "activate" : "deactivate", cancellationToken);

    private async Task<string?> RoleIdAsync(string? name, CancellationToken cancellationToken)
    {
        if (name is null)
        {
            return null;
        }

        var found = await http.ListAsync("roles", $"search={Uri.EscapeDataString(name)}", cancellationToken);
        return found.Find(role => role["name"]?.ToString() == name)?["id"]?.ToString()
            ?? throw new ConnectorException(KantataHttp.System, ErrorClass.Business, $"kantata has no role \"{name}\". Create it, or correct the mapping set person.role.");
    }
}
