using System.Text;
using System.Text.Json.Nodes;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Signing;

/// <summary>T25, signing: old files verify until their key is revoked.</summary>
public sealed class SigningKeysTests : IDisposable
{
    private static readonly DateTimeOffset Start = TestClock.Start;
    private readonly TemporarySecrets _secrets = new();
    private readonly SigningKeys _keys;

    public SigningKeysTests() => _keys = SigningKeys.Open(_secrets.Directory, Start);

    public void Dispose() => _secrets.Dispose();

    [Fact]
    public void The_first_start_makes_a_current_and_a_next_key_per_purpose_and_a_later_one_none()
    {
        _keys.Entries.Count.ShouldBe(6);
        var again = SigningKeys.Open(_secrets.InProduction(), Start.AddYears(1));
        again.Entries.Select(e => e.Kid).ShouldBe(_keys.Entries.Select(e => e.Kid));
        foreach (var purpose in SignaturePurposes.All)
        {
            again.For(purpose).Kid.ShouldBe(_keys.For(purpose).Kid);
            again.For(purpose).Kid.ShouldStartWith(purpose.KidPrefix());
            again.For(purpose).CanSign.ShouldBeTrue();
        }
    }

    [Fact]
    public void A_rotation_keeps_old_files_valid_and_a_revocation_ends_them()
    {
        var old = Sample.License().Write(_keys.For(SignaturePurpose.License));
        var (k1, announced) = (_keys.For(SignaturePurpose.License).Kid, Next(SignaturePurpose.License));

        _keys.Rotate(Start.AddDays(30)).PossibleFrom.ShouldBeNull();
        _keys.For(SignaturePurpose.License).Kid.ShouldBe(announced);
        LicenseFile.Read(old, _keys.Verifier).IsGenuine.ShouldBeTrue();
        var young = Sample.License().Write(_keys.For(SignaturePurpose.License));

        _keys.Revoke(k1, Start.AddDays(31)).ShouldBe(RevokeResult.Revoked);
        LicenseFile.Read(old, _keys.Verifier).Fault.ShouldBe(FileFault.UnknownKey);
        LicenseFile.Read(young, _keys.Verifier).IsGenuine.ShouldBeTrue();
        _keys.Revoke(k1, Start.AddDays(32)).ShouldBe(RevokeResult.AlreadyRevoked);
        _keys.Revoke("license-unknown", Start).ShouldBe(RevokeResult.Unknown);
    }

    [Fact]
    public void A_next_key_signs_only_after_thirty_days_of_publication()
    {
        var current = _keys.For(SignaturePurpose.Answer).Kid;
        var refused = _keys.Rotate(Start.AddDays(30).AddSeconds(-1));
        refused.PossibleFrom.ShouldBe(Start.AddDays(30));
        _keys.For(SignaturePurpose.Answer).Kid.ShouldBe(current);

        _keys.Rotate(Start, evenIfYoung: true).Current.ShouldContain(_keys.For(SignaturePurpose.Answer).Kid);
        _keys.For(SignaturePurpose.Answer).Kid.ShouldNotBe(current);
    }

    [Fact]
    public void Revoking_the_key_in_use_lets_the_next_one_sign_at_once_and_touches_no_other_purpose()
    {
        var (current, next, answer) =
            (_keys.For(SignaturePurpose.License).Kid, Next(SignaturePurpose.License), _keys.For(SignaturePurpose.Answer).Kid);
        _keys.Revoke(current, Start).ShouldBe(RevokeResult.Revoked);
        _keys.For(SignaturePurpose.License).Kid.ShouldBe(next);
        Next(SignaturePurpose.License).ShouldNotBe(next);
        _keys.For(SignaturePurpose.Answer).Kid.ShouldBe(answer);

        var unused = Next(SignaturePurpose.License);
        _keys.Revoke(unused, Start).ShouldBe(RevokeResult.Revoked);
        Next(SignaturePurpose.License).ShouldNotBe(unused);
        _keys.Verifier.Kids.ShouldNotContain(unused);
    }

    [Fact]
    public void The_key_set_holds_current_next_and_earlier_keys_but_nothing_private_or_revoked()
    {
        var (first, second) = (_keys.For(SignaturePurpose.License).Kid, Next(SignaturePurpose.License));
        _keys.Rotate(Start.AddDays(30));
        _keys.Rotate(Start.AddDays(60));
        _keys.Revoke(second, Start.AddDays(60));

        var published = VerificationKeys.FromJwks(_keys.Jwks.Span);
        published.Kids.ShouldBe(_keys.Verifier.Kids, ignoreOrder: true);
        published.Kids.ShouldContain(first);
        published.Kids.ShouldContain(Next(SignaturePurpose.License));
        published.Kids.ShouldNotContain(second);
        Encoding.ASCII.GetString(_keys.Jwks.Span).ShouldNotContain("\"d\"");
        Encoding.ASCII.GetString(_keys.Jwks.Span).ShouldContain("\"crv\":\"P-256\"");
    }

    [Fact]
    public void Private_parts_exist_only_while_they_may_sign()
    {
        var first = _keys.For(SignaturePurpose.License).Kid;
        _secrets.Directory.Has(first + ".pem").ShouldBeTrue();
        _keys.Rotate(Start.AddDays(30));
        _secrets.Directory.Has(first + ".pem").ShouldBeFalse();
        _secrets.Directory.Names("*.pem").Count.ShouldBe(6);
    }

    [Fact]
    public void Another_node_follows_when_it_looks()
    {
        var node = SigningKeys.Open(_secrets.InProduction(), Start);
        node.Reload().ShouldBeFalse();
        var stolen = node.For(SignaturePurpose.License).Kid;

        _keys.Revoke(stolen, Start);
        node.For(SignaturePurpose.License).Kid.ShouldBe(stolen);
        node.Reload().ShouldBeTrue();
        node.For(SignaturePurpose.License).Kid.ShouldBe(_keys.For(SignaturePurpose.License).Kid);
        node.Verifier.Kids.ShouldNotContain(stolen);
        node.Reload().ShouldBeFalse();
    }

    [Fact]
    public void A_lost_or_foreign_key_file_stops_the_start_and_is_named()
    {
        var kid = _keys.For(SignaturePurpose.Answer).Kid;
        using var stranger = Es256Key.Create(SignaturePurpose.Answer);
        _secrets.Directory.Write(kid + ".pem", Encoding.ASCII.GetBytes(stranger.ToPem()));
        Should.Throw<StartRefusedException>(() => SigningKeys.Open(_secrets.InProduction(), Start)).Message.ShouldContain(kid);

        _secrets.Directory.Delete(kid + ".pem");
        Should.Throw<StartRefusedException>(() => SigningKeys.Open(_secrets.InProduction(), Start)).Message.ShouldContain(kid);

        _secrets.Directory.Delete(SigningKeyFile.Name);
        Should.Throw<StartRefusedException>(
            () => SigningKeys.Open(_secrets.InProduction(), Start)).Message.ShouldContain(SigningKeyFile.Name);

        _secrets.Directory.Write(SigningKeyFile.Name, "[]"u8);
        Should.Throw<StartRefusedException>(() => SigningKeys.Open(_secrets.InProduction(), Start)).Message.ShouldContain("damaged");
    }

    [Fact]
    public void Statements_lead_from_the_keys_of_any_day_to_those_of_today_whatever_was_revoked()
    {
        List<byte[]> sets = [_keys.Jwks.ToArray()];
        List<string> revoked = [];
        Action[] acts =
        [
            Rotate, Rotate, Rotate, () => Revoke(KidOf(SignaturePurpose.License, SigningKeyState.Earlier)), Rotate,
            () => Revoke(KidOf(SignaturePurpose.License, SigningKeyState.Current)),
            () => Revoke(KidOf(SignaturePurpose.Answer, SigningKeyState.Next)), Rotate, Rotate,
        ];
        foreach (var act in acts)
        {
            act();
            sets.Add(_keys.Jwks.ToArray());
        }

        var statements = JsonNode.Parse(_keys.Statements.Span)!["statements"]!.AsArray().Select(s => s!.GetValue<string>()).ToList();
        statements.Count.ShouldBe(acts.Length);
        statements.Sum(s => s.Length).ShouldBeLessThan(acts.Length * 4096, "programs keep them");
        foreach (var set in sets)
        {
            var known = VerificationKeys.FromJwks(set).After(statements, out _);
            SignaturePurposes.All.Select(p => _keys.For(p).Kid).ShouldBeSubsetOf(known.Kids);
            known.Kids.Intersect(revoked).ShouldBeEmpty();
        }

        SigningKeys.Open(_secrets.InProduction(), Start).Statements.ToArray().ShouldBe(_keys.Statements.ToArray());

        void Rotate() => _keys.Rotate(Start, evenIfYoung: true).Current.ShouldNotBeEmpty();

        void Revoke(string kid)
        {
            revoked.Add(kid);
            _keys.Revoke(kid, Start).ShouldBe(RevokeResult.Revoked);
        }

        string KidOf(SignaturePurpose purpose, SigningKeyState state) =>
            _keys.Entries.Last(e => e.Purpose == purpose && e.State == state).Kid;
    }

    [Fact]
    public void Damaged_statements_stop_the_start()
    {
        foreach (var text in (string[])["", "{}", "[]", "null", "{\"statements\":[1]}"])
        {
            _secrets.Directory.Write(KeyStatementFile.Name, Encoding.UTF8.GetBytes(text));
            Should.Throw<StartRefusedException>(() => SigningKeys.Open(_secrets.InProduction(), Start)).Message
                .ShouldContain(KeyStatementFile.Name);
        }
    }

    [Fact]
    public void Threads_that_sign_during_rotations_always_sign_verifiably()
    {
        var turns = Enumerable.Range(0, 10).ToArray();
        var failed = 0;
        Parallel.Invoke(
            () =>
            {
                foreach (var turn in turns)
                {
                    _keys.Rotate(Start.AddDays(30 * (turn + 1)));
                }
            },
            () => Parallel.For(0, 300, i =>
            {
                var text = new CheckInAnswer("n", Start, "0123456789ABC", 1, true, "VALID").Write(_keys.For(SignaturePurpose.Answer));
                if (!CheckInAnswer.Read(text, "n", _keys.Verifier).IsGenuine)
                {
                    Interlocked.Increment(ref failed);
                }
            }));
        failed.ShouldBe(0);
    }

    private string Next(SignaturePurpose purpose) => _keys.Entries.Single(e => e.Purpose == purpose && e.State == SigningKeyState.Next).Kid;
}
