"""Members of the service and their keys."""

from datetime import timedelta

from fastapi import APIRouter, Response

from api.access import keys as access_keys
from api.access.scope import Role
from api.asking import ROOT, Answer, Asked, Door, answer, does
from api.schemas.common import AfterId, IdInPath, Limit, Page, page
from api.schemas.people import Key, Keys, Member, NewKey, NewMember, ShownKey
from api.store import keys, members
from api.store.engine import Transaction

router = APIRouter(prefix=ROOT, tags=["members"], route_class=Door)


@router.get("/me", response_model=Member, **does("member.read"))
def get_me(asking: Asked) -> Member:
    """Who you are to the service."""
    return Member.of(asking.member)


@router.get("/members", response_model=Page[Member], **does("member.read"))
def list_members(asking: Asked, limit: Limit = 100, after: AfterId = "") -> Page[Member]:
    """Members, oldest first: an administrator sees all of their centre, everybody else themselves."""
    if asking.only_own("member.read"):
        return page([asking.member] if not after else [], limit, Member.of, lambda each: each.id)
    with asking.read() as transaction:
        found = members.find(transaction, after=after, limit=limit + 1)
    return page(found, limit, Member.of, lambda each: each.id)


@router.post("/members", response_model=Member, status_code=201, **does("member.change"))
def add_member(asking: Asked, wanted: NewMember) -> Response:
    """Make somebody, or a program, a member."""
    told = dict(wanted) | {"role": Role(wanted.role)}

    def make(transaction: Transaction) -> Answer:
        made = members.create(transaction, **told)
        return answer(Member.of(made), 201, Location=f"{ROOT}/members/{made.id}")

    return asking.change(make)


@router.get("/members/{member_id}", response_model=Member, **does("member.read"))
def get_member(asking: Asked, member_id: IdInPath) -> Member:
    """A member."""
    asking.own_or_hidden("member", member_id)
    with asking.read() as transaction:
        return Member.of(members.get(transaction, member_id))


@router.delete("/members/{member_id}", status_code=204, **does("member.change"))
def disable_member(asking: Asked, member_id: IdInPath) -> Response:
    """End a membership: none of its keys and sessions is taken any more."""

    def make(transaction: Transaction) -> Answer:
        members.disable(transaction, member_id)
        return answer(None, 204)

    return asking.change(make)


@router.get("/members/{member_id}/keys", response_model=Keys, **does("key.read"))
def list_keys(asking: Asked, member_id: IdInPath) -> Keys:
    """The keys of a member; never the keys themselves."""
    asking.own_or_hidden("member", member_id)
    with asking.read() as transaction:
        return Keys(items=[Key.of(each) for each in keys.find(transaction, member_id)])


@router.post("/members/{member_id}/keys", response_model=ShownKey, status_code=201, **does("key.create"))
def add_key(asking: Asked, member_id: IdInPath, wanted: NewKey) -> Response:
    """A new key, shown in this answer alone."""

    def make(transaction: Transaction) -> Answer:
        until = None if wanted.days is None else transaction.now + timedelta(days=wanted.days)
        text, made = access_keys.create(transaction, member_id, until)
        return answer(ShownKey(**vars(made), key=text), 201)

    return asking.change(make)


@router.delete("/keys/{key_id}", status_code=204, **does("key.revoke"))
def revoke_key(asking: Asked, key_id: IdInPath) -> Response:
    """End a key now; ending it again changes nothing."""
    if asking.only_own("key.revoke"):
        with asking.read() as transaction:
            mine = {each.id for each in keys.find(transaction, asking.member.id)}
        asking.own_or_hidden("key", asking.member.id if key_id in mine else "")

    def make(transaction: Transaction) -> Answer:
        keys.revoke(transaction, key_id)
        return answer(None, 204)

    return asking.change(make)
