"""Raw files opened as UTF-8 bytes: plain, gzip, xz or ZIP, within stated limits."""

import codecs
import errno
import gzip
import hashlib
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

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
# NotImplementedError is zipfile's word for a version of the format that it lacks.
DAMAGE = (
    EOFError,
    NotImplementedError,
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

    A ZIP must hold exactly one file; nothing is ever written under the name
    that it has there. What the bytes begin with decides, not the file's name.

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
        If the file is empty, broken, encrypted, in another encoding, or
        unpacks past the limit.
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
                expected="a whole gzip, xz or ZIP file",
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
    if start.startswith(b"\x1f\x8b"):
        with gzip.GzipFile(fileobj=raw) as stream:
            yield stream
    elif start.startswith(b"\xfd7zXZ\x00"):
        yield _Xz(raw)
    elif start.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(raw) as archive, _opened(archive, name) as stream:
            yield stream
    else:
        yield raw


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
    members = [member for member in archive.infolist() if not member.is_dir()]
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


class _Xz(io.RawIOBase):
    """An xz file unpacked within limited memory, to its last byte.

    Python's own reader takes what it cannot unpack behind a whole part for the
    end of the file, so that a damaged second part would be lost in silence.
    """

    def __init__(self, raw: io.BufferedIOBase):
        self._raw, self._part = raw, self._new_part()

    @staticmethod
    def _new_part() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)

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
            data = self._part.decompress(packed, len(buffer))
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
