"""Settings that differ, leaf by leaf, and what is said of them."""

from typing import Any

import pytest

from tools.review.causes import ABSENT, Difference, differences, with_difference

BEFORE: dict[str, Any] = {
    "config": {
        "airfield:target": "aws",
        "airfield:workloads": {"api": {"scaling": {"minReplicas": 2, "maxReplicas": 4}, "uses": ["redis"]}},
        "airfield:secrets": {"KEY": {"secure": "v1:before"}},
        "aws:region": "us-east-1",
    },
    "encryptionsalt": "one",
}


def texts(after: dict[str, Any]) -> list[str]:
    return [difference.text("airfield") for difference in differences(BEFORE, {"config": after})]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"airfield:target": "gcp"}, ["`target` `aws` → `gcp`"]),
        ({"gcp:project": "acme"}, ["`gcp:project` set to `acme`"]),
        (
            {"airfield:workloads": {"api": {"scaling": {"minReplicas": 3, "maxReplicas": 8}, "uses": []}}},
            [
                "`workloads.api.scaling.maxReplicas` `4` → `8`",
                "`workloads.api.scaling.minReplicas` `2` → `3`",
                '`workloads.api.uses` `["redis"]` → `[]`',
            ],
        ),
        (
            {"airfield:workloads": {"api": {"scaling": {"minReplicas": 2}, "uses": ["redis"]}}},
            ["`workloads.api.scaling.maxReplicas` removed, was `4`"],
        ),
        ({"airfield:secrets": {"KEY": {"secure": "v1:after"}}}, ["`secrets.KEY` changed"]),
        ({"airfield:secrets": {"KEY": "in plain"}}, ["`secrets.KEY` changed"]),
        ({"airfield:extra": {"KEY": {"secure": "v1:x"}}}, ['`extra` set to `{"KEY": "a secret"}`']),
        ({"airfield:note": "`@all` \n<b>"}, ["`note` set to `'@all'  <b>`"]),
        ({"airfield:note": "x" * 99}, [f"`note` set to `{'x' * 60}…`"]),
    ],
)
def test_each_leaf_that_differs_is_said_and_no_secret(changed: dict[str, Any], said: list[str]) -> None:
    assert texts({**BEFORE["config"], **changed}) == said


def test_a_new_salt_is_no_difference_of_what_is_declared() -> None:
    assert differences(BEFORE, {**BEFORE, "encryptionsalt": "two"}) == []


def test_one_difference_is_made_and_no_other() -> None:
    changed = with_difference(
        BEFORE, Difference(("airfield:workloads", "api", "scaling", "maxReplicas"), 4, 8)
    )
    assert [d.text("airfield") for d in differences(BEFORE, changed)] == [
        "`workloads.api.scaling.maxReplicas` `4` → `8`"
    ]
    assert BEFORE["config"]["airfield:workloads"]["api"]["scaling"]["maxReplicas"] == 4


def test_a_key_on_a_new_way_is_made_and_one_that_is_gone_is_removed() -> None:
    made = with_difference({}, Difference(("airfield:slo", "p95Seconds"), ABSENT, 1))
    assert made == {"config": {"airfield:slo": {"p95Seconds": 1}}}
    removed = with_difference(made, Difference(("airfield:slo", "p95Seconds"), 1, ABSENT))
    assert removed == {"config": {"airfield:slo": {}}}
