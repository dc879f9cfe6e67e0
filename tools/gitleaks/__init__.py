"""Looks for secrets that were committed. Knows no pipeline."""
