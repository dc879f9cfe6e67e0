"""Every field of the specification does on every platform what the ledger says: something, or nothing."""

import pytest

from infra.portability import LEDGER, Target
from tests.influence.fields import CHANGES, TARGETS, influence, recorded

PAIRS = [(name, target) for target in TARGETS for name in CHANGES]


def test_every_field_is_tried() -> None:
    assert set(CHANGES) == set(LEDGER)


@pytest.mark.parametrize("target", TARGETS)
def test_what_the_ledger_calls_unsupported_has_no_influence_and_all_else_has(target: Target) -> None:
    without = {name for name, types in recorded(target).items() if not types}
    assert without == {name for name in LEDGER if LEDGER[name][target].status == "unsupported"}


@pytest.mark.parametrize(("name", "target"), PAIRS)
def test_a_field_changes_what_is_recorded(name: str, target: Target) -> None:
    assert influence(name, target) == recorded(target)[name]
