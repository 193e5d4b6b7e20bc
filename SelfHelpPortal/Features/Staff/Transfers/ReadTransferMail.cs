using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>As what something in a pasted text was read.</summary>
internal enum ReadAs
{
    Key,
    License,

    /// <summary>A number that no license has.</summary>
    UnknownLicense,

    /// <summary>One more license; an order moves one.</summary>
    OtherLicense,
    NewPc,
    OldPc,
    WorkingPc,

    /// <summary>One more code that belongs to no computer.</summary>
    OtherCode,
}

/// <param name="Belongs">The license that the thing belongs to.</param>
internal readonly record struct ReadLine(ReadAs As, string Text, string? Belongs = null);

/// <param name="Typed">The form, filled in.</param>
internal sealed record ReadTransfer(TypedTransfer Typed, IReadOnlyList<ReadLine> Lines, string? LicenseNumber);

/// <summary>
/// Reads what a clerk has pasted, and asks the database what it cannot say itself: which code is of a computer in use, so of an old one or
/// of a till that works, and who the customer is. Nothing of the text is kept.
/// </summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ReadTransferMail(StaffReads reads, TransferEntry entry, ProductCatalog products)
{
    private const int LastSymbols = 5;

    /// <param name="given">What is in the form already.</param>
    public Task<StaffAnswer<ReadTransfer>> ExecuteAsync(
        StaffActor actor, string pasted, TypedTransfer given, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.SearchAsync(
            typeof(ReadTransferMail), actor, isLookUp: true,
            found => found.LicenseNumber is { } number ? new AuditedRead(AuditKind.LicenseOpened, number) : null,
            async db => (ReadTransfer?)await ReadAsync(db, pasted, given, cancellationToken), now, cancellationToken);

    private async Task<ReadTransfer> ReadAsync(
        PortalDbContext db, string pasted, TypedTransfer given, CancellationToken cancellationToken)
    {
        var read = PastedTransfer.Read(pasted);
        List<ReadLine> lines = [];
        var typed = given with { Contact = new(given.Contact), NewHardware = "", License = "", Remedy = read.Remedy ?? given.Remedy };
        var license = await FindLicenseAsync(db, pasted, read, typed, lines, cancellationToken);
        List<string> working = [];
        foreach (var found in read.Codes)
        {
            var used = await UsedByAsync(db, license, found.Code, cancellationToken);
            var of = found.Of;
            if (used is { } computer && of != CodeOf.WorkingPc)
            {
                // A computer in use is no new one, whatever stands before its code.
                of = license is null || license.Id == computer.LicenseId ? CodeOf.OldPc : CodeOf.WorkingPc;
                license ??= await ByIdAsync(db, computer.LicenseId, cancellationToken);
            }
            else if (used is null && of == CodeOf.Unknown && typed.NewHardware.Length == 0)
            {
                of = CodeOf.NewPc;
            }

            switch (of)
            {
                case CodeOf.WorkingPc:
                    working.Add(found.Code);
                    lines.Add(new(ReadAs.WorkingPc, found.Code, used?.LicenseNumber));
                    break;
                case CodeOf.OldPc:
                    lines.Add(new(ReadAs.OldPc, found.Code, used?.LicenseNumber));
                    break;
                case CodeOf.NewPc when typed.NewHardware.Length == 0:
                    typed.NewHardware = found.Code;
                    lines.Add(new(ReadAs.NewPc, found.Code));
                    break;
                default:
                    lines.Add(new(ReadAs.OtherCode, found.Code));
                    break;
            }
        }

        // What the text does not say stays as it was typed.
        typed.WorkingPcs = working.Count > 0 ? string.Join('\n', working) : given.WorkingPcs;
        typed.NewHardware = typed.NewHardware.Length > 0 ? typed.NewHardware : given.NewHardware;
        if (license is null && typed.License.Length == 0)
        {
            typed.License = given.License;
            (license, _) = await entry.FindAsync(db, given.License, cancellationToken);
        }

        typed.License = typed.License.Length > 0 ? typed.License : license?.Number ?? "";
        var onFile = license is null ? null
            : await db.Customers.AsNoTracking().SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        typed.Fill(read.Contact, onFile);
        return new ReadTransfer(typed, lines, license?.Number);
    }

    /// <summary>A key counts most, then the first number that a license has.</summary>
    private async Task<License?> FindLicenseAsync(
        PortalDbContext db, string pasted, PastedTransfer read, TypedTransfer typed, List<ReadLine> lines,
        CancellationToken cancellationToken)
    {
        var (license, isProven) = await entry.FindAsync(db, read.Key ?? pasted, cancellationToken);
        if (license is not null && isProven)
        {
            // Of a key in a format of the vendor's own the number stands for it.
            typed.License = read.Key ?? license.Number;
            lines.Add(new(ReadAs.Key, "…" + license.Key.LastFive, license.Number));
        }
        else if (read.Key is { } unknown)
        {
            typed.License = unknown;
            lines.Add(new(ReadAs.Key, "…" + unknown[^LastSymbols..]));
        }

        license = isProven ? license : null;
        foreach (var number in read.Licenses)
        {
            var (named, _) = await entry.FindAsync(db, number, cancellationToken);
            lines.Add(new(
                named is null ? ReadAs.UnknownLicense : license is null || license.Id == named.Id ? ReadAs.License : ReadAs.OtherLicense,
                number, named?.Number));
            license ??= named;
        }

        return license;
    }

    private async Task<ComputerInUse?> UsedByAsync(
        PortalDbContext db, License? license, string code, CancellationToken cancellationToken)
    {
        if (!HardwareCode.TryParse(code, out var hardware, out _))
        {
            return null;
        }

        foreach (var product in (await products.AllAsync(cancellationToken)).Values
            .Where(p => license is null ? p.Policies.Transfer.IsOffered : p.Id == license.ProductId))
        {
            if (await FindComputers.UsedByAsync(db, product, hardware, cancellationToken) is { } used)
            {
                return used;
            }
        }

        return null;
    }

    private static Task<License?> ByIdAsync(PortalDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Licenses.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id, cancellationToken);
}
