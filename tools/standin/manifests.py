"""Where a rendered Kubernetes manifest lies, as the real provider lays it out. Knows nothing of the engine.

https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.0/provider/pkg/provider/provider.go
"""

import os
from pathlib import Path
from typing import cast

import yaml

from tools.standin.wire import Json, Properties

CRD_DIRECTORY = "0-crd"
MANIFEST_DIRECTORY = "1-manifest"
_DIRECTORY_MODE = 0o700
_FILE_MODE = 0o600


def manifest_path(directory: Path, manifest: Properties) -> Path:
    """The file of one manifest."""
    kind = str(manifest.get("kind"))
    version = str(manifest.get("apiVersion")).replace("/", "_").replace(":", "_")
    meta = metadata(manifest)
    folder = CRD_DIRECTORY if kind == "CustomResourceDefinition" else MANIFEST_DIRECTORY
    namespace = meta.get("namespace") or "default"
    return directory / folder / f"{version}-{kind.lower()}-{namespace}-{meta.get('name')}.yaml"


def metadata(manifest: Properties) -> Properties:
    """The manifest's `metadata`, empty if it has none."""
    return cast("Properties", manifest.get("metadata") or {})


def write_manifest(directory: Path, manifest: Properties) -> None:
    """Write one manifest, whole or not at all."""
    path = manifest_path(directory, manifest)
    path.parent.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.touch(mode=_FILE_MODE)
    unfinished.write_text(yaml.safe_dump(_without_nulls(manifest), sort_keys=True), encoding="utf-8")
    unfinished.replace(path)


def remove_manifest(directory: Path, manifest: Properties, *, within: Path) -> None:
    """Remove one manifest, and directories that this leaves empty, up to but not including `within`."""
    path = manifest_path(directory, manifest)
    path.unlink(missing_ok=True)
    path.with_suffix(".unfinished").unlink(missing_ok=True)
    for parent in path.parents:
        if parent == within or within not in parent.parents or not _removed_if_empty(parent):
            return


def _removed_if_empty(directory: Path) -> bool:
    try:
        os.rmdir(directory)  # noqa: PTH106 (its error says whether it was empty)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _without_nulls(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
