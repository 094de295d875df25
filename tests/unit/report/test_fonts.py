"""The letters that a page carries are those that it shows."""

import base64
import io
import re

import pytest
from fontTools.ttLib import TTFont

from hydrascope.fonts import font_file
from hydrascope.report.fonts import font_faces


def letters_in(faces):
    [data] = re.findall(r"base64,([^)]+)\)", faces)
    return set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())


def test_the_letters_that_occur_are_carried_and_no_others():
    carried = letters_in(font_faces("กองทัพ army"))
    # A sign without a letter to sit on is drawn over a dotted circle.
    assert set(map(ord, "กองทัพ")) <= carried <= {*map(ord, "กองทัพ "), 0x25CC}


def test_a_letter_that_is_drawn_as_two_brings_both():
    # U+0E33 is drawn as U+0E4D over U+0E32; without them it is an empty box.
    assert {0x0E33, 0x0E4D, 0x0E32} <= letters_in(font_faces("\u0e17\u0e33"))


def test_chinese_letters_are_carried_simplified_and_traditional():
    assert set(map(ord, "新疆臺灣！")) <= letters_in(font_faces("新疆 臺灣！"))


def test_each_script_has_a_font_of_its_own():
    assert font_faces("กองทัพ 新疆").count("@font-face") == 2


def test_a_text_in_latin_letters_needs_no_font():
    assert font_faces("army, naïve") == ""


def test_a_font_whose_package_is_missing_is_an_error_that_names_it():
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        font_file("no_such_package", "a.ttf")


def test_the_same_text_gives_the_same_bytes():
    assert font_faces("กองทัพ") == font_faces("ทัพกอง")
