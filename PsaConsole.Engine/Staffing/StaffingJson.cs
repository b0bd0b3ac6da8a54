using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsaConsole.Engine.Staffing;

/// <summary>How facts, conflicts and decisions are stored.</summary>
public static class StaffingJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
