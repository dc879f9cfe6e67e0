"""Exits 0 if the service in this container answers `/health`, without curl. Knows only the port."""

import os
import sys
import urllib.request

TIMEOUT_SECONDS = 3


def main() -> int:
    """0 when well, 1 when not. The port is the first argument, else PORT, else 8000."""
    port = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PORT", "8000"))
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=TIMEOUT_SECONDS):
            return 0
    except OSError as error:
        print(f"not healthy: {error}", file=sys.stderr)  # noqa: T201 (what the engine shows)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
