"""Changed inputs are found by the path that the engine gives them."""

from typing import Any

import pytest

from tools.engine.values import short_values

OLD: dict[str, Any] = {
    "spec": {"replicas": 2, "containers": [{"image": "a:1"}], "labels": {"a.b/c": "x"}, "on": True}
}
NEW: dict[str, Any] = {"spec": {"replicas": 8, "containers": [{"image": "a:2"}], "labels": {}, "on": False}}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("spec.replicas", ("2", "8")),
        ("spec.containers[0].image", ("a:1", "a:2")),
        ('spec.labels["a.b/c"]', ("x", "nothing")),
        ("spec.on", ("true", "false")),
        ("spec.containers[3].image", ("nothing", "nothing")),
    ],
)
def test_short_plain_values_are_shown(path: str, values: tuple[str, str]) -> None:
    assert short_values([path], OLD, NEW) == {path: values}


@pytest.mark.parametrize(
    "value",
    ["[secret]", "x" * 41, "two\nlines", {"a": 1}, [1], {"4dabf18193072939515e22adb298388d": "x"}],
)
def test_secrets_and_what_is_long_are_not(value: object) -> None:
    assert short_values(["a"], {"a": "x"}, {"a": value}) == {}
