"""Asks a deployed API, from outside, whether it keeps its promises. Knows no platform and no Pulumi."""
