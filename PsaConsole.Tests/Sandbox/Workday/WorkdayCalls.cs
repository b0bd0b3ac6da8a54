using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace PsaConsole.Tests.Sandbox.Workday;

/// <summary>The calls of Workday's services that the tests make.</summary>
internal static class WorkdayCalls
{
    public const string TokenPath = "/ccx/oauth2/northwind/token";
    public const string Absence = "/ccx/api/absenceManagement/v1/northwind/";
    public const string Roster = "/ccx/service/customreport2/northwind/isu_psaconsole/Consultant_Roster";
    public static readonly XNamespace Wd = "urn:com.workday/bsvc";

    /// <summary>A client that has signed in with the refresh token.</summary>
    public static async Task<HttpClient> WorkdayAsync(this RunningSandbox sandbox)
    {
        var client = sandbox.Client("workday");
        using var answer = await sandbox.TokenAsync(client);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await RunningSandbox.JsonAsync(answer)).GetProperty("access_token").GetString());
        return client;
    }

    public static async Task<HttpResponseMessage> TokenAsync(this RunningSandbox sandbox, HttpClient client, string? secret = null, string? refreshToken = null, string grant = "refresh_token")
    {
        var credentials = sandbox.Host.Vendor("workday").Credentials;
        using var request = new HttpRequestMessage(HttpMethod.Post, TokenPath);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials["clientId"]}:{secret ?? (string)credentials["clientSecret"]!}")));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = grant, ["refresh_token"] = refreshToken ?? (string)credentials["refreshToken"]! });
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> ReadAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await RunningSandbox.JsonAsync(answer);
    }

    /// <summary>Get_Workers with these parts; header takes a WS-Security element.</summary>
    public static async Task<(HttpStatusCode Status, XElement Body)> GetWorkersAsync(this HttpClient client, string parts, string header = "")
    {
        var envelope = $"""
            <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:bsvc="urn:com.workday/bsvc"><soapenv:Header>{header}</soapenv:Header>
            <soapenv:Body><bsvc:Get_Workers_Request bsvc:version="v45.2">{parts}</bsvc:Get_Workers_Request></soapenv:Body></soapenv:Envelope>
            """;
        using var content = new StringContent(envelope, Encoding.UTF8, "text/xml");
        using var answer = await client.PostAsync("/ccx/service/northwind/Human_Resources/v45.2", content, TestContext.Current.CancellationToken);
        var root = XElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (answer.StatusCode, root.Elements().Single().Elements().Single());
    }

    public static string Window(string kind, DateTimeOffset from, DateTimeOffset through)
    {
        var format = kind == "Updated" ? "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'" : "yyyy-MM-dd";
        string Text(DateTimeOffset at) => at.UtcDateTime.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        return $"<bsvc:Request_Criteria><bsvc:Transaction_Log_Criteria_Data><bsvc:Transaction_Date_Range_Data><bsvc:{kind}_From>{Text(from)}</bsvc:{kind}_From><bsvc:{kind}_Through>{Text(through)}</bsvc:{kind}_Through></bsvc:Transaction_Date_Range_Data></bsvc:Transaction_Log_Criteria_Data></bsvc:Request_Criteria>";
    }

    public static string Reference(string type, string id)
        => $"<bsvc:Request_References><bsvc:Worker_Reference><bsvc:ID bsvc:type=\"{type}\">{id}</bsvc:ID></bsvc:Worker_Reference></bsvc:Request_References>";

    public static string[] EmployeeIds(this XElement response) => [.. response.Descendants(Wd + "Worker_ID").Select(id => id.Value)];

    public static string? Value(this XElement element, string name) => element.Descendants(Wd + name).FirstOrDefault()?.Value;
}
