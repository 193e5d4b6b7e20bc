using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Licensing;

/// <summary>The licensee, a firm or a person.</summary>
public sealed class Customer
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary><c>C-10042</c></summary>
    public required string Number { get; init; }

    /// <summary>Firm, or the person's name.</summary>
    public required string Company { get; set; }

    /// <summary>A private person, whose name stands in <see cref="Company"/>. Abroad the tax case depends on it.</summary>
    public bool IsConsumer { get; set; }

    /// <summary>The address on file: every release, lock and unlock is told there.</summary>
    public required string Email { get; set; }

    /// <summary><c>de</c> or <c>en</c></summary>
    public string Language { get; set; } = "de";

    public string? Street { get; set; }
    public string? PostalCode { get; set; }
    public string? City { get; set; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string Country { get; set; } = "DE";

    public string? VatId { get; set; }

    /// <summary>How it wants its invoices; a public office chooses, everybody else has the default.</summary>
    public InvoiceFormat InvoiceFormat { get; set; } = InvoiceFormat.Zugferd;

    /// <summary>Staff have stopped the reminders of all invoices.</summary>
    public bool RemindersPaused { get; set; }

    /// <summary>When its owner had it erased: the number and what the law keeps are left, and there is no address to write to.</summary>
    public DateTimeOffset? ErasedAt { get; set; }

    /// <summary>
    /// The customer that staff found to be the same as this one. Everything has gone there; what is left here is the number, so that it
    /// leads there too.
    /// </summary>
    public Guid? MergedIntoId { get; set; }
}
