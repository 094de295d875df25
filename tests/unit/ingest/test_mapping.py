"""Which columns a declaration names, and what is read of the others."""

import pytest

from hydrascope.ingest.mapping import Check, Oddity, Records

COLUMNS = ("id", "at", "name", "note", "post.id", "Likes", "unread")


@pytest.mark.parametrize(
    "where",
    [
        {"named": {"made": "upper(note)"}},
        {"checks": (Check("id", "note = 'x'", "reason"),)},
        {"checks": (Check("note", "true", "reason"),)},
        {"oddities": (Oddity("length(note) > 3", "long"),)},
        {"account": {"display_name": "nullif(note, '')"}},
        {"post": {"text": "trim(note)||'.'"}},
        {"asked": "note"},
    ],
)
def test_a_column_is_used_wherever_an_expression_names_it(where):
    assert Records(("id", "at"), optional=("note",), **where).used[-1] == "note"
    assert "note" not in Records(("id", "at"), optional=("note",)).used


@pytest.mark.parametrize(
    ("expression", "used"),
    [
        ("id", ("id",)),
        ('"post.id"', ("post.id",)),
        ("coalesce(id,at)", ("id", "at")),
        ("identity(ids) || my_id", ()),
        ('"Likes"', ("Likes",)),
        ("Likes::BIGINT", ("Likes",)),
        ("likes", ()),
        ("name[1:3]", ("name",)),
        ("(name)", ("name",)),
    ],
)
def test_a_name_counts_as_a_word_of_its_own_or_in_quotes(expression, used):
    assert Records(COLUMNS, post={"text": expression}).used == used


def test_what_is_said_of_an_account_is_followed_through_all_named_expressions():
    records = Records(
        COLUMNS,
        named={
            "first": "upper(name)",
            "second": "first || note",
            "moment": "try_cast(at AS TIMESTAMP)",
        },
        account={"native_id": '"post.id"', "display_name": "second"},
        post={"native_id": "id", "posted_at": "moment"},
    )
    # A post's own id and time must not make its author another one.
    assert records.about_accounts == ("name", "note", "post.id")
    assert records.used == ("id", "at", "name", "note", "post.id")
