"""The JSON Schema of stack files takes what the program takes, refuses what it refuses, says what it says."""

# jsonschema's own types name what is not known.
# pyright: reportUnknownMemberType=false

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from infra.model import Model, descriptions, model_in, yaml_key
from stacks.settings import Settings
from tests.graphs import stacks
from tests.synth import ROOT
from tools.cli import main
from tools.schema import MODELINE, PATH, stack_file_schema

SCHEMA = stack_file_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
CONFIG: dict[str, Any] = {"airfield:target": "aws", "airfield:workloads": {"api": {}}}


def refusals(config: Mapping[str, Any], **beside: object) -> list[str]:
    """Where the schema refuses a file with this configuration."""
    file: Any = {"config": config, **beside}
    errors = VALIDATOR.iter_errors(file)
    return sorted(".".join(str(part) for part in error.absolute_path) for error in errors)


def api(**fields: object) -> dict[str, Any]:
    """A configuration whose one workload says this."""
    return {**CONFIG, "airfield:workloads": {"api": fields}}


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("stack", stacks())
def test_a_committed_stack_file_names_it_and_holds_to_it(stack: str) -> None:
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[0] == MODELINE
    assert (ROOT / PATH).is_file()
    assert refusals(**yaml.safe_load(text)) == []


ACCEPTED: dict[str, dict[str, Any]] = {
    "the least": CONFIG,
    "text that `pulumi config set strict true` writes": {**CONFIG, "airfield:strict": "true"},
    "text that `pulumi config set --path slo.availabilityPercent 99.5` writes": {
        **CONFIG,
        "airfield:slo": {"availabilityPercent": "99.5"},
    },
    "a version as a number": {**CONFIG, "airfield:postgres": {"version": 16}},
    "a variable that is a number": api(environment={"WORKERS": 2}),
    "null where it means something": api(scaling={"memoryPercent": None}, metricsPath=None),
    "encrypted secrets, each": {**CONFIG, "airfield:secrets": {"API_KEY": {"secure": "v1:a:b"}}},
    "encrypted secrets, as one": {**CONFIG, "airfield:secrets": {"secure": "v1:a:b"}},
    "the providers' own keys": {**CONFIG, "gcp:project": "acme", "aws:profile": "x", "pulumi:tags": {"a": 1}},
    "an encrypted value of a provider": {**CONFIG, "cloudflare:apiToken": {"secure": "v1:a:b"}},
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown key": (api(memoryMb=512), "config.airfield:workloads.api"),
    "Python's spelling of a key": (api(memory_mib=512), "config.airfield:workloads.api"),
    "an unknown key of ours at the top": ({**CONFIG, "airfield:workload": {}}, "config"),
    "a key of nobody's": ({**CONFIG, "target": "aws"}, "config"),
    "a wrong type": (api(cpuMillicores="much"), "config.airfield:workloads.api.cpuMillicores"),
    "a list as text": (api(command="serve"), "config.airfield:workloads.api.command"),
    "too little": (api(memoryMib=64), "config.airfield:workloads.api.memoryMib"),
    "too much": (api(drainSeconds=900), "config.airfield:workloads.api.drainSeconds"),
    "a platform that there is not": ({**CONFIG, "airfield:target": "azure"}, "config.airfield:target"),
    "no platform": ({"airfield:workloads": {"api": {}}}, "config"),
    "no workloads": ({**CONFIG, "airfield:workloads": {}}, "config.airfield:workloads"),
    "a name that no platform takes": (
        {**CONFIG, "airfield:workloads": {"My_Api": {}}},
        "config.airfield:workloads",
    ),
    "a name that is too long": (
        {**CONFIG, "airfield:workloads": {"a" * 25: {}}},
        "config.airfield:workloads",
    ),
    "a variable in small letters": (
        api(environment={"log": "x"}),
        "config.airfield:workloads.api.environment",
    ),
    "a path that is none": (
        api(health={"livenessPath": "health"}),
        "config.airfield:workloads.api.health.livenessPath",
    ),
    "a network too small for its subnets": (
        {**CONFIG, "airfield:aws": {"vpcCidr": "10.0.0.0/24"}},
        "config.airfield:aws.vpcCidr",
    ),
    "a secret in plain text": (
        {**CONFIG, "airfield:secrets": {"API_KEY": "canary"}},
        "config.airfield:secrets",
    ),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_the_program_takes_is_taken(case: str) -> None:
    assert refusals(ACCEPTED[case], encryptionsalt="v1:x", secretsprovider="awskms:///x") == []


@pytest.mark.parametrize("case", REFUSED)
def test_a_mistake_is_refused_at_its_place(case: str) -> None:
    config, place = REFUSED[case]
    assert refusals(config) == [place]


def test_a_mistake_beside_the_configuration_is_refused() -> None:
    assert refusals(CONFIG, confg={}) == [""]


Leaf = tuple[tuple[str, ...], FieldInfo, str]
"""Its way through the settings, the field, and what the code says of it."""


def leaves(model: type[Model] = Settings, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Every field that is no block."""
    said = descriptions(model)
    for name, field in model.model_fields.items():
        inner, named = model_in(field.annotation)
        way = (*path, yaml_key(field), *(("api",) if named and inner else ()))
        if inner:
            yield from leaves(inner, way)
        else:
            yield way, field, said[name].replace("\n", " ")


def schema_at(way: tuple[str, ...]) -> dict[str, Any]:
    """What the schema says of the value at the end of it."""
    first, *rest = way
    found = SCHEMA["properties"]["config"]["properties"][first if ":" in first else f"airfield:{first}"]
    for key in rest:
        block = next(part for part in found.get("anyOf", [found]) if part.get("type") == "object")
        found = {
            **block.get("properties", {}),
            "api": next(iter(block.get("patternProperties", {"": 0}).values())),
        }[key]
    return found


def program_takes(way: tuple[str, ...], value: object) -> bool:
    """Whether the settings take this value at the end of it."""
    raw: dict[str, Any] = {"target": "aws", "workloads": {"api": {}}}
    *parents, last = way
    functools.reduce(lambda inner, key: inner.setdefault(key, {}), parents, raw)[last] = value
    try:
        Settings.model_validate(raw, by_alias=True, by_name=False)
    except ValidationError as error:
        return not any(details["loc"][: len(way)] == way for details in error.errors())
    return True


def schema_takes(way: tuple[str, ...], value: Any) -> bool:  # noqa: ANN401  anything that YAML has
    return not list(Draft202012Validator(schema_at(way)).iter_errors(value))


def test_every_setting_is_described_as_in_the_code_and_has_its_default() -> None:
    for way, field, said in leaves():
        default = field.get_default(call_default_factory=True)
        nothing = field.is_required() or default in (None, (), {})
        plain = default if isinstance(default, bool | int | float) else str(default)
        found = schema_at(way)
        assert (way, found["description"], found.get("default")) == (way, said, None if nothing else plain)


EDGES = [edge + near for edge in (1, 10, 90, 100, 1024, 3840, 65535, 10**6) for near in (-1, 0, 1)]
PROBES: list[object] = [
    *EDGES,
    0.5,
    "some text",
    "/path",
    ["some text"],
    [{}],
    {"x": 1},
    {"X": "1"},
    {},
    None,
]


def test_what_the_program_refuses_the_schema_refuses() -> None:
    taken = [(way, probe) for way, _, _ in leaves() for probe in PROBES if schema_takes(way, probe)]
    assert len(taken) > 500
    assert [(way, probe) for way, probe in taken if not program_takes(way, probe)] == []


def test_numbers_that_the_program_takes_the_schema_takes() -> None:
    numbers = [
        way for way, field, _ in leaves() if {int, float} & {field.annotation, *get_args(field.annotation)}
    ]
    taken = [(way, edge) for way in numbers for edge in EDGES if program_takes(way, edge)]
    assert {way for way, _ in taken} == set(numbers)
    assert [(way, edge) for way, edge in taken if not schema_takes(way, edge)] == []


def test_the_command_prints_what_is_committed_and_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    committed = (ROOT / PATH).read_text(encoding="utf-8")
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == committed
    assert main(["schema", "--output", str(tmp_path / "a.json")]) == 0
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == committed
    assert main(["schema", "--output", str(tmp_path / "none" / "a.json")]) == 1
    assert "cannot be written: No such file or directory" in capsys.readouterr().err
