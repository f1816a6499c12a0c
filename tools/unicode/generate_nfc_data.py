"""Writes src/Steno/Tokenization/NfcData.cs from the Unicode Character Database that this Python carries.

Usage, from the repository root, with Python 3.13 or later (3.13 carries Unicode 15.1):

    python3 tools/unicode/generate_nfc_data.py

The packed form, all numbers being LEB128 varints:

    count of runs of equal combining class, then for each run:
        gap from the end of the previous run, length, class
    count of canonical decompositions, then for each, by code point:
        gap from the previous code point, first, 2 * second + composes

`second` is 0 for a decomposition into one code point; `composes` is 1 where the pair composes again (a primary composite).
Hangul syllables are computed, not listed.
"""

import base64
import sys
import textwrap
import unicodedata
from pathlib import Path

HANGUL = range(0xAC00, 0xAC00 + 11172)


def varint(number):
    packed = bytearray()
    while number >= 0x80:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def pack_classes():
    runs = []
    for code_point in range(sys.maxunicode + 1):
        combining_class = unicodedata.combining(chr(code_point))
        if combining_class == 0:
            continue
        if runs and runs[-1][0] + runs[-1][1] == code_point and runs[-1][2] == combining_class:
            runs[-1][1] += 1
        else:
            runs.append([code_point, 1, combining_class])

    packed, end = varint(len(runs)), 0
    for start, length, combining_class in runs:
        packed += varint(start - end) + varint(length) + varint(combining_class)
        end = start + length
    return packed


def pack_decompositions():
    entries = []
    for code_point in range(sys.maxunicode + 1):
        mapping = unicodedata.decomposition(chr(code_point))
        if not mapping or mapping.startswith("<") or code_point in HANGUL:
            continue
        parts = [int(part, 16) for part in mapping.split()]
        composes = len(parts) == 2 and unicodedata.normalize("NFC", chr(code_point)) == chr(code_point)
        entries.append((code_point, parts[0], parts[1] if len(parts) == 2 else 0, int(composes)))

    packed, previous = varint(len(entries)), 0
    for code_point, first, second, composes in entries:
        packed += varint(code_point - previous) + varint(first) + varint(2 * second + composes)
        previous = code_point
    return packed


def main():
    encoded = base64.b64encode(pack_classes() + pack_decompositions()).decode("ascii")
    lines = "\n".join(" " * 8 + line for line in textwrap.wrap(encoded, 128))
    source = f'''namespace Steno.Tokenization;

/// <summary>Combining classes and canonical decompositions of Unicode {unicodedata.unidata_version}, packed.</summary>
/// <remarks>
/// Written by tools/unicode/generate_nfc_data.py, which describes the form. Source: the Unicode Character Database
/// (UnicodeData.txt and CompositionExclusions.txt; Unicode License v3) as carried by Python's <c>unicodedata</c>.
/// </remarks>
internal static class NfcData
{{
    /// <summary>The packed tables in base64; white space means nothing.</summary>
    public const string Base64 =
        """
{lines}
        """;
}}
'''
    Path("src/Steno/Tokenization/NfcData.cs").write_text(source, encoding="utf-8", newline="\n")


main()
