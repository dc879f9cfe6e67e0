import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from infra.health_command import health_command
from infra.workload import Health, Workload


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/alive" else 503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        pass


@contextmanager
def serving() -> Generator[int]:
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def exit_code(workload: Workload) -> int:
    _, *arguments = health_command(workload)
    return subprocess.run([sys.executable, *arguments], capture_output=True, check=False).returncode


def test_an_image_with_python_is_asked_by_one_line_of_it() -> None:
    workload = Workload(port=8001, health=Health(liveness_path="/alive"))
    assert health_command(workload) == [
        "python",
        "-c",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8001/alive', timeout=4)",
    ]


def test_an_image_may_bring_its_own_command() -> None:
    assert health_command(Workload(health=Health(command=("/bin/check", "--fast")))) == [
        "/bin/check",
        "--fast",
    ]


def test_the_line_succeeds_while_the_workload_is_alive_and_fails_when_it_is_not() -> None:
    with serving() as port:
        alive = Workload(port=port, health=Health(liveness_path="/alive"))
        sick = Workload(port=port, health=Health(liveness_path="/sick"))
        assert (exit_code(alive), exit_code(sick)) == (0, 1)
    assert exit_code(alive) == 1
