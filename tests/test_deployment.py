"""Two servers behind nginx, with the configuration that the examples have, and Redis."""

import contextlib
import http.client
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PATIENCE, new_person, unused_port
from playwright.sync_api import expect

CONFIGURATION = Path(__file__).parents[1] / "examples" / "deployment" / "nginx.conf"

POSTS = """
import os
from nicegui import ui
import playground


class Posts(playground.LiveView):
    def mount(self, params, session):
        self.user = session.get("user", "nobody")
        self.posts = []
        self.subscribe("posts")

    def render(self):
        ui.label(f"{self.user} is served by NAME").classes("who")
        ui.button("log in", on_click=lambda: self.redirect("/", session={"user": "Ada"}))
        ui.button("post", on_click=lambda: playground.broadcast("posts", "posted at NAME"))
        ui.input("Draft")
        for post in self.posts:
            ui.label(post).classes("post")

    def handle_info(self, message):
        self.posts.append(message)


playground.start(
    live=Posts, port=PORT, secret_key="a secret", pubsub="REDIS", allowed_hosts=["demo.example"], open_browser=False,
    live_reload=False, debug_errors=False, reconnect_timeout=1.0,
)
"""


@contextlib.contextmanager
def running(*command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def two_servers(serve, tmp_path, wait_for):
    """The address of nginx, and the two servers behind it."""
    pytest.importorskip("redis")
    for program in ("nginx", "redis-server"):
        if shutil.which(program) is None:
            pytest.skip(f"this machine has no {program}")
    redis, port = unused_port(), unused_port()
    with running("redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", ""):
        script = POSTS.replace("REDIS", f"redis://127.0.0.1:{redis}/0")
        wait_for(lambda: answers(redis))
        servers = [serve(script.replace("NAME", name), name=f"{name}.py") for name in ("one", "two")]
        text = CONFIGURATION.read_text().replace("/tmp/playground-nginx.pid", str(tmp_path / "nginx.pid"))
        text = text.replace("listen 4000", f"listen 127.0.0.1:{port}")
        for number, server in zip((4001, 4002), servers, strict=True):
            text = text.replace(f"127.0.0.1:{number}", server.url.removeprefix("http://"))
        configuration = tmp_path / "nginx.conf"
        configuration.write_text(text)
        with running("nginx", "-p", str(tmp_path), "-c", str(configuration)):
            wait_for(lambda: answers(port))
            yield f"http://127.0.0.1:{port}", dict(zip(("one", "two"), servers, strict=True))


def answers(port):
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.connect()
        connection.close()
        return True
    return False


def tab_at(name, url, browser):
    """A page in a browser of its own that nginx has sent to a server."""
    for _ in range(30):
        context = new_person(browser)
        page = context.new_page()
        page.goto(url)
        page.wait_for_function("window.did_handshake")
        if name in page.locator(".who").inner_text():
            return page
        context.close()
    raise AssertionError(f"nobody was sent to {name}")


@pytest.mark.slow
@pytest.mark.console_allows(".*")
def test_two_servers_behind_one_name(two_servers, browser):
    url, servers = two_servers
    one, two = tab_at("one", url, browser), tab_at("two", url, browser)
    one.get_by_role("button", name="post").click()
    for page in (one, two):
        expect(page.locator(".post")).to_have_text(["posted at one"])
    two.get_by_role("button", name="post").click()
    for page in (one, two):
        expect(page.locator(".post")).to_have_text(["posted at one", "posted at two"])
    one.get_by_role("button", name="log in").click()
    expect(one.locator(".who")).to_have_text("Ada is served by one")
    one.reload()
    expect(one.locator(".who")).to_have_text("Ada is served by one")

    one.get_by_label("Draft").fill("half a sentence")
    servers["one"].process.terminate()  # the other one takes over, with the session and what was typed
    expect(one.locator(".who")).to_have_text("Ada is served by two")
    expect(one.get_by_label("Draft")).to_have_value("half a sentence")
    one.get_by_role("button", name="post").click()
    expect(two.locator(".post").last).to_have_text("posted at two")
    expect(two.locator(".post")).to_have_count(3)
    for page in (one, two):
        page.context.close()


def test_nginx_hands_the_name_on(two_servers):
    url, _ = two_servers
    for host, status in (("demo.example", 200), ("evil.example", 421)):
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE)
        connection.request("GET", "/", headers={"Host": host})
        assert connection.getresponse().status == status
        connection.close()
