"""Under which names the page is known, who may show it, and whose request counts as whose."""

import json
import socket

import pytest
from starlette.types import Receive, Scope, Send

from playground.ui.http.hosts import Hosts, OnlyOurHosts
from playground.ui.http.middleware import Guarded
from playground.ui.http.origin import Origins
from tests.ui.http.bare import asked, reached
from tests.waiting import run

LOOPBACK = Hosts.of("127.0.0.1")
OPEN = Hosts.of("0.0.0.0", ("class.example.org", "*.hf.space"))
HEADS = [(b"x-forwarded-for", b"1.1.1.1, 9.9.9.9:443"), (b"x-forwarded-for", b"10.0.0.3")]


@pytest.mark.parametrize(
    ("space", "may_show_it"),
    [(False, "'self'"), (True, "'self' https://huggingface.co https://*.hf.space")],
)
def test_the_page_is_shown_by_the_hub_alone_and_fetches_nothing_elsewhere(space, may_show_it):
    heads = dict(run(asked(Guarded(reached, space=space)))[0]["headers"])
    said = heads[b"content-security-policy"].decode()
    policy = dict(part.strip().split(" ", 1) for part in said.split(";"))

    assert policy["frame-ancestors"] == may_show_it
    assert policy["default-src"] == policy["base-uri"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert "http" not in "".join(value for name, value in policy.items() if "frame" not in name)
    assert (heads[b"x-content-type-options"], heads[b"referrer-policy"]) == (
        b"nosniff",
        b"same-origin",
    )


@pytest.mark.parametrize(
    ("host", "at_home", "in_class"),
    [
        ("localhost:7860", True, True),
        ("127.0.0.1:7860", True, True),
        ("127.8.9.1", True, True),
        ("[::1]:7860", True, True),
        ("LocalHost.", True, True),
        ("x.localhost:1", True, True),
        ("192.168.1.20:7860", False, True),
        ("[fe80::1]:7860", False, True),
        ("8.8.8.8", False, True),
        (f"{socket.gethostname()}:7860", False, True),
        ("class.example.org", False, True),
        ("CLASS.example.org.:443", False, True),
        ("me-page.hf.space", False, True),
        ("a.class.example.org", False, False),
        ("evil.example:7860", False, False),
        ("evil.hf.space.example", False, False),
        ("evilhf.space", False, False),
        ("localhost.evil.example", False, False),
        ("127.0.0.1.evil.example", False, False),
        ("127.0.0.1@evil.example", False, False),
        ("127.0.0.1%evil.example", False, False),
        ("evil.example/.hf.space", False, False),
        ("0x7f.1", False, False),
        ("", False, False),
        (":7860", False, False),
        ("*", False, False),
    ],
)
def test_only_our_own_names_lead_here(host: str, at_home: bool, in_class: bool):
    assert (LOOPBACK.allows(host), OPEN.allows(host)) == (at_home, in_class)


@pytest.mark.parametrize("named", [[b"evil.example"], [], [b"localhost", b"evil.example"]])
@pytest.mark.parametrize("path", ["/", "/healthz", "/gradio_api/queue/join", "/own/plotly.min.js"])
def test_a_foreign_host_is_told_with_a_sentence(named: list[bytes], path: str):
    guarded = OnlyOurHosts(reached, LOOPBACK)

    head, body = run(asked(guarded, [(b"host", name) for name in named], path=path))

    assert head["status"] == 400
    assert "PLAYGROUND_HOSTS" in json.loads(body["body"])["detail"]


@pytest.mark.parametrize(
    ("told", "kept"),
    [(b"evil.example", False), (b"me.hf.space, evil.example", False), (b"me.hf.space", True)],
)
def test_the_page_takes_no_foreign_name_for_its_own(told: bytes, kept: bool):
    passed: list[bool] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append((b"x-forwarded-host", told) in scope["headers"])

    heads = [(b"host", b"localhost"), (b"x-forwarded-host", told)]
    run(asked(OnlyOurHosts(application, OPEN), heads))

    assert passed == [kept]


@pytest.mark.parametrize(
    ("origins", "client", "origin"),
    [
        (Origins(), "192.168.1.7", "192.168.1.7"),
        (Origins(proxies=1), "127.0.0.1", "10.0.0.3"),
        (Origins(proxies=2), "127.0.0.1", "9.9.9.9"),
        (Origins(proxies=9), "127.0.0.1", "127.0.0.1"),
        (Origins(space=True), "10.0.0.9", "9.9.9.9"),
    ],
)
def test_only_what_our_own_proxies_say_of_an_address_is_believed(origins, client, origin):
    assert origins.of({"type": "http", "client": (client, 5), "headers": HEADS}) == origin


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_addresses_of_one_line_are_one_origin(one: str, other: str):
    found = [Origins().of({"client": (name, 5), "headers": []}) for name in (one, other)]

    assert found[0] == found[1]
    assert found[0] != Origins().of({"client": ("2001:db8:1:3::1", 5), "headers": []})
