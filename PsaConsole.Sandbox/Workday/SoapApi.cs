using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace PsaConsole.Sandbox.Workday;

/// <summary>The web service Human_Resources: SOAP 1.1 with WS-Security or a bearer token. Every refusal is a fault with HTTP 500.</summary>
internal sealed class SoapApi(GetWorkers getWorkers, Access access)
{
    private static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace Security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static readonly XNamespace Wd = GetWorkersRequest.Wd;

    public async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var envelope = await ReadAsync(context);
            if (!access.AcceptsBearer(context.Request.Headers.Authorization) && !IsUser(envelope))
            {
                await WriteAsync(context, StatusCodes.Status500InternalServerError, Fault("SOAP-ENV:Client.authenticationError", "invalid username or password", null));
                return;
            }

            var operation = envelope.Element(Soap + "Body")?.Elements().FirstOrDefault();
            var answer = operation?.Name == Wd + "Get_Workers_Request"
                ? getWorkers.Answer(operation)
                : throw SoapFault.Validation($"Validation error occurred. The operation {operation?.Name.LocalName ?? "(none)"} is not available to the system account.");
            await WriteAsync(context, StatusCodes.Status200OK, answer);
        }
        catch (SoapFault fault)
        {
            await WriteFaultAsync(context, StatusCodes.Status500InternalServerError, fault);
        }
    }

    public static Task WriteFaultAsync(HttpContext context, int status, SoapFault fault)
    {
        var detail = fault.IsValidation
            ? new XElement(
                Wd + "Validation_Fault",
                Namespace(),
                new XElement(Wd + "Validation_Error", new XElement(Wd + "Message", fault.Message), new XElement(Wd + "Detail_Message", fault.Message), new XElement(Wd + "Xpath", fault.XPath)))
            : new XElement(Wd + "Processing_Fault", Namespace(), new XElement(Wd + "Detail_Message", fault.Message));
        return WriteAsync(context, status, Fault(fault.IsValidation ? "SOAP-ENV:Client.validationError" : "SOAP-ENV:Server.processingError", fault.Message, detail));
    }

    private static XElement Fault(string code, string text, XElement? detail)
        => new(Soap + "Fault", new XElement("faultcode", code), new XElement("faultstring", text), detail is null ? null : new XElement("detail", detail));

    private static XAttribute Namespace() => new(XNamespace.Xmlns + "wd", Wd.NamespaceName);

    private static async Task<XElement> ReadAsync(HttpContext context)
    {
        try
        {
            // No document type: a request must not reach for files.
            using var reader = XmlReader.Create(context.Request.Body, new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var document = await XDocument.LoadAsync(reader, LoadOptions.None, context.RequestAborted);
            return document.Root!.Name == Soap + "Envelope" ? document.Root : throw SoapFault.Validation("The request is not a SOAP envelope.");
        }
        catch (XmlException malformed)
        {
            throw SoapFault.Validation($"The request is not well-formed: {malformed.Message}");
        }
    }

    private static bool IsUser(XElement envelope)
    {
        var token = envelope.Element(Soap + "Header")?.Descendants(Security + "UsernameToken").FirstOrDefault();
        return Access.AcceptsUser(token?.Element(Security + "Username")?.Value, token?.Element(Security + "Password")?.Value);
    }

    private static Task WriteAsync(HttpContext context, int status, XElement body)
    {
        var envelope = new XElement(Soap + "Envelope", new XAttribute(XNamespace.Xmlns + "SOAP-ENV", Soap.NamespaceName), new XElement(Soap + "Body", body));
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml; charset=utf-8";
        return context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{envelope.ToString(SaveOptions.DisableFormatting)}", Encoding.UTF8, context.RequestAborted);
    }
}
