using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Data;

/// <summary>Amounts are whole cents in the database too.</summary>
internal sealed class MoneyConverter() : ValueConverter<Money, long>(money => money.Cents, cents => new Money(cents));
