"""Families: posts whose texts are the same once folded."""

import hashlib

import pandas as pd

from hydrascope.texts.folding import language_of, matching_form

__all__ = ["families_of"]

FAMILIES = ["family", "text", "language", "posts", "accounts", "vector_row"]


def families_of(posts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Group posts into families of equal matching form.

    Parameters
    ----------
    posts : pandas.DataFrame
        post_id, account_id, text and language (may be missing) of each post.

    Returns
    -------
    families : pandas.DataFrame
        family, text (matching form), language, posts, accounts and vector_row;
        sorted by family, which is a digest of the text, so that neither the
        order of the raw rows nor the key of the pseudonyms can move it.
    members : pandas.DataFrame
        post_id and family, sorted by post; the family is empty where a post
        has no word left, and such a post has no vector and no topic.
    """
    forms = {text: matching_form(text) for text in posts["text"].fillna("").unique()}
    rows = posts.assign(form=posts["text"].fillna("").map(forms))
    digests = {form: _digest(form) for form in set(forms.values())}
    rows["family"] = rows["form"].map(digests)
    worded = rows[rows["family"] != ""]
    families = (
        worded.groupby("family")
        .agg(
            text=("form", "first"),
            posts=("post_id", "size"),
            accounts=("account_id", "nunique"),
        )
        .reset_index()
    )
    families["language"] = families["family"].map(_language_votes(worded))
    families["vector_row"] = range(len(families))
    members = rows[["post_id", "family"]].sort_values("post_id", ignore_index=True)
    return families[FAMILIES], members


def _digest(form: str) -> str:
    return form and "f_" + hashlib.sha256(form.encode()).hexdigest()[:20]


def _language_votes(rows: pd.DataFrame) -> dict[str, str]:
    """The language of most posts of a family, one that is known before `und`."""
    pairs = rows.groupby(["family", "form", "language"], dropna=False).size()
    votes = pairs.reset_index(name="votes")
    votes["language"] = [
        language_of(form, None if pd.isna(declared) else declared)
        for form, declared in zip(votes["form"], votes["language"], strict=True)
    ]
    votes = votes.groupby(["family", "language"], as_index=False)["votes"].sum()
    votes["unknown"] = votes["language"] == "und"
    order = ["family", "unknown", "votes", "language"]
    votes = votes.sort_values(order, ascending=[True, True, False, True])
    return votes.drop_duplicates("family").set_index("family")["language"].to_dict()
