using System.Text.Json;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Staff.Tokens;

public sealed partial class TokensPage
{
    [Inject]
    private ShowTokens Show { get; set; } = default!;

    [Inject]
    private CreateToken Create { get; set; } = default!;

    [Inject]
    private RevokeToken Revoke { get; set; } = default!;

    private TokenList? View { get; set; }

    /// <summary>The secret of the token that was just made. It is nowhere else, and goes with the page.</summary>
    private string? Made { get; set; }

    protected override Task OnInitializedAsync() => LoadAsync();

    private protected override async Task LoadAsync() => View = Take(await Show.ExecuteAsync(Actor, Now, Aborted));

    private protected override bool IsLoaded => View is not null;

    private async Task CreateAsync(WantedToken? typed = null)
    {
        var (command, secret) = (Guid.CreateVersion7(), ApiTokenSecret.New());
        Made = null;
        var made = await OpenAsync<TokenDialog>(nameof(CreateToken), "token-made", "", new()
        {
            [nameof(TokenDialog.Typed)] = typed,
            [nameof(TokenDialog.Act)] = (WantedToken wanted) => WithFactorAsync(
                nameof(CreateToken), target: null, reason: "", Create.ExecuteAsync(Actor, command, wanted, secret, Now, ToTheEnd),
                JsonSerializer.Serialize(wanted)),
        });
        if (made)
        {
            Made = secret.Text;
            await LoadAsync();
        }
    }

    private Task RevokeAsync(ApiToken token)
    {
        var command = Guid.CreateVersion7();
        return DoAsync(OpenAsync<ConfirmDialog>(nameof(RevokeToken), "token-revoked", token.Name, new()
        {
            [nameof(ConfirmDialog.Name)] = nameof(RevokeToken),
            [nameof(ConfirmDialog.About)] = token.Name,
            [nameof(ConfirmDialog.Act)] = () => WithFactorAsync(
                nameof(RevokeToken), token.Id, reason: "", Revoke.ExecuteAsync(Actor, command, token.Id, Now, ToTheEnd)),
        }));
    }

    private protected override Task ReopenAsync(StaffDraft draft) =>
        (draft.Act, View!.Lines.FirstOrDefault(l => l.Token.Id == draft.Target)?.Token) switch
        {
            (nameof(CreateToken), _) when draft.Form is { } form => CreateAsync(JsonSerializer.Deserialize<WantedToken>(form)),
            (nameof(RevokeToken), { } token) => RevokeAsync(token),
            _ => Task.CompletedTask,
        };

    private string StateOf(TokenLine line) => line.Token switch
    {
        { RevokedAt: { } at } => T["TokenRevoked", Texts.DateAndTime(at), line.RevokedBy ?? T["FormerAccount"].Value],
        { ExpiresAt: { } end } when end <= Now => T["TokenExpired", Texts.DateAndTime(end)],
        { ExpiresAt: { } end } => T["TokenUntil", Texts.DateAndTime(end)],
        _ => T["TokenWithoutEnd"],
    };
}
