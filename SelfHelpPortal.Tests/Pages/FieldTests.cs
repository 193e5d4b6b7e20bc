using AngleSharp.Dom;
using Bunit;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Pages;

public class FieldTests : KitContext
{
    [Fact]
    public void A_field_is_labelled_and_says_no_more_than_it_must()
    {
        var field = Element<TextField>(p => p.Add(f => f.Name, "Form.Email").Add(f => f.Label, "E-Mail").Add(f => f.Type, "email")
            .Add(f => f.Autocomplete, "email").Add(f => f.Value, "a@b.test"));

        field.QuerySelector("label")!.GetAttribute("for").ShouldBe("Form-Email");
        var input = field.QuerySelector("input")!;
        input.Id.ShouldBe("Form-Email");
        input.GetAttribute("name").ShouldBe("Form.Email");
        input.GetAttribute("value").ShouldBe("a@b.test");
        input.Attributes.Select(attribute => attribute.Name)
            .ShouldBe(["id", "name", "class", "type", "value", "autocomplete"], ignoreOrder: true);
        field.ClassList.ShouldNotContain("field-error");
    }

    [Fact]
    public void Hint_and_error_describe_the_input()
    {
        var field = Element<TextField>(p => p.Add(f => f.Name, "Email").Add(f => f.Label, "E-Mail")
            .Add(f => f.Hint, "Dorthin geht die Bestätigung.").Add(f => f.Error, "Geben Sie eine E-Mail-Adresse ein"));

        var input = field.QuerySelector("input")!;
        input.GetAttribute("aria-invalid").ShouldBe("true");
        input.GetAttribute("aria-describedby").ShouldBe("Email-hint Email-error");
        field.QuerySelector("#Email-hint")!.TextContent.ShouldBe("Dorthin geht die Bestätigung.");
        field.QuerySelector("#Email-error")!.TextContent.ShouldBe("Fehler: Geben Sie eine E-Mail-Adresse ein");
        field.ClassList.ShouldContain("field-error");
    }

    [Fact]
    public void A_file_is_chosen_by_its_ending_and_its_field_says_what_is_wrong()
    {
        var field = Element<FileField>(p => p.Add(f => f.Name, "RequestFile").Add(f => f.Label, "Datei").Add(f => f.Hint, "Höchstens 8 KB.")
            .Add(f => f.Accept, ".lshreq").Add(f => f.Error, "Die Datei ist leer"));

        var input = field.QuerySelector("input")!;
        (input.Id, input.GetAttribute("type"), input.GetAttribute("name"), input.GetAttribute("accept"))
            .ShouldBe(("RequestFile", "file", "RequestFile", ".lshreq"));
        input.GetAttribute("aria-describedby").ShouldBe("RequestFile-hint RequestFile-error");
        input.GetAttribute("aria-invalid").ShouldBe("true");
        field.QuerySelector("label")!.GetAttribute("for").ShouldBe("RequestFile");
    }

    [Fact]
    public void A_label_can_be_the_heading()
    {
        var field =
            Element<CodeField>(p => p.Add(f => f.Name, "ActivationKey").Add(f => f.Label, "Geben Sie Ihren Aktivierungsschlüssel ein")
                .Add(f => f.Kind, CodeKind.ActivationKey).Add(f => f.LabelIsHeading, true));

        field.QuerySelector("h1 > label")!.GetAttribute("for").ShouldBe("ActivationKey");
    }

    [Fact]
    public void A_code_field_helps_typing_and_limits_nothing()
    {
        var field = Element<CodeField>(
            p => p.Add(f => f.Name, "ActivationKey").Add(f => f.Label, "Schlüssel").Add(f => f.Kind, CodeKind.ActivationKey));

        var input = field.QuerySelector("input")!;
        input.GetAttribute("autocomplete").ShouldBe("off");
        input.GetAttribute("autocapitalize").ShouldBe("characters");
        input.GetAttribute("spellcheck").ShouldBe("false");
        input.GetAttribute("inputmode").ShouldBe("text");
        input.HasAttribute("maxlength").ShouldBeFalse();
        var groups = field.QuerySelector("ol.groups")!;
        groups.HasAttribute("hidden").ShouldBeTrue();
        groups.GetAttribute("data-kind").ShouldBe("K");
        groups.GetAttribute("data-groups-for").ShouldBe("ActivationKey");
        groups.GetAttribute("data-wrong").ShouldBe("bitte prüfen");
    }

    [Fact]
    public void The_wrong_group_is_marked_in_words()
    {
        ActivationKey.TryParse("kbhpe-5n500-baqpq-aaqsq-pp7fh", out _, out var problem).ShouldBeFalse();

        var field = Element<CodeField>(
            p => p.Add(f => f.Name, "ActivationKey").Add(f => f.Label, "Schlüssel").Add(f => f.Kind, CodeKind.ActivationKey)
            .Add(f => f.Groups, CodeGroup.Split("kbhpe-5n500-baqpq-aaqsq-pp7fh", CodeKind.ActivationKey, problem)));

        field.QuerySelector("ol.groups")!.HasAttribute("hidden").ShouldBeFalse();
        field.QuerySelectorAll("li.group").Select(group => group.QuerySelector(".code")!.TextContent)
            .ShouldBe(["KBHPE", "5N500", "BAQPQ", "AAQSQ", "PP7FH"]);
        var wrong = field.QuerySelectorAll("li.group-wrong").ShouldHaveSingleItem();
        wrong.QuerySelector(".code")!.TextContent.ShouldBe("5N500");
        wrong.QuerySelector(".group-word")!.TextContent.ShouldBe("bitte prüfen");
    }

    [Fact]
    public void A_key_of_another_format_has_no_groups() =>
        Element<CodeField>(p => p.Add(f => f.Name, "ActivationKey").Add(f => f.Label, "Schlüssel")).QuerySelector("ol").ShouldBeNull();

    [Fact]
    public void A_hardware_code_has_room()
    {
        var area = Element<CodeField>(p => p.Add(f => f.Name, "HardwareCode").Add(f => f.Label, "Hardwarecode")
            .Add(f => f.Kind, CodeKind.HardwareCode).Add(f => f.Value, "H1011-")).QuerySelector("textarea")!;

        area.GetAttribute("rows").ShouldBe("3");
        area.TextContent.ShouldBe("H1011-");
    }

    [Fact]
    public void A_text_area_says_its_limit()
    {
        var field = Element<TextArea>(p => p.Add(f => f.Name, "Message").Add(f => f.Label, "Nachricht")
            .Add(f => f.Hint, "Was ist passiert?").Add(f => f.Limit, 2000).Add(f => f.Value, "<b>"));

        field.QuerySelector("#Message-hint")!.TextContent.ShouldBe("Was ist passiert? Höchstens 2000 Zeichen.");
        field.QuerySelector("textarea")!.TextContent.ShouldBe("<b>");
        field.QuerySelector("textarea")!.HasAttribute("maxlength").ShouldBeFalse();
    }

    [Fact]
    public void Radios_are_one_question()
    {
        var group = Element<Radios>(p => p.Add(f => f.Name, "StillRuns").Add(f => f.Label, "Läuft der alte PC noch?")
            .Add(f => f.LabelIsHeading, true).Add(f => f.Error, "Wählen Sie aus, ob der alte PC noch läuft")
            .Add(f => f.Options, [new Choice("yes", "Ja"), new Choice("no", "Nein", "Er startet nicht mehr.")]).Add(f => f.Value, "no"));

        group.TagName.ShouldBe("FIELDSET");
        group.GetAttribute("role").ShouldBe("radiogroup");
        group.GetAttribute("aria-invalid").ShouldBe("true");
        group.GetAttribute("aria-describedby").ShouldBe("StillRuns-error");
        group.QuerySelector("legend > h1")!.TextContent.ShouldBe("Läuft der alte PC noch?");
        var inputs = group.QuerySelectorAll("label.radio > input[type=radio][name=StillRuns]");
        inputs.Select(input => input.Id).ShouldBe(["StillRuns", "StillRuns-2"], "the error summary links to the first");
        inputs.Select(input => input.HasAttribute("checked")).ShouldBe([false, true]);
        group.QuerySelector("#" + inputs[1].GetAttribute("aria-describedby"))!.TextContent.ShouldBe("Er startet nicht mehr.");
    }

    [Fact]
    public void Checkboxes_keep_what_was_ticked()
    {
        var group = Element<Checkboxes>(p => p.Add(f => f.Name, "Preparation").Add(f => f.Label, "Vorbereitet?").Add(f => f.Error, "Fehlt")
            .Add(f => f.Options, [new Choice("pc", "PC"), new Choice("usb", "USB-Stick")]).Add(f => f.Values, ["usb"]));

        group.HasAttribute("aria-invalid").ShouldBeFalse("a group may not carry it");
        group.QuerySelectorAll("input[type=checkbox]").Select(input => (input.HasAttribute("checked"), input.GetAttribute("aria-invalid")))
            .ShouldBe([(false, "true"), (true, "true")]);
    }

    [Fact]
    public void The_summary_takes_the_focus_and_leads_to_each_field()
    {
        var errors = new FormErrors();
        errors.Add("Form.Email", "Geben Sie eine E-Mail-Adresse ein");
        errors.Add("Accept", "Bestätigen Sie, dass der alte PC die Software nicht mehr benutzt");

        var box = Element<ErrorSummary>(p => p.Add(s => s.Errors, errors));

        box.GetAttribute("role").ShouldBe("alert");
        box.GetAttribute("tabindex").ShouldBe("-1");
        box.HasAttribute("autofocus").ShouldBeTrue();
        box.QuerySelector("h2")!.TextContent.ShouldBe("Bitte prüfen Sie Ihre Eingabe");
        box.QuerySelectorAll("ul a").Select(link => (link.GetAttribute("href"), link.TextContent))
            .ShouldBe(errors.All.Select(error => ((string?)("#" + error.FieldId), error.Text)));
        errors["Form.Email"].ShouldBe("Geben Sie eine E-Mail-Adresse ein");
        errors["Phone"].ShouldBeNull();
    }

    [Fact]
    public void Nothing_wrong_no_summary() =>
        Render<ErrorSummary>(p => p.Add(s => s.Errors, new FormErrors())).Nodes.OfType<IElement>().ShouldBeEmpty();
}
