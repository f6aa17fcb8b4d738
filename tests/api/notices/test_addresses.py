import asyncio
import socket
import ssl

import pytest

from api.notices import posting
from api.notices.addresses import is_public, resolved
from api.notices.errors import NotSent
from api.notices.formats import Post
from api.notices.targets import checked
from api.settings import ServiceSettings
from api.store.notices import KINDS
from centre.errors import BadInput
from tests.api.notices.conftest import PRIVATE, listening

MAIL = ServiceSettings(smtp_host="mail.example.com", smtp_from="paiban@example.com")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1",
        "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_what_is_inside_a_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "203.119.128.1", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_what_is_outside_is(address):
    assert is_public(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "127.1", "::1"])
def test_no_way_of_writing_loopback_gets_through(host):
    with pytest.raises(NotSent, match=r"private network|no such host"):
        asyncio.run(resolved(host, 443, allow_private=False))


def test_a_name_with_any_private_address_is_refused(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: found)
    with pytest.raises(NotSent, match="private network"):
        asyncio.run(resolved("two.example.com", 443, allow_private=False))
    assert asyncio.run(resolved("two.example.com", 443, allow_private=True)) == "8.8.8.8"


def test_it_connects_to_the_address_that_was_checked_and_looks_up_no_second_time(receiver, monkeypatch):
    looked_up, real = [], socket.getaddrinfo

    def once(host, *args, **more):
        looked_up.append(host)
        return real("127.0.0.1" if host == "hook.example.com" else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    port = receiver.url.rpartition(":")[2]
    sent = Post(f"http://hook.example.com:{port}/x?y=1", {}, b"{}")
    assert posting.post(sent, allow_private=True).status == 200
    assert looked_up.count("hook.example.com") == 1
    assert receiver.requests[0].headers["host"] == f"hook.example.com:{port}"
    assert receiver.requests[0].path == "/x?y=1"


def test_the_certificate_must_be_of_the_name_though_the_address_is_connected_to(certificate, monkeypatch):
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *args, **more: real("127.0.0.1", *args, **more))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    asked = []
    tls.sni_callback = lambda connection, name, context: asked.append(name)
    with listening(tls) as receiver:
        port = receiver.url.rpartition(":")[2]
        good, other = (Post(f"https://{host}.example.com:{port}/", {}, b"{}") for host in ("hook", "other"))
        with pytest.raises(NotSent, match="no TLS connection"):  # nobody trusts who signed it
            posting.post(good, allow_private=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert posting.post(good, allow_private=True).status == 200
        with pytest.raises(NotSent, match="no TLS connection"):
            posting.post(other, allow_private=True)
    assert asked == ["hook.example.com", "hook.example.com", "other.example.com"]
    assert len(receiver.requests) == 1


def test_proxies_of_the_environment_are_not_asked(receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert posting.post(Post(receiver.url, {}, b"{}"), allow_private=True).status == 200


def test_an_answer_that_never_ends_is_cut_off(receiver):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"x" * 1024)

    receiver.replies = [drip]
    answer = posting.post(Post(receiver.url, {}, b"{}"), allow_private=True)
    assert len(answer.body) < 1 << 18


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "example.com", "https://", "https:///x", "https://u:p@example.com/",
        "https://example.com/#part", "https://exa mple.com/", "https://example.com/\n", "https://例子.com/", "https://example.com:x/",
        "https://example.com:99999/", "https://[::1/", "https://example.com/" + "x" * 2000, "javascript:alert(1)", "",
        "mailto:a@example.com",
    ],
)  # fmt: skip
def test_addresses_that_are_refused_and_not_repeated(url):
    with pytest.raises(BadInput) as told:
        checked(ServiceSettings(), "generic", url, KINDS)
    assert [fault.column for fault in told.value.faults] == ["url"]
    assert all(not fault.found for fault in told.value.faults)


@pytest.mark.parametrize(
    "url",
    [
        "mailto:", "a@example.com", "mailto:a@b", "mailto:a@x.cn,b@x.cn", "mailto:a@x.cn\nBcc: b@x.cn",
        "mailto:a@x.cn?cc=b@x.cn",
    ],
)  # fmt: skip
def test_addresses_of_mail_that_are_refused(url):
    with pytest.raises(BadInput):
        checked(MAIL, "email", url, KINDS)


def test_what_is_taken():
    assert checked(MAIL, "email", "mailto:team.lead@example.com", KINDS) is None
    assert (
        checked(ServiceSettings(), "wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", KINDS)
        is None
    )
    assert (
        checked(
            ServiceSettings(),
            "dingtalk",
            "https://oapi.dingtalk.com/robot/send?access_token=x",
            KINDS,
            "SECx",
        )
        == "SECx"
    )
    assert checked(PRIVATE, "generic", "http://10.0.0.1:8080/hook", KINDS).startswith("whsec_")
    one, other = (checked(ServiceSettings(), "generic", "https://example.com", KINDS) for _ in range(2))
    assert one != other


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(BadInput) as told:
        checked(ServiceSettings(), "email", "x", ("rota.published", "lunch"), "secret")
    found = sorted((fault.column, fault.found) for fault in told.value.faults)
    assert found == [("events", "lunch"), ("format", ""), ("secret", ""), ("url", "")]
    with pytest.raises(BadInput):
        checked(ServiceSettings(), "generic", "https://example.com", ())
