"""The away page's server on a real socket, with clients of every kind."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agent.box.away.server import HEAD_BYTES, MOST_CLIENTS, Answer, Visits, serve

HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PATIENCE = 10.0  # s; nothing here takes a tenth of it
BRIEF = 0.3  # s a client has, where its end is waited for


def echo(head: bytes) -> bytes:
    return b"you said " + head


class Server:
    def __init__(self, listener: socket.socket, stop: socket.socket) -> None:
        self.listener, self.stop = listener, stop
        self.address = listener.getsockname()

    def connected(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=PATIENCE)

    def said_to(self, *parts: bytes) -> bytes:
        with self.connected() as client:
            for part in parts:
                client.sendall(part)
            return everything(client)


def everything(client: socket.socket) -> bytes:
    said = b""
    while piece := client.recv(65_536):
        said += piece
    return said


def is_hung_up_on(client: socket.socket, drop: bytes) -> bool:
    """Whether the other side hangs up on a client that goes on sending."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            client.sendall(drop)
        except OSError:
            return True
    return False


@contextmanager
def served(answer: Answer = echo, seconds: float = PATIENCE) -> Iterator[Server]:
    stop, told = socket.socketpair()
    with socket.create_server(("127.0.0.1", 0)) as listener, stop, told:
        thread = threading.Thread(target=serve, args=(listener, answer, stop, seconds))
        thread.start()
        try:
            yield Server(listener, told)
        finally:
            told.send(b"\0")
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_a_head_is_answered_and_the_connection_closed() -> None:
    with served() as server:
        assert server.said_to(HEAD) == echo(HEAD)


def test_a_head_may_come_in_pieces_and_with_bare_line_ends() -> None:
    with served() as server:
        assert server.said_to(b"GET /", b" HTTP/1.0\n", b"\n") == echo(b"GET / HTTP/1.0\n\n")


def test_what_follows_a_head_does_not_destroy_the_answer() -> None:
    with served() as server:
        assert server.said_to(HEAD + b"x" * 20_000).startswith(b"you said GET / ")


def test_a_long_answer_arrives_whole_at_a_slow_reader() -> None:
    long = b"x" * 8_000_000  # more than the kernel takes for a reader who does not read
    with served(lambda head: long) as server, server.connected() as client:
        client.sendall(HEAD)
        assert client.recv(1) == b"x"
        assert server.said_to(HEAD) == long  # others are answered meanwhile
        assert everything(client) == long[1:]


def test_a_head_that_grows_too_long_is_answered_as_far_as_it_came() -> None:
    heads: list[bytes] = []

    def refuse(head: bytes) -> bytes:
        heads.append(head)
        return b"no"

    with served(refuse) as server:
        assert server.said_to(b"x" * (HEAD_BYTES + 1)) == b"no"
    assert HEAD_BYTES < len(heads[0]) < HEAD_BYTES * 2


def test_a_client_that_says_nothing_has_to_go_and_holds_up_nobody() -> None:
    with served(seconds=BRIEF) as server, server.connected() as silent:
        assert server.said_to(HEAD) == echo(HEAD)
        assert silent.recv(1) == b""


def test_a_client_that_drips_has_to_go_in_the_same_time() -> None:
    with served(seconds=BRIEF) as server, server.connected() as client:
        assert is_hung_up_on(client, b"X")


def test_the_time_that_an_answer_takes_us_is_no_fault_of_the_clients() -> None:
    def slow(head: bytes) -> bytes:
        time.sleep(BRIEF * 1.5)  # as the first answer does, that loads the page on a busy machine
        return echo(head)

    with served(slow, seconds=BRIEF) as server:
        clients = [server.connected() for _ in range(4)]
        for client in clients:
            client.sendall(HEAD)
        for client in clients:
            with client:
                assert everything(client) == echo(HEAD)


def test_a_client_that_never_closes_has_to_go() -> None:
    with served(seconds=BRIEF) as server, server.connected() as client:
        client.sendall(HEAD)
        assert everything(client) == echo(HEAD)
        assert is_hung_up_on(client, b"more")


def test_clients_that_hang_up_at_once_are_no_trouble() -> None:
    with served() as server:
        for _ in range(50):
            server.connected().close()
        with server.connected() as client:
            client.sendall(b"GET")
            client.shutdown(socket.SHUT_WR)
            assert everything(client) == b""
        assert server.said_to(HEAD) == echo(HEAD)


def test_a_client_that_resets_the_connection_is_no_trouble() -> None:
    with served(lambda head: b"x" * 8_000_000) as server:
        with server.connected() as client:
            client.sendall(HEAD)
            client.recv(1)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        assert server.said_to(HEAD).startswith(b"x")


def test_the_longest_guest_makes_room_when_there_is_no_place() -> None:
    with served() as server:
        silent = [server.connected() for _ in range(MOST_CLIENTS * 3)]
        assert server.said_to(HEAD) == echo(HEAD)
        assert silent[0].recv(1) == b""
        for client in silent:
            client.close()


def test_a_stop_lets_a_client_finish_and_takes_no_new_one() -> None:
    with served() as server, server.connected() as client:
        client.sendall(HEAD[:10])
        assert server.said_to(HEAD) == echo(HEAD)  # so the first one was let in, too
        server.stop.send(b"\0")
        with server.connected() as late:  # the kernel takes it, and another process could
            client.sendall(HEAD[10:])
            assert everything(client) == echo(HEAD)
            late.setblocking(False)
            with pytest.raises(BlockingIOError):
                late.recv(1)


def test_what_another_process_accepted_first_is_no_trouble() -> None:
    with served() as first:
        stop, told = socket.socketpair()
        with stop, told:
            second = threading.Thread(target=serve, args=(first.listener, echo, stop))
            second.start()
            assert all(first.said_to(HEAD) == echo(HEAD) for _ in range(300))
            told.send(b"\0")
            second.join(PATIENCE)
            assert not second.is_alive()


def test_a_client_that_is_gone_before_it_is_let_in_is_no_client() -> None:
    visits = Visits(echo, PATIENCE)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        visits.welcome(listener)  # the other process was faster
    with socket.socket() as broken:
        visits.welcome(broken)
    assert not visits.is_anybody_here


def test_a_client_that_made_room_a_moment_ago_is_not_gone_on_with() -> None:
    Visits(echo, PATIENCE).go_on(12_345)
