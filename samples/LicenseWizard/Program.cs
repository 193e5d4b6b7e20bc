using System.Text;
using LicenseWizard;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
if (!CommandLine.TryRead(args, out var line))
{
    Console.Error.WriteLine(new Texts(line.Language)["Usage"]);
    return 2;
}

var texts = new Texts(line.Language);
var computer = new SimulatedComputer(line);
if (line.Verb == "simulate")
{
    return computer.Simulate(texts);
}

if (computer.IsDead)
{
    Console.WriteLine(texts["Dead", line.PcName]);
    return 1;
}

if (await VerificationKeysFile.ReadAsync(line) is not { } keys)
{
    Console.WriteLine(texts["NoKeys"]);
    return 1;
}

using var client = computer.Client(keys);
client.Warn += (_, e) => Console.WriteLine(texts["Event.Warn", texts.For(e.Status)]);
client.Locked += (_, e) => Console.WriteLine(texts["Event.Locked", texts.For(e.Status)]);
client.Released += (_, _) => Console.WriteLine(texts["Event.Released"]);
var wizard = new Wizard(client, texts, line);
return line.Verb is null ? await wizard.MenuAsync() : await wizard.RunAsync(line.Verb);
