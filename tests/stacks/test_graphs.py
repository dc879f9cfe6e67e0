"""Every committed stack synthesises on every platform, and declares what its graph file says."""

import pytest

from tests.graphs import GRAPHS, combinations, graph_file
from tests.synth import synthesise_stack


@pytest.mark.parametrize(("stack", "target"), combinations())
def test_a_stack_declares_what_its_graph_file_says(stack: str, target: str) -> None:
    declared = synthesise_stack(stack, target=target).graph()
    assert declared == graph_file(stack, target).read_text(encoding="utf-8"), "see `make graphs`"


def test_no_graph_file_is_left_of_a_stack_that_is_gone() -> None:
    assert set(GRAPHS.iterdir()) == {graph_file(stack, target) for stack, target in combinations()}
