"""Raw files as text: packings, limits, damage, and records cut by the header."""

import gzip
import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrascope.errors import RawFileError
from hydrascope.ingest.raw import _Guard, csv_batches, file_digest, open_text

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
    with open_text(
        path, name="raw.csv", encoding=encoding, max_unpacked_gib=max_unpacked_gib
    ) as stream:
        return stream.read()


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
        zipped(("a.csv", BYTES)),
        zipped(("folder/", b""), ("folder/a.csv", BYTES)),
    ],
    ids=["plain", "bom", "gzip", "gzip of two parts", "gzip with bom", "zip", "zip with folder"],
)
def test_the_first_bytes_tell_the_packing_and_not_the_name(file, content):
    assert opened(file, content) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "big5hkscs", "UTF8"])
def test_the_listed_encoding_is_used(file, encoding):
    text = "id,text\n1,出去\n"
    assert opened(file, text.encode(encoding), encoding=encoding) == text


def test_newlines_stay_as_they_are(file):
    assert opened(file, b"a\r\nb\rc\n") == "a\r\nb\rc\n"


def test_an_empty_file_is_named(file):
    with pytest.raises(RawFileError) as error:
        opened(file, b"")
    assert str(error.value) == (
        "raw.csv: found an empty file; expected a header and rows. "
        "Export it again, or take its row out of collections.tsv."
    )


@pytest.mark.parametrize(
    ("content", "encoding", "shown"),
    [
        ("id\né\n".encode("latin-1"), "utf-8", "e9"),
        (BYTES, "ascii", "e6"),
        (gzip.compress("id\né\n".encode("latin-1")), "utf-8", "e9"),
        (zipped(("a", "id\né\n".encode("latin-1"))), "utf-8", "e9"),
        (b"id\n\xff", "gb18030", "ff"),
    ],
)
def test_the_wrong_encoding_is_named_with_the_bytes(file, content, encoding, shown):
    with pytest.raises(RawFileError) as error:
        opened(file, content, encoding=encoding)
    assert str(error.value).startswith(f"raw.csv: found bytes {shown}")
    assert f"not {encoding}; expected text in {encoding}." in str(error.value)
    assert "column encoding" in str(error.value)


def test_an_encoding_that_does_not_exist_is_an_error_a_user_can_read(file):
    with pytest.raises(RawFileError, match="utf-8000"):
        opened(file, BYTES, encoding="utf-8000")


def with_byte(content, place, value):
    return content[:place] + bytes([value]) + content[place + 1 :]


GZIP = gzip.compress(b"id,text\n" + b"".join(b"%d,x\n" % n for n in range(999)))
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
    assert "expected a whole gzip or ZIP file. Copy or download it again" in message


def test_a_zip_packed_in_a_way_that_python_lacks_is_an_error_a_user_can_read(file):
    content = with_byte(ZIP, 8, 99)
    content = with_byte(content, content.index(b"PK\x01\x02") + 10, 99)
    with pytest.raises(RawFileError, match=r"^raw\.csv: found"):
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
def test_the_name_in_a_zip_writes_nothing_anywhere(tmp_path, monkeypatch, member):
    folder = tmp_path / "deep" / "folder"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert opened(folder / "raw.zip", zipped((member, BYTES))) == TEXT
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    assert sorted(files) == ["deep", "deep/folder", "deep/folder/raw.zip"]


PACKED = pytest.mark.parametrize(
    "pack", [gzip.compress, lambda content: zipped(("a", content))], ids=["gzip", "zip"]
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
    assert opened(file, BYTES, max_unpacked_gib=1 / GIB) == TEXT


def test_a_digest_is_that_of_the_bytes(file):
    file.write_bytes(BYTES)
    assert file_digest(file) == hashlib.sha256(BYTES).hexdigest()


def batches(text, required=("id", "text")):
    return list(csv_batches(io.StringIO(text, newline=""), name="raw.csv", required=required))


def test_newlines_commas_and_quotes_within_quotes_are_text():
    (batch,) = batches('id,text\n1,"a\nb\r\n""c"", d"\n2,e\n')
    assert batch.columns == {
        "id": ["1", "2"],
        "text": ['a\nb\r\n"c", d', "e"],
        "source_row": [1, 2],
    }
    assert (batch.broken, batch.records) == ([], 2)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_record(end):
    (batch,) = batches(end.join(["id,text", "1,a", "2,b"]))
    assert batch.columns["text"] == ["a", "b"]


def test_blank_lines_are_no_records():
    (batch,) = batches("id,text\n\n1,a\n\r\n\n2,b\n\n")
    assert batch.columns["source_row"] == [1, 2]
    assert batch.records == 2


def test_records_with_other_numbers_of_cells_are_kept_apart():
    (batch,) = batches("id,text\n1,a\n2\n3,c,d\n4,e\n \n")
    assert batch.columns == {"id": ["1", "4"], "text": ["a", "e"], "source_row": [1, 4]}
    assert batch.broken == [
        (2, "1 cells", "2 cells"),
        (3, "3 cells", "2 cells"),
        (5, "1 cells", "2 cells"),
    ]
    assert batch.records == 5


def test_columns_may_come_in_any_order_with_others_among_them():
    (batch,) = batches("more,text,id\nx,a,1\n")
    assert batch.columns == {"more": ["x"], "text": ["a"], "id": ["1"], "source_row": [1]}


def test_a_header_alone_holds_no_records():
    (batch,) = batches("id,text\n")
    assert batch.columns == {"id": [], "text": [], "source_row": []}
    assert (batch.broken, batch.records) == ([], 0)


@pytest.mark.parametrize(
    ("header", "column"),
    [("id", "text"), ("text", "id"), ("id;text", "id"), ("ID", "id"), ("", "id")],
)
def test_a_missing_column_is_named_with_the_header_found(header, column):
    with pytest.raises(RawFileError) as error:
        batches(f"{header}\n1,a\n")
    message = str(error.value)
    place = f"raw.csv, row 0, column {column}"
    assert message.startswith(f"{place}: found a header without it ({header})")
    assert "expected id, text. Check the column format" in message


def test_a_doubled_column_is_named():
    with pytest.raises(RawFileError) as error:
        batches("id,text,more,more\n1,a,b,c\n")
    assert str(error.value).startswith("raw.csv, row 0, column more: found the column twice;")


@pytest.mark.parametrize(
    ("rows", "sizes"), [(0, [0]), (1, [1]), (2, [2, 0]), (3, [2, 1]), (4, [2, 2, 0])]
)
def test_batches_have_a_fixed_size_and_number_their_rows_on(monkeypatch, rows, sizes):
    monkeypatch.setattr("hydrascope.ingest.raw.BATCH_ROWS", 2)
    found = batches("id,text\n" + "".join(f"{n},a\n" for n in range(1, rows + 1)))
    assert [batch.records for batch in found] == sizes
    numbers = [number for batch in found for number in batch.columns["source_row"]]
    assert numbers == list(range(1, rows + 1))
    assert [str(number) for number in numbers] == [cell for b in found for cell in b.columns["id"]]


def test_broken_records_count_into_the_size_of_a_batch(monkeypatch):
    monkeypatch.setattr("hydrascope.ingest.raw.BATCH_ROWS", 2)
    found = batches("id,text\n1\n2,a\n3\n")
    assert [(b.records, b.columns["source_row"], [n for n, *_ in b.broken]) for b in found] == [
        (2, [2], [1]),
        (1, [], [3]),
    ]


@pytest.mark.parametrize(
    ("content", "kept", "broken"),
    [
        ('1,a\n2,"b\n3,c\n4,d\n', ["1", "3", "4"], [2]),
        # In the last column the rest of the file would make one cell, and fit.
        ('1,"a\n2,b', ["2"], [1]),
        ('1,"a\n2,"b"\n3,c\n', ["2", "3"], [1]),
        ('1,"a"b\n2,c\n', ["2"], [1]),
        ('1,"a\nb"\n2,c\n', ["1", "2"], []),
    ],
)
def test_a_quote_that_never_closes_costs_its_own_line_alone(content, kept, broken):
    (batch,) = batches(f"id,text\n{content}")
    assert batch.columns["id"] == kept
    assert [number for number, _, _ in batch.broken] == broken
    assert batch.records == len(kept) + len(broken)


def test_a_cell_past_the_limit_costs_its_own_line_alone():
    (batch,) = batches(f"id,text\n1,{'x' * (2**20 + 1)}\n2,a\n")
    assert batch.columns["id"] == ["2"]
    assert [number for number, _, _ in batch.broken] == [1]


def test_a_very_long_cell_is_read_whole():
    (batch,) = batches(f"id,text\n1,{'x' * 300_000}\n")
    assert len(batch.columns["text"][0]) == 300_000


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


@given(st.lists(st.tuples(CELL, CELL), max_size=6))
def test_any_cells_written_by_hand_come_back(rows):
    quoted = ['"{}","{}"'.format(*(cell.replace('"', '""') for cell in row)) for row in rows]
    (batch,) = batches("\r\n".join(["id,text", *quoted]))
    assert list(zip(batch.columns["id"], batch.columns["text"], strict=True)) == rows
