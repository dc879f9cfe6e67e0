"""Writes data as the files that the monitoring programs read. Pure."""

import yaml


def as_yaml(value: object) -> str:
    """YAML, in the order in which it was said, and without references between its parts."""
    return yaml.dump(value, Dumper=_Plain, sort_keys=False, width=110, allow_unicode=True)


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  as in yaml.SafeDumper
        return True
