"""Raw files opened as UTF-8 bytes: plain, gzip, xz, bzip2, zstd or ZIP, within stated limits."""

import bz2
import codecs
import errno
import gzip
import hashlib
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pyarrow as pa

from hydrascope.errors import RawFileError

__all__ = ["ENCODING_REMEDY", "file_digest", "open_raw"]

GIB = 2**30
CHUNK = 2**18
# What xz takes at its highest usual setting, and some more.
XZ_MEMORY = 2**27
ENCODING_REMEDY = "Correct the column encoding of its row in collections.tsv."
QUOTED = re.compile(r"\s*\(?b?['\"]")
# Others unpack without a limit to their memory, or end in errors that name nothing.
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What systems put beside the files of a ZIP.
LITTER = re.compile(r"(.*/)?(__MACOSX/.*|\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)", re.I)
GZIP, XZ = b"\x1f\x8b", b"\xfd7zXZ\x00"
# Its level, then what opens a block or ends the file.
BZIP2 = re.compile(rb"BZh[1-9](1A|\x17r)")
# A frame that holds no data may stand first; of its first byte four bits are free.
ZSTD = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# What else a file may be, by the bytes that it begins with.
NAMED = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x04\x22\x4d\x18": "an lz4 archive",
    b"\x1f\x9d": "a file packed by compress",
    b"PAR1\x15": "a Parquet file",
    b"SQLite format 3\0": "an SQLite database",
    b"%PDF-": "a PDF",
    b"\xd0\xcf\x11\xe0\xa1\xb1": "an old Excel or Word file",
}
# Where a tar archive says what it is.
TAR = slice(257, 262)


class Damaged(Exception):
    """Something that does not unpack."""


# NotImplementedError is zipfile's word for a version of the format that it lacks.
DAMAGE = (
    EOFError,
    NotImplementedError,
    Damaged,
    zlib.error,
    gzip.BadGzipFile,
    lzma.LZMAError,
    zipfile.BadZipFile,
)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def open_raw(
    path: Path, *, name: str, encoding: str, max_unpacked_gib: float
) -> Iterator[BinaryIO]:
    """Open a raw file as UTF-8 bytes, whatever it is packed in and however it is encoded.

    A ZIP must hold exactly one file, besides what macOS and Windows put there;
    nothing is ever written under the name that it has there. What the bytes
    begin with decides, not the file's name.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    name : str
        What error messages call it.
    encoding : str
        Its encoding; a byte-order mark is dropped. A file listed as UTF-8 comes
        as it is, so that a row that is none can be told from its neighbours.
    max_unpacked_gib : float
        GiB that a packed file may unpack to.

    Raises
    ------
    RawFileError
        If the file is empty, broken, encrypted, in another encoding, packed in
        a way that is not read, or unpacks past the limit.
    """
    with path.open("rb") as raw:
        start = raw.read(6)
        raw.seek(0)
        if not start:
            raise RawFileError(
                name,
                found="an empty file",
                expected="a header and rows, or JSON",
                remedy="Export it again, or take its row out of collections.tsv.",
            )
        try:
            with _unpacked(raw, start, name) as stream:
                if stream is not raw:
                    limit = int(max_unpacked_gib * GIB)
                    stream = io.BufferedReader(_Guard(stream, limit, name), 2**20)
                _refuse_what_is_no_text(stream, name, inside=stream is not raw)
                yield _as_utf8(stream, encoding)
        except UnicodeError as error:
            # What has no byte-order mark where one is due is a fault without a place.
            at = isinstance(error, UnicodeDecodeError)
            shown = f"bytes {error.object[error.start : error.end].hex()}" if at else "bytes"
            raise RawFileError(
                name,
                found=f"{shown} that are not {encoding}" + ("" if at else f" ({error})"),
                expected=f"text in {encoding}",
                remedy=ENCODING_REMEDY,
            ) from error
        except LookupError as error:
            raise RawFileError(
                name,
                column="encoding",
                found=f"{encoding!r}, which Python does not know",
                expected="an encoding such as utf-8, utf-16 or gb18030",
                remedy="Correct its row in collections.tsv.",
            ) from error
        except DAMAGE as error:
            # A library may quote the file, in which somebody may be named.
            said = QUOTED.split(str(error))[0]
            raise RawFileError(
                name,
                found=f"a damaged archive ({said})",
                expected="a whole gzip, xz, bzip2, zstd or ZIP file",
                remedy="Copy or download it again and compare its sha256.",
            ) from error


def _as_utf8(stream: io.BufferedReader, encoding: str) -> BinaryIO:
    if codecs.lookup(encoding).name not in ("utf-8", "utf-8-sig"):
        return codecs.EncodedFile(stream, "utf-8", encoding)
    if stream.peek(3).startswith(codecs.BOM_UTF8):
        stream.read(3)
    return stream


@contextmanager
def _unpacked(raw: io.BufferedIOBase, start: bytes, name: str) -> Iterator:
    if start.startswith(GZIP):
        with gzip.GzipFile(fileobj=raw) as stream:
            yield stream
    elif start.startswith(XZ):
        yield _Parts(raw, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY))
    elif BZIP2.match(start):
        yield _Parts(raw, bz2.BZ2Decompressor)
    elif ZSTD.match(start):
        yield _Zstd(raw, name)
    elif start.startswith(ZIP):
        with zipfile.ZipFile(raw) as archive, _opened(archive, name) as stream:
            yield stream
    else:
        yield raw


def _refuse_what_is_no_text(stream: io.BufferedReader, name: str, *, inside: bool) -> None:
    """Say of a file that no format can be read from what it is."""
    start = stream.peek(TAR.stop)
    what = next((what for begin, what in NAMED.items() if start.startswith(begin)), "")
    what = "a tar archive" if start[TAR] == b"ustar" else what
    packed = start.startswith((GZIP, XZ, *ZIP)) or BZIP2.match(start) or ZSTD.match(start)
    if what or (inside and packed):
        raise RawFileError(
            name,
            found=(what or "an archive") + (" inside an archive" if inside else ""),
            expected="CSV or JSON, plain or packed once by gzip, xz, bzip2, zstd or ZIP",
            remedy="Unpack it or export it anew, and list what comes out in collections.tsv.",
        )


def _opened(archive: zipfile.ZipFile, name: str) -> BinaryIO:
    member = _only_member(archive, name)
    try:
        return archive.open(member)
    except OSError as error:
        # zipfile goes wherever the index says, before the file's beginning too.
        if error.errno == errno.EINVAL:
            raise zipfile.BadZipFile("its index leads outside the file") from error
        raise


def _only_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir() and not LITTER.fullmatch(member.filename.replace("\\", "/"))
    ]
    if any(member.filename == "[Content_Types].xml" for member in members):
        raise RawFileError(
            name,
            found="an Excel workbook, or another document of an office",
            expected="CSV or JSON as the platform gave it",
            remedy="Get the file that it was made of: a spreadsheet rounds long ids.",
        )
    if len(members) != 1 or members[0].flag_bits & 1:
        raise RawFileError(
            name,
            found=f"a ZIP of {len(members)} files"
            + (", encrypted" if any(m.flag_bits & 1 for m in members) else ""),
            expected="a ZIP of one file, without a password",
            remedy="Unpack it and list its files in collections.tsv.",
        )
    if members[0].compress_type not in PACKED:
        raise RawFileError(
            name,
            found=f"a ZIP packed by method {members[0].compress_type}",
            expected="one that is stored or deflated, as ZIPs commonly are",
            remedy="Unpack it and list the file that was in it.",
        )
    place = PurePosixPath(members[0].filename.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts:
        raise RawFileError(
            name,
            found="a ZIP whose file has a name that lies outside its folder",
            expected="a name inside the ZIP's own folder",
            remedy="No platform packs like that: find out who made it before you unpack it.",
        )
    return members[0]


class _Parts(io.RawIOBase):
    """An xz or bzip2 file unpacked within limited memory, to its last byte.

    Python's own readers take what they cannot unpack behind a whole part for
    the end of the file, so that a damaged second part would be lost in silence.
    """

    def __init__(
        self,
        raw: io.BufferedIOBase,
        new_part: Callable[[], lzma.LZMADecompressor | bz2.BZ2Decompressor],
    ):
        self._raw, self._new_part, self._part = raw, new_part, new_part()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        data = b""
        while not data:
            packed = b""
            if self._part.eof:
                packed = (self._part.unused_data or self._raw.read(CHUNK)).lstrip(b"\0")
                if not packed and not (packed := self._raw.read(CHUNK).lstrip(b"\0")):
                    return 0
                self._part = self._new_part()
            elif self._part.needs_input and not (packed := self._raw.read(CHUNK)):
                raise EOFError("it ends before its end marker")
            try:
                data = self._part.decompress(packed, len(buffer))
            except OSError as error:
                raise Damaged(str(error)) from error
        buffer[: len(data)] = data
        return len(data)


class _Zstd(io.RawIOBase):
    """A zstd file of any number of frames, unpacked within limited memory."""

    def __init__(self, raw: io.BufferedIOBase, name: str):
        self._name = name
        self._stream = pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        try:
            data = self._stream.read(len(buffer))
        except OSError as error:
            # An error of the disk has a number.
            if error.errno is not None:
                raise
            if "too much memory" not in str(error):
                raise Damaged(str(error)) from error
            raise RawFileError(
                self._name,
                found="a zstd file that takes more than 128 MiB of memory to unpack",
                expected="one with a window of 27 bits at most",
                remedy="Unpack it by zstd -d --long=31, and list what comes out.",
            ) from error
        buffer[: len(data)] = data
        return len(data)


class _Guard(io.RawIOBase):
    """A stream that refuses to give more than a number of bytes."""

    def __init__(self, stream: io.BufferedIOBase, limit: int, name: str):
        self._stream, self._limit, self._name, self._given = stream, limit, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        data = self._stream.read(len(buffer))
        self._given += len(data)
        if self._given > self._limit:
            raise RawFileError(
                self._name,
                found=f"an archive that unpacks past {self._limit / GIB:g} GiB",
                expected="less than the key ingest.max_unpacked_gib",
                remedy="Raise the key if the file is as large as that.",
            )
        buffer[: len(data)] = data
        return len(data)
