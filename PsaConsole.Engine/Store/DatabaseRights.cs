using Npgsql;

namespace PsaConsole.Engine.Store;

/// <summary>
/// What the console's working login may do in the database: read and write, but never change or remove what the audit trail holds. Another login owns the
/// tables and migrates them. Where one login does both, triggers refuse the same.
/// </summary>
public static class DatabaseRights
{
    /// <summary>Tables of the audit trail, to which rows are only added.</summary>
    private const string AppendOnly = "audit_entry, audit_link";

    /// <summary>Grants the rights anew, after each migration. Does nothing when owner and working login are one.</summary>
    /// <param name="ownerConnection">Connects as the owner of the tables.</param>
    /// <param name="workingConnection">Connects as the login that the console works with.</param>
    public static async Task GrantAsync(string ownerConnection, string workingConnection, CancellationToken cancellationToken)
    {
        var owner = new NpgsqlConnectionStringBuilder(ownerConnection).Username;
        var working = new NpgsqlConnectionStringBuilder(workingConnection).Username;
        if (string.IsNullOrEmpty(working) || working == owner)
        {
            return;
        }

        var login = new NpgsqlCommandBuilder().QuoteIdentifier(working);
        await using var connection = new NpgsqlConnection(ownerConnection);
        await connection.OpenAsync(cancellationToken);
        await using var grant = new NpgsqlCommand(
            $"""
            grant usage on schema public to {login};
            grant select, insert, update, delete on all tables in schema public to {login};
            grant usage, select on all sequences in schema public to {login};
            revoke update, delete, truncate, references, trigger on {AppendOnly} from {login};
            create schema if not exists hangfire;
            grant usage, create on schema hangfire to {login};
            grant all on all tables in schema hangfire to {login};
            grant all on all sequences in schema hangfire to {login};
            """,
            connection);
        await grant.ExecuteNonQueryAsync(cancellationToken);
    }
}
