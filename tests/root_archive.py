"""Root file systems for images, of files that this machine has. Knows no image in particular."""

import io
import os
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from tests.docker_engine import Engine

MERGED = ("bin", "sbin", "lib", "lib64")
LEFT_OUT = {"__pycache__", "site-packages", "dist-packages", "test", "idlelib", "EXTERNALLY-MANAGED"}
ACCOUNTS = {
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
    "/etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "/etc/nsswitch.conf": "hosts: files dns\n",
}
# What wheels expect of any Linux (https://peps.python.org/pep-0600/), and the look-up of names.
EXPECTED_LIBRARIES = re.compile(
    r"\b(lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+|nss_dns|nss_files)\.so\.\d+) .*=> (\S+)"
)


class Root:
    """A root file system in the making."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
        self._tar = tarfile.open(fileobj=self._file, mode="w")  # noqa: SIM115 (as above)
        self._names: set[str] = set()
        for name in MERGED:
            if Path("/", name).is_symlink():
                self.link(f"/{name}", f"usr/{name}")
        self._folder("tmp", mode=0o1777)
        for path, content in ACCOUNTS.items():
            self.write(path, content.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tar.close()
        self._file.close()

    def _folder(self, name: str, mode: int = 0o755) -> None:
        """A folder and those above it, which everyone may enter."""
        if name in self._names or name in {"", "."}:
            return
        self._folder(str(Path(name).parent))
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode = tarfile.DIRTYPE, mode
        self._add(entry)

    def _add(self, entry: tarfile.TarInfo, content: bytes | None = None) -> None:
        self._folder(str(Path(entry.name).parent))
        if entry.name not in self._names:
            self._names.add(entry.name)
            self._tar.addfile(entry, None if content is None else io.BytesIO(content))

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """A file of this content."""
        entry = tarfile.TarInfo(path.lstrip("/"))
        entry.size, entry.mode = len(content), mode
        self._add(entry, content)

    def link(self, path: str, to: str) -> None:
        """A symbolic link."""
        entry = tarfile.TarInfo(path.lstrip("/"))
        entry.type, entry.linkname = tarfile.SYMTYPE, to
        self._add(entry)

    def files(self, paths: Iterable[Path]) -> None:
        """What lies there, at the same paths."""
        for path in paths:
            readable = 0o755 if os.access(path, os.X_OK) else 0o644
            # As the machine has /bin in /usr/bin or not, so has the image.
            self.write(str(path.parent.resolve() / path.name), path.read_bytes(), readable)

    def folder(self, path: Path, at: Path | None = None) -> None:
        """All of a folder, with its links as links, there or `at` another path."""
        for each in sorted(path.rglob("*")):
            inside = each.relative_to(path)
            if LEFT_OUT.intersection(inside.parts) or each.suffix == ".a":
                continue
            there = (at or path) / inside
            if each.is_symlink():
                self.link(str(there), str(each.readlink()))
            elif each.is_file():
                self.write(str(there), each.read_bytes(), 0o755 if os.access(each, os.X_OK) else 0o644)

    def into(self, engine: Engine, tag: str, changes: Iterable[str]) -> None:
        """The image `tag` of this file system, changed as lines of a Dockerfile say."""
        self._tar.close()
        self._file.seek(0)
        options = [part for change in changes for part in ("--change", change)]
        subprocess.run(
            ["docker", "import", *options, "-", tag],
            check=True,
            stdin=self._file,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DOCKER_HOST": engine.host},
        )


def shared_libraries(binaries: Iterable[Path]) -> list[Path]:
    """All that these load, and what any wheel may load besides."""
    said = subprocess.run(["ldd", *map(str, binaries)], check=False, capture_output=True, text=True).stdout
    loaded = re.findall(r"(?:=> |^\s+)(/\S+) \(0x", said, re.MULTILINE)
    known = subprocess.run(["/sbin/ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    expected = {name: path for name, _, path in reversed(EXPECTED_LIBRARIES.findall(known))}
    return [Path(path) for path in sorted({*loaded, *expected.values()})]


def environment_lines(variables: Mapping[str, str]) -> list[str]:
    """As a Dockerfile sets them."""
    return [f'ENV {name}="{value}"' for name, value in variables.items()]
