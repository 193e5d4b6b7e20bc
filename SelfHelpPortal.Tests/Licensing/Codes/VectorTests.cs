using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

public class VectorTests
{
    private static readonly Vectors All = Vectors.All;

    [Fact]
    public void The_file_holds_every_section()
    {
        int[] counts =
        [
            All.ActivationKeys.Length, All.InvalidActivationKeys.Length, All.Normalization.Length, All.ReleaseCodes.Length,
                All.QrTokens.Length,
            All.HardwareCodes.Length, All.DeviceMacs.Length, All.EmergencyCodes.Length, All.RequestReferences.Length,
        ];
        counts.ShouldBe([20, 6, 6, 6, 6, 4, 6, 6, 5]);
    }

    [Fact]
    public void Activation_keys()
    {
        foreach (var text in All.ActivationKeys)
        {
            ActivationKey.TryParse(text, out var key, out var problem).ShouldBeTrue($"{text}: {problem}");
            key!.ToString().ShouldBe(text);
            key.Normalized.ShouldBe(text.Replace("-", ""));
            key.LastFive.ShouldBe(text[^5..]);
        }
    }

    [Fact]
    public void Invalid_activation_keys()
    {
        var problems = All.InvalidActivationKeys.ToDictionary(vector => vector.Why, vector =>
        {
            ActivationKey.TryParse(vector.Input, out var key, out var problem).ShouldBeFalse(vector.Why);
            key.ShouldBeNull();
            return problem;
        });
        problems["one wrong symbol"].ShouldBe(new CodeProblem(CodeProblemKind.WrongGroup, 2, "5N500", 25));
        problems["neighbours swapped"].ShouldBe(new CodeProblem(CodeProblemKind.WrongGroup, 2, "N5400", 25));
        problems["groups swapped"].ShouldBe(new CodeProblem(CodeProblemKind.WrongGroup, 2, "BAQPQ", 25));
        problems["one symbol missing"].ShouldBe(new CodeProblem(CodeProblemKind.TooShort, Length: 24));
        problems["one symbol too many"].ShouldBe(new CodeProblem(CodeProblemKind.TooLong, Length: 26));
        problems["letter U"].ShouldBe(new CodeProblem(CodeProblemKind.LetterU, 2, "5N4U0", 25));
    }

    [Fact]
    public void Normalization()
    {
        foreach (var vector in All.Normalization)
        {
            CodeAlphabet.Normalize(vector.Input).ShouldBe(vector.Normalized);
            ActivationKey.TryParse(vector.Input, out _, out _).ShouldBeTrue(vector.Input);
        }
    }

    [Fact]
    public void Verification_codes()
    {
        foreach (var vector in All.ReleaseCodes)
        {
            var secret = Convert.FromHexString(vector.ReleaseSecretHex);
            VerificationCode.Compute(secret, vector.Handle, vector.Generation).ToString().ShouldBe(vector.Code);
            VerificationCode.TryParse(vector.Code, out var code, out _).ShouldBeTrue();
            code!.Matches(secret, vector.Handle, vector.Generation).ShouldBeTrue();
        }
    }

    [Fact]
    public void Emergency_codes()
    {
        foreach (var vector in All.EmergencyCodes)
        {
            var secret = Convert.FromHexString(vector.ReleaseSecretHex);
            EmergencyCode.Compute(secret, vector.Handle, vector.Generation, vector.Year).ToString().ShouldBe(vector.Code);
            EmergencyCode.TryParse(vector.Code, out var code, out _).ShouldBeTrue();
            code!.Matches(secret, vector.Handle, vector.Generation, vector.Year).ShouldBeTrue();
        }
    }

    [Fact]
    public void Qr_tokens()
    {
        foreach (var vector in All.QrTokens)
        {
            var secret = Convert.FromHexString(vector.ReleaseSecretHex);
            Handles.ToBytes(vector.Handle).ShouldBe(Convert.FromHexString(vector.HandleHex));
            CodeAlphabet.Encode(Convert.FromHexString(vector.HandleHex)).ShouldBe(vector.Handle);
            ReleaseLink.Token(secret, vector.Handle, vector.Generation).ShouldBe(vector.Token);
            ReleaseLink.TryParse(vector.Token, out var link).ShouldBeTrue();
            (link!.Handle, link.Generation).ShouldBe((vector.Handle, vector.Generation));
            link.Verify(secret).ShouldBeTrue();
        }
    }

    [Fact]
    public void Hardware_codes()
    {
        foreach (var vector in All.HardwareCodes)
        {
            HardwareCode.From(vector.Product, vector.Components.Select(one => KeyValuePair.Create(one.Kind, one.Value))).ToString()
                .ShouldBe(vector.Code);
            HardwareCode.TryParse(vector.Code, out var code, out _).ShouldBeTrue();
            code!.ToString().ShouldBe(vector.Code);
        }
    }

    [Fact]
    public void Device_proofs()
    {
        foreach (var vector in All.DeviceMacs)
        {
            var secret = Convert.FromHexString(vector.ReleaseSecretHex);
            DeviceProof.Compute(vector.Purpose, vector.Handle, vector.Generation, vector.Nonce, vector.Ts, secret).ShouldBe(vector.MacHex);
            DeviceProof.Verify(vector.MacHex, vector.Purpose, vector.Handle, vector.Generation, vector.Nonce, vector.Ts, secret)
                .ShouldBeTrue();
        }
    }

    [Fact]
    public void Request_references()
    {
        foreach (var text in All.RequestReferences)
        {
            RequestReference.TryParse(text, out var reference).ShouldBeTrue(text);
            reference!.ToString().ShouldBe(text);
        }
    }
}
