"""One simulated world beside its truth, and which detector its error rates are of."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from hydrascope.affiliation.posted import hold
from hydrascope.affiliation.signals import GROUPS
from hydrascope.digest import code_digest
from hydrascope.texts.forms import forms_of

__all__ = ["detector_digest", "edges_judged", "judged", "loaded", "still_holding"]


def detector_digest(settings: Mapping) -> str:
    """Tell one detector from another: its code, its libraries and its settings.

    Parameters
    ----------
    settings : mapping
        `detection` of config/config.yaml.

    Returns
    -------
    str
        Sixteen hexadecimal digits. Error rates hold for the detector that they were
        measured on.
    """
    here = Path(__file__).parent
    parts = [
        *(code_digest(module, scripts=here) for module in ("signals", "detect")),
        code_digest("forms", scripts=here.parent / "texts"),
        json.dumps(dict(settings), sort_keys=True),
    ]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


@contextmanager
def loaded(accounts: pd.DataFrame, posts: pd.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give posts, and the forms of their texts, as `signals.signal_tables` reads them.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id of each.
    posts : pandas.DataFrame
        Columns of contract `posts` that signals and `texts.forms.forms_of` read.
    """
    columns = ["post_id", "account_id", "platform", "posted_at", "posted_precision", "text"]
    columns += ["kind", "language", "urls", "hashtags", "media_ids", "repost_of", "reply_to"]
    lists = dict.fromkeys(("urls", "hashtags", "media_ids"), pa.list_(pa.string()))
    schema = pa.schema(
        {name: lists.get(name, pa.string()) for name in columns}
        | {"posted_at": pa.timestamp("us", "UTC")}
    )
    with duckdb.connect(config={"threads": 1}) as base:
        base.execute("SET TimeZone = 'UTC'")
        base.register("posts", pa.Table.from_pandas(posts, schema=schema, preserve_index=False))
        forms_of(base)
        hold(base, accounts["account_id"])
        yield base


def judged(
    verdicts: pd.DataFrame,
    roles: pd.Series,
    posts: pd.Series,
    *,
    networks: Collection[str],
    wanted: str,
) -> pd.DataFrame:
    """Put the verdicts of one world beside the truth.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        What `detect.detected_verdicts` gave.
    roles : pandas.Series
        What each account is in truth, by account_id.
    posts : pandas.Series
        Posts by account_id; an account without posts need not be there.
    networks : collection of str
        Roles that are coordinated.
    wanted : str
        Role that the seeds were drawn from. Where it is no network, nobody is to be
        found.

    Returns
    -------
    pandas.DataFrame
        platform, unit, seed, verdict, verdict_without_timing, planted, control (in no
        network at all), posts, and for each group p and q; a row an account.
    """
    role = verdicts["account_id"].map(roles)
    kept = ["platform", "unit", "seed", "verdict", "verdict_without_timing"]
    kept += [f"{group.replace(' ', '_')}_{part}" for group in GROUPS for part in "pq"]
    return verdicts[kept].assign(
        planted=(role == wanted) & role.isin(networks),
        control=~role.isin(networks),
        posts=verdicts["account_id"].map(posts).fillna(0).astype(int),
    )


def edges_judged(
    edges: pd.DataFrame, roles: pd.Series, *, networks: Collection[str]
) -> pd.DataFrame:
    """Count the edges of one world, signal by signal.

    Parameters
    ----------
    edges : pandas.DataFrame
        What `edges.edge_table` gave.
    roles, networks
        As in `judged`.

    Returns
    -------
    pandas.DataFrame
        signal, edges, and inside: those between two accounts of one network.
    """
    one, other = edges["account_a"].map(roles), edges["account_b"].map(roles)
    inside = (one == other) & one.isin(networks)
    table = edges.assign(edges=1, inside=inside.astype(int)).groupby("signal", sort=True)
    return table[["edges", "inside"]].sum().reset_index()


def still_holding(rates: pd.DataFrame, settings: Mapping) -> pd.DataFrame:
    """Say of each measured rate whether it was measured on the detector in use.

    Parameters
    ----------
    rates : pandas.DataFrame
        calibration/affiliation.tsv.
    settings : mapping
        `detection` of config/config.yaml.

    Returns
    -------
    pandas.DataFrame
        The rates with `holds`, yes or no, instead of the detector's digest.
    """
    same = rates["detector"] == detector_digest(settings)
    return rates.drop(columns="detector").assign(holds=np.where(same, "yes", "no"))
