using System.Text;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>A made-up list whose faults are known: columns in any order, rows that are empty, wrong, twice there or stored.</summary>
internal sealed class FaultyList
{
    private static readonly string[] Columns = ["product", "license_number", "seats", "maintenance_until", "company", "email", "color"];

    private readonly ImportDesk _desk;

    /// <param name="desk">Has the license <c>OLD-TAG</c> of Alt GmbH.</param>
    public FaultyList(ImportDesk desk, Seeded random, int rows)
    {
        _desk = desk;
        var order = Columns.OrderBy(_ => random.Below(int.MaxValue)).ToArray();
        var text = new StringBuilder(string.Join(';', order)).Append(";;\n");
        var line = 1;
        HashSet<string> numbers = [];
        for (var i = 1; i <= rows; i++)
        {
            line++;
            if (random.Below(20) == 0)
            {
                text.Append(random.Below(2) == 0 ? ";;;;;;\n" : " ; ;\n");
                continue;
            }

            var row = Row(i);
            List<string> faults = [];
            var isOld = random.Below(40) == 0;
            if (isOld)
            {
                (row["license_number"], row["company"], row["email"]) = ($"OLD-{desk.Tag}", "Alt GmbH", "alt@muster.example");
                row["seats"] = random.Below(2) == 0 ? "1" : "3";
            }
            else if (random.Below(30) == 0 && numbers.Count > 0)
            {
                row["license_number"] = numbers.ElementAt(random.Below(numbers.Count));
            }

            if (random.Below(8) == 0)
            {
                var (column, value) = random.Of<(string, string)>(
                [
                    ("product", "nothing"), ("license_number", "with blank"), ("seats", "0"), ("seats", "viele"), ("company", ""),
                    ("maintenance_until", "31.02.2027"), ("maintenance_until", "9999-12-31"), ("email", "nobody"), ("email", "a@b@c"),
                ]);
                row[column] = value;
                faults.Add(column);
            }

            var number = row["license_number"];
            if (number is not ("with blank" or "") && !numbers.Add(number))
            {
                FaultyByOthers += faults.Count == 0 ? 1 : 0;
                faults.Add("license_number");
            }

            text.Append(string.Join(';', order.Select(column => row[column]))).Append(random.Below(3) == 0 ? ";;;;\n" : ";;\n");
            if (faults.Count > 0)
            {
                Faulty[line] = faults;
            }
            else if (number == $"OLD-{desk.Tag}")
            {
                (Same, Changed) = row["seats"] == "1" && row["maintenance_until"] is "" ? (Same + 1, Changed) : (Same, Changed + 1);
            }
            else
            {
                New++;
            }
        }

        Text = text.ToString();
    }

    public string Text { get; }

    /// <summary>The columns that are wrong, by line.</summary>
    public Dictionary<int, List<string>> Faulty { get; } = [];

    /// <summary>Rows whose only fault is that another row has their number; alone they are none.</summary>
    public int FaultyByOthers { get; }

    public int New { get; }

    public int Same { get; }

    public int Changed { get; }

    private Dictionary<string, string> Row(int i) => new()
    {
        ["product"] = _desk.Product,
        ["license_number"] = i % 3 == 0 ? "" : $"{_desk.Tag}-{i}",
        ["seats"] = i % 5 == 0 ? "" : "1",
        ["maintenance_until"] = i % 4 == 0 ? "31.12.2027" : "",
        ["company"] = $"Muster {i % 50} GmbH",
        ["email"] = $"inhaber{i % 50}@muster.example",
        ["color"] = "rot",
    };
}
