"""Where the room is: one address of this computer in the local network."""

from __future__ import annotations

import socket
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from mbtg_video.errors import BadInput

# Reserved for documentation (RFC 5737): nobody has it, and a datagram socket that is connected
# sends nothing; it only learns from which address it would.
_NOBODY: Final = ("192.0.2.1", 9)


def own_address() -> str:
    """This computer's address in the local network, found without sending anything.

    Raises `BadInput` when there is none, or when it is not a local one.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_NOBODY)
            found: str = asking.getsockname()[0]
        except OSError:
            found = "127.0.0.1"
    address = IPv4Address(found)
    if address.is_loopback or address.is_unspecified:
        raise BadInput(
            "This computer is in no network that phones could reach it by. Join the room's "
            "network, or open one with the computer or a phone; then try again"
        )
    if not address.is_private:
        raise BadInput(
            f"This computer's address {found} can be reached from the whole internet. Join a "
            f"local network; or, if a firewall stands before it: --address {found}"
        )
    return found


def checked_address(text: str) -> str:
    """One address that somebody named; raises `BadInput`."""
    try:
        address = IPv4Address(text)
    except AddressValueError as error:
        raise BadInput(f"{text[:40]!r} is no address; they look like 192.168.1.20") from error
    if address.is_unspecified or address.is_multicast or int(address) == 0xFFFFFFFF:
        raise BadInput(
            f"{text} is no single address, and the room is open at one only; name this "
            "computer's own: --address 192.168.1.20"
        )
    return str(address)
