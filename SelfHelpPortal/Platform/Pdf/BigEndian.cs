using System.Buffers.Binary;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>Numbers as fonts and color profiles store them.</summary>
internal static class BigEndian
{
    public static byte[] Bytes16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Bytes32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>Fills up with zeros to a multiple of four bytes.</summary>
    public static void Align(this MemoryStream stream)
    {
        while (stream.Length % 4 != 0)
        {
            stream.WriteByte(0);
        }
    }
}
