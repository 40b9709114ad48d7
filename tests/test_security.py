"""What a page of somebody else, or a client that is no browser, gets to hear."""

import http.client

import pytest
from conftest import PATIENCE

COUNTER = """
from nicegui import ui
import playground


class Counter(playground.LiveView):
    def mount(self, params, session):
        session["visits"] = session.get("visits", 0) + 1
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}, visit {self.session['visits']}")
        ui.button("+", on_click=self.add)

    def add(self):
        self.count += 1


playground.start(live=Counter, port=PORT, open_browser=False OPTIONS)
"""


def get(server, path="/", **headers):
    """The status, the text and the headers of an answer."""
    address = server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=PATIENCE)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return response.status, response.read().decode(errors="replace"), response.headers


def test_a_name_that_was_made_to_lead_here_is_refused(serve):
    server = serve(COUNTER.replace(" OPTIONS", ""))
    port = server.url.rpartition(":")[2]
    for host in (
        "evil.example",
        f"evil.example:{port}",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "[::1",
        "",
    ):
        status, text, _ = get(server, Host=host)
        assert status == 421, host
        assert "allowed_hosts" in text
        assert "Count" not in text
    for host in (f"127.0.0.1:{port}", "localhost", "LOCALHOST:80", "app.localhost", "[::1]:4000", "192.168.1.7"):
        assert get(server, Host=host)[0] == 200, host


def test_a_proxy_may_have_a_name(serve):
    server = serve(COUNTER.replace(" OPTIONS", ", allowed_hosts=['demo.example']"))
    assert get(server, Host="demo.example")[0] == 200
    assert get(server, Host="Demo.Example:443")[0] == 200
    assert get(server, Host="evil.example")[0] == 421


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_pages_of_others_cannot_connect(serve, transport):
    server = serve(COUNTER.replace(" OPTIONS", ", allowed_hosts=['demo.example']"))
    path = f"/_nicegui_ws/socket.io/?EIO=4&transport={transport}"
    headers, accepted = (UPGRADE, 101) if transport == "websocket" else ({}, 200)
    own = server.url
    for origin in (own, "https://demo.example"):
        assert connect(server, path, {**headers, "Origin": origin}) == accepted, origin
    assert connect(server, path, headers) == accepted
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", f"{own}.evil.example", "http://[::1"):
        assert connect(server, path, {**headers, "Origin": origin}) in (403, 421), origin


def connect(server, path, headers):
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_session_that_was_tampered_with_is_a_new_one(serve):
    server = serve(COUNTER.replace(" OPTIONS", ""))
    _, text, headers = get(server)
    assert "visit 1" in text
    cookie = headers["set-cookie"].partition(";")[0]
    assert "visit 2" in get(server, Cookie=cookie)[1]
    name, _, value = cookie.partition("=")
    for forged in (value[:-2], "A" + value[1:], value.replace(".", "", 1), "x.y.z", ""):
        status, text, _ = get(server, Cookie=f"{name}={forged}")
        assert (status, "visit 1" in text) == (200, True), forged


@pytest.mark.parametrize(
    "path",
    ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/_nicegui/../../../etc/passwd", "/_playground/../my_demo.py"],
)
def test_no_path_leads_out(serve, path):
    server = serve(COUNTER.replace(" OPTIONS", ", debug_errors=False"))
    status, text, _ = get(server, path)
    assert status == 404
    assert "root:" not in text
    assert "playground.start" not in text


def test_without_debug_errors_nothing_is_told(serve):
    server = serve(
        COUNTER.replace(" OPTIONS", ", debug_errors=False").replace("self.count = 0", "self.count = secret_name", 1)
    )
    status, text, _ = get(server)
    assert status == 500
    for detail in ("secret_name", "NameError", "my_demo", "Traceback", "mount"):
        assert detail not in text
    assert get(server, "/_playground/tree")[0] == 404
