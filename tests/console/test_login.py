"""Who may act on a line, on a clock of the test's own."""

from agent.console.login import FIRST_PAUSE, FREE_TRIES, IDLE_SECONDS, LONGEST_PAUSE, Access, LineLogin


def access(login: LineLogin, now: float) -> Access:
    return login.access(now, is_provisioned=True, has_code=True)


def test_a_box_without_a_file_is_open_and_one_without_a_code_only_looks() -> None:
    login = LineLogin()
    assert login.access(0.0, is_provisioned=False, has_code=False) is Access.OPEN
    assert login.access(0.0, is_provisioned=True, has_code=False) is Access.LOOKS


def test_the_code_opens_the_line_until_it_was_idle() -> None:
    login = LineLogin()
    assert access(login, 0.0) is Access.LOCKED
    login.tried(0.0, is_right=True)
    assert access(login, IDLE_SECONDS - 1) is Access.LOGGED_IN
    login.touched(IDLE_SECONDS - 1)
    assert access(login, IDLE_SECONDS + 1) is Access.LOGGED_IN
    assert access(login, 2 * IDLE_SECONDS) is Access.LOCKED
    login.touched(2 * IDLE_SECONDS)
    assert access(login, 2 * IDLE_SECONDS) is Access.LOCKED


def test_wrong_codes_cost_longer_and_longer_pauses_up_to_a_limit() -> None:
    login = LineLogin()
    pauses = []
    for _ in range(FREE_TRIES + 40):
        login.tried(0.0, is_right=False)
        pauses.append(login.pause(0.0))
    assert pauses[: FREE_TRIES - 1] == [0.0] * (FREE_TRIES - 1)
    assert pauses[FREE_TRIES - 1] == FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    assert login.pause(LONGEST_PAUSE) == 0.0


def test_the_right_code_forgets_the_wrong_ones() -> None:
    login = LineLogin()
    for _ in range(FREE_TRIES):
        login.tried(0.0, is_right=False)
    login.tried(10.0, is_right=True)
    login.tried(20.0, is_right=False)
    assert login.pause(20.0) == 0.0


def test_who_logs_out_is_out() -> None:
    login = LineLogin()
    assert not login.log_out()
    login.tried(0.0, is_right=True)
    assert login.idle_end() == IDLE_SECONDS
    assert login.log_out()
    assert access(login, 1.0) is Access.LOCKED
    assert login.idle_end() is None
