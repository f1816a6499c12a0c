using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Steno.Packagings;

/// <summary>Writes a safetensors file of any size: the data first into a file beside it, since the header, which comes first, must know all of it.</summary>
internal sealed class SafetensorsOutput : IDisposable
{
    private readonly string _path;
    private readonly FileStream _data;
    private readonly StringBuilder _header = new("{\"__metadata__\":{\"format\":\"pt\"}");

    public SafetensorsOutput(string path)
    {
        _path = path;
        _data = new FileStream(path + ".data", FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 20);
    }

    public void Add(OutputTensor tensor)
    {
        long begin = _data.Position;
        _data.Write(tensor.Data);
        _header.Append(CultureInfo.InvariantCulture, $",\"{tensor.Name}\":{{\"dtype\":\"{tensor.DType}\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{begin},{_data.Position}]}}");
    }

    /// <summary>Puts header and data together.</summary>
    public void Finish()
    {
        _header.Append('}').Append(' ', (8 - ((_header.Length + 1) % 8)) % 8);
        byte[] header = Encoding.UTF8.GetBytes(_header.ToString());
        using FileStream file = File.Create(_path);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        file.Write(length);
        file.Write(header);
        _data.Position = 0;
        _data.CopyTo(file);
    }

    public void Dispose()
    {
        _data.Dispose();
        File.Delete(_path + ".data");
    }
}
