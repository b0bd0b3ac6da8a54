using System.Text.Encodings.Web;

namespace PsaConsole.Web;

/// <summary>
/// What the console writes to its standard output: one JSON object a line, so that a name with a line break in it can't pass for an entry of its own. On a
/// developer's machine it is text to be read.
/// </summary>
public static class ConsoleLog
{
    public static void AddConsoleLog(this ILoggingBuilder logging, IHostEnvironment environment)
    {
        if (environment.IsDevelopment())
        {
            return;
        }

        logging.ClearProviders();
        logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            json.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.Default };
        });
    }
}
