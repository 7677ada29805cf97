"""Whose connection it is, where the system says so: Linux lists the user of every socket.

The one-time address stands among the arguments of the browser that is opened with it, which every user of a Linux computer
can read for a moment; and a browser sends the cookies of 127.0.0.1 to every port of it, so also to a page that another user
serves. With the user of the connection known, neither lets anybody else in.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

Address = tuple[str, int | None]
_TABLES = {socket.AF_INET: Path("/proc/net/tcp"), socket.AF_INET6: Path("/proc/net/tcp6")}
_LISTENING = "0A"
_LOCAL, _REMOTE, _STATE, _USER = 1, 2, 3, 7


def is_of_another_user(caller: Address | None, server: Address | None) -> bool:
    """Whether a connection from this computer was made by another of its users; False where the system does not say."""
    if not (caller and server and hasattr(os, "geteuid")):
        return False
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    try:
        rows = [line.split() for line in _TABLES[family].read_text("ascii").splitlines()[1:]]
        here, there = _as_listed(family, server), _as_listed(family, caller)
    except (OSError, ValueError):
        return False
    ours = _our_users()
    if not any(row[_LOCAL] == here and row[_STATE] == _LISTENING and int(row[_USER]) in ours for row in rows):
        return False  # a table in which we do not find ourselves says nothing about others
    users = {int(row[_USER]) for row in rows if (row[_LOCAL], row[_REMOTE]) == (there, here)}
    return not users or not users <= ours  # who has hung up already is in no table or is listed as root


def _our_users() -> set[int]:
    """Who runs this program, and who asked for it with sudo."""
    behind = os.environ.get("SUDO_UID", "") if os.geteuid() == 0 else ""
    return {os.geteuid()} | ({int(behind)} if behind.isascii() and behind.isdigit() else set())


def _as_listed(family: socket.AddressFamily, address: Address) -> str:
    """An address and port as the kernel writes them: words of four bytes in its own order, in hexadecimal."""
    packed = socket.inet_pton(family, address[0])
    words = [int.from_bytes(packed[place : place + 4], sys.byteorder) for place in range(0, len(packed), 4)]
    return "".join(f"{word:08X}" for word in words) + f":{address[1]:04X}"
