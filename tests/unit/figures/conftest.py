"""What the tests of figures share: a figure in the project's style, closed after the test."""

import matplotlib.pyplot as plt
import pytest

from hydrascope.figures.draw import styled


@pytest.fixture
def drawn():
    """Draw with a function and its data in the project's style."""

    def draw(function, *data):
        with styled():
            return function(*data)

    yield draw
    plt.close("all")


@pytest.fixture
def words():
    """All text of a figure."""

    def said(figure):
        texts = figure.findobj(plt.Text)
        return " ".join(text.get_text().replace("\n", " ") for text in texts)

    return said
