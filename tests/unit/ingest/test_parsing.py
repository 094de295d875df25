"""Records turned into rows by what their format declares."""

import math
import random

import pyarrow as pa
import pytest

from hydrascope.ingest import parsing
from hydrascope.ingest.mapping import Check, Format, Oddity, Origin, Records
from hydrascope.ingest.parsing import improbable, parsed_batches
from hydrascope.ingest.records import Batch, Broken

ORIGIN = Origin("x", "toy", "f.csv", "2022-01-01")
POSTS = Records(
    ("id", "author", "name"),
    optional=("count",),
    named={"number": "try_cast(id AS BIGINT)", "twice": "2 * number"},
    checks=(
        Check("id", "number IS NULL", "no number"),
        Check("id", "number < 0", "below zero"),
        Check("name", "starts_with(name, '=')", "formula", unless="name = 'plain'"),
    ),
    oddities=(Oddity("name = ''", "no name"), Oddity("number = 7", "a seven")),
    account={"unit": "'user'", "native_id": "author", "display_name": "nullif(name, '')"},
    post={"account_id": "author", "native_id": "id", "kind": "'post'", "likes": "twice"},
)


def batch(rows, first=1, broken=()):
    names = ("id", "author", "name")
    columns = {name: [row[n] for row in rows] for n, name in enumerate(names)}
    numbers = range(first, first + len(rows))
    return Batch("", pa.table({**columns, "source_row": numbers}), list(broken))


def parsed(*batches, records=POSTS, threads=1):
    form = Format({"": records})
    return list(parsed_batches(iter(batches), form, ORIGIN, b"a key of the tests", threads))


def test_each_record_is_a_post_or_set_aside_by_its_first_fault():
    rows = [("1", "a", "x"), ("-2", "a", "=x"), ("x", "a", "=x"), ("4", "b", "=y"), ("7", "b", "")]
    (part,) = parsed(batch(rows, broken=[Broken(9, "", "line", "short")]))
    assert part.posts.select(["native_id", "likes", "source_row"]).to_pylist() == [
        {"native_id": "1", "likes": 2, "source_row": 1},
        {"native_id": "7", "likes": 14, "source_row": 5},
    ]
    assert [tuple(row.values()) for row in part.quarantined.to_pylist()] == [
        (2, "id", "-2", "below zero", False),
        (3, "id", "x", "no number", False),
        (4, "name", "=y", "formula", False),
        (9, "", "line", "short", False),
    ]
    assert part.records == 6
    # Of a record that is set aside nothing is said.
    assert part.oddities == {"no name": 1, "a seven": 1}


def test_an_author_comes_once_for_everything_that_is_said_of_him():
    one = batch([("1", "a", "x"), ("2", "a", "x"), ("3", "a", "y"), ("4", "b", "x")])
    two = batch([("5", "b", "x"), ("6", "a", "y"), ("7", "a", "z")], first=5)
    parts = parsed(one, two)
    said = [
        [(row["native_id"], row["display_name"], row["source_row"]) for row in rows]
        for rows in (part.accounts.sort_by("source_row").to_pylist() for part in parts)
    ]
    assert said == [[("a", "x", 1), ("a", "y", 3), ("b", "x", 4)], [("a", "z", 7)]]
    assert all(
        part.accounts["derived"].to_pylist() == [True] * len(part.accounts) for part in parts
    )


def test_threads_change_no_row_and_no_order():
    rows = [(str(n) if n % 7 else "x", f"u{n % 100}", "name") for n in range(60_000)]
    one, four = (parsed(batch(rows), threads=threads)[0] for threads in (1, 4))
    assert one.posts.equals(four.posts)
    assert one.quarantined.equals(four.quarantined)
    assert one.posts["source_row"].to_pylist() == [n + 1 for n in range(60_000) if n % 7]


def test_rows_of_an_answer_may_come_in_any_order(monkeypatch):
    rows = [(str(n if n % 3 else -n), "a", "x") for n in range(60)]
    (straight,) = parsed(batch(rows))
    ask = parsing._Queries.ask

    def turned(self, sql, table):
        made = ask(self, sql, table)
        return made.take(list(range(len(made)))[::-1])

    monkeypatch.setattr(parsing._Queries, "ask", turned)
    (part,) = parsed(batch(rows))
    assert straight.quarantined.num_rows == 19
    assert part == straight


def test_only_what_an_expression_names_is_read():
    records = Records(
        ("id", "post.id", "Likes", "Likes at Posting", "text", "place"),
        named={"made": 'upper("text")'},
        account={"unit": "'user'", "native_id": '"post.id"', "display_name": "made"},
        post={"account_id": '"post.id"', "native_id": "id", "kind": "'post'"},
        checks=(Check("Likes at Posting", "\"Likes at Posting\" = 'x'", "no"),),
    )
    assert records.used == ("id", "post.id", "Likes at Posting", "text")
    # An id within the name of another column is not that column.
    assert records.about_accounts == ("post.id", "text")


def ids(count, length, zeros=0, seed=1):
    draw = random.Random(seed)
    return [
        f"{draw.randrange(10 ** (length - 1), 10**length)}"[: length - zeros] + "0" * zeros
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("found", "all_ids", "answer"),
    [
        (ids(1, 19, 4), ids(1, 19, 4), False),
        (ids(3, 19, 4), ids(3, 19, 4), True),
        (ids(3, 19, 4), ids(10, 19) + ids(3, 19, 4), True),
        # one in five to the power of four is what X's own ids show
        (ids(96, 19, 4), ids(60_000, 19), False),
        (ids(200, 19, 4), ids(60_000, 19), True),
        (ids(5, 16, 1), ids(5, 16, 1), False),
        (ids(20, 16, 1), ids(20, 16, 1), True),
        # one id, however often it stands there, is one
        (ids(1, 19, 4) * 50, ids(1, 19, 4) * 50, False),
    ],
)
def test_zeros_are_damage_where_chance_does_not_give_so_many(found, all_ids, answer):
    arrays = (pa.chunked_array([found]), pa.chunked_array([all_ids]))
    assert improbable(*arrays, 15) is answer


def test_the_bound_is_above_the_true_tail():
    def tail(number, mean):
        """Poisson probability of `number` or more, summed term by term."""
        term, total = math.exp(-mean), 0.0
        for k in range(400):
            total += term if k >= number else 0.0
            term *= mean / (k + 1)
        return total

    for count in (50, 500, 5_000):
        mean = count * 5.0**-4
        first = next(
            n
            for n in range(1, count)
            if improbable(
                pa.chunked_array([ids(n, 19, 4)]), pa.chunked_array([ids(count, 19, seed=2)]), 15
            )
        )
        assert tail(first, mean) < 1e-5 <= tail(first - 3, mean)
