namespace SelfHelpPortal.Platform.Mail.Kit;

/// <summary>One line of <see cref="MailFacts"/>.</summary>
public readonly record struct MailFact
{
    public MailFact(string label, string value)
    {
        Label = label;
        Value = UntrustedText.OneLine(value);
    }

    public string Label { get; }
    public string Value { get; }
}
