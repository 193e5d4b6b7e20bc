using System.Text;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>An administrator with a product of his own, who imports lists of it.</summary>
internal sealed class ImportDesk(StaffGround ground)
{
    /// <summary>Distinguishes numbers and addresses of this test from those of others.</summary>
    public string Tag { get; } = Guid.NewGuid().ToString("n")[..8].ToUpperInvariant();

    public string Product => $"list-{Tag}".ToLowerInvariant();

    private DateTimeOffset Now => ground.Portal.Clock.Now;

    public async Task<ImportDesk> OpenAsync()
    {
        (await ground.Use<SaveProduct>().ExecuteAsync(
            await ground.Administrator.ActorAsync(), Guid.NewGuid(), new ProductEntry(Product, $"Till {Tag}", new ProductPolicies()),
            basedOn: 0, isNew: true, Now, default)).ShouldBe(StaffResult.Done);
        return this;
    }

    public Task<Guid> UploadAsync(string text) => UploadAsync(Encoding.UTF8.GetBytes(text));

    public async Task<Guid> UploadAsync(byte[] bytes)
    {
        var id = Guid.NewGuid();
        (await TryUploadAsync(id, bytes)).ShouldBe(StaffResult.Done);
        return id;
    }

    public async Task<StaffResult> TryUploadAsync(Guid id, byte[] bytes)
    {
        using var upload = new MemoryStream(bytes);
        return await ground.Use<UploadLicenses>()
            .ExecuteAsync(await ground.Administrator.ActorAsync(), id, "list.csv", upload, Now, default);
    }

    public async Task<ImportView> CheckAsync(Guid file)
    {
        for (var view = await ShowAsync(file); view.File.State == ImportState.Uploaded; view = await ShowAsync(file))
        {
            (await ground.Use<CheckImport>().ExecuteAsync(await ground.Administrator.ActorAsync(), file, Now, default))
                .ShouldBe(StaffResult.Done);
        }

        return await ShowAsync(file);
    }

    public async Task<StaffResult> StartAsync(Guid file, bool update = false, bool withoutFaulty = false) =>
        await ground.Use<StartImport>()
            .ExecuteAsync(await ground.Administrator.ActorAsync(), file, update, withoutFaulty, Now, default);

    /// <summary>One part of the import.</summary>
    public async Task<StaffResult> ContinueAsync(Guid file, ContinueImport? elsewhere = null) =>
        await (elsewhere ?? ground.Use<ContinueImport>()).ExecuteAsync(await ground.Administrator.ActorAsync(), file, Now, default);

    public async Task<ImportView> FinishAsync(Guid file)
    {
        for (var view = await ShowAsync(file); view.File.State == ImportState.Importing; view = await ShowAsync(file))
        {
            (await ContinueAsync(file)).ShouldBe(StaffResult.Done);
        }

        return await ShowAsync(file);
    }

    /// <summary>Uploaded, checked and imported to its end.</summary>
    public async Task<ImportView> ImportAsync(string text, bool update = false)
    {
        var file = await UploadAsync(text);
        var view = await CheckAsync(file);
        view.Findings.ShouldBeEmpty();
        (await StartAsync(file, update)).ShouldBe(StaffResult.Done);
        return await FinishAsync(file);
    }

    public async Task<ImportView> ShowAsync(Guid file) =>
        (await ground.Use<ShowImport>().ExecuteAsync(await ground.Administrator.ActorAsync(), file, Now, default)).Value.ShouldNotBeNull();

    public async Task<string> ListAsync(Guid file, ImportList list)
    {
        using var target = new MemoryStream();
        (await ground.Use<WriteImportList>().ExecuteAsync(
            await ground.Administrator.ActorAsync(), file, list, "en", () => target, Now, default)).ShouldBeNull();
        return Encoding.UTF8.GetString(target.ToArray()).TrimStart('\uFEFF');
    }

    public async Task<License> LicenseAsync(string number)
    {
        await using var db = ground.Portal.Open();
        return await db.Licenses.AsNoTracking().SingleAsync(l => l.Number == number);
    }

    public async Task<SelfHelpPortal.Licensing.Customer> CustomerOfAsync(string license)
    {
        await using var db = ground.Portal.Open();
        return await db.Customers.AsNoTracking().SingleAsync(c => db.Licenses.Any(l => l.Number == license && l.CustomerId == c.Id));
    }

    public async Task<int> CountAsync()
    {
        await using var db = ground.Portal.Open();
        return await db.Licenses.CountAsync(l => l.ProductId == Product);
    }
}
