using System.Text;

namespace Ballast.Tests.Golden;

public class SafetensorsFileTests
{
    [Fact]
    public void A_safetensors_file_is_read_by_name_type_and_shape()
    {
        var path = Path.GetTempFileName();
        try
        {
            var header = """{"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"y":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]}}""";
            File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)header.Length), .. Encoding.UTF8.GetBytes(header), .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f), 0x80, 0x3F]);
            var tensors = SafetensorsFile.Read(path);
            Assert.Equal([1.5f, -2f], tensors["x"].Floats());
            Assert.Equal([1, 2], tensors["x"].Shape);
            Assert.Equal([1f], tensors["y"].Floats());
        }
        finally
        {
            File.Delete(path);
        }
    }
}
