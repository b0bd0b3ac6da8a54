namespace PsaConsole.Sandbox.Firm;

/// <summary>The words that the sample firm is put together from.</summary>
internal static class Names
{
    public static readonly string[] First =
    [
        "Amelia", "Noah", "Olivia", "Liam", "Sofia", "Lukas", "Hannah", "Jonas", "Mia", "Felix", "Clara", "Paul", "Haruto", "Yui", "Sota", "Aoi", "Ren", "Hina",
        "Priya", "Arjun", "Fatima", "Omar", "Grace", "Daniel", "Chloe", "Ethan", "Isla", "Oscar", "Freya", "Arthur", "Elena", "Mateo", "Lucia", "Diego", "Nora", "Emil",
        "Ingrid", "Henrik", "Zoe", "Samuel", "Leila", "Karim", "Mei", "Wei", "Jin", "Ava", "Mason", "Ruth", "Tobias", "Greta",
    ];

    public static readonly string[] Last =
    [
        "Adams", "Baker", "Carter", "Davies", "Evans", "Foster", "Graham", "Hughes", "Irving", "Jackson", "Keller", "Lehmann", "Maier", "Neumann", "Otto", "Peters", "Quandt",
        "Richter", "Schulz", "Thoma", "Ueda", "Watanabe", "Yamada", "Sato", "Tanaka", "Kobayashi", "Ito", "Mori", "Patel", "Sharma", "Khan", "Hassan", "Rossi", "Garcia",
        "Silva", "Novak", "Larsen", "Berg", "Lindqvist", "Moreau", "Dubois", "O'Brien", "Walsh", "Campbell", "Reid", "Morgan", "Price", "Bennett", "Coleman", "Hayes",
    ];

    public static readonly string[] ClientStems =
    [
        "Alder", "Beacon", "Cobalt", "Delta", "Ember", "Fairway", "Granite", "Harbor", "Indigo", "Juniper", "Kestrel", "Lumen", "Meridian", "Nimbus", "Orchard", "Pioneer",
        "Quarry", "Ridgeline", "Sterling", "Tidewater", "Umbra", "Vantage", "Westbrook", "Yarrow", "Zephyr", "Aurora", "Bluestone", "Crestview", "Driftwood", "Evergreen",
    ];

    public static readonly (string Word, string Industry)[] ClientTrades =
    [
        ("Logistics", "Transportation"), ("Insurance", "Insurance"), ("Energy", "Energy"), ("Foods", "Food & Beverage"), ("Health", "Healthcare"), ("Bank", "Banking"),
        ("Retail", "Retail"), ("Motors", "Manufacturing"), ("Media", "Media"), ("Telecom", "Telecommunications"), ("Chemicals", "Chemicals"), ("Utilities", "Utilities"),
    ];

    public static readonly Dictionary<string, (string Suffix, (string City, string? State, string PostalCode)[] Cities, string[] Streets)> Places = new()
    {
        ["US"] = ("Inc", [("New York", "NY", "10018"), ("Chicago", "IL", "60606"), ("Austin", "TX", "78701"), ("Boston", "MA", "02110"), ("Denver", "CO", "80202")],
            ["Madison Avenue", "Lake Street", "Congress Avenue", "Federal Street"]),
        ["GB"] = ("Ltd", [("London", null, "EC2A 4NE"), ("Manchester", null, "M2 5BQ"), ("Leeds", null, "LS1 4AP"), ("Bristol", null, "BS1 4DJ")],
            ["King Street", "Queen Square", "Park Row", "Finsbury Square"]),
        ["DE"] = ("GmbH", [("Berlin", null, "10117"), ("Hamburg", null, "20095"), ("München", null, "80331"), ("Köln", null, "50667")],
            ["Friedrichstraße", "Hafenallee", "Lindenweg", "Marktplatz"]),
        ["JP"] = ("KK", [("Tokyo", "13", "100-0005"), ("Osaka", "27", "530-0001"), ("Nagoya", "23", "450-0002")], ["Marunouchi", "Umeda", "Meieki"]),
    };

    public static readonly Dictionary<string, string[]> SkillsOf = new()
    {
        ["Data"] = ["SQL", "Python", "Power BI", "Databricks", "Data Modelling", "Azure"],
        ["Cloud"] = ["Azure", "AWS", "Kubernetes", "Terraform", ".NET", "Security"],
        ["Strategy"] = ["Business Analysis", "Change Management", "Process Design", "Finance", "Agile", "Workshop Facilitation"],
    };

    public static readonly Dictionary<string, string[]> ThemesOf = new()
    {
        ["Data"] = ["Data Platform", "Reporting Renewal", "Customer Analytics", "Lakehouse Migration", "Forecasting Engine"],
        ["Cloud"] = ["Cloud Migration", "Landing Zone", "Application Modernisation", "Identity Roll-out", "Platform Operations"],
        ["Strategy"] = ["Operating Model", "Cost Transformation", "ERP Selection", "Post-Merger Integration", "Target Process Design"],
    };

    public static string Pick(this Random random, IReadOnlyList<string> words) => words[random.Next(words.Count)];
}
