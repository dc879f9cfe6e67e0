"""Answers any request with nothing, on the ports of Alertmanager, cAdvisor and Grafana; takes any option."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTS = (3000, 8080, 9093)


class Nothing(BaseHTTPRequestHandler):
    """An empty page, which to Prometheus is a target without metrics."""

    def do_GET(self) -> None:
        """Whatever is asked."""
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()

    def do_POST(self) -> None:
        """The same."""
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library calls it so)
        """Say nothing."""
        del format, args


servers = [ThreadingHTTPServer(("", port), Nothing) for port in PORTS]
for server in servers[1:]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
servers[0].serve_forever()
