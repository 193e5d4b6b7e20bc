using System.Globalization;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Section <c>Invoicing:Datev</c>: what the tax adviser's program wants to know. Without it there is no such file.</summary>
internal sealed class DatevOptions
{
    /// <summary>The number of the tax adviser ("Beraternummer"), 1001 to 9999999.</summary>
    public int Consultant { get; set; }

    /// <summary>The number of the vendor there ("Mandantennummer"), 1 to 99999.</summary>
    public int Client { get; set; }

    /// <summary>The month in which the business year begins.</summary>
    public int YearBegins { get; set; } = 1;

    /// <summary>Digits of general ledger accounts, 4 to 8.</summary>
    public int AccountLength { get; set; } = 4;

    /// <summary>The account on which all customers owe, one digit longer than the others.</summary>
    public string Debtors { get; set; } = "";

    /// <summary>The account of the bank to which payments come.</summary>
    public string Bank { get; set; } = "";

    public bool IsUsed => Consultant != 0;

    /// <summary>When the business year began in which the day lies.</summary>
    public DateOnly YearOf(DateOnly day)
    {
        var begin = new DateOnly(day.Year, YearBegins, 1);
        return begin <= day ? begin : begin.AddYears(-1);
    }

    /// <summary>Why the section cannot be meant, in sentences for the operator.</summary>
    public IEnumerable<string> Validate(RevenueAccounts accounts) => !IsUsed ? [] : ((string?[])
    [
        Consultant is >= 1001 and <= 9_999_999 ? null : $"Invoicing:Datev:Consultant is {Consultant}; it is a number from 1001 to 9999999.",
        Client is >= 1 and <= 99_999 ? null : $"Invoicing:Datev:Client is {Client}; it is a number from 1 to 99999.",
        YearBegins is >= 1 and <= 12 ? null : $"Invoicing:Datev:YearBegins is {YearBegins}; it is a month from 1 to 12.",
        .. AccountLength is < 4 or > 8 ? (string?[])[$"Invoicing:Datev:AccountLength is {AccountLength}; accounts have 4 to 8 digits."] :
        [
            Wrong("Datev:Debtors", Debtors, AccountLength + 1), Wrong("Datev:Bank", Bank, AccountLength),
            .. accounts.All.Select(a => Wrong($"Accounts:{a.Name}", a.Account, AccountLength)),
        ],
    ]).OfType<string>();

    private static bool IsAccount(string account, int length) => account.Length == length && account.All(char.IsAsciiDigit);

    private static string? Wrong(string name, string account, int length) => IsAccount(account, length) ? null : string.Create(
        CultureInfo.InvariantCulture, $"Invoicing:{name} is '{account}'; with Invoicing:Datev it is an account of {length} digits.");
}
