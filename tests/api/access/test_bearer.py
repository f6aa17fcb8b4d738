import json

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from api.access import bearer
from api.access.bearer import Provider, read_jwks
from api.access.errors import NotKnown
from api.access.scope import Role
from api.store import members
from centre.errors import BadInput
from tests.api.store.conftest import ADMIN

NOW = 1_800_000_000
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"})
CLAIMS = {"iss": "https://id.example", "aud": "paiban", "sub": "s-1", "exp": NOW + 300, "nbf": NOW - 5}


def token(claims=CLAIMS, key=KEY, **header):
    return jwt.encode(
        {"alg": "ES256", "kid": "one"} | header, claims, key, algorithms=["ES256", "HS256", "RS256"]
    )


@pytest.fixture
def provider(tmp_path):
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(KeySet([KEY]).as_dict(private=False)))
    return Provider("https://id.example", "paiban", str(file))


def subject(provider, text, now=NOW):
    return provider.subject(text, lambda: now)


def test_a_token_of_the_provider_says_who_it_is(provider):
    assert subject(provider, token()) == "s-1"
    assert subject(provider, token(CLAIMS | {"aud": ["other", "paiban"]})) == "s-1"


@pytest.mark.parametrize(
    "claims",
    [
        CLAIMS | {"iss": "https://evil.example"},
        CLAIMS | {"aud": "other"},
        CLAIMS | {"aud": []},
        CLAIMS | {"exp": "soon"},
        CLAIMS | {"nbf": "now"},
        *(
            {name: value for name, value in CLAIMS.items() if name != gone}
            for gone in ("iss", "aud", "sub", "exp")
        ),
    ],
)
def test_a_token_that_is_not_for_us_is_refused(provider, claims):
    with pytest.raises(NotKnown):
        subject(provider, token(claims))


def test_clocks_may_differ_by_a_minute(provider):
    for exp, nbf, good in ((-59, -99, True), (-61, -99, False), (300, 59, True), (300, 61, False)):
        text = token(CLAIMS | {"exp": NOW + exp, "nbf": NOW + nbf})
        if good:
            assert subject(provider, text) == "s-1"
        else:
            with pytest.raises(NotKnown):
                subject(provider, text)


def unsigned():
    _, claims, _ = token().split(".")
    return f"eyJhbGciOiJub25lIn0.{claims}."


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "a.b.c", "é.é.é", unsigned(), token()[:-4] + "AAAA", token(key=ECKey.generate_key("P-256", {"kid": "one"})),
        token(key=OctKey.import_key("x" * 32), alg="HS256"), token(key=RSAKey.generate_key(2048, {"kid": "one"}), alg="RS256"),
        "e30." * 8000, token(kid="another"),
    ],
)  # fmt: skip
def test_a_token_that_the_provider_did_not_sign_is_refused(provider, text):
    with pytest.raises(NotKnown):
        subject(provider, text)


def test_the_public_key_is_no_secret_for_hmac(provider, tmp_path):
    public = KEY.as_pem(private=False)
    forged = token(key=OctKey.import_key(public.decode().replace("-----", "")), alg="HS256")
    with pytest.raises(NotKnown):
        subject(provider, forged)
    assert "HS256" not in bearer.ALGORITHMS


def test_the_keys_are_read_once(provider, monkeypatch):
    read = []
    monkeypatch.setattr(
        bearer, "read_jwks", lambda place, real=bearer.read_jwks: read.append(place) or real(place)
    )
    subject(provider, token())
    subject(provider, token())
    assert len(read) == 1


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"keys": 5}', '{"keys": [{"kty": "no"}]}', None])
def test_keys_that_cannot_be_read_are_bad_input(tmp_path, content):
    file = tmp_path / "jwks.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadInput, match="JSON Web Key Set"):
        read_jwks(str(file))


@pytest.mark.parametrize("url", ["http://id.example/jwks", "ftp://x/y", "file:///etc/passwd"])
def test_keys_are_fetched_over_https_alone(url):
    with pytest.raises(BadInput):
        read_jwks(url)


def test_a_subject_that_is_no_member_is_not_known(store, provider, monkeypatch):
    monkeypatch.setattr(Provider, "subject", lambda self, text: "s-1")
    with pytest.raises(NotKnown):
        provider.holder(store, "t")
    with store.write(ADMIN) as transaction:
        made = members.create(transaction, Role.PLANNER, subject="s-1")
    assert provider.holder(store, "t") == made
    with store.write(ADMIN) as transaction:
        members.disable(transaction, made.id)
    with pytest.raises(NotKnown):
        provider.holder(store, "t")
