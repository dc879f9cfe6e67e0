"""The only reader of Pulumi's configuration. Declares no resource."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime import get_config_env, is_config_secret
from pulumi.runtime.config import CONFIG
from pydantic import ValidationError

from infra.portability import Target
from stacks import checks
from stacks.mistakes import Mistake, contradictions, field_mistakes, readable_part
from stacks.stack_file import Environment, Settings

__all__ = ["Environment", "Settings", "Target", "load_secrets", "load_settings"]

NAMESPACE = "airfield"
"""Before each key of ours: the project's name."""

ECOSYSTEM_KEYS = frozenset({"aws:region", "docker:host", "gcp:project", "gcp:region", "kubernetes:context"})
"""Keys of the providers' own that a stack file may set beside ours."""


def load_settings() -> Settings:
    """Reads the stack's configuration.

    Raises:
        pulumi.RunError: with a line for every mistake in it, so that all are answered at once.
    """
    raw, secrets = _configuration()
    mistakes: list[Mistake] = []
    try:
        settings = Settings.model_validate(raw, by_alias=True, by_name=False)
    except ValidationError as error:
        settings = readable_part(Settings, raw)
        mistakes = field_mistakes(error, Settings)
    mistakes += contradictions(settings)
    mistakes += checks.mistakes(settings, raw, secrets)
    mistakes += checks.misplaced_secrets({key for key in raw if is_config_secret(f"{NAMESPACE}:{key}")})
    if not mistakes and settings.strict:
        mistakes = checks.lost(settings)
    if mistakes:
        raise pulumi.RunError("\n".join(str(mistake) for mistake in mistakes))
    return settings


def load_secrets() -> dict[str, pulumi.Output[str]]:
    """The values of airfield:secrets, by name, each an Output that stays secret."""
    _, secrets = _configuration()
    return {name: pulumi.Output.secret(value) for name, value in secrets.items()}


def _configuration() -> tuple[dict[str, Any], dict[str, str]]:
    """The raw configuration, our own keys without the project's name; and the secrets apart from it.

    Pulumi.yaml gives each key an empty default, since the engine calls a key without one missing.
    """
    given: Mapping[str, str] = {**get_config_env(), **CONFIG.get()}
    raw = {
        key.removeprefix(f"{NAMESPACE}:"): json.loads(text) if text[:1] in {"{", "["} else text
        for key, text in given.items()
        if text and (key.startswith(f"{NAMESPACE}:") or key in ECOSYSTEM_KEYS)
    }
    return raw, raw.pop("secrets", {})
