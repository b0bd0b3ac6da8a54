using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors;

/// <summary>Bodies of calls.</summary>
internal static class Wire
{
    public static HttpContent Json(JsonNode body) => new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()))
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
    };
}
