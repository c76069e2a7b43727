"""Host name -> the network addresses it stands for, each checked before anyone connects."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from detector.errors import FetchError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]


def _networks(names: str) -> tuple[Network, ...]:
    return tuple(ip_network(name) for name in names.split())


# What an intranet is made of; reached only when the user says so.
PRIVATE_NETWORKS = _networks(
    "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 127.0.0.0/8 fc00::/7 ::1/128"
)
# Where cloud providers hand out credentials; reached by nobody, whatever is allowed. Most are
# link-local; the others lie among private or public addresses (Alibaba, Oracle, Azure, AWS).
METADATA = _networks(
    "169.254.0.0/16 fe80::/10 100.100.100.200/32 192.0.0.192/32 168.63.129.16/32 fd00:ec2::/32"
)
# IANA's special-purpose registries (RFC 6890 and later), named in full: Python's own
# ``is_global`` differs between its versions. Public IPv6 is all inside 2000::/3.
_SPECIAL_4 = _networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
    "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 "
    "224.0.0.0/4 240.0.0.0/4"
)
_PUBLIC_6 = IPv6Network("2000::/3")
# Teredo and other protocols, documentation, and 6to4, which tunnels to any IPv4 address.
_SPECIAL_6 = _networks("2001::/23 2001:db8::/32 2002::/16 3fff::/20")
# NAT64 (RFC 6052): where a network has IPv6 only, every IPv4 site looks like this.
_NAT64 = IPv6Network("64:ff9b::/96")


def checked_addresses(
    host: str,
    port: int,
    *,
    resolve: Resolve,
    private: Sequence[Network] = (),
) -> tuple[str, ...]:
    """Resolve a host once, and return its addresses in the resolver's order.

    Args:
        host: a name, or an address in any notation that the system's resolver reads: decimal,
            octal and hexadecimal ones are checked as what they resolve to.
        port: where to connect.
        resolve: finds the addresses.
        private: networks that may be reached though they are not public.

    Raises:
        FetchError: it has no address, or one of them must not be reached.
    """
    addresses = [ip_address(each) for each in resolve(host, port)]
    if not addresses:
        raise FetchError(f"{host} has no address: check the name")
    for address in addresses:
        if not may_be_reached(address, private):
            raise FetchError(
                f"{host} leads to {address}, which is not on the public internet: not fetched; "
                "for a machine of your own network allow private addresses (--allow-private)"
            )
    return tuple(str(address) for address in addresses)


def may_be_reached(address: Address, private: Sequence[Network] = ()) -> bool:
    """Tell whether an address is public, or in one of the networks allowed beside."""
    address = _meant(address)
    if any(address in network for network in METADATA):
        return False
    if any(address in network for network in private):
        return True
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_4)
    is_plain = address in _PUBLIC_6 and address.scope_id is None
    return is_plain and not any(address in network for network in _SPECIAL_6)


def _meant(address: Address) -> Address:
    """Return the IPv4 address that an IPv4-mapped or NAT64 address leads to, or the same."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def system_resolver(seconds: float) -> Resolve:
    """Return the system's own resolver, which is given up after some seconds."""

    def resolve(host: str, port: int) -> Sequence[str]:
        answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()
        # getaddrinfo takes no timeout: a name server that never answers keeps only this thread
        threading.Thread(target=_look_up, args=(host, port, answers), daemon=True).start()
        answer: object = None
        with suppress(queue.Empty):
            answer = answers.get(timeout=seconds)
        if isinstance(answer, list):
            return answer
        found = f"no answer in {seconds:g} s" if answer is None else str(answer)
        raise FetchError(f"{host} cannot be found ({found}): check the address and the network")

    return resolve


def _look_up(
    host: str, port: int, answers: queue.SimpleQueue[list[str] | OSError | UnicodeError]
) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        answers.put(error)
    else:
        answers.put(list(dict.fromkeys(str(each[4][0]) for each in found)))
