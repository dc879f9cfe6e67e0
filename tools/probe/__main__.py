"""`python -m tools.probe URL`. Knows only `command`."""

from tools.probe.command import main

if __name__ == "__main__":
    raise SystemExit(main())
