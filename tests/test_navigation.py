"""Addresses, hooks before mount, redirects and sessions: what a browser's address bar and its buttons do."""

import re
import sys
import urllib.error
import urllib.request

import pytest
from conftest import Server, environment_of_servers, unused_port
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
    assert "Secret of" not in html
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


# ---------------------------------------------------------------------------------------------------------------------
# Several routes of one page class
# ---------------------------------------------------------------------------------------------------------------------


class Posts(playground.LiveView):
    def mount(self):
        self.mounts = getattr(self, "mounts", 0) + 1
        self.seen = []

    def handle_params(self, params, uri):
        self.seen.append((self.live_action, uri, params))

    def render(self):
        ui.label(f"{self.live_action} after {len(self.seen)}")
        ui.button("New", on_click=lambda: self.push_patch("/posts/new"))
        ui.button("Elsewhere", on_click=lambda: self.push_patch("/other"))
        playground.patch_link("Edit", "/posts/7/edit?tab=text")
        playground.navigate_link("Anew", "/posts/new")


class OtherPage(playground.LiveView):
    def render(self):
        ui.label(f"other {self.live_action}")


POSTS = {
    "/posts": (Posts, "index"),
    "/posts/new": (Posts, "new"),
    "/posts/{id}/edit": (Posts, "edit"),
    "/archive": Posts,
    "/other": OtherPage,
}


def test_a_patch_leads_to_other_routes_of_the_page_class():
    with playground.visit(POSTS, "/posts") as page:
        assert page.has("index after 1")
        first = page.live
        page.click("New")
        assert page.has("new after 2")
        page.click("Edit")
        assert page.live is first
        assert page.patched_to == "/posts/7/edit?tab=text"
        assert first.seen[1:] == [
            ("new", "/posts/new", {}),
            ("edit", "/posts/7/edit?tab=text", {"tab": "text", "id": "7"}),
        ]
        with pytest.raises(ValueError, match=r"no address of Posts, which is at '/posts', '/posts/new', .*'/archive'"):
            page.click("Elsewhere")
        page.click("Anew")
        assert page.live is not first
        assert page.has("new after 1")
    with playground.visit(POSTS, "/archive") as page:
        assert page.has("None after 1")


@pytest.mark.parametrize("target", [(Posts, 7), (Posts,), (Posts, "a", "b"), ("new", Posts)])
def test_a_route_with_something_else_than_a_page_and_its_action_is_an_error(target):
    with pytest.raises(TypeError, match=r"live_action|is no page class"):
        playground.visit({"/posts": target}, "/posts")


def test_a_hook_learns_the_address():
    addresses = []

    def require_user(view, params, session, uri):
        addresses.append((uri, view.live_action))

    with playground.visit(POSTS, "/posts/7/edit?tab=text", on_mount=[require_user]) as page:
        page.click("Anew")
    assert addresses == [("/posts/7/edit?tab=text", "edit"), ("/posts/new", "new")]


class Numbered(playground.LiveView):
    def mount(self):
        self.calls, self.note = [], "kept"

    async def handle_params(self, params, uri):
        self.calls.append(uri)
        if "page" not in params:
            self.put_flash("info", "the first page")
            self.push_patch("?page=1", replace=True)
        elif params["page"] == "last":
            self.push_patch("/numbered/last")
        elif params["page"] == "forever":
            self.push_patch(f"?page=forever&more={len(self.calls)}")

    def render(self):
        ui.label(" ".join(self.calls))
        ui.label(self.note)


NUMBERED = {"/numbered": Numbered, "/numbered/{page}": Numbered, "/posts": Posts}


def test_handle_params_completes_the_first_address():
    with playground.visit(NUMBERED, "/numbered") as page:
        assert page.live.calls == ["/numbered", "/numbered?page=1"]
        assert page.patched_to == "/numbered?page=1"
        assert page.flash == {"info": "the first page"}
    with playground.visit(NUMBERED, "/numbered?page=last") as page:
        assert page.live.calls == ["/numbered?page=last", "/numbered/last", "/numbered/last"][:2]
    with pytest.raises(RuntimeError, match="handle_params of Numbered calls push_patch again and again"):
        playground.visit(NUMBERED, "/numbered?page=forever")


def test_handle_params_completes_the_address_of_a_page_that_another_one_leads_to():
    with playground.visit(NUMBERED, "/posts") as page:
        page.live.push_navigate("/numbered")
        page.settle()
        assert page.live.calls == ["/numbered", "/numbered?page=1"]


@pytest.mark.parametrize(
    ("path", "address", "params"),
    [
        ("?", "/posts", {}),
        ("?a=", "/posts?a=", {"a": ""}),
        ("", "/posts?b=1", {"b": "1"}),
        ("#below", "/posts?b=1", {"b": "1"}),
        ("?#below", "/posts", {}),
        ("?c=3#below", "/posts?c=3", {"c": "3"}),
        ("/posts/new#below", "/posts/new", {}),
        ("new", "/new", None),
        ("posts/new", "/posts/new", {}),
    ],
)
def test_addresses_are_those_that_a_link_would_have(path, address, params):
    with playground.visit(POSTS, "/posts?b=1") as page:
        if params is None:
            with pytest.raises(ValueError, match="no address of Posts"):
                page.live.push_patch(path)
            return
        page.live.push_patch(path)
        page.settle()
        assert page.live.seen[-1][1:] == (address, params)


def test_an_empty_value_in_the_first_address():
    with playground.visit(POSTS, "/posts?a=") as page:
        assert page.live.seen == [("index", "/posts?a=", {"a": ""})]


def test_links_that_are_the_business_of_the_browser():
    class Links(playground.LiveView):
        def render(self):
            playground.navigate_link("new tab", "/other").props("target=_blank")
            playground.navigate_link("host", "http://example.com/other")
            playground.patch_link("patch to a host", "https://example.com/")

    with playground.visit({"/": Links, "/other": OtherPage}) as page:
        page.click("new tab")
        assert isinstance(page.live, Links)
        assert page.redirected_to is None
        page.click("host")
        assert page.redirected_to == "http://example.com/other"
        page.click("patch to a host")
        assert page.redirected_to == "https://example.com/"


# ---------------------------------------------------------------------------------------------------------------------
# Links, the history, and where one is in a page, in Chromium
# ---------------------------------------------------------------------------------------------------------------------

PLACES = """
import asyncio

from nicegui import ui
import playground


class Start(playground.LiveView):
    def render(self):
        ui.label("at the start").classes("shown")
        playground.navigate_link("to 42", "/items#item-42")
        playground.navigate_link("to the items", "/items")
        playground.navigate_link("instead", "/items", replace=True)
        playground.navigate_link("in a new tab", "/items").props("target=_blank")
        playground.navigate_link("other host", "http://localhost:PORT/items")
        playground.navigate_link("nothing", "/items").on("click.prevent", js_handler="() => 0")
        ui.button("go to 42", on_click=lambda: self.push_navigate("/items#item-42"))
        ui.button("go instead", on_click=lambda: self.push_navigate("/items", replace=True))
        ui.button("go to the old address", on_click=lambda: self.push_navigate("/old"))
        ui.button("first page", on_click=lambda: self.push_navigate("/first"))


class Items(playground.LiveView):
    def mount(self):
        self.calls = []

    async def handle_params(self, params, uri):
        if params.get("slow"):
            await asyncio.sleep(0.5)
        self.number, self.calls = params.get("page", "1"), [*self.calls, uri]

    def render(self):
        with ui.column().classes("fixed top-0 right-0 bg-white z-10 w-80"):
            ui.label(f"{self.live_action} {self.number}").classes("shown")
            ui.label(" ".join(self.calls)).classes("calls")
            playground.patch_link("second page", "?page=2")
            playground.patch_link("slow page", "?page=3&slow=1#item-60")
            playground.patch_link("no query", "?")
            playground.patch_link("instead", "?page=9", replace=True)
            playground.patch_link("here to 70", "#item-70")
            playground.patch_link("a new item", "/items/new")
            playground.navigate_link("back to the start", "/")
            ui.link("loaded", "/")
            ui.button("patch to 30", on_click=lambda: self.push_patch("?page=4#item-30"))
            ui.button("stay, go to 20", on_click=lambda: self.push_patch("#item-20"))
        for number in range(100):
            ui.label(f"Item {number}").props(f"id=item-{number}").classes("h-12")


class Old(playground.LiveView):
    def mount(self):
        self.redirect("/items")

    def render(self):
        ui.label("never")


class First(playground.LiveView):
    def handle_params(self, params):
        if "page" not in params:
            self.push_patch("?page=1")
        self.page = params.get("page")

    def render(self):
        ui.label(f"first {self.page}").classes("shown")


pages = {"/": Start, "/items": (Items, "list"), "/items/new": (Items, "new"), "/old": Old, "/first": First}
playground.start(live=pages, port=PORT, open_browser=False)
"""


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    directory, port = tmp_path_factory.mktemp("places"), unused_port()
    path = directory / "my_demo.py"
    path.write_text(re.sub(r"\bPORT\b", str(port), PLACES), encoding="utf-8")
    server = Server(path, [sys.executable, str(path)], directory, environment_of_servers(directory), warm=True)
    try:
        server.wait_until_served()
        yield server.url
    finally:
        server.end()
        print(server.log)


def link(page, name):
    page.get_by_role("link", name=name, exact=True).click()


def expect_shown(page, text):
    expect(page.locator(".shown")).to_have_text(text)


def expect_item(page, number):
    """Wait until an item is where a fragment leads to: at the top."""
    page.wait_for_function(
        "id => Math.abs(document.getElementById(id)?.getBoundingClientRect().top) < 2", arg=f"item-{number}"
    )


def scroll_to(page, y):
    """Scroll, and stay there until that is noted."""
    page.evaluate("y => window.scrollTo(0, y)", y)
    expect_noted(page, y)


def expect_noted(page, y):
    page.wait_for_function("y => history.state.place?.[1] === y", arg=y)


def expect_at(page, y):
    page.wait_for_function("y => Math.abs(window.scrollY - y) < 2", arg=y)


@pytest.mark.parametrize("how", ["link", "push_navigate", "load"])
def test_a_fragment_leads_to_its_place_in_another_page(places, open_page, how):
    page = open_page(f"{places}/items#item-42" if how == "load" else places)
    if how == "link":
        link(page, "to 42")
    elif how == "push_navigate":
        press(page, "go to 42")
    expect_item(page, 42)
    expect(page).to_have_url(f"{places}/items#item-42")
    expect(page.locator(".calls")).to_have_text("/items")


def test_a_fragment_leads_to_its_place_in_the_same_page(places, open_page):
    page = open_page(f"{places}/items")
    press(page, "patch to 30")
    expect_item(page, 30)
    expect(page).to_have_url(f"{places}/items?page=4#item-30")
    expect(page.locator(".calls")).to_have_text("/items /items?page=4")
    link(page, "here to 70")
    expect_item(page, 70)
    expect(page).to_have_url(f"{places}/items?page=4#item-70")
    link(page, "slow page")  # whose items are shown half a second later
    expect_item(page, 60)
    expect_shown(page, "list 3")
    press(page, "stay, go to 20")
    expect_item(page, 20)
    expect(page).to_have_url(f"{places}/items?page=3&slow=1#item-20")


def test_back_and_forward_lead_to_where_one_was(places, open_page):
    page = open_page(f"{places}/items")
    scroll_to(page, 1500)
    link(page, "second page")
    expect_shown(page, "list 2")
    expect_at(page, 1500)  # a patch does not scroll
    scroll_to(page, 2500)
    link(page, "here to 70")
    expect_item(page, 70)
    at_70 = page.evaluate("scrollY")
    expect_noted(page, at_70)
    link(page, "back to the start")
    expect_shown(page, "at the start")
    expect_at(page, 0)
    page.go_back()
    expect_shown(page, "list 2")
    expect_at(page, at_70)
    page.go_back()
    expect_at(page, 2500)
    expect(page).to_have_url(f"{places}/items?page=2")
    page.go_back()
    expect_shown(page, "list 1")
    expect_at(page, 1500)
    page.go_forward()
    expect_shown(page, "list 2")
    expect_at(page, 2500)


def test_where_one_never_scrolled_is_the_top(places, open_page):
    page = open_page(f"{places}/items")
    link(page, "second page")
    expect_shown(page, "list 2")
    scroll_to(page, 2000)
    page.go_back()
    expect_shown(page, "list 1")
    expect_at(page, 0)
    scroll_to(page, 1000)
    link(page, "back to the start")
    expect_shown(page, "at the start")
    link(page, "to the items")
    expect_shown(page, "list 1")
    expect_at(page, 0)


def test_a_page_that_is_loaded_again_is_where_it_was(places, open_page):
    page = open_page(f"{places}/items")
    scroll_to(page, 1500)
    page.reload()
    expect_at(page, 1500)
    link(page, "loaded")
    expect_shown(page, "at the start")
    page.go_back()
    expect_shown(page, "list 1")
    expect_at(page, 1500)


def test_back_to_a_slow_page_shows_the_other_one_where_it_is_until_then(places, open_page):
    page = open_page(f"{places}/items?page=3&slow=1")
    scroll_to(page, 1500)
    link(page, "second page")
    expect_shown(page, "list 2")
    scroll_to(page, 3000)
    page.evaluate("""() => {
        window.positions = [];
        window.addEventListener("scroll", () => positions.push(document.querySelector(".shown").textContent));
    }""")
    page.go_back()
    expect_shown(page, "list 3")
    expect_at(page, 1500)
    page.wait_for_function("positions.length")
    assert set(page.evaluate("positions")) == {"list 3"}


@pytest.mark.parametrize(
    "click",
    [
        lambda page: page.get_by_role("link", name="in a new tab").click(),
        lambda page: page.get_by_role("link", name="to the items").click(modifiers=["ControlOrMeta"]),
        lambda page: page.get_by_role("link", name="to the items").click(modifiers=["Shift"]),
        lambda page: page.get_by_role("link", name="to the items").click(button="middle"),
    ],
    ids=["target", "ctrl", "shift", "middle"],
)
def test_a_link_in_a_new_tab(places, open_page, click):
    page = open_page(places)
    with page.context.expect_page() as opened:
        click(page)
    expect_shown(opened.value, "list 1")
    expect_shown(page, "at the start")


def test_a_link_to_another_host_is_loaded_and_one_whose_click_is_prevented_is_not(places, open_page):
    page = open_page(places)
    link(page, "nothing")
    link(page, "other host")
    page.wait_for_url("http://localhost:*/items")
    expect_shown(page, "list 1")


@pytest.mark.parametrize("go", [lambda page: link(page, "instead"), lambda page: press(page, "go instead")])
def test_an_address_in_the_place_of_another(places, open_page, go):
    page = open_page(f"{places}/items?page=5")
    scroll_to(page, 1000)
    link(page, "back to the start")
    expect_shown(page, "at the start")
    entries = page.evaluate("history.length")
    go(page)
    expect_shown(page, "list 1")
    link(page, "instead")
    expect_shown(page, "list 9")
    assert page.evaluate("history.length") == entries
    page.go_back()
    expect_shown(page, "list 5")
    expect_at(page, 1000)


def test_a_query_that_goes_and_a_route_that_changes(places, open_page):
    page = open_page(f"{places}/items?page=5")
    link(page, "no query")
    expect(page).to_have_url(f"{places}/items")
    expect_shown(page, "list 1")
    link(page, "a new item")
    expect_shown(page, "new 1")
    expect(page.locator(".calls")).to_have_text("/items?page=5 /items /items/new")
    page.go_back()
    expect_shown(page, "list 1")
    expect(page.locator(".calls")).to_have_text("/items?page=5 /items /items/new /items")
    page.goto(f"{places}/items/new")
    expect_shown(page, "new 1")


@pytest.mark.parametrize("how", ["load", "navigate"])
def test_a_first_address_that_is_completed(places, open_page, how):
    page = open_page(f"{places}/first" if how == "load" else places)
    if how == "navigate":
        press(page, "first page")
    expect_shown(page, "first 1")
    expect(page).to_have_url(f"{places}/first?page=1")
    page.reload()
    expect_shown(page, "first 1")
    page.go_back()
    if how == "navigate":
        expect_shown(page, "at the start")
    else:
        expect(page).to_have_url("about:blank")


def test_a_redirect_takes_the_place_of_the_entry_that_it_is_of(places, open_page):
    page = open_page(places)
    press(page, "go to the old address")
    expect_shown(page, "list 1")
    page.go_back()
    expect_shown(page, "at the start")
    page.go_forward()
    expect_shown(page, "list 1")
    expect(page).to_have_url(f"{places}/items")


def test_names_of_scripts_are_free(places, open_page):
    page = open_page(places)
    page.add_script_tag(content="let seen = 1, shown = 2; const observer = 3, hooks = 4, stop = 5; function press() {}")
    link(page, "to the items")
    expect_shown(page, "list 1")


SAVED = """
from nicegui import ui
import playground


class Posts(playground.LiveView):
    def mount(self):
        self.count = 0

    def handle_params(self, params):
        self.id = params.get("id")

    def render(self):
        ui.label(f"{self.live_action} {self.id} {self.count}").classes("shown")
        ui.button("count", on_click=lambda: setattr(self, "count", self.count + 1))
        playground.patch_link("new", "/posts/new")


playground.start(live={"/posts/{id}": (Posts, "show")}, port=PORT, open_browser=False)
"""


def test_saved_routes_are_those_of_a_fresh_start(serve, open_page, wait_for):
    server = serve(SAVED)
    page = open_page(f"{server.url}/posts/7")
    expect_shown(page, "show 7 0")
    press(page, "count")
    expect_shown(page, "show 7 1")
    text = server.path.read_text()
    server.path.write_text(text.replace('{"/posts/{id}": (Posts, "show")}', '{"/posts/{id}": (Posts, "read")}'))
    expect_shown(page, "read 7 1")
    routes = '{"/posts/new": (Posts, "new"), "/posts/{id}": (Posts, "read")}'
    server.path.write_text(text.replace('{"/posts/{id}": (Posts, "show")}', routes))
    wait_for(lambda: b"new None" in urllib.request.urlopen(f"{server.url}/posts/new").read())
    link(page, "new")
    expect_shown(page, "new None 1")
    page.reload()
    expect_shown(page, "new None 0")


def test_a_saved_route_gets_another_page_class_and_the_others_keep_theirs(serve, open_page, wait_for):
    source = SAVED.replace(
        "playground.start(",
        "class Extra(Posts):\n    def render(self):\n        ui.label('extra')\n\n\nplayground.start(",
    )
    both = '{"/posts/new": (Posts, "new"), "/posts/{id}": (Posts, "show")}'
    server = serve(source.replace('{"/posts/{id}": (Posts, "show")}', both))
    page = open_page(f"{server.url}/posts/7")
    expect_shown(page, "show 7 0")
    text = server.path.read_text()
    server.path.write_text(text.replace('"/posts/new": (Posts, "new")', '"/posts/new": (Extra, "new")'))
    wait_for(lambda: b"extra" in urllib.request.urlopen(f"{server.url}/posts/new").read())
    press(page, "count")
    expect_shown(page, "show 7 1")
    assert b"show 8" in urllib.request.urlopen(f"{server.url}/posts/8").read()
