"""`python -m app COMMAND`, which works wherever this folder is, installed or not. Knows only `cli`."""

from app.cli import main

if __name__ == "__main__":
    main()
