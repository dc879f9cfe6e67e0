"""Lays out what the CLI works with: a copy of the stack file, a backend, a key. Never writes the original."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pulumi.automation import PulumiCommand, PulumiFn, Stack
from pulumi.automation._stack import StackInitMode

from tools.deployment import Deployment
from tools.document import Document
from tools.engine.stack import LeanStack, LeanWorkspace
from tools.errors import OperatorError

PLACEHOLDER = "rehearsal-placeholder"
"""What stands for each secret in a rehearsal: the operator's key may not be here, and need not be."""
_REHEARSAL_PASSPHRASE = "rehearsal"  # noqa: S105 (it protects placeholders)
_REHEARSAL_SALT = "v1:Nk9WH9FYsQQ=:v1:/Rrd2YoRJnhBC9Km:DPdw0NmWNrDRkzrusqz6bMpWoNDB5w=="
_ENCRYPTED_PLACEHOLDER = "v1:EnJ4ujmocW/ZpDKJ:MXjfJ9jGdSQlUtxXcMOUA7UhnZZfpBH144DHTa9Zx4HkPxaKdA=="
"""What `pulumi config set --secret` makes of it with that passphrase and salt, after half a second."""
_KEY_SETTINGS = ("encryptionsalt", "secretsprovider", "encryptedkey")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The directory of one deployment, or a copy of it."""

    deployment: Deployment
    directory: Path

    @property
    def workspace(self) -> Path:
        """Where the CLI finds its project."""
        return self.directory / "workspace"

    @property
    def backend(self) -> Path:
        """Where the CLI keeps its state."""
        return self.directory / "backend"

    @property
    def state(self) -> Path:
        """The stack's checkpoint."""
        name = self.deployment.project.name
        return self.backend / ".pulumi" / "stacks" / name / f"{self.deployment.stack}.json"

    def begin(self) -> None:
        """An empty checkpoint, as `pulumi stack init` writes it after half a second."""
        project, stack = self.deployment.project.name, self.deployment.stack
        self.state.parent.mkdir(parents=True, exist_ok=True)
        self.write_state(
            {"version": 3, "checkpoint": {"stack": f"organization/{project}/{stack}", "latest": None}}
        )

    def write_state(self, checkpoint: Mapping[str, object]) -> None:
        """Another checkpoint, whole or not at all."""
        unfinished = self.state.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(checkpoint), encoding="utf-8")
        unfinished.replace(self.state)

    @property
    def unfinished(self) -> Path:
        """Is there from the start of a change to its proper end."""
        return self.directory / "unfinished"

    @property
    def _copy(self) -> Path:
        return self.workspace / f"Pulumi.{self.deployment.stack}.yaml"

    @property
    def _passphrase(self) -> Path:
        return self.directory / "passphrase"

    def environment(self, providers: str) -> dict[str, str]:
        """What the CLI is told, whatever the operator's own environment says."""
        return {
            "PULUMI_BACKEND_URL": f"file://{self.backend}?metadata=skip",
            "PULUMI_DEBUG_PROVIDERS": providers,
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
            "PULUMI_DIY_BACKEND_GZIP": "false",
            "PULUMI_HOME": str(self.directory / "home"),
            "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **self._key(),
        }

    def _key(self) -> Mapping[str, str]:
        if self.deployment.rehearsed:
            return {"PULUMI_CONFIG_PASSPHRASE": _REHEARSAL_PASSPHRASE}
        if self._passphrase.is_file():
            return {"PULUMI_CONFIG_PASSPHRASE": self._passphrase.read_text(encoding="utf-8")}
        return {}

    def prepare(self, *, settings: Literal["fresh", "kept"]) -> None:
        """Write the workspace."""
        if settings == "kept" and self._copy.is_file():
            return
        for directory in (self.workspace, self.backend):
            directory.mkdir(parents=True, exist_ok=True)
        project = self.deployment.project
        document = Document((project.root / "Pulumi.yaml").read_text(encoding="utf-8"))
        for key in ("main", "backend", "plugins", "packages"):
            document.drop(key)
        document.put("python", "runtime")
        (self.workspace / "Pulumi.yaml").write_text(document.text(), encoding="utf-8")
        self._write_stack_file()

    def _write_stack_file(self) -> None:
        document = Document(self.deployment.settings.read_text(encoding="utf-8"))
        for key, value in self.deployment.overrides.items():
            document.put(value, "config", key)
        if self.deployment.rehearsed:
            _drop_key(document)
            document.put(_REHEARSAL_SALT, "encryptionsalt")
            document.put_for_secrets(_ENCRYPTED_PLACEHOLDER, "config")
        elif not any(document.get(key) for key in _KEY_SETTINGS):
            if self.state.exists() and not self._passphrase.exists():
                raise self._changed_key()
            self._passphrase_once()
            self._use_own_key(document)
        else:
            self._refuse_without_key(document)
        self._copy.write_text(document.text(), encoding="utf-8")

    def _use_own_key(self, document: Document) -> None:
        _drop_key(document)
        kept = self._copy.read_text(encoding="utf-8") if self._copy.is_file() else ""
        salt = Document(kept).get("encryptionsalt")
        if salt:
            document.put(salt, "encryptionsalt")

    def _passphrase_once(self) -> None:
        if not self._passphrase.exists():
            unfinished = self._passphrase.with_suffix(".unfinished")
            unfinished.touch(mode=0o600)
            unfinished.write_text(secrets.token_urlsafe(), encoding="utf-8")
            unfinished.replace(self._passphrase)

    def _refuse_without_key(self, document: Document) -> None:
        if self._passphrase.exists():
            raise self._changed_key()
        named = {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"}
        if document.get("encryptionsalt") and not named & os.environ.keys():
            raise OperatorError(
                f"Pulumi.{self.deployment.stack}.yaml holds secrets whose values the manifests are to hold:"
                " set PULUMI_CONFIG_PASSPHRASE, or rehearse with --rehearse"
            )

    def _changed_key(self) -> OperatorError:
        stack = self.deployment.stack
        return OperatorError(
            f"Pulumi.{stack}.yaml has another encryption key than what is deployed:"
            f" type `airfield down {stack}`, then `airfield up {stack}`"
        )


def _drop_key(document: Document) -> None:
    for key in _KEY_SETTINGS:
        document.drop(key)


def open_stack(
    layout: Layout,
    command: PulumiCommand,
    providers: str,
    program: PulumiFn,
    *,
    settings: Literal["fresh", "kept"],
) -> Stack:
    """The stack, made if it is not there yet."""
    layout.prepare(settings=settings)
    workspace = LeanWorkspace(
        work_dir=str(layout.workspace),
        program=program,
        pulumi_command=command,
        env_vars=layout.environment(providers),
    )
    name = layout.deployment.stack
    if not layout.state.exists():
        layout.begin()
    return LeanStack(name, workspace, StackInitMode.SELECT)
