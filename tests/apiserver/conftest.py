"""A real API server without nodes or controllers, for one run of the tests."""

import json
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest
import requests

from tests.app.servers import free_port
from tests.infra.kubernetes.manifests import Manifest
from tools.apiserver.obtain import obtained_apiserver

START_SECONDS = 120


class ApiServer:
    """Its REST interface, for an administrator."""

    def __init__(self, port: int, token: str, certificate: Path) -> None:
        self._base = f"https://127.0.0.1:{port}"
        self._session = requests.Session()
        self._session.trust_env = False  # the machine's proxies and certificates are for others
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.verify = str(certificate)

    def is_ready(self) -> bool:
        try:
            return self._session.get(f"{self._base}/readyz", timeout=5).ok
        except (OSError, requests.RequestException):
            return False

    def applied(self, manifest: Manifest) -> tuple[str | None, Manifest]:
        """Server-side apply with strict field validation: what it complains of, and what it keeps."""
        answer = self._session.patch(
            f"{self._base}{self._path(manifest)}/{manifest['metadata']['name']}",
            params={"fieldManager": "proof", "fieldValidation": "Strict", "force": "true"},
            data=json.dumps(manifest),
            headers={"Content-Type": "application/apply-patch+yaml"},
            timeout=60,
        )
        kept = cast("Manifest", answer.json())
        # A claim gets another version though nothing about it is another.
        for written_anew in ("resourceVersion", "managedFields"):
            kept["metadata"].pop(written_anew, None)
        return complaint(answer), kept

    def admitted(self, pod: Manifest) -> str | None:
        """What is complained of when a pod is made, which none is."""
        query = {"dryRun": "All", "fieldValidation": "Strict"}
        return complaint(
            self._session.post(f"{self._base}{self._path(pod)}", params=query, json=pod, timeout=60)
        )

    def _path(self, manifest: Manifest) -> str:
        version = manifest["apiVersion"]
        group = f"/apis/{version}" if "/" in version else f"/api/{version}"
        known = cast("dict[str, Any]", self._session.get(f"{self._base}{group}", timeout=60).json())
        (resource,) = [
            each
            for each in known["resources"]
            if each["kind"] == manifest["kind"] and "/" not in each["name"]
        ]
        place = f"/namespaces/{manifest['metadata']['namespace']}" if resource["namespaced"] else ""
        return f"{group}{place}/{resource['name']}"


def complaint(answer: requests.Response) -> str | None:
    """An error, or a warning."""
    warning = answer.headers.get("Warning")
    return str(answer.json()["message"]) if not answer.ok else warning


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """The server, with Pod Security, quotas and all else that it admits by."""
    programs, place = obtained_apiserver(), tmp_path_factory.mktemp("apiserver")
    token, port = secrets.token_hex(), free_port()
    (place / "tokens.csv").write_text(f"{token},proof,proof,system:masters\n")
    with ExitStack() as running:
        etcd = start_etcd(running, programs, place)
        start_apiserver(running, programs, place, f"--etcd-servers={etcd}", f"--secure-port={port}")
        deadline = time.monotonic() + START_SECONDS
        found = ApiServer(port, token, place / "certs" / "apiserver.crt")
        while not found.is_ready():
            assert time.monotonic() < deadline, (place / "kube-apiserver.log").read_text()[-2000:]
            time.sleep(0.5)
        yield found


def start_etcd(running: ExitStack, programs: Path, place: Path) -> str:
    clients, peers = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    started(
        running,
        place / "etcd.log",
        programs / "server",
        f"--data-dir={place / 'etcd'}",
        f"--listen-client-urls={clients}",
        f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=default={peers}",
        "--unsafe-no-fsync",
    )
    return clients


def start_apiserver(running: ExitStack, programs: Path, place: Path, *arguments: str) -> None:
    key = place / "accounts.key"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    started(
        running,
        place / "kube-apiserver.log",
        programs / "kube-apiserver",
        "--bind-address=127.0.0.1",
        f"--cert-dir={place / 'certs'}",
        f"--token-auth-file={place / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://proof",
        f"--service-account-key-file={key}",
        f"--service-account-signing-key-file={key}",
        "--service-cluster-ip-range=10.96.0.0/16",
        *arguments,
    )


def started(running: ExitStack, log: Path, *command: object) -> None:
    said = running.enter_context(log.open("w"))
    process = subprocess.Popen(list(map(str, command)), stdout=said, stderr=subprocess.STDOUT)
    running.callback(process.wait)
    running.callback(process.terminate)
