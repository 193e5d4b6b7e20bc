using Microsoft.Extensions.Localization;
using MudBlazor;

namespace SelfHelpPortal.Features.Staff.Theme;

/// <summary>Gives MudBlazor its words in the reader's language; what it does not find here, MudBlazor says in its own English.</summary>
internal sealed class StaffMudLocalizer(IStringLocalizer<MudTexts> texts) : MudLocalizer
{
    public override LocalizedString this[string key] => texts[key];
}
