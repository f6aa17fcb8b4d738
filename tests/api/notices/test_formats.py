"""Each format against what its vendor documents; signatures against code that is not ours."""

import base64
import json
import subprocess
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from api.notices.errors import NotSent
from api.notices.formats import WECOM_BYTES, Answer, check, dingtalk_signed, post_of
from api.notices.told import Told
from tests.api.notices.conftest import SECRET

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
ROTA = {"start": "2026-03-02", "days": 7, "version": 3}


def told(kind="rota.published", people=None, names=None, **detail):
    people = {"A001": 5} if people is None else people
    return Told("d-1", kind, NOW, "c-1", "客服中心", "rota/r-1", detail or ROTA, people, names or {})


def by_openssl(key: str, signed: bytes) -> str:
    """HMAC-SHA256 in base64, by another program."""
    words = ["openssl", "dgst", "-sha256", "-hmac", key, "-binary"]
    return base64.b64encode(
        subprocess.run(words, input=signed, capture_output=True, check=True).stdout
    ).decode()


def test_the_generic_message_and_its_signature():
    sent = post_of("generic", told(names={"A001": "林艳"}), "en", "https://example.com/h", SECRET, NOW)
    assert json.loads(sent.content) == {
        "type": "rota.published",
        "timestamp": "2026-03-01T12:30:00.000Z",
        "data": {
            "id": "d-1", "title": "Rota published: 7 days from 2026-03-02",
            "centre": {"id": "c-1", "name": "客服中心"}, "object": "rota/r-1",
            "start": "2026-03-02", "days": 7, "version": 3,
            "people": [{"agent_id": "A001", "count": 5, "name": "林艳"}],
        },
    }  # fmt: skip
    assert (sent.headers["webhook-id"], sent.headers["webhook-timestamp"]) == ("d-1", "1772368200")
    mac = HMAC(base64.b64decode(SECRET.removeprefix("whsec_")), hashes.SHA256())
    mac.update(b"d-1.1772368200." + sent.content)
    assert sent.headers["webhook-signature"] == "v1," + base64.b64encode(mac.finalize()).decode()


def test_a_receiver_verifies_what_came_over_the_wire(desk, receiver):
    desk.hook(receiver.url)
    desk.tell()
    desk.send()
    (sent,) = receiver.requests
    mac = HMAC(base64.b64decode(SECRET.removeprefix("whsec_")), hashes.SHA256())
    mac.update(f"{sent.headers['webhook-id']}.{sent.headers['webhook-timestamp']}.".encode() + sent.content)
    mac.verify(base64.b64decode(sent.headers["webhook-signature"].removeprefix("v1,")))
    assert abs(int(sent.headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60
    assert sent.headers["host"] == urlsplit(receiver.url).netloc


def test_wecom_takes_markdown():
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
    sent = post_of("wecom", told(), "zh", url, None, NOW)
    assert sent.url == url
    assert sent.headers["Content-Type"].startswith("application/json")
    assert json.loads(sent.content) == {
        "msgtype": "markdown",
        "markdown": {
            "content": "### Paiban 排班 排班已发布：2026-03-02 起 7 天\n中心：客服中心\n对象：rota/r-1\n版本：3\n"
            "人数：1\n有班天数：5\nA001：5"
        },
    }


def test_a_message_to_wecom_never_is_longer_than_it_takes():
    people = {f"A{k:03}": 1 for k in range(500)}
    names = dict.fromkeys(people, "很长的名字" * 30)
    for many in (told(people=people, names=names), told(people={"林" * 1500: 1}), told(people=people)):
        content = json.loads(post_of("wecom", many, "zh", "https://x", None, NOW).content)["markdown"][
            "content"
        ]
        assert len(content.encode()) <= WECOM_BYTES
    assert "另有 480 人" in content


def test_dingtalk_takes_markdown_with_a_signature():
    url, secret = "https://oapi.dingtalk.com/robot/send?access_token=XXXXXX", "SECthis is secret"
    sent = post_of("dingtalk", told("call_out", day="2026-03-02", pool="二线"), "zh", url, secret, NOW)
    body = json.loads(sent.content)
    assert body["msgtype"] == "markdown"
    assert body["markdown"]["title"] == "Paiban 排班 已呼叫后备人员：二线，2026-03-02"
    assert body["markdown"]["text"].startswith("### Paiban 排班 已呼叫后备人员")
    query = parse_qs(urlsplit(sent.url).query)
    assert query["access_token"] == ["XXXXXX"]
    assert query["timestamp"] == ["1772368200000"]
    assert query["sign"] == [by_openssl(secret, f"1772368200000\n{secret}".encode())]
    assert "+" not in urlsplit(sent.url).query
    assert dingtalk_signed(url, None, NOW) == url


@pytest.mark.parametrize(
    ("format", "answer", "status"),
    [
        ("generic", Answer(204, b""), "204"),
        ("wecom", Answer(200, b'{"errcode":0,"errmsg":"ok"}'), "200"),
        ("dingtalk", Answer(200, b'{"errcode":310000,"errmsg":"sign not match"}'), None),
        ("wecom", Answer(200, b"[]"), None),
        ("generic", Answer(301, b""), None),
        ("generic", Answer(404, b""), None),
    ],
)
def test_whether_it_was_taken(format, answer, status):
    if status is not None:
        assert check(format, answer) == status
        return
    with pytest.raises(NotSent):
        check(format, answer)


def test_a_receiver_can_ask_to_be_left_alone():
    for asked, seconds in (
        ("120", 120.0),
        ("999999999", 86400.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 0.0),
        ("٣", 0.0),
    ):
        with pytest.raises(NotSent) as told_:
            check("generic", Answer(503, b"", asked))
        assert told_.value.wait_seconds == seconds
