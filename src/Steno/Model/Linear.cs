using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Model;

/// <summary>A matrix with its bias.</summary>
internal readonly record struct Linear(PackedMatrix Weight, AlignedBuffer<float> Bias);
