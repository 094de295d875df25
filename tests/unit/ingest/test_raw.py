"""Raw files as UTF-8: packings, encodings, limits, damage."""

import bz2
import gzip
import hashlib
import io
import lzma
import zipfile
from itertools import count

import pyarrow as pa
import pytest

from hydrascope.errors import RawFileError
from hydrascope.ingest.raw import _Guard, file_digest, open_raw

GIB = 2**30
TEXT = "id,text\n1,滚出去\n"
BYTES = TEXT.encode()


def zipped(*members, **options):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def opened(path, content, *, encoding="utf-8", max_unpacked_gib=1.0):
    path.write_bytes(content)
    with open_raw(
        path, name="raw.csv", encoding=encoding, max_unpacked_gib=max_unpacked_gib
    ) as stream:
        return stream.read()


def zstd(content):
    return pa.compress(content, codec="zstd", asbytes=True)


SKIPPED_FRAME = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"skip"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "named.bin"


@pytest.mark.parametrize(
    "content",
    [
        BYTES,
        b"\xef\xbb\xbf" + BYTES,
        gzip.compress(BYTES),
        gzip.compress(BYTES[:7]) + gzip.compress(BYTES[7:]),
        gzip.compress(b"\xef\xbb\xbf" + BYTES),
        lzma.compress(BYTES),
        lzma.compress(BYTES[:7]) + lzma.compress(BYTES[7:]),
        zipped(("a.csv", BYTES)),
        zipped(("folder/", b""), ("folder/a.csv", BYTES)),
        bz2.compress(BYTES),
        bz2.compress(BYTES[:7]) + bz2.compress(BYTES[7:]),
        zstd(BYTES),
        zstd(BYTES[:7]) + SKIPPED_FRAME + zstd(BYTES[7:]),
        SKIPPED_FRAME + zstd(BYTES),
        zipped(("__MACOSX/._a.csv", b"x"), ("a.csv", BYTES), (".DS_Store", b"x")),
        zipped(("f/a.csv", BYTES), ("f/._a.csv", b"x"), ("f/Thumbs.db", b"x"), ("__MACOSX/", b"")),
    ],
    ids=["plain", "bom", "gzip", "gzip of two parts", "gzip with bom"]
    + ["xz", "xz of two parts", "zip", "zip with folder", "bzip2", "bzip2 of two parts"]
    + [
        "zstd",
        "zstd of two frames",
        "zstd after a skipped frame",
        "zip of macOS",
        "zip with litter",
    ],
)
def test_the_first_bytes_tell_the_packing_and_not_the_name(file, content):
    assert opened(file, content) == BYTES


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "big5hkscs", "UTF8"])
def test_the_listed_encoding_is_used(file, encoding):
    text = "id,text\n1,出去\n"
    assert opened(file, text.encode(encoding), encoding=encoding) == text.encode()


MANY = b"id,text\n" + b"".join(b"%d,x\n" % n for n in range(999))
# A frame of zstd whose window takes two gigabytes.
WIDE = bytes.fromhex("28b52ffd00a8290000") + b"hello"


@pytest.mark.parametrize("pack", [bz2.compress, zstd], ids=["bzip2", "zstd"])
def test_other_damaged_archives_are_named(file, pack):
    whole = pack(MANY)
    damaged = [whole[:-1], whole[: len(whole) // 2], whole + whole[:-1], whole + b"junk and more"]
    damaged.append(whole + b"BZh9" + bytes(20) if pack is bz2.compress else whole + whole[4:])
    for content in damaged:
        with pytest.raises(RawFileError, match="a damaged archive") as error:
            opened(file, content)
        assert "compare its sha256" in str(error.value)
    assert opened(file, whole * 3) == MANY * 3


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress, zstd])
def test_no_packing_unpacks_past_the_limit(file, pack):
    bomb = pack(bytes(2**22))
    with pytest.raises(RawFileError, match="an archive that unpacks past"):
        opened(file, bomb, max_unpacked_gib=0.001)
    small = pack(bytes(2**19))
    with pytest.raises(RawFileError, match="an archive that unpacks past"):
        opened(file, small * 4, max_unpacked_gib=0.001)


def test_a_zstd_file_of_a_wide_window_is_refused_with_what_to_do(file):
    with pytest.raises(RawFileError, match="zstd -d --long=31"):
        opened(file, WIDE)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"7z\xbc\xaf\x27\x1c" + bytes(300), "a 7z archive"),
        (b"Rar!\x1a\x07\x00" + bytes(300), "a RAR archive"),
        (b"SQLite format 3\0" + bytes(300), "an SQLite database"),
        (b"a.csv" + bytes(252) + b"ustar\0", "a tar archive"),
        (gzip.compress(b"a.csv" + bytes(252) + b"ustar\0"), "a tar archive inside an archive"),
        (gzip.compress(gzip.compress(BYTES)), "an archive inside an archive"),
        (zipped(("a.csv.bz2", bz2.compress(BYTES))), "an archive inside an archive"),
        (bz2.compress(zstd(BYTES)), "an archive inside an archive"),
        (zipped(("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x")), "an Excel workbook"),
        (zipped(), "a ZIP of 0 files"),
        (zipped(("__MACOSX/._a.csv", b"x")), "a ZIP of 0 files"),
        (zipped(("a.csv", BYTES), ("b.csv", BYTES), (".DS_Store", b"x")), "a ZIP of 2 files"),
    ],
    # Packed bytes hold the time, and processes that share the tests must name them alike.
    ids=map(str, count()),
)
def test_what_is_not_read_is_refused_by_its_name(file, content, what):
    with pytest.raises(RawFileError) as error:
        opened(file, content)
    assert str(error.value).startswith(f"raw.csv: found {what}")
    assert "collections.tsv" in str(error.value) or "spreadsheet" in str(error.value)


def test_a_text_that_begins_like_a_packing_is_a_text(file):
    for text in (b"BZh9 is a name,b\n", b"PAR1,PAR2\n", b"PK,id\n", b"Rar,x\n"):
        assert opened(file, text) == text


def test_newlines_stay_as_they_are(file):
    assert opened(file, b"a\r\nb\rc\n") == b"a\r\nb\rc\n"


def test_an_empty_file_is_named(file):
    with pytest.raises(RawFileError) as error:
        opened(file, b"")
    assert str(error.value) == (
        "raw.csv: found an empty file; expected a header and rows, or JSON. "
        "Export it again, or take its row out of collections.tsv."
    )


@pytest.mark.parametrize(
    ("content", "encoding", "shown"),
    [
        (BYTES, "ascii", "e6"),
        (gzip.compress(BYTES, mtime=0), "ascii", "e6"),
        (zipped(("a", BYTES)), "ascii", "e6"),
        (b"id\n\xff", "gb18030", "ff"),
    ],
)
def test_the_wrong_encoding_is_named_with_the_bytes(file, content, encoding, shown):
    with pytest.raises(RawFileError) as error:
        opened(file, content, encoding=encoding)
    assert str(error.value).startswith(f"raw.csv: found bytes {shown}")
    assert f"not {encoding}; expected text in {encoding}." in str(error.value)
    assert "column encoding" in str(error.value)


def test_what_is_listed_as_utf_8_comes_as_it_is(file):
    # A row that is none can then be told from its neighbours.
    assert opened(file, b"id\n\xe9\n") == b"id\n\xe9\n"


def test_an_encoding_that_does_not_exist_is_an_error_a_user_can_read(file):
    with pytest.raises(RawFileError, match="utf-8000"):
        opened(file, BYTES, encoding="utf-8000")


def with_byte(content, place, value):
    return content[:place] + bytes([value]) + content[place + 1 :]


GZIP = gzip.compress(b"id,text\n" + b"".join(b"%d,x\n" % n for n in range(999)), mtime=0)
XZ = lzma.compress(b"id,text\n" + b"".join(b"%d,x\n" % n for n in range(999)))
ZIP = zipped(("a.csv", b"id,text\n" + b"".join(b"%d,x\n" % n for n in range(999))))


@pytest.mark.parametrize(
    "content",
    [
        GZIP[:10],
        GZIP[:200],
        GZIP[:-1],
        GZIP[:-8],
        with_byte(GZIP, len(GZIP) - 8, GZIP[-8] ^ 1),
        with_byte(GZIP, 300, GZIP[300] ^ 255),
        GZIP + b"junk",
        XZ[:10],
        XZ[:200],
        XZ[:-1],
        with_byte(XZ, 300, XZ[300] ^ 255),
        XZ + b"junk",
        ZIP[:10],
        ZIP[:200],
        ZIP[:-1],
        with_byte(ZIP, 300, ZIP[300] ^ 255),
    ],
)
def test_a_damaged_archive_is_named(file, content):
    with pytest.raises(RawFileError) as error:
        opened(file, content)
    message = str(error.value)
    assert message.startswith("raw.csv: found a damaged archive (")
    assert (
        "expected a whole gzip, xz, bzip2, zstd or ZIP file. Copy or download it again" in message
    )


def test_a_zip_whose_index_leads_before_its_beginning_is_an_error_a_user_can_read(file):
    content = bytearray(ZIP)
    end = content.rindex(b"PK\x05\x06")
    start = int.from_bytes(content[end + 16 : end + 20], "little")
    content[end + 16 : end + 20] = (start + 1_000).to_bytes(4, "little")
    with pytest.raises(RawFileError, match="its index leads outside the file"):
        opened(file, bytes(content))


def test_of_a_damaged_zip_no_word_is_quoted(file):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.csv", "canary")
    content = bytearray(whole.getvalue())
    # The name in front of the member now runs on into what was packed.
    content[26] += 6
    with pytest.raises(RawFileError) as error:
        opened(file, bytes(content))
    assert "found a damaged archive (File name in directory);" in str(error.value)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99])
def test_a_zip_packed_in_an_uncommon_way_is_refused_before_it_is_unpacked(file, method):
    content = with_byte(ZIP, 8, method)
    content = with_byte(content, content.index(b"PK\x01\x02") + 10, method)
    with pytest.raises(RawFileError, match=rf"^raw\.csv: found a ZIP packed by method {method};"):
        opened(file, content)


@pytest.mark.parametrize("count", [0, 2, 3])
def test_a_zip_holds_one_file(file, count):
    content = zipped(("folder/", b""), *((f"{n}.csv", BYTES) for n in range(count)))
    with pytest.raises(RawFileError) as error:
        opened(file, content)
    assert str(error.value) == (
        f"raw.csv: found a ZIP of {count} files; expected a ZIP of one file, without a "
        "password. Unpack it and list its files in collections.tsv."
    )


def test_an_encrypted_zip_is_named(file):
    content = zipped(("a.csv", BYTES))
    content = with_byte(content, 6, content[6] | 1)
    place = content.index(b"PK\x01\x02") + 8
    content = with_byte(content, place, content[place] | 1)
    with pytest.raises(RawFileError, match=r"found a ZIP of 1 files, encrypted; expected .* pass"):
        opened(file, content)


@pytest.mark.parametrize("member", ["../evil", "/evil", "..\\evil", "a/../../evil"])
def test_a_zip_that_climbs_out_is_refused_and_writes_nothing(tmp_path, monkeypatch, member):
    folder = tmp_path / "deep" / "folder"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    with pytest.raises(RawFileError, match="lies outside its folder; expected a name inside"):
        opened(folder / "raw.zip", zipped((member, BYTES)))
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    assert sorted(files) == ["deep", "deep/folder", "deep/folder/raw.zip"]


PACKED = pytest.mark.parametrize(
    "pack",
    [gzip.compress, lzma.compress, lambda content: zipped(("a", content))],
    ids=["gzip", "xz", "zip"],
)


@PACKED
def test_a_packed_file_may_unpack_to_the_very_limit(file, pack):
    assert len(opened(file, pack(b"x" * 5000), max_unpacked_gib=5000 / GIB)) == 5000


@PACKED
def test_a_packed_file_may_not_unpack_to_a_byte_more(file, pack):
    with pytest.raises(RawFileError) as error:
        opened(file, pack(b"x" * 5001), max_unpacked_gib=5000 / GIB)
    assert str(error.value).startswith("raw.csv: found an archive that unpacks past")
    assert "ingest.max_unpacked_gib" in str(error.value)


@PACKED
def test_a_bomb_is_stopped_at_the_limit_and_not_at_its_end(file, pack, monkeypatch):
    given = []
    readinto = _Guard.readinto

    def counted(self, buffer):
        given.append(readinto(self, buffer))
        return given[-1]

    monkeypatch.setattr(_Guard, "readinto", counted)
    with pytest.raises(RawFileError, match="unpacks past"):
        opened(file, pack(b"\0" * 2**25), max_unpacked_gib=2**20 / GIB)
    assert sum(given) <= 2**20


def test_a_plain_file_has_no_limit(file):
    assert opened(file, BYTES, max_unpacked_gib=1 / GIB) == BYTES


def test_a_digest_is_that_of_the_bytes(file):
    file.write_bytes(BYTES)
    assert file_digest(file) == hashlib.sha256(BYTES).hexdigest()
