"""What Cloud Run keeps for itself. Pure."""

RESERVED_VARIABLES = frozenset({"K_CONFIGURATION", "K_REVISION", "K_SERVICE", "PORT"})
"""Set by the platform."""
VARIABLES_SOURCE = "https://cloud.google.com/run/docs/container-contract#env-vars"
PATHS_SOURCE = "https://cloud.google.com/run/docs/known-issues"


def is_reserved_path(path: str) -> bool:
    """Whether a request for the path may never reach the container.

    Google names `/eventlog`, `/_ah/` and "some" that end in z, and advises against all of those.
    """
    return path == "/eventlog" or path.startswith("/_ah/") or path.endswith("z")
