"""Schemas of custom resources, as the operators that read them publish them."""
