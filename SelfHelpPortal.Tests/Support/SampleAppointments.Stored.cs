using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Customer.Appointments;
using SelfHelpPortal.Features.Staff.Appointments;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Tests.Support;

/// <summary>An appointment that somebody has booked.</summary>
/// <param name="Token">Of its page.</param>
internal sealed record SampleAppointment(PortalFactory Portal, Guid Id, Product Product, string Email, string Token)
{
    public string Page => $"/appointments/{Token}";

    public async Task<Appointment> ReadAsync()
    {
        await using var db = Portal.Open();
        return await db.Appointments.AsNoTracking().SingleAsync(a => a.Id == Id);
    }

    /// <summary>What staff tick before it is done.</summary>
    public async Task TickAsync(params MoveStep[] steps)
    {
        await using var db = Portal.Open();
        var appointment = await db.Appointments.SingleAsync(a => a.Id == Id);
        foreach (var step in steps)
        {
            appointment.Tick(step, Portal.Clock.Now).ShouldSucceed();
        }

        await db.SaveChangesAsync();
    }
}

/// <content>In the database of a portal.</content>
internal static partial class SampleAppointments
{
    public static async Task<Product> AddBookableAsync(
        this PortalFactory portal, AppointmentPolicy? policy = null, ChecklistPolicy? checklists = null)
    {
        await using var db = portal.Open();
        var product = Product.Create($"bookable-{Interlocked.Increment(ref _count)}", "Muster-POS", new ProductPolicies
        {
            Appointments = policy ?? new AppointmentPolicy { IsOffered = true },
            Checklists = checklists ?? SampleChecklists.Policy,
            Links = new ProductLinks
            {
                DownloadUrl = "https://muster-software.example/download",
                HostSoftwareName = "Muster-Warenwirtschaft",
            },
        });
        db.Add(product);
        await db.SaveChangesAsync();
        portal.Services.GetRequiredService<ProductCatalog>().Forget();
        return product;
    }

    /// <summary>At the next free time of a product of its own.</summary>
    public static async Task<SampleAppointment> AddAppointmentAsync(this PortalFactory portal, AppointmentPolicy? policy = null)
    {
        var product = await portal.AddBookableAsync(policy);
        var free = await portal.FreeAsync(product);
        var (formId, wish) = (Guid.NewGuid(), Wish());
        var result = await portal.Services.GetRequiredService<BookAppointment>().ExecuteAsync(
            formId, product.Id, free[0].Slot.StartsAt, license: null, wish, Somebody(), person: null, portal.Clock.Now, default);
        result.Outcome.ShouldBe(BookingOutcome.Booked);
        await using var db = portal.Open();
        var id = await db.Appointments.Where(a => a.FormId == formId).Select(a => a.Id).SingleAsync();
        return new SampleAppointment(portal, id, product, wish.Email, result.Token!);
    }

    public static async Task<IReadOnlyList<FreeTime>> FreeAsync(this PortalFactory portal, Product product)
    {
        await using var db = portal.Open();
        return await portal.Services.GetRequiredService<AppointmentTimes>().FreeAsync(db, product, null, portal.Clock.Now, default);
    }

    /// <summary>In the evening of the next day, when nothing can be booked.</summary>
    public static AgreedTime Agreed(Product product, DateTimeOffset now) => new()
    {
        Product = product.Id,
        Day = now.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Clock = "18:00",
        Name = "Erika Muster",
        Email = Wish().Email,
        Phone = "030 0000000",
        License = "l-1043",
        Language = "de",
    };

    /// <summary>From an address that has sent nothing yet.</summary>
    public static Caller Somebody() =>
        new(new IPAddress(BitConverter.GetBytes(IPAddress.HostToNetworkOrder(0x0B000000 + Interlocked.Increment(ref _count)))));
}
