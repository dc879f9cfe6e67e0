"""Passwords that nobody chooses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_random as random

PASSWORD_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordsArgs:
    """Whose passwords are drawn."""

    owners: Iterable[str]
    protected: bool
    """Whether they may go: what they open outlives them."""


class Passwords(pulumi.ComponentResource):
    """One for each owner, of letters and digits, so that it fits into a URL."""

    drawn: Mapping[str, pulumi.Output[str]]
    hashed: Mapping[str, pulumi.Output[str]]
    """By bcrypt, as a server that only checks them takes them."""

    def __init__(self, name: str, args: PasswordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:swarm:Passwords", name, None, opts)
        child = pulumi.ResourceOptions(parent=self, protect=args.protected or None)
        passwords = {
            owner: random.RandomPassword(
                f"{owner}-password", length=PASSWORD_LENGTH, special=False, opts=child
            )
            for owner in args.owners
        }
        self.drawn = {owner: password.result for owner, password in passwords.items()}
        self.hashed = {owner: password.bcrypt_hash for owner, password in passwords.items()}
        self.register_outputs({})
