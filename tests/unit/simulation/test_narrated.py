"""What a world says, taken out of it with the truth beside it."""

import pytest

from hydrascope.simulation.narrated import debated, narrated
from hydrascope.simulation.world import simulate

SUBJECTS = ["xinjiang", "guo_wengui", "taiwan"]


@pytest.fixture(scope="module")
def world():
    return simulate(seed=4, scale=0.05)


def test_the_posts_are_the_networks_and_each_has_its_truth(world):
    posts, truth = narrated(world)
    affiliated = world.accounts.loc[world.accounts["affiliated"] == 1, "native_id"]
    own = world.posts[world.posts["account"].isin(affiliated)]
    assert set(posts["post_id"]) == set(own["native_id"])
    assert list(truth["post"]) == list(posts["post_id"])
    planted = own.set_index("native_id")["narrative"]
    assert list(truth["narrative"]) == list(planted[posts["post_id"]])


def test_a_debate_has_all_sides_on_the_subjects_alone_and_no_text_twice(world):
    drawn = debated(world, SUBJECTS, most=10_000, seed=1)
    assert set(drawn["narrative"]) == set(SUBJECTS)
    assert set(drawn["stance"]) == {"for", "against", "plain"}
    assert set(drawn["language"]) == {"zh", "en"}
    assert drawn["text"].is_unique


def test_a_debate_is_drawn_to_size_and_by_its_seed(world):
    drawn = debated(world, SUBJECTS, most=50, seed=1)
    assert len(drawn) == 50
    assert drawn.equals(debated(world, SUBJECTS, most=50, seed=1))
    assert not drawn.equals(debated(world, SUBJECTS, most=50, seed=2))


def test_a_debate_on_nothing_is_empty(world):
    assert debated(world, ["no subject"], most=5, seed=1).empty
