using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Data;

internal sealed class HardwareCodeConverter() : ValueConverter<HardwareCode, string>(code => code.Normalized, text => Read(text))
{
    public static HardwareCode Read(string text) =>
        HardwareCode.TryParse(text, out var code, out _)
            ? code
            : throw new InvalidOperationException($"The stored hardware code '{text}' cannot be read; run check data.");
}
