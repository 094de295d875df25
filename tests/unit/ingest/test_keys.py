"""The life of the key behind the pseudonyms."""

import hashlib
import hmac
import os
import re
import stat

import pytest

from hydrascope.errors import ConfigError
from hydrascope.ingest import keys
from hydrascope.ingest.keys import (
    FINGERPRINT_VARIABLE,
    PUBLIC_KEY,
    key_fingerprint,
    key_weakness,
    load_key,
)

STRONG = "8f2a90c1d37be456"
STRETCHED = hashlib.scrypt(
    STRONG.encode(), salt=keys.SALT, n=2**17, r=8, p=1, maxmem=2**28, dklen=32
)


@pytest.fixture
def stretches(monkeypatch):
    """Count how often a key is stretched, in less time than that takes."""
    calls = []

    def quick(password, **settings):
        calls.append(settings)
        return hashlib.sha256(password).digest()

    monkeypatch.setattr(keys.hashlib, "scrypt", quick)
    return calls


def stretched(key):
    return hashlib.sha256(key.encode()).digest()


def test_the_fingerprint_tells_keys_apart_and_holds_no_pseudonym():
    key = b"k" * 16
    assert re.fullmatch("[0-9a-f]{8}", key_fingerprint(key))
    assert key_fingerprint(key) == hmac.digest(key, b"fingerprint", "sha256").hex()[:8]
    assert key_fingerprint(key) != key_fingerprint(key + b"k")


def test_the_key_of_simulated_people_is_public_and_makes_no_file(tmp_path, stretches):
    environ = {"HYDRASCOPE_KEY": STRONG}
    assert load_key("public", environ=environ, file=tmp_path / "key") == PUBLIC_KEY
    assert list(tmp_path.iterdir()) == [] == stretches


def test_a_key_is_stretched_alike_in_every_folder(tmp_path):
    for folder in ("one", "two"):
        found = load_key(
            "keyed", environ={"HYDRASCOPE_KEY": STRONG}, file=tmp_path / folder / "key"
        )
        assert found == STRETCHED
    # a key is the same in the environment and in a file, as people save files
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbf" + STRONG.encode() + b"\r\n")
    assert load_key("keyed", environ={}, file=tmp_path / "key") == STRETCHED
    assert load_key("keyed", environ={"HYDRASCOPE_KEY": f"{STRONG}\n"}, file=tmp_path) == STRETCHED


def test_the_environment_goes_before_the_file_and_makes_none(tmp_path, stretches):
    key = "ключ и замок, дверь и окно, стол"
    found = load_key("keyed", environ={"HYDRASCOPE_KEY": key}, file=tmp_path / "key")
    assert found == stretched(key)
    assert [path.name for path in tmp_path.iterdir()] == ["stretched"]


def test_jobs_read_the_stretched_key_and_stretch_none(tmp_path, stretches):
    file, environ = tmp_path / "key", {"HYDRASCOPE_KEY": STRONG}
    made = load_key("keyed", environ=environ, file=file)
    known = key_fingerprint(made)
    assert len(stretches) == 1
    assert load_key("keyed", fingerprint=known, environ=environ, file=file) == made
    assert load_key("keyed", fingerprint=known, environ={}, file=file) == made
    assert load_key("keyed", environ={FINGERPRINT_VARIABLE: known}, file=file) == made
    assert len(stretches) == 1


@pytest.mark.parametrize("damage", ["", "00", "zz", None])
def test_a_stretched_key_that_is_gone_or_damaged_is_made_again(tmp_path, stretches, damage):
    file, environ = tmp_path / "key", {"HYDRASCOPE_KEY": STRONG}
    made = load_key("keyed", environ=environ, file=file)
    kept = tmp_path / "stretched" / key_fingerprint(made)
    kept.write_text(damage) if damage is not None else kept.unlink()
    assert load_key("keyed", fingerprint=kept.name, environ=environ, file=file) == made
    assert kept.read_text().strip() == made.hex()


def test_nobody_else_can_read_a_key(tmp_path, stretches):
    before = os.umask(0)
    try:
        load_key("keyed", environ={}, file=tmp_path / "new" / "key")
    finally:
        os.umask(before)
    for path in (tmp_path / "new").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_the_first_run_makes_a_key_and_says_so(tmp_path, capsys, stretches):
    file = tmp_path / "new" / "key"
    made = load_key("keyed", environ={}, file=file)
    text = file.read_text().strip()
    assert re.fullmatch("[0-9a-f]{64}", text)
    assert made == stretched(text)
    assert sorted(path.name for path in file.parent.iterdir()) == ["key", "stretched"]
    told = capsys.readouterr()
    assert str(file) in told.err
    assert text not in told.err + told.out


def test_the_second_run_finds_the_key_of_the_first_and_is_silent(tmp_path, capsys, stretches):
    file = tmp_path / "key"
    first = load_key("keyed", environ={}, file=file)
    capsys.readouterr()
    assert load_key("keyed", environ={"HYDRASCOPE_KEY": ""}, file=file) == first
    assert capsys.readouterr() == ("", "")


def test_two_keys_made_are_two(tmp_path, stretches):
    one = load_key("keyed", environ={}, file=tmp_path / "1")
    assert one != load_key("keyed", environ={}, file=tmp_path / "2")


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_key_that_another_run_made_meanwhile_stays(tmp_path, monkeypatch, stretches, links):
    file = tmp_path / "key"
    file.write_text(f"{STRONG}\n", encoding="ascii")
    # as if the file came up just after this run had looked for it
    monkeypatch.setattr("pathlib.Path.exists", lambda path: False)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    assert load_key("keyed", environ={}, file=file) == stretched(STRONG)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "stretched"]


def no_links(*_):
    raise PermissionError(1, "Operation not permitted")


def test_a_disk_without_links_has_a_key_too(tmp_path, monkeypatch, capsys, stretches):
    monkeypatch.setattr(os, "link", no_links)
    file = tmp_path / "key"
    made = load_key("keyed", environ={}, file=file)
    assert load_key("keyed", environ={}, file=file) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert capsys.readouterr().err.count("Made the key") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "stretched"]


@pytest.mark.parametrize(("key", "found"), [("k" * 15, 15), ("", 0), ("\n", 0)])
def test_a_short_key_is_refused_with_its_length(tmp_path, key, found):
    file = tmp_path / "key"
    file.write_text(key, encoding="ascii")
    with pytest.raises(ConfigError, match=rf"HYDRASCOPE_KEY or .*key\): found {found} char"):
        load_key("keyed", environ={}, file=file)


@pytest.mark.parametrize(
    "data", [b"\xff\xfe" + STRONG.encode("utf-16-le"), b"\x80" * 20, b"caf\xe9" * 5]
)
def test_a_key_that_is_no_text_is_refused(tmp_path, data):
    (tmp_path / "key").write_bytes(data)
    with pytest.raises(ConfigError, match="found bytes that are no UTF-8; expected text"):
        load_key("keyed", environ={}, file=tmp_path / "key")
    environ = {"HYDRASCOPE_KEY": os.fsdecode(data) + STRONG}
    with pytest.raises(ConfigError, match="no UTF-8"):
        load_key("keyed", environ=environ, file=tmp_path / "key")


def test_a_key_that_cannot_be_read_or_made_is_refused(tmp_path, monkeypatch):
    (tmp_path / "key").mkdir()
    (tmp_path / "file").write_text("")
    for file in (tmp_path / "key", tmp_path / "file/key"):
        with pytest.raises(ConfigError, match="found a file or folder that cannot be used"):
            load_key("keyed", environ={}, file=file)


def unreadable(*_, **__):
    raise PermissionError(13, "Permission denied")


def test_a_key_of_somebody_else_is_refused(tmp_path, monkeypatch):
    (tmp_path / "key").write_text(STRONG)
    monkeypatch.setattr("pathlib.Path.read_text", unreadable)
    with pytest.raises(ConfigError, match=r"cannot be used \(Permission denied\)"):
        load_key("keyed", environ={}, file=tmp_path / "key")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("k" * 40, "1 different characters"),
        ("abababababababababab", "2 different characters"),
        ("abcdefgabcdefgabcdefg", "7 different characters"),
        ("abcdefghijklabcdefghijkl", "a pattern that repeats"),
        ("wrongtableswrongtableswron", "a pattern that repeats"),
        ("12345678901234567890", "a pattern that repeats"),
        ("passwordpassword", "7 different characters"),
        ("qwertyuiopasdfgh", "words or digits"),
        ("abcdefghijklmnopqrstuvwxyz", "words or digits"),
        ("correct horse battery staple", "words or digits"),
        ("Correct-Horse-Battery-2021", "words or digits"),
        ("hydrascope secret key", "words or digits"),
        ("spamouflage-2021", "words or digits"),
        ("ключ к двери дома", "words or digits"),
        ("0123456789 and 9876543210", "words or digits"),
    ],
)
def test_weak_keys_are_refused(key, said):
    assert said in key_weakness(key)
    with pytest.raises(ConfigError, match="secrets.token_hex"):
        load_key("keyed", environ={"HYDRASCOPE_KEY": key})


@pytest.mark.parametrize(
    "key",
    [
        STRONG,
        "4c9e6f0b7d21a385" * 2,
        "Zk3qXw9Lm2TrPd8v",
        "q7!fK2#xN9@bV4$m",
        "orbit velvet cactus ladder mango",
        "密钥是一个很长的句子没有人会想到",
        " ".join(["the same key", "for every checkout"]),
    ],
)
def test_strong_keys_are_taken(key):
    assert key_weakness(key) == ""


def test_a_made_key_is_never_weak():
    for number in range(2_000):
        assert key_weakness(hashlib.sha256(str(number).encode()).hexdigest()) == ""
