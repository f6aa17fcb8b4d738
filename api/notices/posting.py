"""One HTTP request to a receiver: to the address that was checked, once, within a time, following nothing."""

import asyncio
import logging
import ssl

import httpx

from api.notices.addresses import resolved
from api.notices.errors import NotSent
from api.notices.formats import Answer, Post

SECONDS = 15.0
_MOST_BYTES = 1 << 16
for _name in ("httpx", "httpcore"):  # they log addresses, which hold tokens
    logging.getLogger(_name).setLevel(logging.WARNING)


def post(sent: Post, *, allow_private: bool = False, seconds: float = SECONDS) -> Answer:
    """Send a request.

    Raises
    ------
    NotSent
        where there was no answer in time, or the address may not be connected to.
    """
    return asyncio.run(_within(sent, allow_private, seconds))


async def _within(sent: Post, allow_private: bool, seconds: float) -> Answer:
    try:
        async with asyncio.timeout(seconds):
            return await _post(sent, allow_private)
    except (TimeoutError, httpx.TimeoutException):
        raise NotSent("no answer in time") from None
    except httpx.ConnectError as error:
        raise NotSent("no TLS connection" if _is_of_tls(error) else "no connection") from None
    except httpx.HTTPError:
        raise NotSent("the connection was lost") from None


async def _post(sent: Post, allow_private: bool) -> Answer:
    url = httpx.URL(sent.url)
    host = url.raw_host.decode()
    address = await resolved(
        host, url.port or (443 if url.scheme == "https" else 80), allow_private=allow_private
    )
    headers = sent.headers | {"Host": url.netloc.decode(), "Accept-Encoding": "identity"}
    async with (
        httpx.AsyncClient(
            trust_env=False, follow_redirects=False, timeout=None, verify=ssl.create_default_context()
        ) as client,
        client.stream(
            "POST",
            url.copy_with(host=address),
            headers=headers,
            content=sent.content,
            extensions={"sni_hostname": host},
        ) as response,
    ):
        return Answer(response.status_code, await _start(response), response.headers.get("retry-after", ""))


async def _start(response: httpx.Response) -> bytes:
    body = b""
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) >= _MOST_BYTES:
            break
    return body


def _is_of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
