"""Pulumi's entry: settings in, endpoint out."""

import pulumi

from stacks.deploy import deploy
from stacks.settings import load_secrets, load_settings

for name, value in deploy(load_settings(), load_secrets()).exports().items():
    pulumi.export(name, value)
