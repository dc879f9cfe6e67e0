"""Stands in for the proxy of the Docker socket, which no registry in reach has; takes the same options."""

import http.client
import re
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OPTIONS: dict[str, str] = {}
for argument in sys.argv[1:]:
    name, _, value = argument.lstrip("-").partition("=")
    OPTIONS[name] = value


class Engine(http.client.HTTPConnection):
    """A connection to the socket."""

    def connect(self) -> None:
        """Instead of to a host."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/var/run/docker.sock")


class Proxy(BaseHTTPRequestHandler):
    """Lets pass what is allowed, from whom it is allowed to."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """As `-allowGET` says."""
        self._pass("allowGET")

    def do_HEAD(self) -> None:
        """As `-allowHEAD` says."""
        self._pass("allowHEAD")

    def do_POST(self) -> None:
        """As `-allowPOST` says, which nothing does."""
        self._pass("allowPOST")

    def _pass(self, option: str) -> None:
        allowed = OPTIONS.get(option)
        known = self.client_address[0] in socket.gethostbyname_ex(OPTIONS["allowfrom"])[2]
        if not (known and allowed and re.fullmatch(allowed, self.path.partition("?")[0])):
            self.send_error(403)
            return
        engine = Engine("engine")
        engine.request(self.command, self.path, headers={"Host": "engine"})
        answer = engine.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name in ("Api-Version", "Content-Type", "Docker-Experimental", "Ostype", "Swarm"):
            if answer.headers[name]:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


ThreadingHTTPServer((OPTIONS["listenip"], int(OPTIONS["proxyport"])), Proxy).serve_forever()
