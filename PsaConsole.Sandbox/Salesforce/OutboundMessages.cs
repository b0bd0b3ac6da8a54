using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>
/// SOAP notices of changed opportunities and accounts, to the address that an administrator has set; sent again until the receiver says Ack.
/// They carry the record as it is when they are sent, not as it was when it changed.
/// https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_understanding.htm
/// </summary>
internal sealed class OutboundMessages(SalesforceVendor vendor)
{
    private const string Setting = "OutboundMessageUrl";
    private static readonly string[] Objects = ["Account", "Opportunity"];
    private static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace Outbound = "http://soap.sforce.com/2005/09/outbound";
    private static readonly XNamespace Enterprise = "urn:sobject.enterprise.soap.sforce.com";
    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";
    private string? _address;
    private long _lastId;

    /// <summary>Null when none is set.</summary>
    public string? Address => _address ??= vendor.Store[SalesforceSchema.SettingTable].FirstBy("Name", Setting)?.Text("Value");

    public void SendTo(string? address)
    {
        var table = vendor.Store[SalesforceSchema.SettingTable];
        var values = new Dictionary<string, object?> { ["Name"] = Setting, ["Value"] = address };
        if (table.FirstBy("Name", Setting) is { } kept)
        {
            vendor.Store.Update(SalesforceSchema.SettingTable, kept.Id, values);
        }
        else
        {
            vendor.Store.Insert(SalesforceSchema.SettingTable, values);
        }

        _address = address;
    }

    public void OnChanged(RecordChange change)
    {
        if (Address is not { } address || change.After.Deleted || !Objects.Contains(change.After.Schema.Name))
        {
            return;
        }

        var (item, id) = (SalesforceSchema.Find(change.After.Schema.Name)!, change.After.Id);
        var notice = SalesforceId.New("04l", Interlocked.Increment(ref _lastId));
        vendor.World.Notices.Send(new Notice
        {
            Vendor = vendor.Name,
            Request = () => new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new StringContent(Envelope(item, id, notice), Encoding.UTF8, new MediaTypeHeaderValue("text/xml", "utf-8")),
                Headers = { { "SOAPAction", "\"\"" } },
            },
            Acknowledged = (answer, body) => answer.IsSuccessStatusCode && IsAck(body),
        });
    }

    private string Envelope(SObject item, string id, string notice)
    {
        var record = vendor.Store[item.Name].FindAny(id)!;
        var root = vendor.Url.GetLeftPart(UriPartial.Authority);
        var values = item.Fields.Where(field => field.Name != "Id" && SObject.Value(record, field.Name) is not null)
            .Select(field => new XElement(Enterprise + field.Name, Text(SObject.Value(record, field.Name)!)));
        var envelope = new XElement(
            Soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "soapenv", Soap),
            new XAttribute(XNamespace.Xmlns + "xsi", Instance),
            new XElement(
                Soap + "Body",
                new XElement(
                    Outbound + "notifications",
                    new XElement(Outbound + "OrganizationId", Sessions.OrganizationId + "AAA"),
                    new XElement(Outbound + "ActionId", SalesforceId.New("04k", Array.IndexOf(Objects, item.Name) + 1)),
                    new XElement(Outbound + "SessionId", new XAttribute(Instance + "nil", true)),
                    new XElement(Outbound + "EnterpriseUrl", $"{root}/services/Soap/c/66.0/{Sessions.OrganizationId}"),
                    new XElement(Outbound + "PartnerUrl", $"{root}/services/Soap/u/66.0/{Sessions.OrganizationId}"),
                    new XElement(
                        Outbound + "Notification",
                        new XElement(Outbound + "Id", notice),
                        new XElement(
                            Outbound + "sObject",
                            new XAttribute(XNamespace.Xmlns + "sf", Enterprise),
                            new XAttribute(Instance + "type", $"sf:{item.Name}"),
                            new XElement(Enterprise + "Id", id),
                            values)))));
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + envelope.ToString(SaveOptions.DisableFormatting);
    }

    private static string Text(object value) => value switch
    {
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.0###################", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static bool IsAck(string body)
    {
        try
        {
            return XDocument.Parse(body).Descendants(Outbound + "Ack").Any(ack => ack.Value.Trim() is "true" or "1");
        }
        catch (System.Xml.XmlException)
        {
            // Not an answer to an outbound message: the notice counts as not received.
            return false;
        }
    }
}
