namespace Steno.Tests.Packagings;

/// <summary>What differs among the files of audio.cpp.</summary>
/// <param name="Family">What the model is; null as in older files.</param>
/// <param name="Prefix">What stands before the names, a slash at its end; most often nothing.</param>
/// <param name="HasPortNames">Whether the checkpoint was one of the native port (-hf).</param>
/// <param name="AliasesAll">Whether every tensor is stored under another name.</param>
/// <param name="DropsOnes">Whether outer dimensions of one are left out.</param>
/// <param name="HasFilesAsTexts">Whether the small files are a list of texts, as in older files.</param>
/// <param name="HasNoFiles">Whether there are no small files.</param>
/// <param name="PaddingBytes">Bytes of a file that no one wants, before the others.</param>
internal sealed record AudioCppLayout(
    string? Family = "qwen3_asr",
    string Prefix = "",
    bool HasPortNames = false,
    bool AliasesAll = false,
    bool DropsOnes = false,
    bool HasFilesAsTexts = false,
    bool HasNoFiles = false,
    int PaddingBytes = 0);
