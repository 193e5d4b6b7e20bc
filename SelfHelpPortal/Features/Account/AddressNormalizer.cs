using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <summary>Makes Identity look accounts up as everybody else does.</summary>
internal sealed class AddressNormalizer : ILookupNormalizer
{
    [return: NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email) => email is null ? null : AccountLookUp.Normalize(email);

    [return: NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name) => name is null ? null : AccountLookUp.Normalize(name);
}
