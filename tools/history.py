"""Which image a stack would go back to. Pure; knows nothing of the engine."""

from collections.abc import Sequence
from dataclasses import dataclass

ROLLBACK = "airfield rollback from "
"""Begins the message of an update that takes an image back, which that message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One that a backend remembers."""

    message: str
    succeeded: bool
    image: str | None
    """What the stack's configuration said at that time."""


def previous_image(history: Sequence[Update]) -> str | None:
    """The newest other one that was deployed well and never left by a rollback; `history` newest first."""
    if not history:
        return None
    left = {each.message.removeprefix(ROLLBACK) for each in history if each.message.startswith(ROLLBACK)}
    good = (each.image for each in history if each.succeeded and each.image)
    return next((image for image in good if image != history[0].image and image not in left), None)
