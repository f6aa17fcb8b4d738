"""Which addresses notices may go to: none inside the network that Paiban itself is in, or whoever may set webhooks could reach into it."""

import asyncio
import ipaddress
import socket

from api.notices.errors import NotSent

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


async def resolved(host: str, port: int, *, allow_private: bool) -> str:
    """The IP address to connect to; every one that a name has must be allowed, so that no second look-up can lead elsewhere.

    Raises
    ------
    NotSent
        where there is no such host, or it is inside a network of ours.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent("no such host") from None
    addresses = [str(each[4][0]) for each in found]
    if not allow_private and not all(is_public(each) for each in addresses):
        raise NotSent("an address inside a private network")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet's.

    Examples
    --------
    >>> [is_public(each) for each in ("8.8.8.8", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "2606:4700::1111")]
    [True, False, False, False, True]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast
