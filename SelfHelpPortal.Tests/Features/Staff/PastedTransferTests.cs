using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What is read from mails as customers write them, and from what a clerk notes on the telephone.</summary>
public class PastedTransferTests
{
    private static readonly string New = A.Hardware("KASSE-NEU").ToString();
    private static readonly string Old = A.Hardware("KASSE-ALT").ToString();
    private static readonly string First = A.Hardware("KASSE-1").ToString();
    private static readonly string Third = A.Hardware("KASSE-3").ToString();
    private static readonly string Key = ActivationKey.New().ToString();

    [Fact]
    public void The_form_of_old_in_German_with_its_magic_words()
    {
        var read = PastedTransfer.Read(
            $"""
             Von: "Erika Muster" <erika@muster-gastro.example>
             An: support@vendor.example
             Betreff: Lizenzinfo

             Firma: Muster Gastro GmbH
             Straße: Musterstraße 1
             PLZ/Ort: 12345 Musterstadt
             Telefon: 030 1234567
             USt-IdNr.: DE123456789
             Bestellnummer: Migration
             Anmerkung: Alter PC defekt, bitte neue Lizenz kostenpflichtig zusenden
             Lizenz-ID # 1043
             Hardwarecode: {New}
             """);

        read.Licenses.ShouldBe(["L-1043"]);
        read.Codes.ShouldBe([new FoundCode(New, CodeOf.NewPc)]);
        read.Remedy.ShouldBe(TransferRemedy.Fee);
        read.Key.ShouldBeNull();
        read.Contact.ShouldBe(new DraftContact
        {
            Company = "Muster Gastro GmbH",
            Name = "Erika Muster",
            Email = "erika@muster-gastro.example",
            Phone = "030 1234567",
            Street = "Musterstraße 1",
            PostalCode = "12345",
            City = "Musterstadt",
            VatId = "DE123456789",
            Remark = "Alter PC defekt, bitte neue Lizenz kostenpflichtig zusenden",
        });
    }

    [Fact]
    public void An_English_mail_that_is_quoted_and_asks_for_the_renewal()
    {
        var read = PastedTransfer.Read(
            $"""
             > From: till@example-shop.example
             > To: support@vendor.example
             >
             > Company: Example Shop Ltd
             > Contact person: Sam Sample
             > Street: 1 Sample Street
             > City: Sampletown
             > Postal code: SA1 1AA
             > Old PC dead, please send a new license with renewal of the subscription against payment.
             > License number: L-1044, serial S-ABCDE-FGHJK
             > Order number: PO-77
             > New PC:
             > {New}
             """);

        read.Licenses.ShouldBe(["L-1044", "S-ABCDE-FGHJK"]);
        read.Codes.ShouldBe([new FoundCode(New, CodeOf.NewPc)]);
        read.Remedy.ShouldBe(TransferRemedy.Renewal);
        (read.Contact.Email, read.Contact.Name, read.Contact.PostalCode, read.Contact.City, read.Contact.OrderNumber)
            .ShouldBe(("till@example-shop.example", "Sam Sample", "SA1 1AA", "Sampletown", "PO-77"));
    }

    [Fact]
    public void Several_tills_each_with_the_words_for_it()
    {
        var read = PastedTransfer.Read(
            $"""
             Bestellnummer: Funktionierender PC
             Hardwarecode: {First}

             Bestellnummer:
             "Funktionierender PC"
             {Third}

             Bestellnummer: Migration
             Alter PC defekt, bitte neue Lizenz mit Subscriptionsverlängerung kostenpflichtig zusenden
             Code: {New}
             """);

        read.Codes.ShouldBe(
            [new FoundCode(First, CodeOf.WorkingPc), new FoundCode(Third, CodeOf.WorkingPc), new FoundCode(New, CodeOf.NewPc)]);
        read.Remedy.ShouldBe(TransferRemedy.Renewal);
        read.Contact.OrderNumber.ShouldBeNull();
    }

    public static TheoryData<string, string[], string[]> Notes => new()
    {
        { "Alter PC: " + Old + "\nNeuer PC: " + New, [Old + "=OldPc", New + "=NewPc"], [] },
        { "old code " + Old + ", new code " + New, [Old + "=OldPc", New + "=NewPc"], [] },
        { "neue Kasse hat " + Broken(New), [New + "=NewPc"], [] },
        { "> " + New[..17] + "\n> " + New[17..], [New + "=Unknown"], [] },
        { New + "\n\n" + New, [New + "=Unknown"], [] },
        { New.ToLowerInvariant().Replace('-', ' '), [New + "=Unknown"], [] },
        { "Kasse 1 läuft noch: " + First, [First + "=WorkingPc"], [] },
        { "Frau Muster, Lizenz L 1043 oder L-1043, ruft zurück", [], ["L-1043"] },
        { "license no. 1043; LizenzNr: 2044", [], ["L-1043", "L-2044"] },
        { "Kassen-ID 7, Rechnung RE-2026-0001, 12 Uhr, SL-1043", [], [] },
        { "Guten Tag, unser PC ist kaputt. Was sollen wir tun?", [], [] },
        { "", [], [] },
    };

    [Theory]
    [MemberData(nameof(Notes))]
    public void Codes_and_numbers_wherever_they_stand(string text, string[] codes, string[] licenses)
    {
        var read = PastedTransfer.Read(text);

        read.Codes.Select(c => $"{c.Code}={c.Of}").ShouldBe(codes);
        read.Licenses.ShouldBe(licenses);
    }

    [Fact]
    public void A_key_is_found_and_never_kept_in_the_remark()
    {
        var read = PastedTransfer.Read($"Mein Schlüssel ist {Key.ToLowerInvariant()}.\nAnmerkung: {Key}, danke");

        read.Key.ShouldBe(Key);
        read.Contact.Remark.ShouldBeNull();
    }

    [Fact]
    public void A_text_without_any_of_it_says_nothing()
    {
        var read = PastedTransfer.Read("Bitte rufen Sie zurück.");

        read.ShouldSatisfyAllConditions(
            r => r.Key.ShouldBeNull(), r => r.Remedy.ShouldBeNull(), r => r.Contact.ShouldBe(new DraftContact()));
        PastedTransfer.Read(null).Codes.ShouldBeEmpty();
    }

    private static string Broken(string code) => string.Join("-\n  ", code.Split('-').Chunk(3).Select(part => string.Join('-', part)));
}
