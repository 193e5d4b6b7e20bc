using System.Text;
using System.Text.Json;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Tests.Licensing.Files;

/// <summary>T25: a program follows the portal's keys from those it was built with, and nobody else's.</summary>
public sealed class KeyStatementTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 16, 9, 0, 0, TimeSpan.Zero);

    private readonly Es256Key[] _license = [.. Enumerable.Range(0, 8).Select(_ => Es256Key.Create(SignaturePurpose.License))];
    private readonly Es256Key[] _answer = [.. Enumerable.Range(0, 8).Select(_ => Es256Key.Create(SignaturePurpose.Answer))];

    /// <summary>Of a program that was built when the first keys signed.</summary>
    private VerificationKeys BuiltIn => new([_license[0], _license[1], _answer[0], _answer[1]]);

    public void Dispose()
    {
        foreach (var key in _license.Concat(_answer))
        {
            key.Dispose();
        }
    }

    [Fact]
    public void Statements_lead_over_any_number_of_rotations_in_whatever_order()
    {
        var statements = Enumerable.Range(0, 6).Select(i => Rotation(i)).ToList();

        foreach (var order in (IEnumerable<string>[])[statements, Enumerable.Reverse(statements), [.. statements, .. statements]])
        {
            var known = BuiltIn.After(order, out var believed);

            known.Kids.ShouldBe(_license.Concat(_answer).Select(k => k.Kid), ignoreOrder: true);
            believed.ShouldBe(statements, ignoreOrder: true);
            known.Find(_answer[7].Kid)!.Y.ToArray().ShouldBe(_answer[7].Y.ToArray());
        }
    }

    [Fact]
    public void Without_the_link_between_nothing_behind_it_is_believed()
    {
        var known = BuiltIn.After([Rotation(2), Rotation(3), "", "x.y.z", Sample.License().Write(_license[0])], out var believed);

        known.Kids.ShouldBe(BuiltIn.Kids, ignoreOrder: true);
        believed.ShouldBeEmpty();
    }

    [Fact]
    public void Only_a_known_license_key_introduces_others()
    {
        using var stranger = Es256Key.Create(SignaturePurpose.License);
        var honest = Rotation(0);
        var parts = honest.Split('.');
        var other = Rotation(1).Split('.');
        var header = Encoding.ASCII.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[0]));
        string[] forged =
        [
            KeyStatement.Write(At, [stranger], [], stranger),
            $"{parts[0]}.{other[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.{other[2]}",
            honest + ".",
            honest[..^1],
            StrictBase64Url.Encode(Encoding.ASCII.GetBytes(header.Replace(KeyStatement.Typ, "lshp-license+jwt"))) + "." + parts[1] + "."
                + parts[2],
            Jws.Sign(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]), _license[0]),
            Jws.Sign(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]), _answer[0]),
            Jws.Sign(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]), _answer[0], KeyStatement.Typ),
        ];

        foreach (var text in forged)
        {
            BuiltIn.After([text], out var believed).Kids.ShouldBe(BuiltIn.Kids, ignoreOrder: true, text);
            believed.ShouldBeEmpty();
        }

        Should.Throw<ArgumentException>(() => KeyStatement.Write(At, [stranger], [], _answer[0]));
    }

    [Fact]
    public void A_statement_is_no_license_file_and_a_license_file_no_statement()
    {
        var statement = Rotation(0);
        LicenseFile.Read(Armor.Wrap(ArmorKind.License, statement), BuiltIn).Fault.ShouldBe(FileFault.WrongType);

        Armor.TryUnwrap(ArmorKind.License, Sample.License().Write(_license[0]), out var file).ShouldBeTrue();
        KeyStatement.Read(file, BuiltIn).Fault.ShouldBe(FileFault.WrongType);
    }

    [Fact]
    public void A_revoked_key_is_forgotten_with_all_that_it_vouched_for_alone()
    {
        using var thief = Es256Key.Create(SignaturePurpose.Answer);
        var stolen = KeyStatement.Write(At, [thief], [], _license[0]);
        var revocation = KeyStatement.Write(At, [_license[2], _license[3], _answer[2], _answer[3]], [_license[0].Kid], _license[2]);
        string[] statements = [Rotation(0), Rotation(1), stolen, revocation];

        var known = BuiltIn.After(statements, out var believed);

        known.Find(_license[0].Kid).ShouldBeNull();
        known.Find(thief.Kid).ShouldBeNull();
        believed.ShouldNotContain(stolen);
        known.Find(_license[3].Kid).ShouldNotBeNull("the key after the revoked one vouches for it too");
        BuiltIn.After([.. believed, stolen], out _).Find(thief.Kid).ShouldBeNull("the revocation is kept");
    }

    [Fact]
    public void A_name_means_one_key_and_a_damaged_key_none()
    {
        using var other = Es256Key.FromPublicPoint(_answer[0].Kid, _answer[5].X.ToArray(), _answer[5].Y.ToArray());
        var renamed = KeyStatement.Write(At, [other], [], _license[0]);
        BuiltIn.After([renamed], out _).Find(_answer[0].Kid)!.X.ToArray().ShouldBe(_answer[0].X.ToArray());

        var claims = new KeyStatementClaims(At, [VerificationKeys.ToJwk(_answer[5]) with { X = "AAAA" }], []);
        var damaged = Jws.Sign(
            JsonSerializer.SerializeToUtf8Bytes(claims, FilesJson.Plain.KeyStatementClaims), _license[0], KeyStatement.Typ);
        BuiltIn.After([damaged, Rotation(0)], out var believed).Find(_license[2].Kid).ShouldNotBeNull();
        believed.ShouldHaveSingleItem();
    }

    /// <summary>The key of that place signed until now; the next two are in use from now on.</summary>
    private string Rotation(int place) => KeyStatement.Write(
        At.AddDays(place), [_license[place + 1], _license[place + 2], _answer[place + 1], _answer[place + 2]], [], _license[place]);
}
