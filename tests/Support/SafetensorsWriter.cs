using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Steno.Tests.Support;

/// <summary>Writes safetensors files: a 64-bit little-endian header length, the JSON header padded with spaces to 8 bytes, the data.</summary>
internal static class SafetensorsWriter
{
    /// <summary>A well-formed file of these tensors, in their order.</summary>
    public static byte[] Write(IReadOnlyList<StoredTensor> tensors)
    {
        var header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        long offset = 0;
        foreach (StoredTensor tensor in tensors)
        {
            header.Append(CultureInfo.InvariantCulture, $",\"{tensor.Name}\":{{\"dtype\":\"{tensor.DType}\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{offset},{offset + tensor.Data.Length}]}}");
            offset += tensor.Data.Length;
        }
        header.Append('}');
        header.Append(' ', (8 - (header.Length % 8)) % 8);
        byte[] data = new byte[offset];
        offset = 0;
        foreach (StoredTensor tensor in tensors)
        {
            tensor.Data.CopyTo(data, offset);
            offset += tensor.Data.Length;
        }
        return Write(header.ToString(), data);
    }

    /// <summary>A file of any header and data, right or wrong.</summary>
    public static byte[] Write(string header, byte[] data) => Write(Encoding.UTF8.GetBytes(header), data);

    /// <summary>A file of any header and data, right or wrong.</summary>
    public static byte[] Write(byte[] header, byte[] data)
    {
        byte[] file = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        data.CopyTo(file, 8 + header.Length);
        return file;
    }
}
