"""Pulumi's entry: settings in, endpoint out."""

import gc

import pulumi

from stacks.deploy import deploy
from stacks.settings import load_secrets, load_settings

# What it leaves behind is little, and looking for it takes up to an eighth of a preview.
gc.set_threshold(500_000)

for name, value in deploy(load_settings(), load_secrets()).exports().items():
    pulumi.export(name, value)
