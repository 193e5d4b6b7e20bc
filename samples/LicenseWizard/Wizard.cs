using SelfHelpPortal.Client;

namespace LicenseWizard;

/// <summary>What the License Wizard of a program does: by verbs for scripts, by a menu for people.</summary>
internal sealed class Wizard(LicenseClient client, Texts texts, CommandLine line)
{
    private const int Done = 0;
    private const int Refused = 1;

    public async Task<int> RunAsync(string verb)
    {
        switch (verb)
        {
            case "activate":
                return Say(await client.ActivateAsync(line.Argument));
            case "check":
                var answer = await client.CheckInAsync();
                Say(answer);
                return client.Status is { IsUsable: var usable } status && status.Code == answer.Code ? (usable ? Done : Refused)
                    : ShowStatus();
            case "status":
                return ShowStatus();
            case "release":
                return line.Has("--offline") ? ReleaseOffline(line.Option("--save"), withQr: true, withCode: true) : await ReleaseAsync();
            case "code":
                return ShowPending(withQr: true, withCode: true) ? Done : Refused;
            case "request-file":
                return SaveRequest(line.Argument!, line.Has("--activate") ? RequestKind.Activate : RequestKind.Info);
            case "import":
                return File.Exists(line.Argument)
                    ? Say(client.ImportLicense(await File.ReadAllTextAsync(line.Argument)))
                    : Say(new(false, LicenseCodes.BadFile));
            case "emergency":
                return Say(client.EnterEmergencyCode(line.Argument!));
            default:
                OpenTransfer();
                return Done;
        }
    }

    public async Task<int> MenuAsync()
    {
        while (true)
        {
            Console.WriteLine();
            Console.WriteLine(texts["Menu.Heading", line.PcName]);
            ShowStatus();
            Console.WriteLine(texts["Menu"]);
            switch (Ask("Menu.Choice"))
            {
                case "1":
                    await ActivateAsync();
                    break;
                case "2":
                    Say(await client.CheckInAsync());
                    break;
                case "3":
                    await ReleaseAsync();
                    break;
                case "4" when !ShowPending(withQr: true, withCode: true):
                    Console.WriteLine(texts["NoPending"]);
                    break;
                case "5" when Ask("Ask.RequestFile") is { Length: > 0 } file:
                    SaveRequest(file, RequestKind.Info);
                    break;
                case "6" when Ask("Ask.LicenseFile") is { Length: > 0 } file:
                    Say(File.Exists(file) ? client.ImportLicense(await File.ReadAllTextAsync(file)) : new(false, LicenseCodes.BadFile));
                    break;
                case "7":
                    OpenTransfer();
                    break;
                case "8" when Ask("Ask.Emergency") is { Length: > 0 } code:
                    Say(client.EnterEmergencyCode(code));
                    break;
                case null or "0":
                    return Done;
            }
        }
    }

    private async Task ActivateAsync()
    {
        var stored = client.ActivationKey;
        var key = Ask(stored is null ? "Ask.Key" : "Ask.KeyOrStored", stored ?? "");
        Say(await client.ActivateAsync(string.IsNullOrWhiteSpace(key) ? null : key));
    }

    /// <summary>
    /// As the vendor's manual tells it: the key is shown whole; without internet comes the question about the smartphone.
    /// </summary>
    private async Task<int> ReleaseAsync()
    {
        if (client.ActivationKey is { } key)
        {
            Console.WriteLine(texts["Release.Key", key]);
        }

        var result = await client.ReleaseAsync();
        if (result.Code == LicenseCodes.ReleasedHere)
        {
            Say(result);
            ShowPending(withQr: true, withCode: true);
            return Done;
        }

        if (result.Code != LicenseCodes.NoConnection)
        {
            return Say(result);
        }

        var answer = Ask("Release.Smartphone");
        if (answer is null || (!texts.IsYes(answer) && !texts.IsNo(answer)))
        {
            Console.WriteLine(texts["Release.Kept"]);
            return Refused;
        }

        var phone = texts.IsYes(answer);
        var file = line.Option("--save") ?? (phone ? null : Ask("Ask.SaveTo"));
        return ReleaseOffline(string.IsNullOrWhiteSpace(file) ? null : file, withQr: phone, withCode: !phone);
    }

    private int ReleaseOffline(string? saveTo, bool withQr, bool withCode)
    {
        var result = client.ReleaseOffline(saveTo);
        Say(result);
        if (result.Succeeded)
        {
            ShowPending(withQr, withCode);
        }

        return result.Succeeded ? Done : Refused;
    }

    private bool ShowPending(bool withQr, bool withCode)
    {
        if (client.PendingRelease is not { } pending)
        {
            return false;
        }

        if (withQr)
        {
            Console.Write(TerminalQr.Draw(pending.Link));
            Console.WriteLine(texts["Pending.Link", pending.Link, pending.LastFour]);
        }

        if (withCode)
        {
            Console.WriteLine(texts["Pending.Code", pending.VerificationCode]);
            Console.WriteLine(texts["Pending.Key", client.ActivationKey ?? texts["Pending.KeyElsewhere"]]);
            Console.WriteLine(texts["Pending.Page", pending.ReleasePage.AbsoluteUri]);
        }

        return true;
    }

    private int SaveRequest(string file, RequestKind kind)
    {
        var result = client.SaveRequestFile(file, kind, line.Option("--key"));
        if (!result.Succeeded)
        {
            return Say(result);
        }

        var (subject, body) = client.RequestMail();
        Console.WriteLine(texts["Request.Saved", file]);
        Console.WriteLine(texts["Request.Mail", subject, body]);
        return Done;
    }

    private void OpenTransfer()
    {
        Console.WriteLine(texts["Transfer", client.TransferPage.AbsoluteUri]);
        if (line.Verb is null)
        {
            client.OpenTransferPage();
        }
    }

    private int ShowStatus()
    {
        var status = client.Status;
        Console.WriteLine(texts["HardwareCode", client.HardwareCode]);
        if (status.License is { } license)
        {
            Console.WriteLine(texts["License", license.Number, license.Customer, license.KeyLastFive]);
        }

        Console.WriteLine(texts.For(status));
        if (status.HasFewParts && status.Code != LicenseCodes.FewParts)
        {
            Console.WriteLine(texts["Code." + LicenseCodes.FewParts]);
        }

        if (status.UsableUntil is { } until && status.Condition == LicenseCondition.Warning)
        {
            Console.WriteLine(texts["UsableUntil", texts.Date(until)]);
        }

        return status.IsUsable ? Done : Refused;
    }

    private int Say(LicenseResult result)
    {
        Console.WriteLine(texts.For(result));
        foreach (var computer in result.Computers)
        {
            Console.WriteLine(texts["InUse", computer]);
        }

        if (result.ReleasePage is { } page)
        {
            Console.WriteLine(texts["Pending.Page", page.AbsoluteUri]);
        }

        return result.Succeeded ? Done : Refused;
    }

    /// <summary>Null when nobody answers.</summary>
    private string? Ask(string question, params object[] arguments)
    {
        Console.Write(texts[question, arguments] + " ");
        return Console.ReadLine()?.Trim();
    }
}
