using Steno.Packagings;
using Steno.Tests.Packagings;

namespace Steno.Tests.Checkpoints.Packed;

/// <summary>
/// Packagings of a model as large as a published one, which does not come with the sources: STENO_GROWN names its directory, STENO_PACKAGINGS one for the
/// checkpoints that are written, which stay there to be measured. About 2 GB each, 8 GB on the way, and some minutes.
/// </summary>
public sealed class GrownPackagingTests
{
    [Theory]
    [InlineData("mlx-4")]
    [InlineData("mlx-mixed")]
    [InlineData("mxfp4")]
    [InlineData("modelopt-fp8")]
    [InlineData("modelopt-nvfp4")]
    [InlineData("ct-w4")]
    public void A_checkpoint_computes_what_the_values_in_it_compute(string name)
    {
        string? source = Environment.GetEnvironmentVariable("STENO_GROWN");
        Assert.SkipWhen(string.IsNullOrEmpty(source), "STENO_GROWN names no model");
        string target = Environment.GetEnvironmentVariable("STENO_PACKAGINGS")!;
        string packed = Path.Combine(target, name);
        string twin = Path.Combine(target, name + "-twin");
        PackagingWriter.Write(Family.All.First(family => family.Name == name), source, packed, twin);

        Logits.AssertEqual(Logits.Of(twin, "english-1"), Logits.Of(packed, "english-1"));
        Directory.Delete(twin, recursive: true);
    }
}
