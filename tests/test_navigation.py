"""Addresses, hooks before mount, redirects and sessions: what a browser's address bar and its buttons do."""

import re
import urllib.error
import urllib.request

import pytest
from nicegui import ui
from playwright.sync_api import expect

import playground

PAGES = """
from nicegui import ui
import playground


class Pages(playground.LiveView):
    def mount(self, params):
        self.count = 0
        self.seen = []
        print("mounted", flush=True)

    def handle_params(self, params, uri):
        self.number = int(params.get("page", 1))
        self.seen.append(uri)

    def render(self):
        ui.label(f"Page {self.number}").classes("number")
        ui.label(f"Count: {self.count}").classes("count")
        ui.label(" ".join(self.seen)).classes("seen")
        ui.input("Note")
        ui.button("count", on_click=self.add)
        ui.button("next", on_click=lambda: self.push_patch(f"?page={self.number + 1}"))
        ui.button("replace", on_click=lambda: self.push_patch("?page=9", replace=True))
        ui.button("wrong", on_click=lambda: self.push_patch("/other"))
        ui.button("other", on_click=lambda: self.push_navigate("/other?from=pages"))
        playground.patch_link("to seven", "?page=7")
        playground.patch_link("to other", "/other")

    def add(self):
        self.count += 1


class Other(playground.LiveView):
    def handle_params(self, params):
        self.params = params

    def render(self):
        ui.label(f"Other {self.params}").classes("other")


playground.start(live={"/": Pages, "/other": Other, "/rooms/{name}": Other}, port=PORT, open_browser=False)
"""


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_patches_keep_the_page_and_the_browser_goes_back_and_forward(serve, open_page):
    server = serve(PAGES)
    page = open_page(f"{server.url}/?page=2")
    expect(page.locator(".number")).to_have_text("Page 2")
    press(page, "count")
    page.get_by_label("Note").fill("half a note")
    press(page, "next")
    expect(page.locator(".number")).to_have_text("Page 3")
    page.wait_for_url("**/?page=3")
    page.get_by_role("link", name="to seven").click()
    expect(page.locator(".number")).to_have_text("Page 7")
    page.go_back()
    expect(page.locator(".number")).to_have_text("Page 3")
    page.go_back()
    expect(page.locator(".number")).to_have_text("Page 2")
    page.go_forward()
    expect(page.locator(".seen")).to_have_text("/?page=2 /?page=3 /?page=7 /?page=3 /?page=2 /?page=3")
    press(page, "replace")
    expect(page.locator(".number")).to_have_text("Page 9")
    page.go_back()
    expect(page.locator(".number")).to_have_text("Page 2")
    expect(page.locator(".count")).to_have_text("Count: 1")
    expect(page.get_by_label("Note")).to_have_value("half a note")
    assert server.log.count("mounted") == 1
    press(page, "next")
    page.wait_for_url("**/?page=3")
    page.reload()
    expect(page.locator(".number")).to_have_text("Page 3")


def test_other_pages(serve, open_page):
    server = serve(PAGES)
    page = open_page(server.url)
    press(page, "other")
    expect(page.locator(".other")).to_have_text("Other {'from': 'pages'}")
    page.go_back()
    expect(page.locator(".number")).to_have_text("Page 1")
    page.get_by_role("link", name="to other").click()
    expect(page.locator(".other")).to_have_text("Other {}")
    page.goto(f"{server.url}/rooms/blue%20room?x=1&x=2")
    expect(page.locator(".other")).to_contain_text("'name': 'blue room'")


@pytest.mark.console_allows("push_patch|no address")
def test_a_patch_to_another_page_is_an_error_that_says_so(serve, open_page):
    server = serve(PAGES)
    page = open_page(server.url)
    press(page, "wrong")
    overlay = page.locator("playground-overlay .error")
    expect(overlay).to_contain_text("'/other' is no address of Pages, which is at '/'")
    expect(overlay).to_contain_text("push_navigate('/other')")


def test_a_saved_handle_params_reaches_open_pages(serve, open_page):
    server = serve(PAGES)
    page = open_page(f"{server.url}/?page=4")
    expect(page.locator(".number")).to_have_text("Page 4")
    text = server.path.read_text()
    text = text.replace("self.seen.append(uri)", "self.seen.append(uri)\n        self.double = 2 * self.number")
    text = text.replace("self.count = 0\n", "self.count = 0\n        self.triple = 3\n")
    server.path.write_text(text.replace('f"Page {self.number}"', 'f"Page {self.number} {self.double} {self.triple}"'))
    expect(page.locator(".number")).to_have_text("Page 4 8 3")


LOGIN = """
from nicegui import ui
import playground


def find_user(view, params, session):
    view.user = session.get("user")


async def require_user(view):
    if view.user is None:
        view.redirect("/login")


class Public(playground.LiveView):
    def render(self):
        ui.label(f"Hello {self.user or 'stranger'}").classes("hello")


class Members(playground.LiveView):
    on_mount = [require_user]

    def mount(self):
        print("a member's page is mounted", flush=True)

    def render(self):
        ui.label(f"Secret of {self.user}").classes("secret")
        ui.button("log out", on_click=lambda: self.redirect("/", session={}))


class Admins(Members):
    def mount(self):
        if self.user != "admin":
            self.redirect("/")
            print("never", flush=True)

    def render(self):
        ui.label("Everything").classes("secret")


class Login(playground.LiveView):
    def mount(self, params, session):
        self.name = ""
        session["visits"] = session.get("visits", 0) + 1
        self.visits = session["visits"]

    def render(self):
        ui.label(f"Visits: {self.visits}").classes("visits")
        ui.input("Name").bind_value(self, "name")
        ui.button("log in", on_click=lambda: self.redirect("/members", session={"user": self.name}))
        ui.button("too late", on_click=self.too_late)

    def too_late(self):
        self.session["user"] = "nobody"


pages = {"/": Public, "/members": Members, "/admins": Admins, "/login": Login}
playground.start(live=pages, on_mount=[find_user], port=PORT, open_browser=False)
"""


def test_hooks_redirects_and_the_session(serve, open_page):
    server = serve(LOGIN)
    page = open_page(server.url)
    expect(page.locator(".hello")).to_have_text("Hello stranger")
    page.goto(f"{server.url}/members")
    assert page.url == f"{server.url}/login"
    assert "a member's page is mounted" not in server.log
    expect(page.locator(".visits")).to_have_text("Visits: 1")
    page.reload()
    expect(page.locator(".visits")).to_have_text("Visits: 2")
    page.get_by_label("Name").fill("Ada")
    press(page, "log in")
    expect(page.locator(".secret")).to_have_text("Secret of Ada")
    assert page.url == f"{server.url}/members"
    page.goto(f"{server.url}/admins")
    expect(page.locator(".hello")).to_have_text("Hello Ada")
    assert "never" not in server.log
    page.goto(f"{server.url}/login")
    expect(page.locator(".visits")).to_have_text("Visits: 1")  # the session was renewed
    page.goto(f"{server.url}/members")
    press(page, "log out")
    expect(page.locator(".hello")).to_have_text("Hello stranger")
    page.goto(f"{server.url}/members")
    assert page.url == f"{server.url}/login"


def test_nothing_behind_a_hook_can_be_reached(serve):
    server = serve(LOGIN)
    opener = urllib.request.build_opener(urllib.request.HTTPRedirectHandler)
    with opener.open(f"{server.url}/members") as response:
        html = response.read().decode()
    assert response.url == f"{server.url}/login"
    assert "Secret" not in html
    assert "a member's page is mounted" not in server.log
    with pytest.raises(urllib.error.HTTPError, match="410"):
        opener.open(f"{server.url}/_playground/session/made-up")


def test_a_ticket_is_of_use_once_and_to_its_browser_only(serve, open_page):
    server = serve(LOGIN)
    page = open_page(f"{server.url}/login")
    tickets = []
    page.on("request", lambda request: tickets.append(request.url) if "/_playground/session/" in request.url else None)
    page.get_by_label("Name").fill("Ada")
    press(page, "log in")
    expect(page.locator(".secret")).to_have_text("Secret of Ada")
    with pytest.raises(urllib.error.HTTPError, match="410"):
        urllib.request.urlopen(tickets[0])
    token = playground._sessions.put(("mine", {"user": "Ada"}, "/"))
    assert playground._sessions.take(token) == ("mine", {"user": "Ada"}, "/")
    assert playground._sessions.take(token) is None
    assert playground._sessions.take("guessed") is None


@pytest.mark.console_allows("session")
def test_the_session_says_when_it_can_be_changed(serve, open_page):
    server = serve(LOGIN)
    page = open_page(f"{server.url}/login")
    press(page, "too late")
    expect(page.locator("playground-overlay .error")).to_contain_text("self.redirect(url, session={...})")


def test_hooks_of_base_classes_come_first():
    order = []

    class Base(playground.LiveView):
        on_mount = (lambda view: order.append("base"),)

    class Page(Base):
        on_mount = (lambda view, params: order.append(params["x"]), lambda: order.append("last"))

        def mount(self):
            order.append("mount")

        def handle_params(self, params, uri):
            order.append(uri)

        def render(self):
            ui.label("x")

    with playground.visit(Page, "/?x=1"):
        assert order == ["base", "1", "last", "mount", "/?x=1"]


def test_visit_tells_of_redirects_and_patches():
    class Page(playground.LiveView):
        def mount(self, params, session):
            if "user" not in session:
                self.redirect("/login")

        def handle_params(self, params):
            self.tab = params.get("tab", "first")

        def render(self):
            ui.label(self.tab)
            ui.button("second", on_click=lambda: self.push_patch("?tab=second"))
            ui.button("away", on_click=lambda: self.push_navigate("/away"))

    with pytest.raises(playground.PageError, match=re.escape("redirects to /login")) as caught:
        playground.visit(Page)
    assert caught.value.redirected_to == "/login"
    with playground.visit(Page, session={"user": "Ada"}) as page:
        assert page.patched_to is None
        page.click("second")
        assert page.has("second")
        assert page.patched_to == "/?tab=second"
        page.click("away")
        assert page.redirected_to == "/away"


def test_a_push_patch_in_mount_is_an_error():
    class Page(playground.LiveView):
        def mount(self):
            self.push_patch("?x=1")

        def render(self):
            ui.label("x")

    with pytest.raises(RuntimeError, match="push_patch\\(\\) is for handlers"):
        playground.visit(Page)


def test_an_address_that_is_not_there(serve, open_page):
    doors = "controller={'/api/rooms': lambda: 'none'}, plug={'/files': lambda scope, receive, send: None}"
    server = serve(PAGES.replace("port=PORT", f"{doors}, port=PORT"))
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(f"{server.url}/absent<b>")
    html = caught.value.read().decode()
    for text in ("/rooms/{name}", 'href="/other"', "/absent&lt;b&gt;", 'href="/api/rooms"', 'href="/files"'):
        assert text in html
    closed = serve(PAGES.replace("open_browser=False", "open_browser=False, debug_errors=False"))
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(f"{closed.url}/absent")
    assert "/rooms" not in caught.value.read().decode()


def test_a_public_server_needs_a_key_of_its_own(serve):
    public = PAGES.replace("open_browser=False", "open_browser=False, host='127.0.0.2'")
    warning = "Others can reach 127.0.0.2, and could guess what signs the session cookie"
    assert warning in serve(public).log
    assert warning not in serve(public.replace("host=", "secret_key='long and random', host=")).log
    assert warning not in serve(PAGES).log


ROOMS = """
import asyncio
import os

from nicegui import ui
import playground


class Hall(playground.LiveView):
    def handle_params(self, params):
        self.door = params.get("door", "1")

    def render(self):
        ui.label(f"Door {self.door}").classes("shown")
        playground.patch_link("second door", "?door=2")
        playground.navigate_link("kitchen", "/rooms/kitchen")
        playground.navigate_link("cellar", "/rooms/cellar")


class Room(playground.LiveView):
    async def mount(self, params):
        self.name = params["name"]
        print(f"somebody waits for the {self.name}", flush=True)
        try:
            while self.name == "cellar" and not os.path.exists("light"):
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            print("nobody waits for the cellar", flush=True)
            raise

    def render(self):
        ui.label(f"In the {self.name}").classes("shown")
        playground.navigate_link("library", "/rooms/library")


playground.start(live={"/": Hall, "/rooms/{name}": Room}, port=PORT, open_browser=False)
"""


def test_an_address_shows_before_what_is_at_it(serve, open_page):
    page = open_page(serve(ROOMS).url)
    page.evaluate("""() => {
        window.found = [];
        const note = () => {
            const text = document.querySelector(".shown").textContent;
            if (found.at(-1)?.[0] !== text) found.push([text, location.pathname + location.search]);
        };
        new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
    }""")
    page.get_by_role("link", name="second door").click()
    expect(page.locator(".shown")).to_have_text("Door 2")
    page.get_by_role("link", name="kitchen").click()
    expect(page.locator(".shown")).to_have_text("In the kitchen")
    page.go_back()
    expect(page.locator(".shown")).to_have_text("Door 2")
    assert page.evaluate("found") == [
        ["Door 2", "/?door=2"],
        ["In the kitchen", "/rooms/kitchen"],
        ["Door 2", "/?door=2"],
    ]


@pytest.mark.parametrize("how", ["back", "link"])
def test_who_goes_elsewhere_does_not_wait_for_a_slow_page(serve, open_page, wait_for, how):
    server = serve(ROOMS)
    page = open_page(server.url)
    expect(page.locator(".shown")).to_have_text("Door 1")
    if how == "back":
        page.get_by_role("link", name="second door").click()
        expect(page.locator(".shown")).to_have_text("Door 2")
    page.get_by_role("link", name="cellar").click()
    wait_for(lambda: "somebody waits for the cellar" in server.log)
    if how == "back":
        page.go_back()
    else:
        page.get_by_role("link", name="second door").click()
    expected = {"back": "1", "link": "2"}[how]
    expect(page.locator(".shown")).to_have_text(f"Door {expected}")
    wait_for(lambda: "nobody waits for the cellar" in server.log)
    page.get_by_role("link", name="kitchen").click()
    expect(page.locator(".shown")).to_have_text("In the kitchen")
    page.go_back()
    expect(page.locator(".shown")).to_have_text(f"Door {expected}")


def test_going_back_while_the_next_page_is_on_its_way(serve, open_page):
    server = serve(ROOMS)
    page = open_page(f"{server.url}/rooms/attic")
    page.evaluate("""() => {
        const { go } = window.playground;
        window.playground.go = (...arguments) => {
            window.playground.go = go;
            window.playground.act("follow", { uri: "/rooms/attic", link: "", seen: 0 });
            go(...arguments);
        };
    }""")
    entries = page.evaluate("history.length")
    page.get_by_role("link", name="library").click()
    page.wait_for_function("entries => history.length === entries + 2", arg=entries)
    expect(page.locator(".shown")).to_have_text("In the attic")
    expect(page).to_have_url(f"{server.url}/rooms/attic")
