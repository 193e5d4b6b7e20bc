using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Paragraphs;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What is asked of the database once, however many want to know it.</summary>
public sealed class StatementCountTests : IAsyncLifetime
{
    private readonly StatementLog _statements = new();
    private readonly StaffGround _ground;

    public StatementCountTests() => _ground = new StaffGround { Portal = new PortalFactory { Change = _statements.Attach } };

    private DateTimeOffset Now => _ground.Portal.Clock.Now;

    public Task InitializeAsync() => _ground.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _ground.DisposeAsync();
        _statements.Dispose();
    }

    [Fact]
    public async Task The_rate_of_tax_for_all_buyers_of_an_example()
    {
        var product = (await (await _ground.Portal.AddLicenseAsync()).ReadAsync()).ProductId;
        _statements.Clear();

        var view = await _ground.Use<ShowProduct>().ExecuteAsync(await _ground.Administrator.ActorAsync(), product, Now, default);

        view.Value.ShouldNotBeNull().Taxes.Select(t => t.Buyer).ShouldBe(Enum.GetValues<SampleBuyer>());
        _statements.With("FROM vat_rate").Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_paragraph_of_a_mail_whether_there_is_one_or_not(bool isWritten)
    {
        var license = await _ground.Portal.AddLicenseAsync();
        if (isWritten)
        {
            (await _ground.Use<SaveMailText>().ExecuteAsync(
                await _ground.Administrator.ActorAsync(), Guid.NewGuid(), new MailTextTarget("suspended", null),
                new MailParagraph("Wir sind für Sie da.", null), basedOn: 0, Now, default)).ShouldBe(StaffResult.Done);
        }

        _statements.Clear();

        (await _ground.Use<SuspendLicense>().ExecuteAsync(await _ground.ActAsync(), license.Id, Now, default)).ShouldBe(StaffResult.Done);

        _statements.With("FROM setting_version").Count.ShouldBe(1);
    }
}
