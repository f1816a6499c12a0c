namespace Steno.Tokenization;

/// <summary>A token that stands beside the BPE vocabulary and is matched as a whole.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="IsSpecial">True when decoding may leave it out.</param>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial);
