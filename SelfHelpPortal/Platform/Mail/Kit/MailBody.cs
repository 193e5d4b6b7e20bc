using Microsoft.AspNetCore.Components;

namespace SelfHelpPortal.Platform.Mail.Kit;

/// <summary>Base of the component that draws one kind of mail.</summary>
public abstract class MailBody<TMail> : ComponentBase
    where TMail : MailModel
{
    [Parameter, EditorRequired]
    public TMail Mail { get; set; } = null!;

    [CascadingParameter]
    public MailFrame Frame { get; set; } = null!;

    /// <summary>The kind's own texts.</summary>
    protected MailTexts Texts => field ??= new MailTexts(typeof(TMail), Frame.Culture);

    protected MailTexts Words => Frame.Words;

    /// <summary>How to reach a person about a case: number, telephone, mail.</summary>
    protected string CallUs(string caseNumber) => Words["CallUs", caseNumber, Frame.Phone, Frame.SupportMail];
}
