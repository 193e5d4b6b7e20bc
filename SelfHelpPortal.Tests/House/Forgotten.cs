using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Sample;

/// <summary>Two ways in that no table knows: the test of the matrix has to find them.</summary>
internal sealed class Forgotten
{
    public Task ExecuteAsync(int anything) => Task.FromResult(anything);

    public Task ShowAsync(CustomerActor actor) => Task.FromResult(actor);
}
