"""The Automation API's stack, without the starts of the CLI that an operation here has no use for."""

from datetime import UTC, datetime

from pulumi.automation import LocalWorkspace, OutputMap, Stack, UpdateSummary


class LeanWorkspace(LocalWorkspace):
    """Every operation names its stack, so none needs to be selected."""

    def select_stack(self, stack_name: str) -> None:
        """Nothing to do."""


class LeanStack(Stack):
    """Outputs and history are not asked for after an operation: its events have told them."""

    def outputs(self) -> OutputMap:
        """None: see the recording."""
        return {}

    def info(self, show_secrets: bool = True) -> UpdateSummary:  # noqa: FBT001, FBT002 (the API has it so)
        """Nothing but that there was an operation."""
        del show_secrets
        return UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")
