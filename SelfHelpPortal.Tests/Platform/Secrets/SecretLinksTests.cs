using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Secrets;

public sealed class SecretLinksTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Now = TestClock.Start;
    private readonly Guid _record = Guid.CreateVersion7();

    [Fact]
    public async Task Opens_its_purpose_and_record_until_it_expires()
    {
        var token = await IssueAsync(LinkPurpose.ReleaseConfirm);
        await using var db = postgres.Open();

        var found = (await SecretLinks.FindAsync(db, LinkPurpose.ReleaseConfirm, token, Now))!;
        (found.RecordId, found.State).ShouldBe((_record, LinkState.Valid));
        found.ExpiresAt.ShouldBe(Now.AddMinutes(10));
        (await SecretLinks.FindAsync(db, LinkPurpose.ReleaseConfirm, token, Now.AddMinutes(10)))!.State.ShouldBe(LinkState.Expired);
        (await SecretLinks.FindAsync(db, LinkPurpose.Objection, token, Now)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_no_token_finds_nothing()
    {
        var token = await IssueAsync(LinkPurpose.Flag);
        await using var db = postgres.Open();
        foreach (
            var wrong in new[] { null, "", token[..^1], token + "A", token.ToUpperInvariant(), new string('!', 43), new string('A', 43) })
        {
            (await SecretLinks.FindAsync(db, LinkPurpose.Flag, wrong, Now)).ShouldBeNull(wrong);
        }
    }

    [Fact]
    public async Task Only_a_hash_of_it_is_stored()
    {
        var token = await IssueAsync(LinkPurpose.Invitation);
        var dump = await Dump.ReadAsync(postgres, "mail_link");
        dump.ShouldContain(_record.ToString());
        dump.ShouldNotContain(token);
        dump.ShouldNotContain(Convert.ToHexStringLower(System.Buffers.Text.Base64Url.DecodeFromChars(token)));
        dump.ShouldContain(Convert.ToHexStringLower(SHA256.HashData(System.Buffers.Text.Base64Url.DecodeFromChars(token))));
    }

    [Fact]
    public async Task Opening_it_writes_nothing_and_of_twenty_parallel_acts_one_counts()
    {
        var token = await IssueAsync(LinkPurpose.Objection);
        var before = await Dump.ReadAsync(postgres, "mail_link");
        await using (var db = postgres.Open())
        {
            for (var i = 0; i < 5; i++)
            {
                await SecretLinks.FindAsync(db, LinkPurpose.Objection, token, Now);
            }
        }

        (await Dump.ReadAsync(postgres, "mail_link")).ShouldBe(before);

        var used = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => UseAsync(LinkPurpose.Objection, token, Now, commit: true)));
        used.Count(u => u).ShouldBe(1);
        await using var after = postgres.Open();
        var found = (await SecretLinks.FindAsync(after, LinkPurpose.Objection, token, Now.AddDays(2)))!;
        (found.State, found.UsedAt).ShouldBe((LinkState.Used, Now));
    }

    [Fact]
    public async Task An_act_that_fails_leaves_the_link_usable()
    {
        var token = await IssueAsync(LinkPurpose.PasswordReset);
        (await UseAsync(LinkPurpose.PasswordReset, token, Now, commit: false)).ShouldBeTrue();
        (await UseAsync(LinkPurpose.PasswordReset, token, Now, commit: true)).ShouldBeTrue();
        (await UseAsync(LinkPurpose.PasswordReset, token, Now, commit: true)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_expired_or_withdrawn_link_cannot_be_used_and_needs_a_transaction()
    {
        var token = await IssueAsync(LinkPurpose.PasswordReset);
        (await UseAsync(LinkPurpose.PasswordReset, token, Now.AddMinutes(15), commit: true)).ShouldBeFalse();

        await using var db = postgres.Open();
        var found = (await SecretLinks.FindAsync(db, LinkPurpose.PasswordReset, token, Now))!;
        await Should.ThrowAsync<InvalidOperationException>(() => SecretLinks.UseAsync(db, found, Now));

        await SecretLinks.ExpireAsync(db, LinkPurpose.PasswordReset, _record, Now);
        (await UseAsync(LinkPurpose.PasswordReset, token, Now, commit: true)).ShouldBeFalse();
    }

    private async Task<string> IssueAsync(LinkPurpose purpose)
    {
        await using var db = postgres.Open();
        var token = SecretLinks.Issue(db, purpose, _record, Now);
        await db.SaveChangesAsync();
        return token;
    }

    private async Task<bool> UseAsync(LinkPurpose purpose, string token, DateTimeOffset now, bool commit)
    {
        await using var db = postgres.Open();
        var found = (await SecretLinks.FindAsync(db, purpose, token, now))!;
        await using var transaction = await db.Database.BeginTransactionAsync();
        var used = await SecretLinks.UseAsync(db, found, now);
        if (commit)
        {
            await transaction.CommitAsync();
        }

        return used;
    }
}
