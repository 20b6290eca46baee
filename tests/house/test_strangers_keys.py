"""What a stranger names never becomes an argument: no key of an address or a form reaches a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import nodes

from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.house.test_pages import DRAFT_PAGES, PUBLIC
from tests.stage import cast, desk, drafts
from tests.stage.cast import Person

PRODUCT = Path(__file__).parents[2] / "mpaspor"
_STRANGERS = ("args", "form", "values", "files", "cookies", "headers", "view_args", "json")
# These walk over a stranger's keys, and hand none of them on as the name of an argument.
_WALKERS = {
    ("web/keys.py", "_submitted"),  # a digest of all that was sent
    ("web/kept_forms.py", "_fields"),  # stored as they were typed
    ("web/reentry.py", "_page"),  # goes through the page that asks, as it came
    ("web/language.py", "links"),  # written into an address as they came
    ("web/language.py", "here"),
    ("web/well_formed.py", "refuse_long_address"),
    ("web/well_formed.py", "refuse_long_field"),  # only looked at
    ("web/well_formed.py", "refuse_impossible_characters"),
    ("web/well_formed.py", "_texts"),
}
# Chooses the names itself; only the answers to our own questions come from outside.
_CHOOSERS = {"earlier"}
_WALKS = {"items", "keys", "lists", "to_dict", "listvalues", "values"}


def _is_strangers(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in _STRANGERS
        and isinstance(node.value, ast.Name)
        and node.value.id in ("request", "found")
    )


def _functions() -> Iterator[tuple[str, str, ast.AST]]:
    for path in sorted(PRODUCT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield path.relative_to(PRODUCT).as_posix(), node.name, node


def _spreads(tree: ast.AST) -> Iterator[ast.AST]:
    """What is spread into the arguments of a call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (keyword.value for keyword in node.keywords if keyword.arg is None)


def _chooses(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CHOOSERS


def test_no_call_takes_its_arguments_from_a_request() -> None:
    wrong = [
        f"{place}: {name}: **{ast.unparse(spread)}"
        for place, name, tree in _functions()
        for spread in _spreads(tree)
        if any(_is_strangers(node) for node in ast.walk(spread)) and not _chooses(spread)
    ]
    assert wrong == []


def test_only_who_is_named_here_walks_over_a_strangers_keys() -> None:
    found = set()
    for place, name, tree in _functions():
        for node in ast.walk(tree):
            walked: list[ast.AST] = []
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _WALKS
            ):
                walked = [node.func.value]
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("dict", "list", "tuple", "set"):
                walked = list(node.args)
            elif isinstance(node, ast.Starred):
                walked = [node.value]
            elif isinstance(node, ast.For | ast.comprehension):
                walked = [node.iter]
            if any(_is_strangers(part) for part in walked):
                found.add((place, name))
    assert found <= _WALKERS, found - _WALKERS


def test_no_template_spreads_what_came_with_a_request(app: Flask) -> None:
    wrong = []
    for name in app.jinja_env.list_templates(extensions=["html", "txt"]):
        source = app.jinja_env.loader.get_source(app.jinja_env, name)[0]  # type: ignore[union-attr]
        for call in app.jinja_env.parse(source).find_all(nodes.Call):
            spread = call.dyn_kwargs
            if spread is None or isinstance(spread, nodes.CondExpr):
                continue
            ours = ("carried", "attributes", "asking")
            chosen_by_us = isinstance(spread, nodes.Name) and spread.name in ours
            if not chosen_by_us:
                wrong.append(f"{name}:{call.lineno}")
    assert wrong == []


ORDERS = {
    "endpoint": "x", "_method": "POST", "_external": "1", "_scheme": "javascript", "_anchor": "x",
    "values": "x",
    "filename": "x", "self": "x", "code": "x", "slug": "x", "errors": "x", "force_external": "1",
    "url_scheme": "x",
    "query_args": "x", "path_info": "x",
}  # fmt: skip


@pytest.fixture
def readers(
    app: Flask, palembang: Office, ratna: Person, now: datetime
) -> list[tuple[FlaskClient, list[str]]]:
    """Everybody with the pages that they may read."""
    code = drafts.starts(ratna, now)
    officer = cast.officer(palembang, *Role, now=now)
    guest = desk.guest(palembang, now)
    own = ["/akun", "/permohonan", "/permohonan/baru", *(f"/permohonan/{code}{rest}" for rest in DRAFT_PAGES)]
    at_work = ["/petugas", "/petugas/cari", "/petugas/hadir", f"/petugas/kasus/{guest}", "/petugas/tidak-ada"]
    return [(app.test_client(), PUBLIC), (ratna.at(app), own), (officer.at(app), at_work)]


@pytest.mark.long
def test_orders_to_the_maker_of_links_are_only_words_in_an_address(readers: Any) -> None:
    """Each page is what it is without them; the links to its other language stay on this site."""
    for client, paths in readers:
        for cookie in list(client._cookies.values()):  # type: ignore[union-attr]
            client.set_cookie(cookie.key, cookie.value, domain="jahat.example")
        for path in paths:
            usual = client.get(path).status_code
            for name, value in ORDERS.items():
                mark = "&" if "?" in path else "?"
                # The demo's own pages answer no strange host, whatever the address says.
                host = {} if path.startswith("/demo") else {"Host": "jahat.example"}
                answer = client.get(f"{path}{mark}{name}={value}", headers=host)
                assert answer.status_code == usual, (path, name)
                assert "jahat.example" not in answer.text, (path, name)
                assert "javascript:" not in answer.text, (path, name)


def test_the_link_to_try_again_never_leads_to_another_host(app: Flask, now: datetime) -> None:
    """`/\\\\host` is a path to us and another host to a browser."""
    for path in ("/%5Cjahat.example", "/%2F%2Fjahat.example", "//jahat.example", "/%09/jahat.example"):
        answer = app.test_client().get(f"{path}?q=%00")
        assert answer.status_code == 400
        links = [part.split('"')[0] for part in answer.text.split('href="')[1:]]
        assert links and all(link.startswith(("/", "#")) for link in links)
        assert not any(link[1:2] in ("/", "\\", "\t") for link in links), path


def test_a_page_that_failed_can_be_read_in_the_other_language(app: Flask, now: datetime) -> None:
    for method in ("GET", "POST"):
        answer = app.test_client().open("/tidak-ada?a=1&a=2", method=method)
        assert answer.status_code == 404
        assert 'href="/tidak-ada?a=1&amp;a=2&amp;bahasa=en"' in answer.text
