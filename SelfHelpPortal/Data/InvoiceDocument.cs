using System.Security.Cryptography;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Data;

public enum InvoiceDocumentKind
{
    Pdf,
    Xml,

    /// <summary>Which rules were run on the XML, by what, and how each ended.</summary>
    Check,
}

/// <summary>A document as it was issued: its bytes are stored and never made again.</summary>
internal sealed class InvoiceDocument
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid InvoiceId { get; init; }
    public required InvoiceDocumentKind Kind { get; init; }

    /// <summary>ASCII.</summary>
    public required string FileName { get; init; }

    public required string ContentType { get; init; }
    public required byte[] Bytes { get; init; }

    /// <summary>Lower-case hex.</summary>
    public required string Sha256 { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static InvoiceDocument Create(
        Guid invoice, InvoiceDocumentKind kind, string fileName, string contentType, byte[] bytes, DateTimeOffset now) => new()
        {
            InvoiceId = invoice,
            Kind = kind,
            FileName = fileName,
            ContentType = contentType,
            Bytes = bytes,
            Sha256 = HashOf(bytes),
            CreatedAt = now,
        };

    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>A line of an invoice as a row, for sums over many invoices; the invoice itself is drawn from its content.</summary>
internal sealed class InvoiceLineRow
{
    public required Guid InvoiceId { get; init; }
    public required int Position { get; init; }
    public required string Sku { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public required int Quantity { get; init; }
    public required Money UnitNet { get; init; }
    public required Money Net { get; init; }
    public DateOnly? PeriodFrom { get; init; }
    public DateOnly? PeriodTo { get; init; }

    public static IEnumerable<InvoiceLineRow> From(Invoice invoice) => invoice.Content.Lines.Select((line, index) => new InvoiceLineRow
    {
        InvoiceId = invoice.Id,
        Position = index + 1,
        Sku = line.Sku,
        Name = line.Name,
        Description = line.Description,
        Quantity = line.Quantity,
        UnitNet = line.UnitNet,
        Net = line.Net,
        PeriodFrom = line.Period?.From,
        PeriodTo = line.Period?.To,
    });
}
