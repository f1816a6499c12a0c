namespace Steno.Kernels;

/// <summary>A panel format whose only other content than codes is an F16 scale for each output and block.</summary>
internal unsafe interface IScaledPanelFormat : IPanelFormat
{
    /// <summary>Sets the scale of one output in a block.</summary>
    static abstract void SetScale(byte* panel, int block, int output, Half scale);
}
