"""Writes what README.md, Pulumi.yaml and docs/ say of the settings, from the settings. Reads no stack.

`python -m tools.documents` rewrites them; `test_documents_are_current` holds them to it.
"""

import json
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Literal, Union, get_args, get_origin

import yaml
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from infra.model import Model, descriptions, model_in, yaml_key
from stacks.settings import NAMESPACE, Settings
from tools import portability, schema

ROOT = Path(__file__).parent.parent
START, END = "<!-- settings: made by `make documents` -->\n", "<!-- /settings -->\n"
TYPE_WORDS = {
    IPv4Network: "addresses, as 10.0.0.0/16",
    bool: "`true`, `false`",
    float: "number",
    int: "whole number",
    str: "text",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table."""

    key: str
    values: str
    default: str
    description: str


def settings() -> list[Setting]:
    """Every leaf of a stack file, in the order of the code."""
    return [
        *_leaves(Settings, f"{NAMESPACE}:"),
        Setting(f"{NAMESPACE}:secrets.NAME", "text", "", schema.SAID_OF_SECRETS),
    ]


def table() -> str:
    """The settings as a Markdown table."""
    rows = [
        f"| `{setting.key}` | {setting.values} | {setting.default} | {setting.description} |\n"
        for setting in settings()
    ]
    return "".join(["| key | values | default | what it says |\n", "| --- | --- | --- | --- |\n", *rows])


def readme(text: str) -> str:
    """README.md with the table as it is now."""
    before, _, rest = text.partition(START)
    return f"{before}{START}{table()}{END}{rest.partition(END)[2]}"


def project_file(text: str) -> str:
    """Pulumi.yaml with a description for each key of ours.

    The engine calls a key without a default missing, so each has an empty one, which the reader takes as not
    set; types are left to the reader, which answers all mistakes at once.
    """
    said = descriptions(Settings)
    described = {
        yaml_key(field): {"description": said.get(name), "default": ""}
        for name, field in Settings.model_fields.items()
        if ":" not in yaml_key(field)
    }
    described["secrets"] = {"description": schema.SAID_OF_SECRETS, "default": ""}
    before, _, _ = text.partition("config:\n")
    return before + yaml.safe_dump({"config": described}, sort_keys=False, width=200, allow_unicode=True)


def _leaves(model: type[Model], prefix: str) -> Iterator[Setting]:
    said = descriptions(model)
    for name, field in model.model_fields.items():
        key = yaml_key(field) if ":" in yaml_key(field) else f"{prefix}{yaml_key(field)}"
        inner, named = model_in(field.annotation)
        if inner:
            yield from _leaves(inner, f"{key}.NAME." if named else f"{key}.")
        else:
            yield Setting(key, _values(field), _default(field), said.get(name, "").replace("\n", " "))


def _values(field: FieldInfo) -> str:
    rules = [(rule, name) for rule in field.metadata for name in ("ge", "le", "lt") if hasattr(rule, name)]
    bounds = {name: getattr(rule, name) for rule, name in rules}
    words = _type_words(field.annotation)
    if "ge" in bounds:
        words += f", {bounds['ge']} to {bounds.get('le', bounds.get('lt'))}"
    return words


def _type_words(annotation: object) -> str:
    if get_origin(annotation) in {types.UnionType, Union}:
        parts = [part for part in get_args(annotation) if part is not type(None)]
        return " or ".join(_type_words(part) for part in parts)
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) is tuple:
        return f"list of {_type_words(get_args(annotation)[0])}"
    if get_origin(annotation) is dict:
        return "mapping of names to text"
    if hasattr(annotation, "__metadata__"):
        return _type_words(get_args(annotation)[0])
    names = {
        "IPv4Network": "addresses, as 10.0.0.0/16",
        "str": "text",
        "int": "whole number",
        "float": "number",
        "bool": "`true`, `false`",
    }
    return names.get(getattr(annotation, "__name__", ""), getattr(annotation, "__name__", "text"))


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "required"
    if value is None or value in ((), {}):
        return ""
    return f"`{json.dumps(value, default=str)}`".replace('"', "")


DOCUMENTS: Mapping[str, Callable[[str], str]] = {
    "README.md": readme,
    "Pulumi.yaml": project_file,
    "docs/portability.md": portability.page,
    schema.PATH: schema.page,
}
"""What each is, given what it was."""


def main() -> None:
    """Rewrites them all."""
    for name, rewrite in DOCUMENTS.items():
        path = ROOT / name
        path.write_text(rewrite(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
