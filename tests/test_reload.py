"""What a person sees who saves a file while two pages of it are open: real files, real servers, real Chromium."""

import os
import re
import textwrap
import time
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

# ---------------------------------------------------------------------------------------------------------------------
# The script that is edited
# ---------------------------------------------------------------------------------------------------------------------

SCRIPT = """\
import os

from nicegui import ui

import playground

{top}


class Page({base}):
    def mount(self):
        self.count = 0
{mount}

    def render(self):
        ui.label(f"Count: {{self.count}}").classes("count")
        ui.button("+", on_click={on_click}).classes("more")
        ui.input("Text")
{render}
        ui.element("div").style("height: 3000px")

    def handle_event(self, event):
        self.count += 1

{methods}


playground.start(live=Page, port=int(os.environ["PLAYGROUND_TEST_PORT"]), open_browser=False)
"""
VERSION_1 = 'ui.label("version 1").classes("shown")'
VERSION_2 = 'ui.label("version 2").classes("shown")'


def script(top="", mount="", render=VERSION_1, methods="", base="playground.LiveView", on_click='self.event("inc")'):
    """A page with a counter, a field and a long way to scroll, and whatever a test adds to it."""

    def inside(lines: str, depth: int) -> str:
        return textwrap.indent(textwrap.dedent(lines).strip("\n"), " " * depth)

    return SCRIPT.format(
        top=inside(top, 0), base=base, mount=inside(mount, 8), render=inside(render, 8), methods=inside(methods, 4), on_click=on_click,
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------------
# How a file gets saved
# ---------------------------------------------------------------------------------------------------------------------


def in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def by_rename(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_bytes(data)
    os.replace(temporary, path)


def with_backup(path: Path, data: bytes) -> None:
    """As vim does it with `backupcopy=no`."""
    backup = path.with_name(f"{path.name}~")
    os.replace(path, backup)
    path.write_bytes(data)
    backup.unlink()


def slowly(path: Path, data: bytes) -> None:
    """The file is empty for a moment."""
    with path.open("wb", buffering=0) as file:
        time.sleep(0.01)
        file.write(data)


def after_deletion(path: Path, data: bytes) -> None:
    """The file is gone for a moment."""
    path.unlink()
    time.sleep(0.3)
    path.write_bytes(data)


def within_the_same_second(path: Path, data: bytes) -> None:
    """Neither the time of the file nor, if the edit is so, its size tells that it has changed."""
    before = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


# ---------------------------------------------------------------------------------------------------------------------
# Two people look at it while it is edited
# ---------------------------------------------------------------------------------------------------------------------

TYPED, CARET = "half a sentence", 6

STATE = """() => {
    const field = document.querySelector('input[aria-label="Text"]')
    return {
        text: field?.value,
        'has the focus': document.activeElement === field,
        caret: [field?.selectionStart, field?.selectionEnd],
        scrolled: window.scrollY,
        'is the same field': field === window.fieldAtFirst,
    }
}"""
KEPT = {
    "text": TYPED,
    "has the focus": True,
    "caret": [CARET, CARET],
    "scrolled": 300,
    "is the same field": True,  # so that its undo history, selection and the like are there as well
}

# notes every text that `selector` ever has, for those that are gone before anybody could ask for them
NOTE_TEXTS = """selector => {
    window.textsSeen = []
    const note = () => {
        const text = document.querySelector(selector)?.innerText ?? 'nothing'
        if (text !== window.textsSeen.at(-1)) window.textsSeen.push(text)
    }
    new MutationObserver(note).observe(document.body, {subtree: true, childList: true, characterData: true})
    note()
}"""


OVERLAY, ERROR = "playground-overlay", ".error"


def overlay(tab: Tab):
    """What shows an error in the page; visible as long as there is one."""
    return tab.locator(f"{OVERLAY} {ERROR}")


NOTE_OVERLAY = """([overlay, error]) => {
    window.overlaySeen = ''
    const look = () => {
        const panel = document.querySelector(overlay)?.shadowRoot?.querySelector(error)
        if (panel?.checkVisibility()) window.overlaySeen = panel.innerText
        requestAnimationFrame(look)
    }
    look()
}"""


class Demo:
    """A script that is being edited while it is shown in two tabs."""

    def __init__(self, server, tabs, wait_for, encoding="utf-8", newline="\n") -> None:
        self.server, self.tabs, self._wait_for = server, tabs, wait_for
        self.path = server.path.resolve()
        self._format = {"encoding": encoding, "newline": newline}
        self.counts = [0, 0]
        self._reloads = 0

    # -- saving

    @property
    def text(self) -> str:
        return self.path.read_text(self._format["encoding"])

    def line_of(self, part: str) -> int:
        """The number of the only line of the script in which this stands."""
        (number,) = (number for number, line in enumerate(self.text.splitlines(), 1) if part in line)
        return number

    def save(self, text: str, file: str = "", how=in_place) -> None:
        """Save the script, or another file beside it, with this text."""
        self._reloads = self.reloads
        data = text.replace("\n", self._format["newline"]).encode(self._format["encoding"])
        how(self.path.parent / file if file else self.path, data)

    def edit(self, changes: dict[str, str], file: str = "", how=in_place) -> None:
        """Replace parts of the script, or of another file beside it, each of which occurs once, and save it."""
        text = (self.path.parent / file).read_text(self._format["encoding"]) if file else self.text
        for old, new in changes.items():
            assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
            text = text.replace(old, new)
        self.save(text, file, how)

    @property
    def reloads(self) -> int:
        """How many times new code was taken over."""
        return sum("reloaded" in line for line in self.server.log.splitlines())

    def wait_until_reloaded(self) -> None:
        """Wait until the last save is taken over, where nothing on the page tells it."""
        self._wait_for(lambda: self.reloads > self._reloads, lambda: f"reloaded; it printed:\n{self.server.log}")

    # -- doing and looking

    def prepare(self) -> None:
        """Bring both tabs into a state that nobody wants to lose."""
        for tab, clicks in zip(self.tabs, (3, 1), strict=True):
            tab.bring_to_front()  # one in the background is drawn once in two seconds, for which a click waits
            for _ in range(clicks):
                tab.locator(".more").click()
            field = tab.get_by_label("Text", exact=True)
            field.click()
            tab.keyboard.insert_text(TYPED)
            field.evaluate("(field, caret) => field.setSelectionRange(caret, caret)", CARET)
            # a line more above must not be made up for by scrolling: nothing but a loss may change the position
            tab.evaluate("document.documentElement.style.overflowAnchor = 'none'; window.scrollTo(0, 300)")
            field.evaluate("field => { window.fieldAtFirst = field }")
        self.counts = [3, 1]
        self.assert_kept()

    def assert_kept(self) -> None:
        """Count, typed text, focus, caret and scroll position are what they were, in both tabs."""
        for tab, count in zip(self.tabs, self.counts, strict=True):
            expect(tab.locator(".count")).to_have_text(f"Count: {count}")
            assert tab.evaluate(STATE) == KEPT

    def click(self, by: int = 1) -> None:
        """Click + in both tabs, without moving the focus, and see that it works."""
        self.counts = [count + by for count in self.counts]
        for tab, count in zip(self.tabs, self.counts, strict=True):
            poke(tab, ".more")
            expect(tab.locator(".count")).to_have_text(f"Count: {count}")

    def assert_shows(self, text: str, selector: str = ".shown") -> None:
        """Both tabs show this, and no error, and nothing is lost."""
        for tab in self.tabs:
            expect(tab.locator(selector)).to_have_text(text)
            expect(overlay(tab)).to_be_hidden()
        self.assert_kept()

    def assert_shows_error(self, *texts: str | re.Pattern[str], still: str = "version 1") -> None:
        """Both tabs show an error with these texts, and below it the last good version that goes on working."""
        for tab in self.tabs:
            expect(overlay(tab)).to_be_visible()
            for text in texts:
                expect(overlay(tab)).to_contain_text(text)
        self.assert_kept()
        self.click()
        self.assert_kept()
        for tab in self.tabs:
            expect(tab.locator(".shown")).to_have_text(still)


def poke(tab: Tab, selector: str) -> None:
    """Click without moving focus or scrolling."""
    tab.evaluate("selector => document.querySelector(selector).click()", selector)


@pytest.fixture
def live(serve, open_page, wait_for, tmp_path):
    """Serve a script and prepare two tabs with it: `live(script(...), {"helper.py": "..."})`."""
    demos = []

    def start(
        source: str = script(),
        files: dict[str, str] | None = None,
        *,
        path: str = "my_demo.py",
        link: str = "",
        encoding: str = "utf-8",
        newline: str = "\n",
        errors: bool = False,
    ) -> Demo:
        target = tmp_path / path
        for name, text in {target.name: source, **(files or {})}.items():
            file = target.parent / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text), encoding=encoding, newline=newline)
        if link:
            (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / link).symlink_to(target)
        server = serve(tmp_path / (link or path))
        demo = Demo(server, [open_page(server.url), open_page(server.url)], wait_for, encoding, newline)
        if not errors:
            demos.append(demo)
        demo.prepare()
        return demo

    yield start
    for demo in demos:
        assert demo.server.process.poll() is None
        assert "Traceback" not in demo.server.log


def goes_wrong(test):
    """A test in which something fails: it is told in the browser's console as well."""
    return pytest.mark.console_allows("Error", "status of 500")(test)


# ---------------------------------------------------------------------------------------------------------------------
# The page class
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.quick
def test_an_edited_label_shows_in_every_tab(live):
    demo = live()
    demo.edit({"version 1": "version 2"})
    demo.assert_shows("version 2")
    demo.click()
    demo.assert_shows("version 2")
    demo.edit({"version 2": "version 3"})
    demo.assert_shows("version 3")


def test_a_mount_that_did_not_change_does_not_run(live):
    demo = live(script(mount='os.write(1, b"mounts\\n")'))
    demo.edit({"version 1": "version 2", "class Page": "class Other:\n    pass\n\n\nclass Page"})
    demo.assert_shows("version 2")
    assert demo.server.stdout.count("mounts") == 2  # one for each tab
    demo.edit({"self.count = 0": "self.count = 0\n        self.more = 0", "version 2": "version 3"})
    demo.assert_shows("version 3")
    assert demo.server.stdout.count("mounts") > 2


def test_an_edited_handler_is_called_by_buttons_that_were_there_before(live):
    demo = live()
    demo.edit({"self.count += 1": "self.count += 10"})
    demo.wait_until_reloaded()
    demo.assert_kept()
    demo.click(by=10)
    demo.assert_kept()


@pytest.mark.console_allows("tile.osm.org")
@pytest.mark.parametrize("around", ["ui.keep_alive()", "ui.scene()", "ui.leaflet()"])
def test_what_is_inside_of_what_shows_its_children_elsewhere_is_edited(live, around):
    demo = live(script(render=f"{VERSION_1}\nwith {around}:\n    ui.label('one').classes('inside')"))
    demo.edit({"ui.label('one').": "ui.label('two'); ui.label('three')."})
    demo.wait_until_reloaded()
    demo.assert_kept()
    for tab in demo.tabs if around == "ui.keep_alive()" else ():  # the others show none
        expect(tab.locator(".inside")).to_have_text("three")


def test_an_edit_that_is_taken_back_at_once_leaves_nothing_behind(live):
    demo = live()
    good = demo.text
    demo.edit({"self.count += 1": "self.count += 10"})
    demo.wait_until_reloaded()
    time.sleep(0.1)
    demo.save(good)
    demo.wait_until_reloaded()
    deadline = time.monotonic() + 0.5
    while time.monotonic() < deadline:  # not later either
        demo.click()
    demo.assert_kept()


def test_a_handler_gets_another_name(live):
    demo = live(script(on_click="self.increase", methods="def increase(self):\n    self.count += 1"))
    demo.edit(
        {"on_click=self.increase": "on_click=self.grow", "def increase(self):\n        self.count += 1": "def grow(self):\n        self.count += 10"}
    )  # fmt: skip
    demo.wait_until_reloaded()
    demo.assert_kept()
    demo.click(by=10)
    demo.assert_kept()


def test_an_event_gets_another_name(live):
    demo = live(
        script().replace("self.count += 1", 'match event:\n            case "inc":\n                self.count += 1')
    )
    demo.edit(
        {'self.event("inc")': 'self.event("grow")', 'case "inc"': 'case "grow"', "self.count += 1": "self.count += 10"}
    )
    demo.wait_until_reloaded()
    demo.click(by=10)
    demo.assert_kept()


def test_a_field_that_mount_now_sets_is_there_in_open_pages(live, wait_for):
    demo = live()
    demo.edit({"self.count = 0": 'self.count = 0\n        self.name = "added"', '"version 1"': 'f"name: {self.name}"'})
    demo.assert_shows("name: added")
    wait_for(lambda: re.search(r"\bname\b", demo.server.log), what="the log tells the name of the new field")


def test_an_edited_default_shows_where_it_was_not_changed_since(live, open_page):
    rename = 'ui.button("Rename", on_click=lambda: setattr(self, "name", "mine")).classes("rename")'
    show = 'ui.label(f"version 1: {self.name} {self.number}").classes("shown")'
    demo = live(
        script(
            top="import random\nNAMES = ['old']",
            mount="self.name = NAMES[-1]\nself.number = random.random()",
            render=f"{rename}\n{show.replace('{self.number}', '{self.number > 0}')}",
        )
    )
    one, two = demo.tabs
    poke(one, ".rename")
    expect(one.locator(".shown")).to_have_text("version 1: mine True")
    demo.edit({"['old']": "['old', 'new']", "version 1": "version 2"})
    for tab, name in zip(demo.tabs, ("mine", "new"), strict=True):
        expect(tab.locator(".shown")).to_have_text(f"version 2: {name} True")
    demo.assert_kept()
    demo.wait_until_reloaded()
    assert demo.server.log.count("Page has anew name") == 1
    assert "number" not in demo.server.log  # another one each time: no reason to change it
    expect(one.locator("playground-overlay .fixed")).to_contain_text("Page.name keeps its value")
    expect(two.locator("playground-overlay")).to_have_count(0)
    one.locator("playground-overlay [data-playground=remount]").click()
    expect(one.locator(".shown")).to_have_text("version 2: new True")
    expect(two.locator(".shown")).to_have_text("version 2: new True")


def test_what_mount_starts_follows_an_edit(live, wait_for):
    source = script(
        mount='self.heard, self.ticks = [], 0\nself.send_interval(0.02, "tick")\nself.subscribe("news")',
        render="""
            ui.label(f"ticks {self.ticks}").classes("ticks")
            ui.label(" ".join(self.heard)).classes("shown")
            ui.button("Tell", on_click=self.tell).classes("tell")
        """,
        methods="""
            def handle_info(self, message):
                if message == "tick":
                    self.ticks += 1
                else:
                    self.heard.append(message)

            def tell(self):
                playground.broadcast("news", "news")
                playground.broadcast("sport", "sport")
        """,
    )
    demo = live(source)
    one, two = demo.tabs
    poke(one, ".tell")
    demo.assert_shows("news")
    demo.edit({'self.subscribe("news")': 'self.subscribe("sport")'})
    demo.wait_until_reloaded()
    poke(one, ".tell")
    demo.assert_shows("news sport")
    demo.edit({"self.send_interval(0.02": "self.send_interval(1000"})
    demo.wait_until_reloaded()
    poke(one, ".tell")  # what was on its way has come before
    demo.assert_shows("news sport sport")
    ticks = two.locator(".ticks").inner_text()
    poke(one, ".tell")
    demo.assert_shows("news sport sport sport")
    assert two.locator(".ticks").inner_text() == ticks
    demo.edit({"self.send_interval(1000": "self.send_interval(0.02", "ticks {": "at {"})
    expect(two.locator(".ticks")).to_contain_text("at")
    before = two.locator(".ticks").inner_text()
    expect(two.locator(".ticks")).not_to_have_text(before)


def test_a_process_that_mount_starts_follows_an_edit(live):
    source = script(
        top="""
            class Meter(playground.GenServer):
                def init(self, step):
                    self.total, self.step = 0, step

                def handle_call(self, request):
                    self.total += self.step
                    return self.total
        """,
        mount='self.meter = Meter.start_link(step=1)\nself.total = "none"',
        render='ui.label(f"total {self.total}").classes("shown")\nui.button("Ask", on_click=self.ask).classes("ask")',
        methods="async def ask(self):\n    self.total = await playground.call(self.meter, 'more')",
    )
    demo = live(source)

    def assert_answers(total):
        for tab in demo.tabs:
            poke(tab, ".ask")
        demo.assert_shows(f"total {total}")

    assert_answers(1)
    demo.edit({"(step=1)": "(step=1)\n        self.other = 1"})
    demo.wait_until_reloaded()
    assert_answers(2)
    demo.edit({"(step=1)": "(step=10)"})
    demo.wait_until_reloaded()
    assert_answers(10)
    demo.assert_kept()


@pytest.mark.parametrize("edits", [{"SIZE = 1": "SIZE = 2"}, {"Small": "Large"}], ids=["attribute", "base"])
def test_what_mount_reads_of_its_class_is_edited(live, edits):
    source = script(
        top="class Small:\n    LIMIT = 1\n\nclass Large:\n    LIMIT = 2",
        base="Small, playground.LiveView" if "Small" in edits else "playground.LiveView",
        mount="self.size = self.SIZE + getattr(self, 'LIMIT', 0)",
        render='ui.label(f"size {self.size}").classes("shown")',
        methods="SIZE = 1",
    )
    demo = live(source)
    before = 2 if "Small" in edits else 1
    demo.assert_shows(f"size {before}")
    demo.edit({"(Small": "(Large"} if "Small" in edits else edits)
    demo.assert_shows(f"size {before + 1}")
    demo.assert_kept()


def test_fields_that_mount_sets_in_roundabout_ways(live):
    """Nothing but the handler uses them: no render fails without them."""
    source = script(
        top="""
            import functools
            from base import Base

            def announced(function):
                @functools.wraps(function)
                def wrapper(self):
                    return function(self)

                return wrapper
        """,
        base="Base",
        mount="super().mount()\nself.reset()",
        methods="def reset(self):\n    self.other = 1",
    )
    base = """
        import playground

        class Base(playground.LiveView):
            def mount(self):
                self.old = 1
    """
    demo = live(source.replace("    def mount", "    @announced\n    def mount"), {"base.py": base})
    demo.edit({"self.old = 1": "self.old = 1\n        self.one = 10"}, "base.py")
    demo.wait_until_reloaded()
    demo.edit({"self.count += 1": "self.count += self.one"})
    demo.wait_until_reloaded()
    demo.click(by=10)
    demo.edit({"self.other = 1": "self.other = 1\n        self.two = 20", "count += self.one": "count += self.two"})
    demo.wait_until_reloaded()
    demo.click(by=20)
    demo.edit({"self.count = 0": "self.count = 0\n        self.three = 30", "count += self.two": "count += self.three"})
    demo.wait_until_reloaded()
    demo.click(by=30)
    demo.assert_shows("version 1")


def test_a_field_is_removed(live, wait_for):
    demo = live(script(mount='self.extra = "extra"', render='ui.label(self.extra).classes("extra")\n' + VERSION_1))
    demo.edit(
        {
            '        self.extra = "extra"\n': "",
            '        ui.label(self.extra).classes("extra")\n': "",
            "version 1": "version 2",
        }
    )
    demo.assert_shows("version 2")
    for tab in demo.tabs:
        expect(tab.locator(".extra")).to_have_count(0)
    wait_for(lambda: "extra" in demo.server.log, what="the log tells that the field is unused now")


def test_a_second_page_is_added(live, open_page):
    demo = live()
    about = """
class About(playground.LiveView):
    def render(self):
        ui.label("about us").classes("shown")


playground.start"""
    demo.edit({"\nplayground.start": about, "live=Page": 'live={"/": Page, "/about": About}', "version 1": "version 2"})
    demo.assert_shows("version 2")
    third = open_page(f"{demo.server.url}/about")
    expect(third.locator(".shown")).to_have_text("about us")
    demo.edit({"about us": "about you"})
    expect(third.locator(".shown")).to_have_text("about you")
    demo.click()
    demo.assert_shows("version 2")


def test_a_comment_above_the_class_costs_nothing(live):
    demo = live()
    demo.edit({"class Page": "# one\n# two\n\n\nclass Page"})
    demo.wait_until_reloaded()
    demo.click()
    demo.assert_shows("version 1")
    demo.edit({"# one\n": "", "version 1": "version 2"})
    demo.assert_shows("version 2")


def test_a_field_inserted_above_takes_nothing_from_the_one_below(live):
    demo = live()
    demo.edit({'ui.input("Text")': 'ui.input("Above")\n        ui.input("Text")', "version 1": "version 2"})
    demo.assert_shows("version 2")
    for tab in demo.tabs:
        expect(tab.get_by_label("Above")).to_have_value("")
    for tab in demo.tabs:  # and what is typed next goes to where the caret is
        tab.keyboard.type("X")
        expect(tab.get_by_label("Text", exact=True)).to_have_value(f"{TYPED[:CARET]}X{TYPED[CARET:]}")
        expect(tab.get_by_label("Above")).to_have_value("")


# ---------------------------------------------------------------------------------------------------------------------
# Other modules
# ---------------------------------------------------------------------------------------------------------------------


def test_an_edited_helper_module_shows(live):
    demo = live(
        script(
            top="import helper\nfrom helper import TITLE, greet",
            render='ui.label(f"{greet()} {TITLE} {helper.TITLE}").classes("shown")',
        ),
        {"helper.py": "TITLE = 'old'\n\ndef greet():\n    return 'hello'\n"},
    )
    demo.edit({"hello": "good day"}, "helper.py")
    demo.assert_shows("good day old old")
    demo.edit({"TITLE = 'old'": "TITLE = 'new'"}, "helper.py")
    demo.assert_shows("good day new new")
    demo.click()
    demo.assert_shows("good day new new")


def test_an_edited_helper_of_a_helper_shows(live):
    demo = live(
        script(top="from helper import greet", render='ui.label(greet()).classes("shown")'),
        {
            "helper.py": "from parts.words import WORD, number\n\ndef greet():\n    return f'{WORD} {number()}'\n",
            "parts/__init__.py": "",
            "parts/words.py": "WORD = 'old'\n\ndef number():\n    return 1\n",
        },
    )
    demo.edit({"return 1": "return 2"}, "parts/words.py")
    demo.assert_shows("old 2")
    demo.edit({"WORD = 'old'": "WORD = 'new'"}, "parts/words.py")
    demo.assert_shows("new 2")
    demo.edit({"{WORD} {number()}": "{number()} {WORD}"}, "helper.py")
    demo.assert_shows("2 new")


def test_a_helper_that_an_edit_imports_is_reloaded_from_then_on(live):
    demo = live()
    demo.save("def greet():\n    return 'version 2'\n", "helper.py")
    demo.edit({"import playground": "import playground\nfrom helper import greet", '"version 1"': "greet()"})
    demo.assert_shows("version 2")
    demo.edit({"version 2": "version 3"}, "helper.py")
    demo.assert_shows("version 3")


def test_helpers_that_a_function_imports_later_are_reloaded_from_then_on(live):
    demo = live(
        script(
            mount="self.is_late = False",
            render="""
                ui.button("Late", on_click=lambda: setattr(self, "is_late", True)).classes("late")
                text = "version 1"
                if self.is_late:
                    from later import greet
                    from parts.deep import word
                    text = f"{greet()} {word()}"
                ui.label(text).classes("shown")
            """,
        ),
        {
            "later.py": "def greet():\n    return 'hello'\n",
            "parts/__init__.py": "",
            "parts/deep.py": "def word():\n    return 'world'\n",
        },
    )
    for tab in demo.tabs:
        poke(tab, ".late")
    demo.assert_shows("hello world")
    demo.edit({"hello": "good day"}, "later.py")
    demo.assert_shows("good day world")
    demo.edit({"world": "moon"}, "parts/deep.py")
    demo.assert_shows("good day moon")


def test_a_helper_module_gets_another_name(live):
    demo = live(
        script(top="from helper import greet", render='ui.label(greet()).classes("shown")'),
        {"helper.py": "def greet():\n    return 'version 1'\n"},
    )
    demo.save("def greet():\n    return 'version 2'\n", "tools.py")
    demo.edit({"from helper": "from tools"})
    demo.assert_shows("version 2")
    (demo.path.parent / "helper.py").unlink()
    demo.edit({"version 2": "version 3"}, "tools.py")
    demo.assert_shows("version 3")


def test_an_edited_base_class_of_another_module_shows(live):
    demo = live(
        script(
            top="from base import Base",
            base="Base",
            on_click="self.increase",
            render='ui.label(self.greeting()).classes("shown")',
        ),
        {
            "base.py": """
                import playground

                class Base(playground.LiveView):
                    def greeting(self):
                        return "version 1"

                    def increase(self):
                        self.count += 1
            """
        },
    )
    demo.edit({"version 1": "version 2", "self.count += 1": "self.count += 10"}, "base.py")
    demo.assert_shows("version 2")
    demo.click(by=10)
    demo.assert_shows("version 2")


# ---------------------------------------------------------------------------------------------------------------------
# What lives at the top level, and what refers to it
# ---------------------------------------------------------------------------------------------------------------------


def test_enum_members_that_pages_hold_still_match(live):
    demo = live(
        script(
            top="""
                import enum

                class Color(enum.Enum):
                    RED = 1
                    BLUE = 2

                PRICES = {Color.RED: 5}
            """,
            mount="self.color = Color.RED",
            render="""
                match self.color:
                    case Color.RED:
                        found = "red"
                    case _:
                        found = "something else"
                same = self.color == Color.RED and self.color is Color(1) and isinstance(self.color, Color)
                ui.label(f"version 1: {found} {same} {PRICES[self.color]}").classes("shown")
            """,
        )
    )
    demo.edit({"version 1": "version 2"})
    demo.assert_shows("version 2: red True 5")
    method = "BLUE = 2\n\n    def nice(self):\n        return self.name.lower() * 2\n"
    demo.edit({"BLUE = 2\n": method, "version 2": "version 3 {self.color.nice()}"})
    demo.assert_shows("version 3 redred: red True 5")
    demo.edit({"BLUE = 2\n": "BLUE = 2\n    GREEN = 3\n", "version 3": "version 4 {len(Color)} {Color.GREEN.nice()}"})
    demo.assert_shows("version 4 3 greengreen redred: red True 5")
    demo.click()
    demo.assert_shows("version 4 3 greengreen redred: red True 5")


def test_dataclass_instances_that_pages_hold_still_match(live):
    demo = live(
        script(
            top="""
                from dataclasses import dataclass

                @dataclass
                class Point:
                    x: int
                    y: int

                PLACES = [Point(1, 2)]
            """,
            mount="self.point = Point(1, 2)",
            render="""
                match self.point:
                    case Point(x=1, y=y):
                        found = y
                    case _:
                        found = "something else"
                same = self.point == Point(1, 2) and isinstance(self.point, Point)
                ui.label(f"version 1: {found} {same} {self.point in PLACES}").classes("shown")
            """,
        )
    )
    demo.edit({"version 1": "version 2"})
    demo.assert_shows("version 2: 2 True True")
    method = "y: int\n\n    def total(self):\n        return self.x + self.y\n"
    demo.edit({"y: int\n": method, "version 2": "version 3 {self.point.total()}"})
    demo.assert_shows("version 3 3: 2 True True")
    demo.edit({"y: int\n": "y: int\n    z: int = 0\n", "version 3": "version 4 {self.point.z}"})
    demo.assert_shows("version 4 0 3: 2 True True")
    made = "z: int = 0\n    tags: list = dataclasses.field(default_factory=list)\n"
    demo.edit(
        {
            "from dataclasses import dataclass": "import dataclasses\nfrom dataclasses import dataclass",
            "z: int = 0\n": made,
            "version 4": "version 5 {self.point.tags} {PLACES[0].tags is self.point.tags}",
        }
    )
    demo.assert_shows("version 5 [] False 0 3: 2 True True")
    demo.click()
    demo.assert_shows("version 5 [] False 0 3: 2 True True")


POSTS = """
from helper import NAMES

TITLE = "old"
POSTS = []
"""
SHOW_POSTS = """
ui.button("Post", on_click=lambda: POSTS.append(NAMES.append("x"))).classes("post")
ui.label(f"{TITLE}: {len(POSTS)} posts, {len(NAMES)} names").classes("shown")
"""


@pytest.mark.parametrize("how", [in_place, slowly, after_deletion])
def test_a_list_keeps_its_items_while_a_constant_beside_it_changes(live, how):
    demo = live(script(top=POSTS, render=SHOW_POSTS), {"helper.py": "TITLE = 'old'\nNAMES = []\n"})
    for number in range(3):
        poke(demo.tabs[0], ".post")
        expect(demo.tabs[0].locator(".shown")).to_have_text(f"old: {number + 1} posts, {number + 1} names")
    demo.edit({'TITLE = "old"': 'TITLE = "new"'}, how=how)
    demo.assert_shows("new: 3 posts, 3 names")
    demo.edit({"TITLE = 'old'": "TITLE = 'new'"}, "helper.py", how=how)
    demo.wait_until_reloaded()
    demo.click()
    demo.assert_shows("new: 3 posts, 3 names")


def test_what_is_computed_from_a_constant_is_computed_again(live):
    demo = live(
        script(
            top="""
                TAX = 10
                PRICES = {"tea": 100 + TAX}

                def total():
                    return sum(PRICES.values())

                TOTAL = total()
                UNRELATED = []
                print(f"TAX is {TAX}")
            """,
            mount='UNRELATED.append("x")',
            render='ui.label(f"{TAX} {PRICES} {TOTAL} {len(UNRELATED)}").classes("shown")',
        )
    )
    demo.edit({"TAX = 10": "TAX = 20"})
    demo.assert_shows("20 {'tea': 120} 120 2")
    assert re.findall("TAX is .*", demo.server.stdout) == ["TAX is 10", "TAX is 20"]


def test_an_edited_decorator_decorates_anew(live):
    demo = live(
        script(
            top="""
                import functools

                def changed(function):
                    @functools.wraps(function)
                    def wrapper(*arguments):
                        return function(*arguments).upper()

                    return wrapper

                @changed
                def name():
                    return "the world"
            """,
            methods="""
                @changed
                def greeting(self):
                    return "hello"
            """,
            render='ui.label(f"{self.greeting()} {name()}").classes("shown")',
        )
    )
    demo.edit({".upper()": ".title()"})
    demo.assert_shows("Hello The World")
    demo.click()
    demo.assert_shows("Hello The World")


def test_a_closure_that_a_page_keeps_runs_the_new_code(live):
    demo = live(
        script(
            top="""
                def adder(page, step):
                    def add():
                        ui.notify("added")
                        page.count += step

                    return add
            """,
            mount="self.add = adder(self, 1)",
            on_click="self.add",
            render=VERSION_1,
        )
    )
    demo.edit({"page.count += step": "page.count += 10 * step"})
    demo.wait_until_reloaded()
    demo.click(by=10)
    demo.assert_kept()


TALLY = """
class Tally(playground.GenServer):
    def init(self):
        self.total = 0

    def handle_cast(self, request):
        self.total += 1
        playground.broadcast("total", self.total)
"""


def test_an_edited_process_class_costs_no_page_anything(live):
    source = script(
        top=TALLY,
        mount='self.subscribe("total")\nself.total = 0',
        render="""
            ui.button("Add", on_click=lambda: playground.cast(Tally, "add")).classes("add")
            ui.label(f"Total: {self.total}").classes("shown")
        """,
        methods="def handle_info(self, message):\n    self.total = message",
    )
    demo = live(source.replace("live=Page,", "live=Page, children=[Tally],"))
    poke(demo.tabs[0], ".add")
    demo.assert_shows("Total: 1")
    demo.edit({"self.total += 1": "self.total += 10"})
    demo.wait_until_reloaded()
    demo.assert_kept()
    poke(demo.tabs[1], ".add")
    demo.assert_shows("Total: 11")


# ---------------------------------------------------------------------------------------------------------------------
# Definitions that others know
# ---------------------------------------------------------------------------------------------------------------------

CHECKED = """
from nicegui import app, ui
import playground
{body}

def check(request):
    return str({check})


class Page(playground.LiveView):
    def render(self):
        ui.label("page")


playground.start(live=Page, port=PORT, open_browser=False, controller={{"/check": check}})
"""

REGISTERED = (
    """
SHAPES, STEPS, NAMED = {}, [], {}

class Shape:
    def __init_subclass__(cls):
        assert cls.__name__ not in SHAPES, "a second one"
        SHAPES[cls.__name__] = cls

class Circle(Shape):
    SIZE = 3
    def __secret(self): return "secret 1"
    def draw(self, size=SIZE): return self.__secret()
    @property
    def area(self): return 1

def step(name):
    def register(function):
        STEPS.append((name, function))
        NAMED[name] = function
        return function
    return register

@step("a")
def first(): return "first 1"

@step("b")
def second(by=1): return f"second {by}"

@app.on_connect
def connected(): return "connected 1"

def joined(n=1): return f"joined {n}"

app.on_connect(joined)

CIRCLE = Circle()

def more(): return CIRCLE.more() if hasattr(CIRCLE, "more") else ""

def others(): return [each() for each in app._connect_handlers if getattr(each, "__name__", "") in ("connected", "joined")]
""",
    """[CIRCLE.draw(), CIRCLE.area, more(), SHAPES["Circle"] is Circle, *(function() for _, function in STEPS),
        *(f"{name} {function()}" for name, function in NAMED.items()), *others()]""",
    [
        ("secret 1", "secret 2"),
        ("return 1", "return 2"),
        ("    @property", "    def more(self, size=SIZE): return super().__repr__() and size\n    @property"),
        ("first 1", "first 2"),
        ("by=1", "by=2"),
        ('step("b")', 'step("c")'),
        ("connected 1", "connected 2"),
        ('f"joined {n}"', 'f"has joined {n}"'),
    ],
    "['secret 2', 2, 3, True, 'first 2', 'second 2', 'a first 2', 'c second 2', 'connected 2', 'has joined 1']",
)
TABLES = (
    """
from pydantic import BaseModel, computed_field, field_validator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

class Base(DeclarativeBase):
    pass

class Hero(Base):
    __tablename__ = "hero"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    def shown(self): return f"{self.name} 1"
    @validates("name")
    def check(self, key, value): return value + "!"

class Item(BaseModel):
    name: str
    @field_validator("name")
    @classmethod
    def check(cls, value): return value + "?"
    @computed_field
    def shown(self) -> str: return f"{self.name} 1"

ITEM = Item(name="old")
""",
    '(Hero(name="x").shown(), ITEM.shown, Item(name="new").model_dump(), type(ITEM) is Item)',
    [
        ('f"{self.name} 1"\n    @validates', 'f"{self.name} 2"\n    @validates'),
        ('"!"', '"!!"'),
        ('"?"', '"??"'),
        ('-> str: return f"{self.name} 1"', '-> str: return f"{self.name} 2"'),
        ("name: str\n", "name: str\n    n: int = 3\n"),
    ],
    "('x!! 2', 'old? 2', {'name': 'new??', 'n': 3, 'shown': 'new?? 2'}, True)",
)
FILLED = (
    """
TABS, WORDS, TABLE, LATER, total = [], ["x"], {}, [], 1
TABS = []

def add(name):
    TABS.append(name)

add("One")
for name in ("Two",):
    TABS.append(name)
for name in ("later",):
    LATER.append(name)
WORDS = ["x"]
WORDS += ["y"]
TABLE = {}
TABLE["a"] = 1
total = 1
total += 1
""",
    "(TABS, WORDS, TABLE, total, name, LATER.append(0), len(LATER) > 1)",
    [
        ('add("One")', 'add("1")'),
        ('("Two",)', '("2", "3")'),
        ('["y"]', '["z"]'),
        ('TABLE["a"]', 'TABLE["b"]'),
        ("total += 1", "total += 2"),
    ],
    "(['1', '2', '3'], ['x', 'z'], {'b': 1}, 3, 'later', None, True)",
)
CACHED = (
    """
import functools
import helper

class Cart:
    def __init__(self):
        self.total = 5
    @functools.lru_cache
    def price(self): return helper.price(1)

@functools.cache
def total(): return helper.price(3)

CALLS = []

@functools.cache
def unrelated(): return CALLS.append(1)

CART = Cart()
""",
    "(CART.price(), total(), unrelated(), len(CALLS), CART.total() if callable(CART.total) else CART.total)",
    [("RATE = 2", "RATE = 10"), ("        self.total = 5", "        pass\n    def total(self): return 'method'")],
    "(10, 30, None, 1, 'method')",
)


CALLED = (
    """
class Shop:
    SIZE = 3
    AREA = SIZE * 2
    customers = []
    def __init__(self): self.name = "old"

SHOP, KEPT, SIZES = Shop(), Shop, [Shop.SIZE]

def price(number): return number * 2

TOTAL = price(3)
""",
    """(TOTAL, SHOP.name, Shop.AREA, SIZES, Shop is KEPT, isinstance(SHOP, Shop),
        Shop.customers.append("one"), len(Shop.customers) > 1)""",
    [("number * 2", "number * 3"), ('"old"', '"new"'), ("SIZE = 3", "SIZE = 4")],
    "(9, 'new', 8, [4], True, True, None, True)",
)


@pytest.mark.parametrize(
    ("body", "check", "edits", "expected"),
    [REGISTERED, TABLES, FILLED, CACHED, CALLED],
    ids=["registries", "tables and models", "names that are filled", "caches and attributes", "what is called"],
)
def test_what_is_defined_stays_one_and_what_is_computed_is_as_after_a_fresh_start(
    serve, wait_for, tmp_path, body, check, edits, expected
):
    if "sqlalchemy" in body:
        pytest.importorskip("pydantic")
        pytest.importorskip("sqlalchemy")
    helper = tmp_path / "helper.py"
    helper.write_text("RATE = 2\n\ndef price(number):\n    return number * RATE\n")
    server = serve(CHECKED.format(body=body, check=check))

    def asked():
        return urllib.request.urlopen(f"{server.url}/check").read().decode()

    asked()
    for number, (old, new) in enumerate(edits, 1):
        path = helper if old in helper.read_text() else server.path
        text = path.read_text()
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new))
        wait_for(lambda number=number: server.stdout.count("reloaded") == number, lambda: server.log)
    wait_for(lambda: asked() == expected, lambda: f"{expected}, not {asked()}\n{server.log}")


STORE = """
class Store(playground.GenServer):
    def init(self):
        self.items = ["one"]

    def handle_call(self, request):
        return self.items


class Page(playground.LiveView):
    async def mount(self):
        self.items = await playground.call(Store, "items")

    def render(self):
        ui.label(" ".join(self.items)).classes("shown")


playground.start(live=Page, port=PORT, open_browser=False, children=[Store])
"""
BELOW = "\n\nclass Shop(playground.Supervisor):\n    children = [Store]\n\n\nclass Page"
AS_SUPERVISOR = [
    ("class Store", "class Worker"),
    ("\n\nclass Page", BELOW.replace("Store", "Worker").replace("Shop", "Store")),
    ("call(Store", "call(Worker"),
    ('"one"', '"two"'),
]


@pytest.mark.parametrize(
    ("edits", "shown"),
    [
        ([("Store", "Stock"), ('"one"', '"two"')], "two"),
        ([("[Store]", "[]"), ('await playground.call(Store, "items")', '["none"]')], "none"),
        ([("[Store]", "[Shop]"), ("\n\nclass Page", BELOW)], "one"),
        (AS_SUPERVISOR, "two"),
    ],
    ids=["renamed", "removed", "below a supervisor", "made a supervisor"],
)
def test_a_process_and_who_calls_it_come_with_one_save(serve, open_page, edits, shown):
    head = "from nicegui import ui\nimport playground\n"
    server = serve(
        head + 'class Page(playground.LiveView):\n    def render(self):\n        ui.label("none").classes("shown")\n'
    )
    page = open_page(server.url)
    text = STORE.replace("PORT", server.url.rpartition(":")[2])
    server.path.write_text(head + text)
    expect(page.locator(".shown")).to_have_text("one")
    for old, new in edits:
        text = text.replace(old, new)
    server.path.write_text(head + text)
    expect(page.locator(".shown")).to_have_text(shown)
    page.reload()
    expect(page.locator(".shown")).to_have_text(shown)
    expect(overlay(page)).to_have_count(0)


@goes_wrong
def test_a_save_with_nothing_to_serve_is_said(live, wait_for):
    demo = live(errors=True)
    good = demo.text
    demo.save("")
    demo.assert_shows_error("my_demo.py is empty")
    demo.save(good.replace("playground.start(", "dict("))
    demo.assert_shows_error("my_demo.py calls playground.start(...) no longer")
    demo.save(good)
    wait_for(lambda: "my_demo.py is again what runs" in demo.server.stdout)
    demo.assert_shows("version 1")
    assert demo.reloads == 0


def test_a_title_that_is_set_no_longer_goes(live):
    demo = live(script(mount='self.page_title = "mine"'))
    for tab in demo.tabs:
        expect(tab).to_have_title("mine")
    demo.edit({'        self.page_title = "mine"\n': ""})
    for tab in demo.tabs:
        expect(tab).to_have_title("Playground")


def test_one_file_by_two_names(live):
    demo = live(
        script(
            top='TITLE = "version 1"\nimport other', render='ui.label(f"{TITLE} {other.title()}").classes("shown")'
        ).replace("\nplayground.start", '\nif __name__ == "__main__":\n    playground.start'),
        {"other.py": "import my_demo\n\ndef title():\n    return my_demo.TITLE\n"},
    )
    demo.edit({"version 1": "version 2"})
    demo.assert_shows("version 2 version 2")


def test_a_name_that_two_helpers_get_with_one_save(live):
    demo = live(
        script(top="import pages\nimport settings", render='ui.label(pages.text()).classes("shown")'),
        {"pages.py": "def text():\n    return 'version 1'\n", "settings.py": "OTHER = 1\n"},
        errors=True,  # of the moment between the two
    )
    demo.save("from settings import TITLE\n\ndef text():\n    return TITLE\n", "pages.py")
    demo.save("OTHER = 1\nTITLE = 'version 2'\n", "settings.py")
    demo.assert_shows("version 2")


def test_workers_of_cpu_bound_run_the_new_code(live):
    demo = live(
        script(
            top="from nicegui import run\n\ndef compute():\n    return 'version 1'",
            mount="self.text = ''",
            render='ui.button("Go", on_click=self.go).classes("go")\nui.label(self.text).classes("shown")',
            methods="async def go(self):\n    self.text = await run.cpu_bound(compute)",
        )
    )
    for text in ("version 1", "version 2"):
        for tab in demo.tabs:
            poke(tab, ".go")
        demo.assert_shows(text)
        if text == "version 1":
            demo.edit({"version 1": "version 2"})
            demo.wait_until_reloaded()


# ---------------------------------------------------------------------------------------------------------------------
# Mistakes
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.quick
@goes_wrong
def test_a_syntax_error_costs_nothing(live):
    demo = live(errors=True)
    demo.edit({"def render(self):": "def render(self:"})
    demo.assert_shows_error("SyntaxError", "def render(self:")
    demo.edit({"def render(self:": "def render(self):", "version 1": "version 2"})
    demo.assert_shows("version 2")
    demo.click()
    demo.assert_shows("version 2")


@goes_wrong
def test_a_misspelt_attribute_is_told_once(live):
    demo = live(errors=True)
    demo.edit({'"version 1"': "self.verzion"})
    demo.assert_shows_error("AttributeError", "no attribute 'verzion'")
    for tab in demo.tabs:
        expect(overlay(tab)).not_to_contain_text("caused by")
    assert "During handling" not in demo.server.log
    demo.edit({"self.verzion": '"version 2"'})
    demo.assert_shows("version 2")


@goes_wrong
def test_taking_a_mistake_back_makes_the_error_go(live):
    demo = live(errors=True)
    good = demo.text
    demo.save("def")
    demo.assert_shows_error("SyntaxError")
    demo.save(good)
    demo.assert_shows("version 1")


@goes_wrong
def test_lines_that_have_moved_in_a_save_that_fails(live):
    demo = live(script(render=VERSION_1 + "\nui.label('last')\n"), errors=True)
    failing = {"def render(self):\n": "def render(self):\n        number = 3\n\n", "ui.label('last')": "1 / 0"}
    good = demo.text
    demo.edit(failing)
    demo.assert_shows_error("ZeroDivisionError")
    demo.save(good.replace("version 1", "version 2"))
    demo.assert_shows("version 2")
    demo.edit(failing)
    demo.assert_shows_error("ZeroDivisionError", still="version 2")
    demo.edit({"number = 3": "number = 4\n        del number", "1 / 0": "", "version 2": "version 3"})
    demo.assert_shows("version 3")


@goes_wrong
def test_an_exception_while_the_script_is_executed_costs_nothing(live):
    demo = live(script(top='TITLE = "version 1"', render='ui.label(TITLE).classes("shown")'), errors=True)
    demo.edit({'TITLE = "version 1"': 'TITLE = "version 2"\n1 / 0'})
    demo.assert_shows_error("ZeroDivisionError", "division by zero", "1 / 0")
    demo.edit({"1 / 0": ""})
    demo.assert_shows("version 2")


@goes_wrong
def test_a_script_that_wants_to_leave_stays(live):
    demo = live(errors=True)
    good = demo.text
    for leaving in ("raise SystemExit(3)", "exit()"):
        demo.edit({"import playground\n": f"import playground\n\n{leaving}\n"})
        demo.assert_shows_error("SystemExit", leaving)
        demo.save(good)
        demo.assert_shows("version 1")
    demo.edit({'ui.input("Text")': 'exit()\n        ui.input("Text")'})
    demo.assert_shows_error("SystemExit", "exit()")
    demo.save(good.replace("version 1", "version 2"))
    demo.assert_shows("version 2")
    assert demo.server.process.poll() is None


@goes_wrong
def test_an_exception_while_a_helper_is_executed_costs_nothing(live):
    demo = live(
        script(top="from helper import greet", render='ui.label(greet()).classes("shown")'),
        {"helper.py": "def greet():\n    return 'version 1'\n"},
        errors=True,
    )
    demo.edit({"'version 1'\n": "'version 2'\n\n1 / 0\n"}, "helper.py")
    demo.assert_shows_error("ZeroDivisionError", "helper.py")
    demo.edit({"1 / 0": ""}, "helper.py")
    demo.assert_shows("version 2")


@goes_wrong
def test_a_helper_that_is_saved_after_the_script_that_imports_it(live):
    demo = live(errors=True)
    demo.edit({"import playground": "import playground\nfrom tools import greet", '"version 1"': "greet()"})
    demo.assert_shows_error("ModuleNotFoundError", "tools")
    demo.save("def greet(:\n    return 'version 2'\n", "tools.py")
    demo.assert_shows_error("SyntaxError", "tools.py")
    demo.save("def greet():\n    return 'version 2'\n", "tools.py")
    demo.assert_shows("version 2")


@goes_wrong
def test_what_fails_for_one_page_is_taken_over_by_none(live):
    demo = live(errors=True)
    demo.edit({'"version 1"': 'f"version 2: {6 / (3 - self.count)}"'})
    for tab, text in zip(demo.tabs, ("ZeroDivisionError", "Another page is in the way"), strict=True):
        expect(overlay(tab)).to_contain_text(text)
    demo.assert_kept()
    time.sleep(0.3)  # not later either
    second = demo.tabs[1]
    poke(second, ".more")  # it could be rendered with what was saved
    demo.counts[1] = 2
    expect(second.locator(".count")).to_have_text("Count: 2")
    for tab in demo.tabs:
        expect(tab.locator(".shown")).to_have_text("version 1")
    demo.edit({"6 / (3 - self.count)": "6 / (4 - self.count):.0f"})
    for tab, text in zip(demo.tabs, ("version 2: 6", "version 2: 3"), strict=True):
        expect(tab.locator(".shown")).to_have_text(text)
        expect(overlay(tab)).to_be_hidden()
    demo.assert_kept()


@goes_wrong
def test_a_failing_handler_is_shown_until_it_is_mended(live):
    demo = live(errors=True)
    failing = "divisor = self.count - self.count\n        self.count += 1 // divisor"
    demo.edit({"self.count += 1": failing, "version 1": "version 2"})
    demo.assert_shows("version 2")
    first, second = demo.tabs
    poke(first, ".more")
    expect(overlay(first)).to_be_visible()
    for text in (
        "ZeroDivisionError",
        "divisor",
        "self.count += 1 // divisor",
        re.compile(rf"\b{demo.line_of('// divisor')}\b"),
    ):
        expect(overlay(first)).to_contain_text(text)
    expect(overlay(second)).to_be_hidden()  # other pages notice nothing
    demo.assert_kept()
    demo.edit({failing: "self.count += 1", "version 2": "version 3"})
    demo.assert_shows("version 3")
    demo.click()
    demo.assert_shows("version 3")


@goes_wrong
def test_a_page_that_fails_from_the_start_heals_by_itself(serve, open_page):
    source = script(mount="self.name = 1 / 0")
    server = serve(source)
    tabs = [open_page(server.url, connected=False) for _ in range(2)]
    assert tabs[0].request.get(server.url).status == 500
    for tab in tabs:
        expect(overlay(tab)).to_be_visible()
        expect(overlay(tab)).to_contain_text("ZeroDivisionError")
        expect(overlay(tab)).to_contain_text("self.name = 1 / 0")
    source = source.replace("self.name = 1 / 0", 'self.name = "ok"').replace('"version 1"', "self.nam")
    server.path.write_text(source)
    for tab in tabs:
        expect(overlay(tab)).to_contain_text("AttributeError")
    assert tabs[0].request.get(server.url).status == 500
    server.path.write_text(source.replace("self.nam)", "self.name)"))
    for tab in tabs:
        expect(tab.locator(".shown")).to_have_text("ok")
        expect(overlay(tab)).to_be_hidden()
        tab.locator(".more").click()
        expect(tab.locator(".count")).to_have_text("Count: 1")


@goes_wrong
def test_the_log_names_the_line_of_a_function_that_has_moved(live, wait_for):
    demo = live(
        script(
            top='def fail():\n    raise RuntimeError("as asked for")',
            render=f'ui.button("Fail", on_click=lambda: fail()).classes("fail")\n{VERSION_1}',
        ),
        errors=True,
    )
    demo.edit({"def fail()": "# one\n# two\n# three\n\n\ndef fail()", "version 1": "version 2"})
    demo.assert_shows("version 2")
    poke(demo.tabs[0], ".fail")
    wait_for(lambda: "RuntimeError: as asked for" in demo.server.log)
    demo.edit({"# two\n": ""})  # now nothing but the lines is different
    demo.wait_until_reloaded()
    demo.assert_shows("version 2")
    poke(demo.tabs[1], ".fail")
    wait_for(lambda: demo.server.log.count("RuntimeError: as asked for") == 2)
    line = demo.line_of("raise RuntimeError")
    assert re.findall(r'my_demo.py", line (\d+), in fail', demo.server.log) == [str(line + 1), str(line)]


# ---------------------------------------------------------------------------------------------------------------------
# Ways to save
# ---------------------------------------------------------------------------------------------------------------------


def test_saves_of_every_manner_show(live):
    demo = live()
    manners = [by_rename, in_place, by_rename, with_backup, in_place, after_deletion, by_rename, slowly, in_place]
    for number, how in enumerate(manners, 2):
        demo.edit({f"version {number - 1}": f"version {number}"}, how=how)
        demo.assert_shows(f"version {number}")


def test_helpers_saved_in_every_manner_show(live):
    demo = live(
        script(top="from parts.helper import greet", render='ui.label(greet()).classes("shown")'),
        {"parts/helper.py": "def greet():\n    return 'version 1'\n"},
    )
    manners = [by_rename, in_place, by_rename, with_backup, in_place, after_deletion, by_rename, slowly, in_place]
    for number, how in enumerate(manners, 2):
        demo.edit({f"version {number - 1}": f"version {number}"}, "parts/helper.py", how=how)
        demo.assert_shows(f"version {number}")


def test_a_file_that_is_empty_for_a_moment_is_no_reason_to_alarm_anybody(live):
    demo = live(errors=True)  # if the moment was a long one
    for tab in demo.tabs:
        tab.evaluate(NOTE_TEXTS, ".shown")
        tab.evaluate(NOTE_OVERLAY, [OVERLAY, ERROR])
    moments = []

    def slowly_and_timed(path, data):
        began = time.monotonic()
        slowly(path, data)
        moments.append(time.monotonic() - began)

    while not moments or moments[-1] > 0.08:  # a busy machine takes longer, which is no moment any more: once more
        before, after = (f"version {len(moments) + number}" for number in (1, 2))
        for tab in demo.tabs:
            tab.evaluate("textsSeen = [textsSeen.at(-1)]; overlaySeen = ''")
        demo.edit({before: after}, how=slowly_and_timed)
        demo.assert_shows(after)
    for tab in demo.tabs:
        assert tab.evaluate("window.textsSeen") == [before, after]
        assert tab.evaluate("window.overlaySeen") == ""


def test_pages_go_on_while_their_file_is_gone(live):
    demo = live()
    text = demo.text
    demo.path.unlink()
    time.sleep(0.3)
    demo.click()
    demo.assert_shows("version 1")
    demo.save(text.replace("version 1", "version 2"))
    demo.assert_shows("version 2")


def test_edits_of_the_same_size_within_one_second_show(live):
    demo = live(
        script(top="from helper import WORD", render='ui.label(f"one {WORD}").classes("shown")'),
        {"helper.py": "WORD = 'one'\n"},
    )
    demo.edit({"one {": "two {"}, how=within_the_same_second)
    demo.assert_shows("two one")
    demo.edit({"two {": "six {"}, how=within_the_same_second)
    demo.assert_shows("six one")
    demo.edit({"one": "two"}, "helper.py", how=within_the_same_second)
    demo.assert_shows("six two")
    demo.edit({"two": "six"}, "helper.py", how=within_the_same_second)
    demo.assert_shows("six six")


def test_two_files_saved_together_show_together(live):
    demo = live(
        script(top="import helper", render='ui.label(f"page 1, {helper.greet()}").classes("shown")'),
        {"helper.py": "def greet():\n    return 'helper 1'\n"},
        errors=True,  # of the moment between the two
    )
    for tab in demo.tabs:
        tab.evaluate(NOTE_TEXTS, ".shown")
    demo.edit({"def greet": "def salute", "helper 1": "helper 2"}, "helper.py")
    demo.edit({"helper.greet": "helper.salute", "page 1": "page 2"})
    demo.assert_shows("page 2, helper 2")
    demo.edit({"helper.salute": "helper.welcome", "page 2": "page 3"})
    demo.edit({"def salute": "def welcome", "helper 2": "helper 3"}, "helper.py")
    demo.assert_shows("page 3, helper 3")
    for tab in demo.tabs:
        assert tab.evaluate("window.textsSeen") == [f"page {number}, helper {number}" for number in (1, 2, 3)]


def test_nothing_happens_when_nothing_has_changed(live):
    demo = live(
        script(top='import helper\n\nSTEP = 1\nprint(f"evaluated with {STEP}")'),
        {"helper.py": "print('helper evaluated')\n"},
    )
    demo.path.touch()
    demo.save(demo.text)
    demo.save(demo.text, how=by_rename)
    (demo.path.parent / "helper.py").touch()
    (demo.path.parent / "notes.txt").write_text("of no interest")
    (demo.path.parent / "unused.py").write_text("print('unused evaluated')")
    demo.assert_shows("version 1")
    demo.edit({"STEP = 1": "STEP = 2", "version 1": "version 2"}, how=by_rename)
    demo.assert_shows("version 2")
    assert re.findall(".*evaluated.*", demo.server.stdout) == [
        "helper evaluated",
        "evaluated with 1",
        "evaluated with 2",
    ]
    demo.wait_until_reloaded()
    assert demo.reloads == 1


def test_many_saves_in_a_row_end_in_the_last_one_and_are_never_mixed(live):
    demo = live(
        script(
            top="FIRST = 0",
            methods="def second(self):\n    return 0",
            render='ui.label(f"{FIRST} {self.second()}").classes("shown")',
        )
    )
    for tab in demo.tabs:
        tab.evaluate(NOTE_TEXTS, ".shown")
    begin = time.monotonic()
    for number in range(1, 21):
        demo.edit({f"FIRST = {number - 1}\n": f"FIRST = {number}\n", f"return {number - 1}\n": f"return {number}\n"})
        time.sleep(max(0.0, begin + number * 0.1 - time.monotonic()))
    demo.assert_shows("20 20")
    for tab in demo.tabs:
        seen = [tuple(map(int, text.split())) for text in tab.evaluate("window.textsSeen")]
        assert all(first == second for first, second in seen)
        assert seen == sorted(seen)


def test_a_save_while_a_handler_awaits_something(live):
    demo = live(
        script(
            top="import asyncio",
            mount='self.result = "idle"',
            methods="""
                async def work(self):
                    self.result = "working"
                    while not os.path.exists("go.txt"):
                        await asyncio.sleep(0.01)
                    self.result = "finished"
            """,
            render=f"""
                ui.label(self.result).classes("result")
                ui.button("Work", on_click=self.work).classes("work")
                {VERSION_1}
            """,
        )
    )
    poke(demo.tabs[0], ".work")
    expect(demo.tabs[0].locator(".result")).to_have_text("working")
    demo.edit({"version 1": "version 2"})
    demo.assert_shows("version 2")
    expect(demo.tabs[0].locator(".result")).to_have_text("working")
    (demo.path.parent / "go.txt").touch()
    expect(demo.tabs[0].locator(".result")).to_have_text("finished")
    expect(demo.tabs[1].locator(".result")).to_have_text("idle")
    demo.click()
    demo.assert_shows("version 2")


def test_a_save_reaches_twenty_pages_with_one_evaluation(live, open_page):
    demo = live(script(top='print("evaluated 1")'))
    third = open_page(demo.server.url)  # and 17 more in frames of it
    third.evaluate("""() => {
        for (let number = 0; number < 17; number++) {
            const frame = document.createElement('iframe')
            frame.src = location.href
            document.body.append(frame)
        }
        window.pages = () => [window, ...Array.from(window.frames)]
        window.texts = selector => pages().map(page => page.document.querySelector(selector)?.innerText)
    }""")
    third.wait_for_function(
        "pages().length === 18 && pages().every(page => page.socket?.connected && page.did_handshake)"
    )
    counts = [f"Count: {number % 4}" for number in range(18)]
    third.evaluate("""pages().forEach((page, number) => {
        for (let click = 0; click < number % 4; click++) page.document.querySelector('.more').click()
    })""")
    third.wait_for_function("counts => String(texts('.count')) === String(counts)", arg=counts)
    demo.edit({"evaluated 1": "evaluated 2", "version 1": "version 2"})
    demo.assert_shows("version 2")
    third.wait_for_function("texts('.shown').every(text => text === 'version 2')")
    assert third.evaluate("texts('.count')") == counts
    assert re.findall("evaluated .", demo.server.stdout) == ["evaluated 1", "evaluated 2"]


# ---------------------------------------------------------------------------------------------------------------------
# Files of every kind
# ---------------------------------------------------------------------------------------------------------------------


def test_a_file_of_5000_lines(live):
    functions = "\n\n".join(f"def function_{number}(value):\n    return value + {number}" for number in range(1700))
    demo = live(script(top=functions, render='ui.label(f"version 1: {function_77(1)}").classes("shown")'))
    assert len(demo.text.splitlines()) > 5000
    demo.edit({"version 1": "version 2"})
    demo.assert_shows("version 2: 78")
    demo.edit({"return value + 77\n": "return value + 79\n"})
    demo.assert_shows("version 2: 80")


@pytest.mark.parametrize(
    ("encoding", "newline", "first_line"),
    [
        ("utf-8", "\r\n", ""),
        ("utf-8-sig", "\n", ""),
        ("latin-1", "\n", "# -*- coding: latin-1 -*-\n"),
    ],
    ids=["CRLF", "BOM", "latin-1"],
)
def test_an_encoding_and_line_ends_of_its_own(live, encoding, newline, first_line):
    demo = live(
        first_line + script(top="from helper import greet", render='ui.label(f"{greet()}: Grüße").classes("shown")'),
        {"helper.py": f"{first_line}def greet():\n    return 'Köln'\n"},
        encoding=encoding,
        newline=newline,
    )
    demo.edit({"Grüße": "Schöne Grüße"})
    demo.assert_shows("Köln: Schöne Grüße")
    demo.edit({"Köln": "Düsseldorf"}, "helper.py")
    demo.assert_shows("Düsseldorf: Schöne Grüße")
    demo.click()
    demo.assert_shows("Düsseldorf: Schöne Grüße")


@pytest.mark.parametrize(
    ("path", "link"),
    [("my talks/part 1/my demo.py", ""), ("source/my_demo.py", "links/demo.py")],
    ids=["path with spaces", "symbolic link"],
)
def test_a_script_in_another_place(live, path, link):
    demo = live(
        script(top="from helper import greet", render='ui.label(f"version 1 {greet()}").classes("shown")'),
        {"helper.py": "def greet():\n    return 'helper 1'\n"},
        path=path,
        link=link,
    )
    demo.edit({"version 1": "version 2"})
    demo.assert_shows("version 2 helper 1")
    demo.edit({"helper 1": "helper 2"}, "helper.py")
    demo.assert_shows("version 2 helper 2")
    demo.edit({"version 2": "version 3"}, how=by_rename)
    demo.assert_shows("version 3 helper 2")


def test_start_below_a_test_for_main(live, open_page):
    demo = live(script().replace("\nplayground.start", '\nif __name__ == "__main__":\n    playground.start'))
    demo.edit({"version 1": "version 2"})
    demo.assert_shows("version 2")
    other = 'live={"/": Page, "/again": Page}, secret_key="another", host="0.0.0.0"'
    demo.edit({"live=Page": other, "version 2": "version 3"})
    demo.assert_shows("version 3")
    for line in ("secret_key stays None", "host stays '127.0.0.1'"):
        assert f"playground: {line} until the program is started anew\n" in demo.server.stdout
    assert "port stays" not in demo.server.stdout
    third = open_page(f"{demo.server.url}/again")
    expect(third.locator(".shown")).to_have_text("version 3")


def test_a_thread_that_goes_on_in_old_code_is_told_of(serve, open_page, wait_for):
    server = serve(
        """
        import threading, time
        from nicegui import ui
        import playground

        def work():
            while True:
                time.sleep(0.01)

        threading.Thread(target=work, daemon=True).start()

        class Page(playground.LiveView):
            def render(self):
                ui.label("one").classes("shown")
        """.replace("\n        ", "\n")
    )
    page = open_page(server.url)
    source = server.path.read_text()
    server.path.write_text(source.replace('"one"', '"two"'))
    expect(page.locator(".shown")).to_have_text("two")
    assert "a thread goes on" not in server.log
    server.path.write_text(source.replace("0.01", "0.02"))
    wait_for(lambda: "a thread goes on in work() as it was" in server.log, lambda: server.log)
