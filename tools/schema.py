"""The JSON Schema of a stack file, for editors: the settings, and what the code says of them. Reads no stack.

It sees each value alone: what two of them say against each other, only the program tells. No part refers to
another, since an editor that knows draft 7 alone would not read what stands beside a reference.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from infra.model import Model, descriptions, yaml_key
from stacks.settings import NAMESPACE, Settings

Schema: TypeAlias = dict[str, Any]

PATH = "docs/airfield.schema.json"
"""Where it is committed, from the project's root, which is where stack files are."""
MODELINE = f"# yaml-language-server: $schema={PATH}"
"""The first line of a stack file: https://github.com/redhat-developer/yaml-language-server#using-inlined-schema."""
ENCRYPTED: Schema = {
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}
"""What `pulumi config set --secret` leaves in the file."""
SAID_OF_SECRETS = "Values by name, encrypted: `pulumi config set --secret --path 'secrets.API_KEY'`"
SECRETS: Schema = {
    "description": SAID_OF_SECRETS,
    "anyOf": [ENCRYPTED, {"type": "object", "additionalProperties": ENCRYPTED}],
}
BESIDE_CONFIG: Mapping[str, Schema] = {
    "secretsprovider": {"type": "string", "description": "What encrypts the secrets."},
    "encryptedkey": {"type": "string", "description": "The key of the secrets, encrypted by that."},
    "encryptionsalt": {"type": "string", "description": "What makes a key of the passphrase."},
    "environment": {"description": "Environments of Pulumi ESC."},
}
"""https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/."""
IPV4_NETWORK = r"^\d{1,3}(\.\d{1,3}){3}(/\d{1,2})?$"


def stack_file_schema() -> Schema:
    """The whole of a stack file: our keys as the settings have them, and any of the providers'."""
    own = Settings.model_json_schema(schema_generator=_Generator)
    keys = {_config_key(key): _as_set(value) for key, value in own["properties"].items()}
    keys[f"{NAMESPACE}:secrets"] = SECRETS
    config: Schema = {
        "type": "object",
        "description": "The stack's settings.",
        "properties": keys,
        "patternProperties": {f"^(?!{NAMESPACE}:)[^:]+:.": {}},
        "additionalProperties": False,
        "required": [_config_key(key) for key in own["required"]],
    }
    whole: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A stack of Airfield",
        "type": "object",
        "properties": {"config": config, **BESIDE_CONFIG},
        "additionalProperties": False,
        "required": ["config"],
    }
    return _inlined(whole, own["$defs"])


def page(text: str = "") -> str:
    """It, as the file that is committed; what that was before does not matter."""
    del text
    return json.dumps(stack_file_schema(), indent=1, ensure_ascii=False) + "\n"


class _Generator(GenerateJsonSchema):
    """Says of each field what the code says, and takes what YAML and `pulumi config set` make of a value."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """The key is its title."""
        del schema
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> Schema:
        """Each field with its docstring."""
        made, model = super().model_schema(schema), cast("type[Model]", schema["cls"])
        del made["title"]
        said = descriptions(model)
        for name, field in model.model_fields.items():
            made["properties"][yaml_key(field)]["description"] = said[name].replace("\n", " ")
        return made

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        """A default that is nothing is what leaving it out means; that of a block lies in its fields."""
        made = super().default_schema(schema)
        if made.get("default", ...) in (None, []) or isinstance(made.get("default"), dict):
            del made["default"]
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> Schema:
        """Under such names and no others; a text that looks like a number needs no quotes there."""
        made = super().dict_schema(schema)
        made["additionalProperties"] = False
        for values in made["patternProperties"].values():
            if values.get("type") == "string":
                values["type"] = ["string", "number"]
        return made

    def float_schema(self, schema: core_schema.FloatSchema) -> Schema:
        """`pulumi config set --path` writes 99.5 as text."""
        return {"anyOf": [super().float_schema(schema), {"type": "string", "pattern": r"^\d+(\.\d+)?$"}]}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> Schema:
        """A version that looks like a number needs no quotes."""
        known = schema["expected"]
        digits = all(isinstance(value, str) and value.isdigit() for value in known)
        return {"enum": [*known, *map(int, known)]} if digits else super().literal_schema(schema)


def _config_key(key: str) -> str:
    return key if ":" in key else f"{NAMESPACE}:{key}"


def _as_set(value: Schema) -> Schema:
    """`pulumi config set` writes every scalar of the top as text."""
    if value.get("type") == "boolean":
        rest = {key: inner for key, inner in value.items() if key != "type"}
        return {"enum": [True, False, "true", "false"], **rest}
    return value


def _inlined(value: Any, definitions: Mapping[str, Schema]) -> Any:  # noqa: ANN401  any part of a document
    match value:
        case {"$ref": str(reference), **beside}:
            return _inlined({**definitions[reference.rpartition("/")[2]], **beside}, definitions)
        case {"format": "ipv4network", **rest}:
            return {"pattern": IPV4_NETWORK, **rest}
        case dict():
            return {key: _inlined(inner, definitions) for key, inner in cast("Schema", value).items()}
        case list():
            return [_inlined(inner, definitions) for inner in cast("list[object]", value)]
        case _:
            return cast("object", value)
