"""``proofdesk role``: the role that a profile is used in, told and given in a terminal while its desk is closed.

The way back for whoever stepped down from administrator, and for a profile whose role nobody understands any more.
Roles are a guard-rail (docs/decisions/0016): whoever may run programs in this account of the computer may do this, and
could edit the profile's files as well. So it asks for nothing but a reason, and never happens unseen: the audit has who
gave which role and why, before the role counts.
"""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.desk import Desk
from app.errors import UserError
from app.profile import Profile, folder_of
from app.rules.roles import Role

SPELT: Final = {role.value.replace(" ", "-"): role for role in Role}
"""How a role is written in a terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell the role, or give another. 0 when that was done, 2 when it could not be."""
    parser = argparse.ArgumentParser(
        prog="proofdesk role",
        description="Tell the role that a profile is used in, or give it another one. The desk must be closed.",
        epilog="The audit keeps who gave which role, and why.",
    )
    parser.add_argument("role", nargs="?", choices=tuple(SPELT), help="the role to give; without it, the present one")
    parser.add_argument("--profile", default="default", help="whose role (%(default)s)")
    parser.add_argument("--reason", default="", help="why it is given; needed, and kept in the audit")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.role is None:
            told = asyncio.run(tell(chosen.profile))
        else:
            told = asyncio.run(give(chosen.profile, SPELT[chosen.role], reason=chosen.reason, actor=getpass.getuser()))
    except UserError as error:
        sys.stderr.write(f"{error.sentence} {error.hint}\n")
        return 2
    sys.stdout.write(f"The profile “{chosen.profile}” is used in the role {told.value}.\n")
    return 0


async def tell(profile: str, *, root: Path | None = None) -> Role:
    """The role of ``profile``. Raises: UserError when there is no such profile, or its desk is open."""
    desk = await _open(profile, root)
    try:
        return desk.access.role
    finally:
        await desk.close()


async def give(profile: str, role: Role, *, reason: str, actor: str, root: Path | None = None) -> Role:
    """Use ``profile`` in ``role`` from now on. Raises: UserError as :func:`tell` does, and without a reason."""
    if not reason.strip():
        raise UserError("Giving a role needs a reason.", hint="Say why with --reason.")
    desk = await _open(profile, root)
    try:
        await desk.access.give(role, actor=actor, reason=reason.strip())
        return desk.access.role
    finally:
        await desk.close()


async def _open(profile: str, root: Path | None) -> Desk:
    if not folder_of(profile, root).is_dir():
        raise UserError(f"There is no profile “{profile}” yet.", hint="Start the desk once, or name another profile.")
    opened = Profile.open(profile, root)
    try:
        return await Desk.open(opened, publish=lambda _: None)
    except BaseException:
        opened.close()
        raise
