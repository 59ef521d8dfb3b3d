"""All addresses of both pages, from the applications themselves, so that a new one cannot be forgotten."""

from typing import cast

from starlette.applications import Starlette
from starlette.routing import Route

from agent.status.acting.face import Face
from agent.status.acting.web import ActingPage
from agent.status.log_ring import LogRing
from agent.status.looking import Looking
from agent.status.web import looking_app
from tests.status.samples import snapshot

Address = tuple[str, str]  # method and path


def looking() -> set[Address]:
    """Of the page that looks, as the running agent composes it."""
    app: object = looking_app(Looking(snapshot, str, log=LogRing()))
    while not isinstance(app, Starlette):
        app = app._app  # type: ignore[attr-defined]  # what stands around it: the count, the gate
    return _addresses(app.routes)


def acting() -> set[Address]:
    """Of the page that acts."""
    return _addresses(ActingPage(cast(Face, None)).routes())


def _addresses(routes: object) -> set[Address]:
    assert isinstance(routes, list)
    assert all(isinstance(route, Route) for route in routes)
    return {(method, route.path) for route in routes for method in route.methods - {"HEAD"}}
