using System.Globalization;
using System.Text;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What banks hand out is read: each in its own way, and with the same result.</summary>
public class BankStatementTests
{
    private static readonly Encoding Ansi = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    [Theory]
    [InlineData("Buchungstag;Valutadatum;Verwendungszweck;Beguenstigter/Zahlungspflichtiger;Betrag;Waehrung\n"
        + "01.12.26;01.12.26;Rechnung 2026-00042;Müller Gastro;83,30;EUR")]
    [InlineData("\"Girokonto\";\"DE00\"\n\"Kontostand vom 01.12.2026:\";\"1.000,00 €\"\n\"\"\n"
        + "\"Buchungsdatum\";\"Wertstellung\";\"Status\";\"Zahlungspflichtige*r\";\"Verwendungszweck\";\"Betrag (€)\"\n"
        + "\"01.12.26\";\"01.12.26\";\"Gebucht\";\"Müller Gastro\";\"Rechnung 2026-00042\";\"83,30\"\n"
        + "\"02.12.26\";\"\";\"Vorgemerkt\";\"Müller Gastro\";\"noch nicht\";\"1,00\"")]
    [InlineData("Booking Date,Partner Name,Payment Reference,Amount (EUR)\n2026-12-01,Müller Gastro,Rechnung 2026-00042,83.30")]
    [InlineData("Buchung;Auftraggeber/Empfänger;Verwendungszweck;Soll;Haben;Währung\n"
        + "01.12.2026;Müller Gastro;Rechnung 2026-00042;;83,30;EUR")]
    [InlineData("Datum;Zahler;Text;Umsatz;Soll/Haben\n1.12.2026;Müller Gastro;Rechnung 2026-00042;83,30;H\n;;Saldo;1.000,00;H")]
    public void A_list_of_any_bank_is_read_by_its_headings(string list)
    {
        foreach (var encoding in new[] { Encoding.UTF8, Ansi, Encoding.Unicode })
        {
            var line = Read([.. encoding.Preamble, .. encoding.GetBytes(list)]).Lines.ShouldHaveSingleItem();
            (line.BookedOn, line.Amount, line.Payer).ShouldBe((new DateOnly(2026, 12, 1), new Money(8330), "Müller Gastro"));
            line.Text.ShouldContain("Rechnung 2026-00042");
        }
    }

    [Theory]
    [InlineData("-83,30", -8330)]
    [InlineData("83,30-", -8330)]
    [InlineData("+1.083,30", 108330)]
    [InlineData("1,083.30", 108330)]
    [InlineData("83", 8300)]
    public void An_amount_is_read_as_it_is_written(string written, long cents) =>
        Read(Encoding.UTF8.GetBytes($"Datum;Betrag;Text\n01.12.2026;\"{written}\";x")).Lines.Single().Amount.Cents.ShouldBe(cents);

    [Fact]
    public void What_is_in_another_currency_is_left_out_and_counted()
    {
        var statement = Read(Encoding.UTF8.GetBytes("Datum;Betrag;Währung;Text\n01.12.2026;1,00;CHF;x\n01.12.2026;2,00;EUR;y"));

        statement.Skipped.ShouldBe(1);
        statement.Lines.ShouldHaveSingleItem().Text.ShouldBe("y");
    }

    [Theory]
    [InlineData("02", "<Sts>BOOK</Sts>", "<Dbtr><Nm>Müller Gastro</Nm></Dbtr>", "<Dt>2026-12-01</Dt>")]
    [InlineData("08", "<Sts><Cd>BOOK</Cd></Sts>", "<Dbtr><Pty><Nm>Müller Gastro</Nm></Pty></Dbtr>", "<DtTm>2026-12-01T08:00:00</DtTm>")]
    public void The_XML_of_both_versions_is_read(string version, string state, string payer, string day)
    {
        var statement = Read(Encoding.UTF8.GetBytes(Camt(version, $"""
            <Ntry><Amt Ccy="EUR">83.30</Amt><CdtDbtInd>CRDT</CdtDbtInd>{state}<BookgDt>{day}</BookgDt><AcctSvcrRef>REF1</AcctSvcrRef>
              <NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties>{payer}</RltdPties>
                <RmtInf><Ustrd>Rechnung 2026-00</Ustrd><Ustrd>042</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
            <Ntry><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>{state}<BookgDt>{day}</BookgDt>
              <AddtlNtryInf>Kontoführung</AddtlNtryInf></Ntry>
            <Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{state.Replace("BOOK", "PDNG", StringComparison.Ordinal)}
              <BookgDt>{day}</BookgDt></Ntry>
            """)));

        statement.Skipped.ShouldBe(1, "it is not booked yet");
        statement.Lines.Count.ShouldBe(2);
        var line = statement.Lines[0];
        (line.BookedOn, line.Amount, line.Payer, line.Reference)
            .ShouldBe((new DateOnly(2026, 12, 1), new Money(8330), "Müller Gastro", "REF1"));
        InvoiceNumber.FindIn(line.Text).ShouldContain("2026-00042");
        (statement.Lines[1].Amount, statement.Lines[1].Text).ShouldBe((new Money(-1000), "Kontoführung"));
    }

    [Fact]
    public void A_collective_entry_has_a_line_for_each_payment()
    {
        var statement = Read(Encoding.UTF8.GetBytes(Camt("02", """
            <Ntry><Amt Ccy="EUR">93.30</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-12-01</Dt></BookgDt><NtryDtls>
              <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">83.30</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>2026-00042</Ustrd></RmtInf></TxDtls>
              <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">10.00</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>2026-00043</Ustrd></RmtInf></TxDtls>
            </NtryDtls></Ntry>
            """)));

        statement.Lines.Select(l => (l.Amount.Cents, l.Text)).ShouldBe([(8330, "2026-00042"), (1000, "2026-00043")]);
    }

    [Theory]
    [InlineData("", "leer")]
    [InlineData("Name;Ort\nMuster;Berlin", "Überschriften")]
    [InlineData("Datum;Betrag;Text\n31.02.2026;1,00;x", "Zeile 2")]
    [InlineData("Datum;Betrag;Text\n01.12.2026;viel;x", "„viel“")]
    [InlineData("<Document><BkToCstmrStmt></Document>", "Zeile 1")]
    [InlineData("<html></html>", "keine CAMT-Datei")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><Document><BkToCstmrStmt>&a;</BkToCstmrStmt></Document>", "nicht lesbar")]
    [InlineData("PK\u0003\u0004zip", "Entpacken")]
    public void What_is_no_statement_is_refused_in_a_sentence(string text, string said) =>
        Should.Throw<UnreadableListException>(() => Read(Encoding.UTF8.GetBytes(text))).German.ShouldContain(said);

    [Fact]
    public void More_lines_than_a_person_looks_through_are_refused()
    {
        var list = new StringBuilder("Datum;Betrag;Text\n");
        for (var i = 0; i <= BankStatement.MostLines; i++)
        {
            list.Append(CultureInfo.InvariantCulture, $"01.12.2026;1,00;x{i}\n");
        }

        Should.Throw<UnreadableListException>(() => Read(Encoding.UTF8.GetBytes(list.ToString())));
    }

    /// <summary>Whatever it is, it is read or refused in a sentence.</summary>
    [Fact]
    public void Mutilated_files_end_in_lines_or_in_a_sentence()
    {
        var random = new Seeded();
        var files = new[]
        {
            "Buchungstag;Verwendungszweck;Betrag;Waehrung\n01.12.26;Rechnung 2026-00042;83,30;EUR\n",
            Camt("02", """
                <Ntry><Amt Ccy="EUR">83.30</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-12-01</Dt></BookgDt></Ntry>
                """),
        };
        for (var i = 0; i < Effort.Times(500, 20_000); i++)
        {
            var bytes = Encoding.UTF8.GetBytes(files[i % files.Length]);
            for (var change = 1 + random.Below(7); change > 0; change--)
            {
                bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
            }

            try
            {
                Read(bytes[..random.Below(bytes.Length + 1)]);
            }
            catch (UnreadableListException refused)
            {
                refused.Message.ShouldNotBeNullOrWhiteSpace($"seed {random.Seed}");
            }
        }
    }

    private static BankStatement Read(byte[] bytes) => BankStatement.Read(new MemoryStream(bytes));

    private static string Camt(string version, string entries) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
          <Stmt>{entries}</Stmt>
        </BkToCstmrStmt></Document>
        """;
}
