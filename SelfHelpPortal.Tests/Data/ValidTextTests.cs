using System.Text;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>What counts as text, and that nothing else reaches PostgreSQL.</summary>
public class ValidTextTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>Not as arguments of the test: halves of surrogate pairs do not come through.</summary>
    [Fact]
    public void Text_is_Unicode_without_what_nobody_can_store_or_write()
    {
        foreach (var text in (string[])["", "Gästehaus „Zur Möwe“", "\t\r\n\u000B", "\uD83D\uDE00 \uE000 \uFFFD"])
        {
            ValidText.Is(text).ShouldBeTrue(Escape(text));
            ValidText.IsEscaped(Encoding.ASCII.GetBytes(Escape(text))).ShouldBeTrue(Escape(text));
        }

        foreach (var text in (string[])["\0", "a\0b", "\uFFFE", "ab\uFFFF", "\uFDD0", "\uFDEF", "\uD83F\uDFFE", "\uD800", "a\uDC00b",
            "\uDE00\uD83D", "\uD83D\uDE00\uD83D"])
        {
            ValidText.Is(text).ShouldBeFalse(Escape(text));
            ValidText.IsEscaped(Encoding.ASCII.GetBytes(Escape(text))).ShouldBeFalse(Escape(text));
        }
    }

    [Theory]
    [InlineData("a=1&b=%C3%A4", true)]
    [InlineData("%ED%A0%80", false)]
    [InlineData("%FF", false)]
    [InlineData("%C3", false)]
    [InlineData("%F4%90%80%80", false)]
    [InlineData("100%", false)]
    [InlineData("%4", false)]
    [InlineData("%zz", false)]
    [InlineData("%u0041", false)]
    public void Escapes_are_whole_and_UTF_8(string escaped, bool isText) =>
        ValidText.IsEscaped(Encoding.ASCII.GetBytes(escaped)).ShouldBe(isText);

    [Fact]
    public void Raw_bytes_are_UTF_8()
    {
        ValidText.IsEscaped("Möwe"u8).ShouldBeTrue();
        ValidText.IsEscaped([0x4D, 0xF6, 0x77, 0x65]).ShouldBeFalse("Latin-1");
        ValidText.IsEscaped([0x61, 0x00]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0xFFFE)]
    [InlineData(0xD800)]
    public async Task What_is_not_text_is_not_sent_to_the_database(int character)
    {
        await using var db = postgres.Open();
        var typed = "GEHEIM" + (char)character;

        var read = await Should.ThrowAsync<Exception>(() => db.Customers.Where(c => c.Company == typed).ToListAsync());
        var raw = await Should.ThrowAsync<Exception>(() => db.Database.ExecuteSqlAsync($"SELECT {typed}"));
        db.Add(new Customer { Number = "C-1", Company = typed, Email = "a@muster-gastro.example" });
        var written = await Should.ThrowAsync<Exception>(() => db.SaveChangesAsync());

        foreach (var failure in (Exception[])[read, raw, written])
        {
            InvalidTextException.IsCauseOf(failure).ShouldBeTrue(failure.ToString());
            failure.ToString().ShouldNotContain("GEHEIM");
        }
    }

    [Fact]
    public async Task An_ordinary_failure_is_another_one()
    {
        await using var db = postgres.Open();
        InvalidTextException.IsCauseOf(await Should.ThrowAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("SELECT 1/0")))
            .ShouldBeFalse();
        InvalidTextException.IsCauseOf(null).ShouldBeFalse();
    }

    /// <summary>Byte by byte, and halves of surrogate pairs as the three bytes that they would be.</summary>
    private static string Escape(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i..(i + 2)]));
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                bytes.AddRange([0xED, (byte)(0x80 | ((text[i] >> 6) & 0x3F)), (byte)(0x80 | (text[i] & 0x3F))]);
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
            }
        }

        return string.Concat(bytes.Select(b => $"%{b:X2}"));
    }
}
