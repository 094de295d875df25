"""The life of the key behind the pseudonyms."""

import hmac
import re
import stat

import pytest

from hydrascope.errors import ConfigError
from hydrascope.ingest.keys import PUBLIC_KEY, key_fingerprint, load_key


def test_the_fingerprint_tells_keys_apart_and_holds_no_pseudonym():
    key = b"k" * 16
    assert re.fullmatch("[0-9a-f]{8}", key_fingerprint(key))
    assert key_fingerprint(key) == hmac.digest(key, b"fingerprint", "sha256").hex()[:8]
    assert key_fingerprint(key) != key_fingerprint(key + b"k")


def test_the_key_of_simulated_people_is_public_and_makes_no_file(tmp_path):
    environ = {"HYDRASCOPE_KEY": "k" * 20}
    assert load_key("public", environ=environ, file=tmp_path / "key") == PUBLIC_KEY
    assert list(tmp_path.iterdir()) == []


def test_the_environment_goes_before_the_file_and_makes_none(tmp_path):
    environ = {"HYDRASCOPE_KEY": "ключ" * 4}
    assert load_key("keyed", environ=environ, file=tmp_path / "key") == ("ключ" * 4).encode()
    assert list(tmp_path.iterdir()) == []


def test_the_first_run_makes_a_key_for_its_owner_alone_and_says_so(tmp_path, capsys):
    file = tmp_path / "new" / "key"
    made = load_key("keyed", environ={}, file=file)
    assert re.fullmatch(rb"[0-9a-f]{64}", made)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["key"]
    told = capsys.readouterr()
    assert str(file) in told.err
    assert made.decode() not in told.err + told.out


def test_the_second_run_finds_the_key_of_the_first_and_is_silent(tmp_path, capsys):
    file = tmp_path / "key"
    first = load_key("keyed", environ={}, file=file)
    capsys.readouterr()
    assert load_key("keyed", environ={"HYDRASCOPE_KEY": ""}, file=file) == first
    assert capsys.readouterr() == ("", "")


def test_two_keys_made_are_two(tmp_path):
    one = load_key("keyed", environ={}, file=tmp_path / "1")
    assert one != load_key("keyed", environ={}, file=tmp_path / "2")


def test_a_key_that_another_run_made_meanwhile_stays(tmp_path, monkeypatch):
    file = tmp_path / "key"
    file.write_text("the other run's key\n", encoding="ascii")
    # as if the file came up just after this run had looked for it
    monkeypatch.setattr("pathlib.Path.exists", lambda path: False)
    assert load_key("keyed", environ={}, file=file) == b"the other run's key"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize(("key", "found"), [("k" * 15, 15), ("", 0), ("\n", 0)])
def test_a_short_key_is_refused_with_its_length(tmp_path, key, found):
    file = tmp_path / "key"
    file.write_text(key, encoding="ascii")
    with pytest.raises(ConfigError, match=rf"HYDRASCOPE_KEY or .*key\): found {found} char"):
        load_key("keyed", environ={}, file=file)


def test_sixteen_characters_are_enough(tmp_path):
    assert load_key("keyed", environ={"HYDRASCOPE_KEY": "k" * 16}, file=tmp_path) == b"k" * 16
