"""What goes wrong for a reason that the operator can mend. Knows nothing of how it is shown."""


class OperatorError(Exception):
    """Said in its own lines, without a traceback: what is wrong, where, and what would be right."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))


class ProgramError(Exception):
    """The program, or the engine, has a fault that no setting mends; its text says where."""
