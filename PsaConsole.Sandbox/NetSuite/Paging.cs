using System.Globalization;
using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>A page of a result: at most 1,000 items, at an offset that its size divides, in the first 1,000 pages (vendor page 2.3).</summary>
internal sealed record Paging(int Limit, int Offset)
{
    private const int Most = 1_000;
    private const int MostPages = 1_000;

    /// <exception cref="NetSuiteRefusal">The numbers aren't allowed.</exception>
    public static Paging Of(IQueryCollection query)
    {
        var limit = Whole(query, "limit", Most);
        var offset = Whole(query, "offset", 0);
        if (limit is < 1 or > Most)
        {
            throw NetSuiteRefusal.Parameter($"The limit must be between 1 and {Most}.", "limit");
        }

        return offset % limit != 0
            ? throw NetSuiteRefusal.Parameter("The offset must be divisible by the limit. Provide a valid value for offset.", "offset")
            : offset / limit >= MostPages ? throw NetSuiteRefusal.Parameter($"The number of pages is limited to {MostPages}.", "offset") : new Paging(limit, offset);
    }

    /// <summary>The envelope around one page.</summary>
    /// <param name="address">The resource's address without its query.</param>
    /// <param name="keep">Other parameters that the links repeat, such as q.</param>
    /// <param name="items">The page's items.</param>
    /// <param name="total">How many items all pages have.</param>
    public JsonObject Envelope(string address, string keep, JsonArray items, int total)
    {
        var (last, hasMore) = (Math.Max(0, (total - 1) / Limit * Limit), Offset + items.Count < total);
        var links = new JsonArray();
        if (hasMore)
        {
            links.Add(RecordJson.Link("next", At(Offset + Limit)));
            links.Add(RecordJson.Link("last", At(last)));
        }

        if (Offset > 0)
        {
            links.Add(RecordJson.Link("first", At(0)));
            links.Add(RecordJson.Link("prev", At(Offset - Limit)));
        }

        links.Add(RecordJson.Link("self", At(Offset)));
        return new JsonObject { ["links"] = links, ["count"] = items.Count, ["hasMore"] = hasMore, ["items"] = items, ["offset"] = Offset, ["totalResults"] = total };

        string At(int offset) => string.Create(CultureInfo.InvariantCulture, $"{address}?{keep}limit={Limit}&offset={offset}");
    }

    private static int Whole(IQueryCollection query, string name, int usual)
        => !query.TryGetValue(name, out var text) ? usual
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw NetSuiteRefusal.Parameter($"Invalid value '{text}' for the query parameter {name}.", name);
}
