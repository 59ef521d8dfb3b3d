"""The token: kept, given up and replaced without ever asking the wall clock."""

import pickle
import traceback
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import jwt
import msgspec
import pytest

from agent.drivers.coder_bridge.protocol.session import Kept, Session
from agent.drivers.coder_bridge.protocol.wire import Reading, Result
from agent.drivers.lock_server.log_in import Credentials
from provisioning.secret import Secret
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, changed

RULES = BUILT_IN.token
KEY = "k" * 32


def token(**claims: Any) -> Secret:
    return Secret(jwt.encode(claims, KEY))


def session(**rules: Any) -> Session:
    return Session(changed(BUILT_IN, **rules).token if rules else RULES)


def test_without_a_log_in_there_is_no_token() -> None:
    assert session().usable(now=0.0) is None


def test_an_opaque_token_is_kept_for_as_long_as_the_bridge_takes_it() -> None:
    one = session()
    kept = one.keep(Secret("opaque"), now=0.0, answered=None)
    assert one.usable(now=1e9) == kept


def test_a_token_that_states_its_life_is_used_until_that_is_surely_over() -> None:
    one = session()
    kept = one.keep(token(iat=1_000, exp=1_060), now=500.0, answered=None)
    assert (one.usable(now=559.9), one.usable(now=560.0)) == (kept, None)


@pytest.mark.parametrize("issued", [0, 99_999_999_999], ids=["long ago by our clock", "in the far future"])
def test_a_token_is_used_whatever_year_the_bridge_believes_in(issued: int) -> None:
    one = session()
    kept = one.keep(token(iat=issued, exp=issued + 60), now=0.0, answered=None)
    assert one.usable(now=59.0) == kept


def test_an_expiry_without_a_beginning_is_counted_from_the_log_ins_own_date() -> None:
    one = session()
    answered = datetime(2026, 1, 1, tzinfo=UTC)
    one.keep(token(exp=int(answered.timestamp()) + 30), now=100.0, answered=answered)
    assert (one.usable(now=129.0) is None, one.usable(now=130.0) is None) == (False, True)


def test_an_expiry_with_nothing_to_count_from_is_no_hint() -> None:
    one = session()
    one.keep(token(exp=5), now=0.0, answered=None)
    assert one.usable(now=1e9) is not None


@pytest.mark.parametrize(
    "claims",
    [{"iat": 5, "exp": "x"}, {"iat": 5, "exp": True}, {"iat": 9, "exp": 5}, {"iat": 5, "exp": 10**400}, {}],
)
def test_garbage_in_a_token_is_no_hint(claims: dict[str, Any]) -> None:
    one = session()
    one.keep(token(**claims), now=0.0, answered=datetime(2026, 1, 1, tzinfo=UTC))
    assert one.usable(now=1e9) is not None


@pytest.mark.parametrize("text", ["a.b.c", "eyJ", "....", "eyJhbGciOiJIUzI1NiJ9.W10.x"])
def test_a_token_that_is_no_jwt_is_kept_all_the_same(text: str) -> None:
    one = session()
    assert one.keep(Secret(text), now=0.0, answered=None).until is None


def test_a_site_may_state_a_tokens_life_and_the_shorter_one_counts() -> None:
    one = session(token__assumed_seconds=20)
    one.keep(token(iat=0, exp=1_000), now=0.0, answered=None)
    assert (one.usable(now=19.0) is None, one.usable(now=20.0) is None) == (False, True)


def test_a_dropped_token_is_gone() -> None:
    one = session()
    one.drop(one.keep(Secret("first"), now=0.0, answered=None))
    assert one.usable(now=0.0) is None


def test_dropping_an_old_token_leaves_the_newer_one() -> None:
    one = session()
    old = one.keep(Secret("first"), now=0.0, answered=None)
    new = one.keep(Secret("second"), now=0.0, answered=None)
    one.drop(old)
    assert one.usable(now=0.0) == new


def test_dropping_with_nothing_kept_changes_nothing() -> None:
    one = session()
    one.drop(Kept(Secret("never"), 1, None))
    assert one.usable(now=0.0) is None


@pytest.mark.parametrize(
    ("status", "result", "may"),
    [
        (401, Result.ABSENT, True),
        (403, Result.ABSENT, True),
        (401, Result.FAILURE, True),
        (401, Result.SUCCESS, False),
        (401, Result.UNREADABLE, False),
        (400, Result.ABSENT, False),
        (500, Result.ABSENT, False),
        (500, Result.FAILURE, False),
        (200, Result.ABSENT, False),
    ],
)
def test_only_a_surely_refused_call_may_be_repeated(status: int, result: Result, may: bool) -> None:
    assert session().may_repeat(status, Reading(result)) is may


def test_a_site_may_switch_repeats_off() -> None:
    assert session(token__log_in_again_on=[]).may_repeat(401, Reading(Result.ABSENT)) is False


def test_the_last_tokens_are_remembered_each_once_and_not_without_end() -> None:
    one = session()
    for number in (*range(12), 11):
        one.keep(Secret(f"token-{number}"), now=0.0, answered=None)
    assert one.tokens == tuple(Secret(f"token-{number}") for number in range(4, 12))


@pytest.mark.parametrize(
    "held",
    [Credentials("front", Secret("s3cret-word")), Kept(Secret("s3cret-word"), 1, None)],
    ids=["password", "token"],
)
def test_what_is_secret_shows_in_no_text_and_no_encoder_takes_it(held: Credentials | Kept) -> None:
    assert "s3cret" not in f"{held} {held!r} {msgspec.structs.asdict(held)}"
    for encode in (msgspec.json.encode, msgspec.msgpack.encode, msgspec.to_builtins, pickle.dumps, deepcopy):
        with pytest.raises(TypeError) as refused:
            encode(held)
        assert "s3cret" not in "".join(traceback.format_exception(refused.value))
