"""What page, server and browser tell each other: flash, events, hooks, connection, and pages that follow each other."""

import asyncio
import json
import re
import sys
import urllib.request

import pytest
from conftest import Server, environment_of_servers, unused_port
from nicegui import ui

import playground

# ---------------------------------------------------------------------------------------------------------------------
# Without a browser
# ---------------------------------------------------------------------------------------------------------------------


class Home(playground.LiveView):
    page_title = "At home"

    def mount(self, params):
        self.told, self.params = [], params
        if "from" in params:
            self.put_flash("info", f"from {params['from']}")

    def render(self):
        ui.label("home")
        ui.label(f"told {self.told}")
        ui.input("Note")
        ui.button("info", on_click=lambda: self.put_flash("info", "first"))
        ui.button("error", on_click=lambda: self.put_flash("error", "<b>bold</b>"))
        ui.button("again", on_click=lambda: self.put_flash("info", "second"))
        ui.button("clear info", on_click=lambda: self.clear_flash("info"))
        ui.button("clear all", on_click=lambda: self.clear_flash())
        ui.button("patch", on_click=lambda: self.push_patch("?x=1"))
        ui.button("flash and patch", on_click=lambda: self.flash_and(self.push_patch, "?x=2"))
        ui.button("flash and navigate", on_click=lambda: self.flash_and(self.push_navigate, "/other"))
        ui.button("flash and redirect", on_click=lambda: self.flash_and(self.redirect, "/other"))
        ui.button("flash, message, navigate", on_click=self.in_between)
        ui.button("into a loop", on_click=lambda: self.push_navigate("/to"))
        ui.button("into a failure", on_click=lambda: self.push_navigate("/broken"))
        ui.button("into a session", on_click=lambda: self.push_navigate("/visits"))
        ui.button("into another", on_click=lambda: self.push_navigate("/gate"))
        ui.button("nowhere", on_click=lambda: self.push_navigate("/nowhere"))
        ui.button("add by hand", on_click=self.add_by_hand)
        playground.navigate_link("to the other", "/other")
        playground.patch_link("to x", "?x=3")

    def flash_and(self, go, path):
        self.put_flash("info", "carried")
        go(path)

    async def in_between(self):
        await asyncio.sleep(0)
        self.send("something else")
        self.flash_and(self.push_navigate, "/other")

    def add_by_hand(self):
        ui.label("made by hand")
        with ui.dialog() as dialog:
            ui.label("in a dialog")
        dialog.open()

    def handle_info(self, message):
        self.told.append(message)

    def terminate(self, reason):
        ended.append(reason)


class Other(playground.LiveView):
    def mount(self):
        self.send_interval(0.001, "tick")

    def render(self):
        ui.label("other")
        ui.input("Note")
        ui.button("home", on_click=lambda: self.push_navigate("/"))
        ui.button("home with params", on_click=lambda: self.push_navigate("/?from=other"))

    def handle_info(self, message):
        ticks.append(message)


class To(playground.LiveView):
    def mount(self):
        self.redirect("/fro")

    def render(self):
        ui.label("never")


class Fro(To):
    def mount(self):
        self.redirect("/to")


class Broken(To):
    def mount(self):
        raise ValueError("as intended")


class Visits(playground.LiveView):
    def mount(self, params, session):
        session["visits"] = session.get("visits", 0) + 1
        self.visits = session["visits"]

    def render(self):
        ui.label(f"visit {self.visits}")


def refuse(view):
    view.put_flash("error", "not for you")
    view.redirect("/?from=gate")


class Gate(playground.LiveView):
    on_mount = (refuse,)

    def mount(self):
        ended.append("must not be mounted")

    def render(self):
        ui.label("never")


PAGES = {"/": Home, "/other": Other, "/to": To, "/fro": Fro, "/broken": Broken, "/visits": Visits, "/gate": Gate}
ended: list[str] = []
ticks: list[str] = []


@pytest.fixture
def visited():
    ended.clear()
    ticks.clear()
    with playground.visit(PAGES) as page:
        yield page


def test_flash_is_shown_until_it_is_cleared(visited):
    page = visited
    assert page.flash == {}
    page.click("info")
    page.click("error")
    assert page.flash == {"info": "first", "error": "<b>bold</b>"} == page.live.flash
    assert page.has("<b>bold</b>")
    page.click("again")
    assert page.flash["info"] == "second"
    assert not page.has("first")
    page.live.send("a message")
    assert page.has("second")
    page.click("clear info")
    assert page.flash == {"error": "<b>bold</b>"}
    page.click("again")
    page.find("second").click()
    assert page.flash == {"error": "<b>bold</b>"}
    page.click("info")
    page.click("clear all")
    assert page.flash == {}
    assert not page.has("first")
    with pytest.raises(TypeError):
        page.live.flash["info"] = "no way in"


def test_flash_of_before_is_gone_after_a_patch(visited):
    page = visited
    page.click("info")
    page.click("patch")
    assert page.flash == {}
    page.click("flash and patch")
    assert (page.patched_to, page.flash) == ("/?x=2", {"info": "carried"})
    page.click("patch")
    assert page.flash == {}


@pytest.mark.parametrize("link", ["to x", "to the other"])
def test_flash_of_before_is_gone_after_a_click_on_a_link(visited, link):
    page = visited
    page.click("info")
    page.click(link)
    assert page.flash == {}


@pytest.mark.parametrize("button", ["flash and navigate", "flash, message, navigate"])
def test_flash_comes_along_to_the_next_page(visited, button):
    page = visited
    page.click("error")  # of before: is not carried over
    page.click(button)
    assert page.has("other")
    assert page.flash == {"info": "carried"}
    page.click("home")
    assert page.flash == {}


def test_flash_comes_along_with_a_redirect_once(visited):
    page = visited
    page.click("flash and redirect")
    assert page.redirected_to == "/other"
    page.goto(page.redirected_to)
    assert page.flash == {"info": "carried"}
    page.goto("/other")
    assert page.flash == {}


def test_flash_in_mount_and_in_a_hook_that_redirects(visited):
    page = visited
    page.goto("/?from=nowhere")
    assert page.flash == {"info": "from nowhere"}
    page.click("into another")  # its hook sends us back
    assert page.flash == {"info": "from gate", "error": "not for you"}
    assert "must not be mounted" not in ended
    with pytest.raises(playground.PageError) as caught:
        page.goto("/gate")
    assert caught.value.redirected_to == "/?from=gate"
    page.goto("/?from=gate")
    assert page.flash == {"info": "from gate", "error": "not for you"}


def test_pages_follow_each_other(visited):
    page = visited
    first = page.live
    page.type("Note", "a note")
    assert page.title == "At home"
    page.click("flash and navigate")
    assert (type(page.live), ended, page.redirected_to) == (Other, ["closed"], None)
    assert page.title == "Playground"
    assert page.find("Note").value == ""  # another line has made it
    first.send("too late")
    first.told = ["too late"]
    first.refresh()
    assert page.has("other")
    assert not page.has("too late")
    page.click("home with params")
    assert page.live is not first
    assert page.live.params == {"from": "other"}
    assert page.title == "At home"
    asyncio.run(asyncio.sleep(0.01))
    page.settle()
    count = len(ticks)
    asyncio.run(asyncio.sleep(0.01))
    page.settle()
    assert len(ticks) == count


def test_a_page_that_cannot_take_the_place_is_loaded(visited):
    for button, expected in [("into a failure", "/broken"), ("nowhere", "/nowhere"), ("into a session", "/visits")]:
        visited.goto("/")
        visited.click(button)
        assert visited.has("home")
        assert visited.redirected_to == expected
    visited.goto("/visits")
    visited.goto("/visits")
    assert visited.has("visit 2")


def test_pages_that_redirect_to_each_other_leave_it_to_the_browser_to_give_up(visited):
    visited.click("into a loop")
    assert visited.redirected_to in ("/to", "/fro")


def test_what_handlers_have_added_by_hand_goes_with_the_page(visited):
    page = visited
    page.click("add by hand")
    assert page.has("made by hand")
    assert page.has("in a dialog")
    page.click("flash and navigate")
    assert not page.has("made by hand")
    assert not page.has("in a dialog")
    assert page.has("other")


@pytest.mark.parametrize(
    ("link", "expected"), [("to the other", "other"), ("to x", "home")], ids=["navigate_link", "patch_link"]
)
def test_links_can_be_clicked(visited, link, expected):
    visited.click(link)
    assert visited.has(expected)
    assert link == "to the other" or visited.patched_to == "/?x=3"


def test_nothing_is_left_behind(visited):
    def there_and_back():
        visited.click("add by hand")
        visited.click("flash and navigate")
        visited.click("home")

    def counted():
        routes = sum("/upload/" in getattr(route, "path", "") for route in playground.core.app.routes)
        servers = sum(len(servers) for servers in playground._running.values())
        return len(visited.client.elements), len(playground._open_pages), servers, routes

    there_and_back()
    before = counted()
    for _ in range(50):
        there_and_back()
    assert counted() == before
    assert len(ended) == 51


def test_push_event_in_visit(visited):
    visited.live.push_event("zoom", {"level": 3})
    visited.live.push_event("stop")
    assert visited.pushed_events == [("zoom", {"level": 3}), ("stop", None)]
    assert visited.pushed_events == []
    with pytest.raises(TypeError, match="not JSON serializable"):
        visited.live.push_event("zoom", object())


# ---------------------------------------------------------------------------------------------------------------------
# In Chromium: one server with a page for each topic
# ---------------------------------------------------------------------------------------------------------------------

pytest.importorskip("playwright")
from playwright.sync_api import expect  # noqa: E402

SITE = '''
import asyncio
import time

from nicegui import ui

import playground


def find_user(view, params, session):
    view.user = session.get("user")


def require_user(view):
    if view.user is None:
        view.put_flash("error", "Log in first")
        view.redirect("/login")


def header(view):
    with ui.row().classes("header"):
        ui.input("Search")
        playground.navigate_link("to home", "/")
        playground.navigate_link("to other", "/other?x=1")
        ui.button("push other", on_click=lambda: view.push_navigate("/other")).props('data-disable-with="Going…"')
        ui.label(type(view).__name__).classes("name")


class Home(playground.LiveView):
    page_title = "At home"
    browser_events = ["allowed"]

    def mount(self, params):
        self.ticks, self.told = 0, []
        self.send_interval(0.02, "tick")
        if "flash" in params:
            self.put_flash("info", "from mount")
            self.redirect("/other")

    def handle_params(self, params):
        self.params = params

    def render(self):
        header(self)
        ui.label(f"ticks {self.ticks}").classes("ticks")
        ui.label(str(self.params)).classes("params")
        ui.label(str(self.told)).classes("told")
        ui.input("Note")
        ui.button("info", on_click=lambda: self.put_flash("info", "first"))
        ui.button("error", on_click=lambda: self.put_flash("error", "<b>bold</b> &amp; <img src=x onerror=alert(1)>"))
        ui.button("again", on_click=lambda: self.put_flash("info", "second"))
        ui.button("clear", on_click=lambda: self.clear_flash())
        ui.button("patch", on_click=lambda: self.push_patch("?x=1"))
        ui.button("flash and patch", on_click=lambda: self.flash_and(self.push_patch, "?x=2"))
        ui.button("flash and navigate", on_click=lambda: self.flash_and(self.push_navigate, "/other"))
        ui.button("flash and redirect", on_click=lambda: self.flash_and(self.redirect, "/other"))
        ui.button("zoom", on_click=lambda: self.push_event("zoom", {"level": 3, "text": "</script>'"}))
        ui.button("by hand", on_click=self.by_hand)
        ui.button("slow and away", on_click=self.slow_and_away)
        ui.button("slow", on_click=self.slow)
        for path in ("members", "broken", "visits", "nowhere", "files"):
            ui.button(path, on_click=lambda path=path: self.push_navigate(f"/{path}"))
        playground.navigate_link("lost", "/nowhere")
        playground.navigate_link("slow page", "/slow")

    def flash_and(self, go, path):
        self.put_flash("info", "carried")
        go(path)

    def by_hand(self):
        ui.label("made by hand").classes("by-hand")
        ui.notify("notified")
        with ui.dialog() as dialog, ui.card():
            ui.label("in a dialog").classes("by-hand")
            ui.button("close and go", on_click=lambda: self.push_navigate("/other"))
        dialog.open()

    async def slow(self):
        print("slow begins", flush=True)
        await asyncio.sleep(60)

    async def slow_and_away(self):
        self.push_navigate("/other")
        await asyncio.sleep(0.05)
        print("the rest of the handler", flush=True)

    def handle_info(self, message):
        self.ticks += 1
        print(f"Home {self.client.id} ticks", flush=True)

    def handle_event(self, event, params):
        self.told.append([event, params])

    def terminate(self, reason):
        print(f"Home {self.client.id} ended: {reason}", flush=True)


class Other(playground.LiveView):
    page_title = "The other"

    def mount(self, params):
        self.params = params

    def render(self):
        header(self)
        ui.label(str(self.params)).classes("params")
        ui.input("Note")
        ui.label("VERSION 1").classes("version")
        ui.button("info", on_click=lambda: self.put_flash("info", "of the other"))
        playground.patch_link("patch", "?x=2")
        ui.link("anchor", "#below")
        ui.button("count", on_click=self.add)
        ui.label(f"count {self.count}" if hasattr(self, "count") else "no count").classes("count")

    def add(self):
        self.count = getattr(self, "count", 0) + 1


class Slow(Other):
    async def mount(self, params):
        self.params = params
        await asyncio.sleep(0.5)


class Members(Other):
    on_mount = [require_user]

    def mount(self, params):
        print("Members mounted", flush=True)
        super().mount(params)


class Broken(Other):
    def mount(self):
        raise ValueError("as intended")


class Visits(Other):
    def mount(self, params, session):
        session["visits"] = session.get("visits", 0) + 1
        self.params = session["visits"]


class Login(playground.LiveView):
    def render(self):
        header(self)
        ui.button("log in", on_click=lambda: self.redirect("/members", session={"user": "Ada"}))


HOOKS = """
<script>
  const log = (window.log = []); // a second time would be an error
  window.playground.hooks.Row = {
    mounted() {
      log.push(`mounted ${this.el.id} ${this.el.innerText}`);
      this.on("shout", ({ text }) => log.push(`${this.el.innerText} hears ${text}`));
      this.el.addEventListener("dblclick", () => this.push("hooked", { text: this.el.innerText }));
      this.el.dataset.seen = "yes";
    },
    updated() { log.push(`updated ${this.el.innerText} ${this.el.className.includes("red")}`); },
    destroyed() { log.push(`destroyed ${this.el.innerText}`); },
  };
</script>
"""


class Hooks(playground.LiveView):
    browser_events = ["hooked"]

    def mount(self):
        self.rows, self.red, self.text, self.told, self.count = ["a", "b", "c"], "", "", [], 0

    def render(self):
        header(self)
        ui.add_body_html(HOOKS)
        with ui.column():
            for row in self.rows:
                with playground.key(row):
                    ui.label(row + self.text).props("data-hook=Row").classes(self.red)
        ui.label(str(self.told)).classes("told")
        ui.label(f"VERSION 1, {self.count}").classes("version")
        ui.button("elsewhere", on_click=lambda: self.change(count=self.count + 1))
        ui.button("text", on_click=lambda: self.change(text="!"))
        ui.button("red", on_click=lambda: self.change(red="red"))
        ui.button("turn", on_click=lambda: self.rows.reverse())
        ui.button("remove", on_click=lambda: self.rows.pop())
        ui.button("add", on_click=lambda: self.rows.append("d"))
        ui.button("shout", on_click=lambda: self.push_event("shout", {"text": "hey"}))

    def change(self, **values):
        vars(self).update(values)

    def handle_event(self, event, params):
        self.told.append([event, params])


class Away(playground.LiveView):
    def mount(self):
        self.told = []

    def render(self):
        with ui.card().on("click-away", lambda: self.told.append("away")).classes("card"):
            ui.label("inside")
            ui.button("in the card", on_click=lambda: self.told.append("inside"))
            ui.button("vanish", on_click=lambda: self.told.append("vanish")).set_visibility("vanish" not in self.told)
            ui.select(["one", "two"], label="choice", on_change=lambda event: self.told.append(event.value))
            ui.input("text", value="some text to be marked")
            with ui.button("menu"), ui.menu():
                ui.menu_item("item", lambda: self.told.append("item"))
                with ui.menu_item("more", auto_close=False), ui.menu().props("anchor='top end'"):
                    ui.menu_item("deep", lambda: self.told.append("deep"))
            with ui.dialog() as dialog, ui.card():
                ui.button("in the dialog", on_click=lambda: self.told.append("dialog"))
                ui.button("close", on_click=dialog.close)
            ui.button("dialog", on_click=dialog.open)
        ui.label("outside").classes("outside")
        ui.select(["three"], label="other choice", on_change=lambda event: self.told.append(event.value))
        ui.label(" ".join(self.told)).classes("told")


class Files(playground.LiveView):
    def render(self):
        header(self)
        playground.upload(label="File").classes("file")


def opened(request):
    return [(page.client.id, len(page.client.elements)) for page in playground._open_pages]


playground.start(
    live={
        "/": Home, "/other": Other, "/slow": Slow, "/members": Members, "/broken": Broken, "/visits": Visits,
        "/login": Login, "/hooks": Hooks, "/away": Away, "/files": Files,
    },
    controller={"/opened": opened},
    on_mount=[find_user],
    port=PORT,
    open_browser=False,
    reconnect_timeout=1.0,
)
'''  # fmt: skip


def started(directory):
    port = unused_port()
    path = directory / "my_demo.py"
    path.write_text(re.sub(r"\bPORT\b", str(port), SITE), encoding="utf-8")
    return begin(path)


def begin(path):
    server = Server(path, [sys.executable, str(path)], path.parent, environment_of_servers(path.parent), warm=True)
    server.wait_until_served()
    return server


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server with the pages of `SITE`; tests that change its files have one of their own."""
    server = started(tmp_path_factory.mktemp("interaction"))
    try:
        yield server
    finally:
        server.end()
        print(server.log)
    assert set(re.findall(r"^\w*(?:Error|Exception).*$", server.log, re.MULTILINE)) <= {"ValueError: as intended"}


@pytest.fixture
def home(site, open_page):
    return open_page(site.url)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def link(page, name):
    page.get_by_role("link", name=name, exact=True).click()


def flash(page):
    return page.locator(".playground-flashes > *")


def stay(page):
    """Mark the document and its search field, which a page that is loaded would not have."""
    page.evaluate("window.marker = document.querySelector('.header input')")
    page.get_by_label("Search").fill("typed")


def has_stayed(page):
    typed = page.get_by_label("Search").input_value()
    return typed == "typed" and page.evaluate("window.marker === document.querySelector('.header input')")


def expect_page(page, name):
    expect(page.locator(".name")).to_have_text(name)


# -- flash


def test_flash_is_drawn_as_it_was_written_and_goes_with_a_click(home):
    press(home, "info")
    expect(flash(home)).to_contain_text("first")
    press(home, "again")
    expect(flash(home)).to_contain_text("second")
    press(home, "error")
    expect(flash(home)).to_have_count(2)
    expect(flash(home).nth(1)).to_contain_text("<b>bold</b> &amp; <img src=x onerror=alert(1)>")
    assert home.locator("[role=alert] b, [role=alert] img").count() == 0
    home.get_by_role("button", name="Close").first.click()
    expect(flash(home)).to_have_count(1)
    expect(flash(home)).to_contain_text("bold")
    press(home, "clear")
    expect(flash(home)).to_have_count(0)
    press(home, "info")
    press(home, "patch")
    expect(home.locator(".params")).to_have_text("{'x': '1'}")
    expect(flash(home)).to_have_count(0)


@pytest.mark.parametrize("how", ["flash and patch", "flash and navigate", "flash and redirect"])
def test_flash_comes_along_once(home, how):
    press(home, "error")
    expect(flash(home)).to_have_count(1)
    press(home, how)
    expect(flash(home).filter(has_text="bold")).to_have_count(0)
    expect(flash(home)).to_contain_text("carried")
    expect_page(home, "Home" if "patch" in how else "Other")
    home.reload()
    home.wait_for_function("window.did_handshake")
    expect(flash(home)).to_have_count(0)


@pytest.mark.parametrize("how", ["patch", "to home", "back"])
def test_flash_is_gone_with_the_address(site, open_page, how):
    page = open_page(site.url)
    link(page, "to other")
    expect_page(page, "Other")  # home has a button of this name, too
    press(page, "info")
    expect(flash(page)).to_contain_text("of the other")
    page.go_back() if how == "back" else link(page, how)
    expect(page).not_to_have_url(f"{site.url}/other?x=1")
    expect_page(page, "Other" if how == "patch" else "Home")
    expect(flash(page)).to_have_count(0)


@pytest.mark.parametrize(("path", "text"), [("/?flash", "from mount"), ("/members", "Log in first")])
def test_flash_comes_along_from_a_page_that_only_redirects(site, open_page, path, text):
    page = open_page(f"{site.url}{path}")
    expect(flash(page)).to_contain_text(text)
    page.goto(f"{site.url}/")
    page.wait_for_function("window.did_handshake")
    expect(flash(page)).to_have_count(0)


# -- events and hooks


def test_push_event_is_heard(home):
    home.evaluate(
        """() => {
            window.heard = [];
            window.off = window.playground.on("zoom", (payload) => heard.push(payload));
            window.addEventListener("playground:zoom", (event) => heard.push(event.detail.level));
        }"""
    )
    press(home, "zoom")
    home.wait_for_function("heard.length === 2")
    assert home.evaluate("heard") == [{"level": 3, "text": "</script>'"}, 3]
    home.evaluate("off()")
    press(home, "zoom")
    home.wait_for_function("heard.length === 3")
    assert home.evaluate("heard[2]") == 3


MADE_UP = [
    "window.playground.push('secret', {x: 1})",
    "window.playground.push('__init__')",
    "window.playground.push('allowed', null)",
    "window.playground.push('allowed', 'text')",
    "window.playground.push('allowed', [1])",
    "window.playground.push(['allowed'])",
    "window.playground.push(undefined)",
    "window.playground.act('push')",
    "window.playground.act('follow', {uri: 7, link: null})",
    "window.playground.act('follow', {uri: '//evil.example/', link: ''})",
    "window.playground.act('follow', {uri: 'javascript:alert(1)', link: 'navigate'})",
    "window.playground.act({}, {})",
    "window.socket.emit('playground')",
    "window.socket.emit('playground', 7)",
    "window.socket.emit('playground', {client_id: null, action: 'push', name: 'allowed', params: {}})",
    "window.socket.emit('playground', {client_id: ['x'], action: 'push', name: 'allowed', params: {}})",
]


def test_the_browser_may_push_what_the_page_lists_and_nothing_else(site, home, wait_for):
    begun = len(site.log)
    for code in MADE_UP:
        home.evaluate(f"{code}; 0")
    home.evaluate("window.playground.push('allowed', {x: [1, 'two', null]}); window.playground.push('allowed')")
    expect(home.locator(".told")).to_have_text("[['allowed', {'x': [1, 'two', None]}], ['allowed', {}]]")
    assert home.url == f"{site.url}/"
    wait_for(lambda: "'secret', which is not in Home.browser_events" in site.log[begun:])
    assert "Traceback" not in site.log[begun:]


def hook_log(page, expected):
    page.wait_for_function("n => window.log?.length >= n", arg=len(expected))  # its script runs after it is shown
    log = [re.sub(r"(mounted) c\d+", r"\1", line) for line in page.evaluate("log.splice(0)")]
    assert sorted(log) == sorted(expected)


MOUNTED = ["mounted a", "mounted b", "mounted c"]


def test_hooks_follow_their_elements(site, open_page):
    page = open_page(f"{site.url}/hooks")
    hook_log(page, MOUNTED)
    for button, expected in {
        "elsewhere": [],
        "text": ["updated a! false", "updated b! false", "updated c! false"],
        "red": ["updated a! true", "updated b! true", "updated c! true"],
        "turn": [],
        "remove": ["destroyed a!"],
        "add": ["mounted d!"],
        "shout": ["c! hears hey", "b! hears hey", "d! hears hey"],
    }.items():
        press(page, button)
        press(page, "elsewhere")
        count = page.locator(".version").inner_text()
        press(page, "elsewhere")
        expect(page.locator(".version")).not_to_have_text(count)  # so that nothing more comes of the button
        hook_log(page, expected)
    page.get_by_text("b!").dblclick()
    expect(page.locator(".told")).to_have_text("[['hooked', {'text': 'b!'}]]")


def test_hooks_of_a_page_that_another_one_leads_to(site, open_page):
    page = open_page(f"{site.url}/other")
    page.evaluate("window.playground.act('follow', {uri: '/hooks', link: 'navigate'})")
    expect_page(page, "Hooks")
    hook_log(page, MOUNTED)
    link(page, "to other")
    expect(page).to_have_url(f"{site.url}/other?x=1")
    hook_log(page, ["destroyed a", "destroyed b", "destroyed c"])
    page.go_back()
    expect_page(page, "Hooks")
    page.wait_for_function("window.log?.length >= 3")
    hook_log(page, MOUNTED)
    press(page, "shout")
    page.wait_for_function("window.log?.length >= 3")
    hook_log(page, ["a hears hey", "b hears hey", "c hears hey"])


def test_a_click_away(site, open_page):
    page = open_page(f"{site.url}/away")
    page.get_by_text("inside", exact=True).click()
    press(page, "in the card")
    expect(page.locator(".told")).to_have_text("inside")
    page.locator(".outside").click()
    expect(page.locator(".told")).to_have_text("inside away")
    press(page, "vanish")
    expect(page.get_by_role("button", name="vanish")).to_have_count(0)
    page.locator("body").click(position={"x": 600, "y": 600})
    expect(page.locator(".told")).to_have_text("inside away vanish away")


def told_after(page, text):
    """Wait until the page has told something, and nothing but that."""
    expect(page.locator(".told")).to_have_text(text)
    expect(page.locator("[id^=q-portal] > *")).to_have_count(0)


def test_popups_of_what_is_inside_are_not_away(site, open_page):
    page = open_page(f"{site.url}/away")
    page.get_by_label("choice", exact=True).click()
    page.get_by_role("option", name="two").click()
    told_after(page, "two")
    press(page, "menu")
    page.get_by_text("item", exact=True).click()
    told_after(page, "two item")
    press(page, "menu")
    page.get_by_text("more", exact=True).click()
    page.get_by_text("deep", exact=True).click()
    expect(page.locator(".told")).to_have_text("two item deep")
    page.reload()
    page.wait_for_function("() => window.did_handshake")
    press(page, "dialog")
    press(page, "in the dialog")
    page.keyboard.press("Enter")  # which clicks the button once more
    expect(page.locator(".told")).to_have_text("dialog dialog")
    press(page, "close")
    told_after(page, "dialog dialog")
    page.get_by_label("other choice").click()
    page.get_by_role("option", name="three").click()
    told_after(page, re.compile("dialog dialog away (away three|three away)"))


def test_where_the_pointer_was_pressed_is_where_the_click_is(site, open_page):
    page = open_page(f"{site.url}/away")
    field, outside = page.get_by_label("text", exact=True).bounding_box(), page.locator(".outside").bounding_box()
    inside = (field["x"] + 60, field["y"] + field["height"] / 2)
    beyond = (outside["x"] + 5, outside["y"] + 5)
    page.mouse.move(*inside)
    page.mouse.down()
    page.mouse.move(*beyond, steps=3)
    page.mouse.up()  # who marks text may leave the card
    press(page, "in the card")
    expect(page.locator(".told")).to_have_text("inside")
    page.mouse.move(*beyond)
    page.mouse.down()
    page.mouse.move(*inside, steps=3)
    page.mouse.up()
    expect(page.locator(".told")).to_have_text("inside away")


# -- pages that follow each other


@pytest.mark.quick
def test_links_and_history_put_pages_in_place_of_each_other(site, home):
    def expect_at(path, name, params, title):
        expect(home).to_have_url(f"{site.url}{path}")  # which is written last: before, "back" would go too far
        expect_page(home, name)
        expect(home.locator(".params")).to_have_text(params)
        expect(home).to_have_title(title)
        assert has_stayed(home)

    requests = []
    home.on("request", lambda request: requests.append(request.url) if request.is_navigation_request() else None)
    stay(home)
    home.get_by_label("Note").fill("half a note")
    expect_at("/", "Home", "{}", "At home")
    link(home, "to other")
    expect_at("/other?x=1", "Other", "{'x': '1'}", "The other")
    expect(home.get_by_label("Note")).to_have_value("")
    press(home, "push other")
    expect_at("/other", "Other", "{}", "The other")
    home.go_back()
    expect_at("/other?x=1", "Other", "{'x': '1'}", "The other")
    home.go_back()
    expect_at("/", "Home", "{}", "At home")
    press(home, "patch")
    expect_at("/?x=1", "Home", "{'x': '1'}", "At home")
    link(home, "to other")
    expect_at("/other?x=1", "Other", "{'x': '1'}", "The other")
    home.go_back()
    expect_at("/?x=1", "Home", "{'x': '1'}", "At home")
    home.go_forward()
    expect_at("/other?x=1", "Other", "{'x': '1'}", "The other")
    press(home, "push other")  # the button is the same one on all pages: it must not have stayed disabled
    expect_at("/other", "Other", "{}", "The other")
    expect(home.locator("[data-busy]")).to_have_count(0)
    assert requests == []
    home.reload()
    expect_page(home, "Other")
    assert len(requests) == 1


def test_a_link_within_the_page_is_none_to_another_page(site, home):
    link(home, "to other")
    press(home, "count")
    expect(home.locator(".count")).to_have_text("count 1")
    link(home, "anchor")
    expect(home).to_have_url(f"{site.url}/other?x=1#below")
    link(home, "patch")
    expect(home).to_have_url(f"{site.url}/other?x=2")
    home.go_back()
    expect(home).to_have_url(f"{site.url}/other?x=1#below")
    home.go_back()
    expect(home).to_have_url(f"{site.url}/other?x=1")
    press(home, "count")
    expect(home.locator(".count")).to_have_text("count 2")
    home.go_back()
    expect_page(home, "Home")


def test_the_page_before_has_ended(site, home, wait_for):
    client = home.evaluate("window.clientId")  # other pages of the site may still tick and end
    wait_for(lambda: f"Home {client} ticks" in site.log)
    link(home, "to other")
    expect_page(home, "Other")
    wait_for(lambda: f"Home {client} ended: closed" in site.log)
    press(home, "count")
    expect(home.locator(".count")).to_have_text("count 1")
    assert f"Home {client} ticks" not in site.log.rpartition(f"Home {client} ended: closed")[2]
    assert site.log.count(f"Home {client} ended") == 1


def test_a_page_behind_a_hook_leads_to_the_login(site, home):
    stay(home)
    begun = len(site.log)
    press(home, "members")
    expect_page(home, "Login")
    expect(flash(home)).to_contain_text("Log in first")
    expect(home).to_have_url(f"{site.url}/login")
    assert has_stayed(home)
    assert "Members mounted" not in site.log[begun:]
    press(home, "log in")
    expect_page(home, "Members")
    expect(flash(home)).to_have_count(0)
    link(home, "to home")
    expect_page(home, "Home")
    press(home, "members")
    expect_page(home, "Members")


@pytest.mark.console_allows("status of (404|500)")
@pytest.mark.parametrize(
    ("name", "text"), [("broken", "as intended"), ("nowhere", "/nowhere"), ("lost", "/nowhere"), ("visits", "Visits")]
)
def test_a_page_that_cannot_take_the_place_is_loaded_by_the_browser(site, home, name, text):
    stay(home)
    link(home, name) if name == "lost" else press(home, name)
    home.wait_for_function("window.marker === undefined")
    expect(home.locator("body")).to_contain_text(text)
    assert home.url == f"{site.url}/{name.replace('lost', 'nowhere')}"
    home.go_back()
    expect_page(home, "Home")
    if name == "visits":
        press(home, "visits")
        expect(home.locator(".params")).to_have_text("2")


def test_what_handlers_made_by_hand_goes_with_their_page(home):
    stay(home)
    press(home, "by hand")
    expect(home.locator(".by-hand").nth(1)).to_be_visible()
    press(home, "close and go")
    expect_page(home, "Other")
    expect(home.locator(".by-hand")).to_have_count(0)
    expect(home.locator(".q-dialog")).to_have_count(0)
    expect(home.locator("body")).not_to_have_class(re.compile("q-body--dialog"))
    press(home, "count")
    expect(home.locator(".count")).to_have_text("count 1")
    assert has_stayed(home)


def test_two_quick_clicks_and_clicks_while_something_goes_on(site, home, wait_for):
    stay(home)
    home.evaluate(
        """() => {
            const links = [...document.querySelectorAll("a")];
            const named = (name) => links.find((a) => a.innerText === name);
            named("slow page").click();
            named("to other").click();
            named("to other").click();
        }"""
    )
    expect_page(home, "Other")
    expect(home).to_have_url(f"{site.url}/other?x=1")
    link(home, "to home")
    expect_page(home, "Home")
    begun = len(site.log)
    press(home, "slow")
    wait_for(lambda: "slow begins" in site.log[begun:])
    link(home, "to other")
    expect_page(home, "Other")
    press(home, "count")
    expect(home.locator(".count")).to_have_text("count 1")
    home.go_back()
    expect_page(home, "Home")
    press(home, "info")
    expect(flash(home)).to_contain_text("first")
    assert has_stayed(home)
    assert "Traceback" not in site.log[begun:]


def test_a_handler_that_navigates_comes_to_its_end(site, home, wait_for):
    begun = len(site.log)
    press(home, "slow and away")
    expect_page(home, "Other")
    wait_for(lambda: "the rest of the handler" in site.log[begun:])


def test_a_busy_button_that_both_pages_have_can_be_used_again(home):
    press(home, "push other")
    expect_page(home, "Other")
    expect(home.locator("[data-busy]")).to_have_count(0)


def test_an_upload_on_a_page_that_another_one_leads_to(home):
    for _ in range(2):
        press(home, "files")
        expect_page(home, "Files")
        home.locator(".file input[type=file]").set_input_files(
            {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}
        )
        expect(home.locator(".file")).to_contain_text("100.00%")
        link(home, "to home")
        expect_page(home, "Home")


def test_nothing_is_left_behind_in_browser_and_server(site, home):
    client = home.evaluate("window.clientId")

    def there_and_back():
        link(home, "to other")
        expect_page(home, "Other")
        link(home, "to home")
        expect_page(home, "Home")

    def counted():
        with urllib.request.urlopen(f"{site.url}/opened") as response:
            pages = [elements for id_, elements in json.load(response) if id_ == client]
        browser = "[Object.keys(mounted_app.elements).length, document.querySelectorAll('*').length]"
        return len(pages), pages, home.evaluate(browser)

    there_and_back()
    before = counted()
    assert before[0] == 1
    for _ in range(10):
        there_and_back()
    assert counted() == before


# -- with a server of their own


@pytest.fixture
def own_site(tmp_path):
    server = started(tmp_path)
    yield server
    server.end()


def test_a_save_after_pages_have_followed_each_other(own_site, open_page):
    page = open_page(own_site.url)
    stay(page)
    link(page, "to other")
    expect_page(page, "Other")
    press(page, "count")
    text = own_site.path.read_text(encoding="utf-8").replace("VERSION 1", "VERSION 2")
    own_site.path.write_text(text, encoding="utf-8")
    expect(page.locator(".version")).to_have_text("VERSION 2")
    expect(page.locator(".count")).to_have_text("count 1")
    press(page, "count")
    expect(page.locator(".count")).to_have_text("count 2")
    assert has_stayed(page)
    page.reload()
    expect_page(page, "Other")
    expect(page.locator(".version")).to_have_text("VERSION 2")
    expect(page.locator(".count")).to_have_text("no count")


def test_hooks_survive_a_save(own_site, open_page):
    page = open_page(f"{own_site.url}/hooks")
    hook_log(page, MOUNTED)
    text = own_site.path.read_text(encoding="utf-8")
    own_site.path.write_text(text.replace("VERSION 1", "VERSION 2"), encoding="utf-8")
    expect(page.locator(".version")).to_have_text("VERSION 2, 0")
    press(page, "text")
    hook_log(page, ["updated a! false", "updated b! false", "updated c! false"])


@pytest.mark.console_allows("ERR_CONNECTION_REFUSED|WebSocket")
def test_a_lost_connection_is_shown_and_comes_back(own_site, open_page):
    page = open_page(own_site.url)
    stay(page)
    body, popup = page.locator("body"), page.locator("#popup")
    expect(body).not_to_have_class(re.compile("playground-disconnected"))
    expect(popup).not_to_be_visible()
    own_site.end()
    expect(body).to_have_class(re.compile("playground-disconnected"))
    expect(popup).to_be_visible()
    again = begin(own_site.path)
    try:
        page.wait_for_function("window.marker === undefined && window.did_handshake")
        expect(body).not_to_have_class(re.compile("playground-disconnected"))
        expect(popup).not_to_be_visible()
        press(page, "info")
        expect(flash(page)).to_contain_text("first")
    finally:
        again.end()
