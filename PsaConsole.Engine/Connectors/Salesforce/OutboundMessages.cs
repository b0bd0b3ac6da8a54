using System.Xml;
using System.Xml.Linq;

namespace PsaConsole.Engine.Connectors.Salesforce;

/// <summary>
/// Outbound messages: SOAP, up to 100 notices each, repeated for 24 hours until they are acknowledged, out of order, sometimes twice, with the record as
/// it is when sent. They are not signed: the organisation's id must be ours, and with a NoticeSecret the address must carry it as ?code=.
/// https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_understanding.htm
/// </summary>
internal sealed class OutboundMessages(SalesforceOptions options) : INoticeReader
{
    private const int MostNotices = 100;
    private const int IdLength = 15;
    private const string Receipt = """
        <?xml version="1.0" encoding="UTF-8"?>
        <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>
        """;

    private static readonly XNamespace Outbound = "http://soap.sforce.com/2005/09/outbound";
    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    public string SystemName => SalesforceHttp.System;

    public NoticeReading Read(NoticeRequest request, DateTimeOffset now)
    {
        if (options.OrganizationId is not { Length: >= IdLength } organisation)
        {
            return NoticeReading.Refused("Outbound messages are not set up: set Connectors:salesforce:OrganizationId.");
        }

        if (options.NoticeSecret is { Length: > 0 } secret && !NoticeProof.Same(secret, request.Query.GetValueOrDefault("code")))
        {
            return NoticeReading.Refused("The address does not carry the secret.");
        }

        return Parse(request.Body) is { } message ? Read(message, organisation, now) : NoticeReading.Refused("The body is not an outbound message.");
    }

    private static NoticeReading Read(XElement message, string organisation, DateTimeOffset now)
    {
        // 15 characters name the organisation; the last three of 18 only check them.
        if (message.Element(Outbound + "OrganizationId")?.Value is not { Length: >= IdLength } sender || !NoticeProof.Same(organisation[..IdLength], sender[..IdLength]))
        {
            return NoticeReading.Refused("The message is of another organisation.");
        }

        var notices = message.Elements(Outbound + "Notification").ToList();
        return notices.Count is > 0 and <= MostNotices
            ? NoticeReading.Of([.. notices.Select(notice => ToChange(notice, now)).OfType<Change>()], "text/xml", Receipt)
            : NoticeReading.Refused($"A message carries 1 to {MostNotices} notices.");
    }

    /// <summary>Kinds that we do not read are acknowledged too, or they would come for 24 hours.</summary>
    private static Change? ToChange(XElement notice, DateTimeOffset now)
    {
        var record = notice.Element(Outbound + "sObject");
        var kind = record?.Attribute(Instance + "type")?.Value.Split(':')[^1] switch
        {
            "Opportunity" => "opportunity",
            "Account" => "client",
            _ => null,
        };
        var (id, number) = (record?.Elements().FirstOrDefault(element => element.Name.LocalName == "Id")?.Value, notice.Element(Outbound + "Id")?.Value);
        return kind is not null && Soql.IsId(id) && Soql.IsId(number) ? new Change(kind, id, $"notice-{number}", now, null) : null;
    }

    private static XElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var text = new MemoryStream(body.ToArray(), writable: false);
            using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 4 * 1024 * 1024 });
            return XDocument.Load(reader).Descendants(Outbound + "notifications").FirstOrDefault();
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
