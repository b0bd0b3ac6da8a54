using Npgsql;

namespace PsaConsole.Engine.Store;

/// <summary>A statement with positional parameters that may be sent more than once, over different connections.</summary>
public sealed record Statement(string Sql, IReadOnlyList<NpgsqlParameter> Parameters)
{
    /// <summary>
    /// A command of its own for each batch: one that is used again on another connection runs what that connection has prepared under the same name,
    /// which may be another statement (https://github.com/npgsql/npgsql/issues/6432).
    /// </summary>
    public NpgsqlBatchCommand Command()
    {
        var command = new NpgsqlBatchCommand(Sql);
        foreach (var parameter in Parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }

        return command;
    }
}
