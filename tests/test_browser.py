"""What a person sees: real Chromium, real servers, small scripts. Nothing here looks inside of playground."""

import contextlib
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

LETTERS = "The quick brown fox jumps over lazy dogs"  # 40 of them, also spaces and a capital letter
HEAD = """
import asyncio
import threading
import time

from nicegui import app, ui

import playground

"""


@pytest.fixture
def show(serve, open_page):
    """Serve a script whose page class is `Page` and open its page: `show(script)`; unless it is for `errors`, none may
    be in the log."""
    servers = []

    def show(script: str, *, errors: bool = False) -> Tab:
        server = serve(HEAD + textwrap.dedent(script), live="Page")
        if not errors:
            servers.append(server)
        tab = open_page(server.url)
        tab.server = server
        return tab

    yield show
    for server in servers:
        assert "Traceback" not in server.log


def poke(tab: Tab, selector: str = ".poke") -> None:
    """Fire a click without moving focus, as somebody else's event would: popups and selections are not touched by it."""
    tab.evaluate("selector => document.querySelector(selector).click()", selector)


@contextlib.contextmanager
def in_case(name: str) -> Iterator[None]:
    """Name the case in which something fails, where a test goes through several on one page."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"in the case: {name}")
        raise


def text_until(tab: Tab, selector: str, expected: str) -> None:
    """Wait until the element shows exactly this text."""
    expect(tab.locator(selector)).to_have_text(expected)


# ---------------------------------------------------------------------------------------------------------------------
# 1. Typing
# ---------------------------------------------------------------------------------------------------------------------

FORMS = {
    "uncontrolled": ('on_change=self.event("text")', ""),
    "controlled": ('value=self.text, on_change=self.event("text")', ""),
    "bound": ("", '.bind_value(self, "text")'),
}
# element, letters to type, what the person types into, what on the page tells what is in it
FIELDS = {
    "input": ("ui.input", LETTERS, "input"),
    "textarea": ("ui.textarea", LETTERS, "textarea"),
    "number": ("ui.number", "123456789", "input"),
    "codemirror": ("ui.codemirror", LETTERS, ".cm-content"),
    "editor": ("ui.editor", LETTERS.replace(" ", "-"), ".q-editor__content"),
}
TYPING = """
class Page(playground.LiveView):
    variant = 0

    def mount(self):
        self.text = {initial}
        self.changes = 0

    def render(self):
        ui.label(f"is {{self.text:{format}}}").classes("is")
        ui.label(f"{{self.changes}} changes of {{self.variant}}").classes("changes")
        with playground.key(self.variant):
            match self.variant:
{variants}
        for number in range(10):
            ui.label(f"row {{number}} of {{self.text}}")
        ui.button("Next", on_click=self.go_on).classes("next")

    def go_on(self):
        self.mount()
        self.variant += 1

    {define} handle_event(self, event, params):
        {slow}
        self.text = params["value"]
        self.changes += 1
"""


def typing_variants(field: str, forms: Iterable[str]) -> dict[str, str]:
    """The code of a field in several forms, by name: as it is, and with a label and a prop that change with each letter."""
    element, variants = FIELDS[field][0], {}
    for form in forms:
        arguments, calls = FORMS[form]
        variants[form] = f'{element}({arguments}){calls}.classes("field")'
        label = 'f"{len(str(self.text))} letters", ' if field in ("input", "textarea", "number") else ""
        props = '.props(f"data-length={len(str(self.text))}")'
        variants[f"{form}, changing"] = f'{element}({label}{arguments}){calls}{props}.classes("field")'
    return variants


def check_typing_in_variants(show, field: str, forms: Iterable[str], delays: Sequence[float], *, slow: bool) -> None:
    """Type into each of these fields on one page, which shows one after the other."""
    variants = [(name, code, delay) for name, code in typing_variants(field, forms).items() for delay in delays]
    cases = [f"case {number}:\n    {code}" for number, (_, code, _) in enumerate(variants)]
    tab = show(
        TYPING.format(
            initial="0" if field == "number" else '""',
            format=".0f" if field == "number" else "",
            variants=textwrap.indent("\n".join(cases), " " * 16),
            define="async def" if slow else "def",
            slow="await asyncio.sleep(0.03)" if slow else "pass",
        )
    )
    for number, (name, _, delay) in enumerate(variants):
        # this variant is shown, and nothing has been typed into it
        text_until(tab, ".changes", f"0 changes of {number}")
        with in_case(f"{name}, {delay} ms"):
            check_typing(tab, field, delay)
        poke(tab, ".next")


CONTENT = """selector => {
    const field = document.querySelector('.field ' + selector) || document.querySelector(selector + '.field')
        || document.querySelector(selector);
    return field.value ?? field.innerText.replace(/\\u00a0/g, ' ').replace(/\\n$/, '');
}"""


def check_typing(tab: Tab, field: str, delay: float) -> None:
    """Type, go back, type in between; then nothing may be lost, doubled or moved, in the field and on the server."""
    _, letters, selector = FIELDS[field]
    tab.locator(selector).click()
    tab.evaluate("selector => { document.querySelector(selector).tagged = true }", selector)
    tab.keyboard.press("Control+A")
    tab.keyboard.type(letters, delay=delay)
    for _ in range(5):
        tab.keyboard.press("ArrowLeft")
    tab.keyboard.type(letters[:3], delay=delay)
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.type(letters[:2], delay=delay)
    start, inserted, end = letters[:-5] + letters[:2] + letters[:2], "", letters[2] + letters[-5:]
    for letter in ("", "7"):  # the second time: an answer that was under way may have changed something since
        tab.keyboard.type(letter)
        inserted += letter
        expect(tab.locator(".is")).to_have_text(f"is {start}{inserted}{end}")
        assert tab.evaluate(CONTENT, selector) == start + inserted + end
    assert tab.evaluate("selector => document.querySelector(selector).contains(document.activeElement)", selector)
    assert tab.evaluate("selector => document.querySelector(selector).tagged", selector), "the field was remounted"


@pytest.mark.parametrize("field", FIELDS)
def test_typing_at_speed(show, field):
    check_typing_in_variants(show, field, FORMS, (0, 10), slow=False)


@pytest.mark.parametrize("field", FIELDS)
def test_typing_while_a_slow_handler_is_busy(show, field):
    check_typing_in_variants(show, field, ("uncontrolled", "controlled"), (10,), slow=True)


# ---------------------------------------------------------------------------------------------------------------------
# 2. What is open, scrolled, dragged or chosen survives what happens elsewhere
# ---------------------------------------------------------------------------------------------------------------------

BUSY = """
class Page(playground.LiveView):
    def mount(self):
        self.ticks = self.outer = self.pokes = 0
        self.said = ""
        self.open = False
        self.is_open = True
        self.send_interval(0.03, "tick")
        threading.Thread(target=self.outside, daemon=True).start()

    def outside(self):
        while self.is_open:
            time.sleep(0.03)
            self.outer += 1

    def terminate(self):
        self.is_open = False

    def handle_info(self, message):
        self.ticks += 1

    def handle_event(self, event, params):
        match event:
            case "poke":
                self.pokes += 1
            case "open":
                self.open = True
            case "say":
                self.said = str(params["value"])

    def render(self):
        if self.ticks % 2:
            ui.badge("odd").classes("fixed bottom-0 right-0")  # comes and goes, but moves nothing under the mouse
        ui.label(f"{{self.ticks}}").classes("ticks")
        ui.label(f"{{self.outer}}").classes("outer")
        ui.label(f"{{self.pokes}}").classes("pokes")
        ui.label(f"said {{self.said}}").classes("said")
        ui.button("Poke", on_click=self.event("poke")).classes("poke")
        self.body()

    def body(self):
{body}
"""


def busy(body: str) -> str:
    """A page on which something changes all the time: ticks, a thread, pokes; and an element that comes and goes."""
    return BUSY.format(body=textwrap.indent(textwrap.dedent(body), " " * 8))


def meanwhile(tab: Tab) -> None:
    """Let ten messages, ten changes from a thread and three events of other elements arrive."""
    state = "name => Number(document.querySelector('.' + name).innerText)"
    ticks, outer, pokes = (tab.evaluate(state, name) for name in ("ticks", "outer", "pokes"))
    for _ in range(3):
        poke(tab)
    tab.wait_for_function(
        "([ticks, outer, pokes]) => Number(document.querySelector('.ticks').innerText) >= ticks + 10"
        " && Number(document.querySelector('.outer').innerText) >= outer + 10"
        " && Number(document.querySelector('.pokes').innerText) == pokes + 3",
        arg=[ticks, outer, pokes],
    )


def test_open_select_survives(show):
    tab = show(busy('ui.select(["one", "two", "three"], label="Choose", on_change=self.event("say")).classes("w-40")'))
    tab.locator(".q-select").click()
    expect(tab.get_by_role("option", name="two")).to_be_visible()
    tab.evaluate("document.querySelector('.q-menu').tagged = true")
    meanwhile(tab)
    assert tab.evaluate("document.querySelector('.q-menu').tagged")
    tab.get_by_role("option", name="two").click()
    text_until(tab, ".said", "said two")
    expect(tab.locator(".q-menu")).to_have_count(0)


def test_open_select_with_filter_survives(show):
    tab = show(
        busy("""
        ui.select(["apple", "banana", "cherry"], with_input=True, label="Choose", on_change=self.event("say")).classes("w-40")
    """)
    )
    tab.locator(".q-select input").click()
    tab.keyboard.type("an")
    expect(tab.get_by_role("option")).to_have_count(1)
    meanwhile(tab)
    expect(tab.get_by_role("option")).to_have_count(1)
    assert tab.locator(".q-select input").input_value() == "an"
    tab.get_by_role("option", name="banana").click()
    text_until(tab, ".said", "said banana")


def test_open_expansion_survives(show):
    tab = show(
        busy("""
        with ui.expansion("More"):
            ui.label(f"inside {self.ticks}").classes("inside")
    """)
    )
    tab.get_by_text("More").click()
    expect(tab.locator(".inside")).to_be_visible()
    meanwhile(tab)
    expect(tab.locator(".inside")).to_be_visible()
    tab.get_by_text("More").click()
    expect(tab.locator(".inside")).to_be_hidden()
    meanwhile(tab)
    expect(tab.locator(".inside")).to_be_hidden()


def check_open_dialog(tab: Tab) -> None:
    field = tab.locator(".q-dialog input")
    field.click()
    tab.keyboard.type("half a sen")
    meanwhile(tab)
    tab.keyboard.type("tence")
    expect(field).to_have_value("half a sentence")
    expect(field).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator(".q-dialog")).to_have_count(0)
    meanwhile(tab)
    expect(tab.locator(".q-dialog")).to_have_count(0)


@pytest.mark.quick
def test_dialog_opened_by_a_handler_survives(show):
    tab = show(
        busy("""
        with ui.dialog() as dialog, ui.card():
            ui.label(f"inside {self.ticks}")
            ui.input("Inside")
        ui.button("Open", on_click=dialog.open)
    """)
    )
    for _ in range(2):  # it can be opened again
        tab.get_by_role("button", name="Open").click()
        tab.locator(".q-dialog input").fill("")
        check_open_dialog(tab)


def test_dialog_opened_by_its_value_survives(show):
    tab = show(
        busy("""
        with ui.dialog(value=self.open), ui.card():
            ui.label(f"inside {self.ticks}")
            ui.input("Inside")
        ui.button("Open", on_click=self.event("open"))
    """)
    )
    tab.get_by_role("button", name="Open").click()
    check_open_dialog(tab)


def test_open_menu_survives(show):
    tab = show(
        busy("""
        with ui.button("File"), ui.menu():
            ui.menu_item(f"Save {self.ticks}", lambda: setattr(self, "said", "saved")).classes("save")
    """)
    )
    tab.get_by_role("button", name="File").click()
    expect(tab.locator(".save")).to_be_visible()
    meanwhile(tab)
    expect(tab.locator(".save")).to_be_visible()
    tab.locator(".save").click()
    text_until(tab, ".said", "said saved")
    expect(tab.locator(".save")).to_have_count(0)


@pytest.mark.parametrize(
    ("container", "scrolled"),
    [
        ("ui.scroll_area().classes('h-40 w-60')", ".q-scrollarea__container"),
        ("ui.element('div').classes('h-40 w-60 overflow-auto scrolled')", ".scrolled"),
    ],
    ids=["scroll_area", "div"],
)
def test_scrolled_area_survives(show, container, scrolled):
    tab = show(
        busy(f"""
        with {container}:
            for number in range(100):
                ui.label(f"line {{number}} at {{self.ticks}}")
    """)
    )
    tab.locator(scrolled).hover()
    tab.mouse.wheel(0, 700)
    tab.wait_for_function("selector => document.querySelector(selector).scrollTop == 700", arg=scrolled)
    meanwhile(tab)
    assert tab.locator(scrolled).evaluate("element => element.scrollTop") == 700


def test_what_quasar_shows_no_ripple_for_has_none(show):
    tab = show("""
    class Page(playground.LiveView):
        def render(self):
            for name in ("loading", ":ripple=false", "x"):
                ui.button(name).props(name)
    """)
    tab.evaluate("""
        window.rippled = [];
        new MutationObserver((records) => records.forEach(({ addedNodes, target }) => {
          if ([...addedNodes].some((node) => node.className === "q-ripple")) rippled.push(target.textContent);
        })).observe(document.body, { subtree: true, childList: true })
    """)
    tab.evaluate("document.querySelectorAll('.q-btn').forEach((button) => button.click())")
    tab.wait_for_function("rippled.length && !document.querySelector('.q-ripple')")
    assert tab.evaluate("rippled") == ["x"]


def test_rules_of_a_page_about_what_follows_mean_what_they_say(show):
    tab = show("""
    class Page(playground.LiveView):
        def render(self):
            ui.add_css(".own > div + div { color: red } .any > * + * { color: red }")
            for kind in ("own", "any"):
                with ui.element("section").classes(kind):
                    for tag in ("div", "div", "p", "div"):
                        ui.element(tag)
    """)
    colors = "kind => [...document.querySelector(kind).children].map((child) => getComputedStyle(child).color)"
    black, red = "rgb(0, 0, 0)", "rgb(255, 0, 0)"
    assert tab.evaluate(colors, ".own") == [black, red, black, black]
    assert tab.evaluate(colors, ".any") == [black, red, red, red]


@pytest.mark.parametrize("value", ["0", "self.said or 0"], ids=["uncontrolled", "controlled"])
def test_half_dragged_slider_survives(show, value):
    tab = show(
        busy(f"""
        slider = ui.slider(min=0, max=100, value={value}, on_change=lambda e: setattr(self, "said", e.value))
        slider.classes("w-96").props(f"data-ticks={{self.ticks}}")
    """)
    )
    slider = tab.locator(".q-slider")
    box = slider.bounding_box()
    track, middle = tab.locator(".q-slider__track").bounding_box(), box["y"] + box["height"] / 2
    tab.mouse.move(track["x"] + 1, middle)
    tab.mouse.down()
    for percent in range(0, 51, 5):
        tab.mouse.move(track["x"] + track["width"] * percent / 100, middle)
    expect(slider).to_have_attribute("aria-valuenow", "50")
    meanwhile(tab)
    expect(slider).to_have_attribute("aria-valuenow", "50")
    for percent in range(50, 81, 5):
        tab.mouse.move(track["x"] + track["width"] * percent / 100, middle)
    expect(slider).to_have_attribute("aria-valuenow", "80")
    tab.mouse.up()
    text_until(tab, ".said", "said 80")
    meanwhile(tab)
    expect(slider).to_have_attribute("aria-valuenow", "80")


@pytest.mark.quick
def test_half_typed_second_input_survives(show):
    tab = show(
        busy("""
        ui.input("First", on_change=self.event("say")).classes("first")
        ui.input("Second").classes("second")
    """)
    )
    tab.locator(".second input").click()
    tab.keyboard.type("half a sen")
    for _ in range(4):
        tab.keyboard.press("ArrowLeft")
    meanwhile(tab)
    tab.keyboard.type("X")
    expect(tab.locator(".second input")).to_have_value("half aX sen")
    tab.locator(".first input").click()
    tab.keyboard.type("abc")
    text_until(tab, ".said", "said abc")
    meanwhile(tab)
    expect(tab.locator(".second input")).to_have_value("half aX sen")
    expect(tab.locator(".first input")).to_have_value("abc")


def test_selected_tab_survives(show):
    tab = show(
        busy("""
        with ui.tabs() as tabs:
            one, two = ui.tab("One"), ui.tab("Two")
        with ui.tab_panels(tabs, value=one):
            with ui.tab_panel(one):
                ui.label(f"first {self.ticks}").classes("panel-one")
            with ui.tab_panel(two):
                ui.label(f"second {self.ticks}").classes("panel-two")
    """)
    )
    expect(tab.locator(".panel-one")).to_be_visible()
    tab.get_by_role("tab", name="Two").click()
    expect(tab.locator(".panel-two")).to_be_visible()
    expect(tab.locator(".panel-one")).to_have_count(0)
    meanwhile(tab)
    expect(tab.locator(".panel-two")).to_be_visible()
    expect(tab.get_by_role("tab", name="Two")).to_have_attribute("aria-selected", "true")


def test_moved_splitter_survives(show):
    tab = show(
        busy("""
        with ui.splitter(value=50).classes("w-96 h-40") as splitter:
            with splitter.before:
                ui.label(f"before {self.ticks}").classes("before")
            with splitter.after:
                ui.label(f"after {self.ticks}")
    """)
    )
    separator = tab.locator(".q-splitter__separator")
    box = separator.bounding_box()
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    tab.mouse.down()
    for step in range(1, 11):
        tab.mouse.move(box["x"] + box["width"] / 2 - 10 * step, box["y"] + 20)
    tab.mouse.up()
    tab.wait_for_function(
        "x => document.querySelector('.q-splitter__separator').getBoundingClientRect().x < x - 90", arg=box["x"]
    )
    moved = separator.bounding_box()["x"]
    meanwhile(tab)
    assert abs(separator.bounding_box()["x"] - moved) < 1


@pytest.mark.parametrize("rows", ["False", "True"], ids=["same rows", "changing rows"])
def test_table_page_and_selection_survive(show, rows):
    tab = show(
        busy(f"""
        rows = [{{"id": number, "name": f"name {{number}} {{self.ticks if {rows} else ''}}"}} for number in range(20)]
        ui.table(rows=rows, row_key="id", selection="multiple", pagination=5)
    """)
    )
    first = tab.locator("tbody tr").first
    expect(first).to_contain_text("name 0")
    tab.get_by_role("button", name="Next page").click()
    expect(first).to_contain_text("name 5")
    tab.locator("tbody tr").nth(1).get_by_role("checkbox").click()
    expect(tab.locator("tbody [aria-checked=true]")).to_have_count(1)
    meanwhile(tab)
    expect(first).to_contain_text("name 5")
    expect(tab.locator("tbody tr").nth(1).get_by_role("checkbox")).to_have_attribute("aria-checked", "true")
    expect(tab.locator("tbody [aria-checked=true]")).to_have_count(1)


# ---------------------------------------------------------------------------------------------------------------------
# 3. Lists
# ---------------------------------------------------------------------------------------------------------------------

ORDERS = {
    "reversed": "edcba",
    "first to last": "bcdea",
    "last to first": "eabcd",
    "swapped": "abdce",
    "inserted": "xabycdez",
    "deleted": "bcd",
    "all at once": "ydxcb",
}
ROWS = """
import contextlib

ORDERS = {orders}

class Page(playground.LiveView):
    generation = 0

    def mount(self):
        self.rows = "abcde"
        self.said = ""

    def render(self):
        ui.label(f"said {{self.said}}").classes("said")
        ui.label(f"{{self.generation}}").classes("generation")
        with playground.key(self.generation), ui.column().classes("list"):
            for row in self.rows:
                with {context}, ui.row().classes("item"):
                    ui.label(f"row {{row}}").classes("name")
                    ui.input("Text")
                    ui.button(f"Hit {{row}}", on_click=lambda row=row: setattr(self, "said", row))
        for name, rows in ORDERS.items():
            ui.button(name, on_click=lambda rows=rows: setattr(self, "rows", rows)).props(f"data-order={{rows}}")
        ui.button("Next", on_click=self.go_on).classes("next")

    def go_on(self):
        self.mount()
        self.generation += 1
"""
NAMES = "[...document.querySelectorAll('.item .name')].map(name => name.innerText.slice(-1)).join('')"


def in_every_order(show, context: str, check: Callable[[Tab, str], None]) -> None:
    """Check a page with each of the orders, each time with a new list of five rows, each built within a `context`.

    `text a` is typed into row a and so on, and the DOM nodes of every row are tagged.
    """
    tab = show(ROWS.format(orders=ORDERS, context=context))
    for generation, (name, rows) in enumerate(ORDERS.items()):
        text_until(tab, ".generation", f"{generation}")
        for number, row in enumerate("abcde"):
            tab.locator(".item input").nth(number).fill(f"text {row}")
        tab.evaluate("""() => document.querySelectorAll('.item').forEach(row => {
            const name = row.querySelector('.name').innerText
            row.tagged = row.querySelector('input').tagged = row.querySelector('button').tagged = name
        })""")
        with in_case(name):
            check(tab, rows)
        poke(tab, ".next")


def reorder(tab: Tab, rows: str) -> None:
    poke(tab, f"[data-order={rows}]")
    tab.wait_for_function(f"rows => {NAMES} == rows", arg=rows)


@pytest.mark.quick
def test_keyed_rows_travel_with_their_nodes_and_texts(show):
    def check(tab, rows):
        reorder(tab, rows)
        found = tab.evaluate("""() => [...document.querySelectorAll('.item')].map(row => {
            const input = row.querySelector('input')
            return [row.tagged, input.tagged, row.querySelector('button').tagged, input.value].map(value => value ?? '')
        })""")
        assert found == [[f"row {row}"] * 3 + [f"text {row}"] if row in "abcde" else [""] * 4 for row in rows]
        tab.get_by_role("button", name="Hit c").click()
        text_until(tab, ".said", "said c")
        reorder(tab, "edcba" if rows != "edcba" else "bcd")
        assert tab.locator(".item", has_text="row c").locator("input").input_value() == "text c"

    in_every_order(show, "playground.key(row)", check)


@pytest.mark.parametrize("focused", ["b", "c", "d"])
def test_keyed_rows_travel_with_focus_and_caret(show, focused):
    def check(tab, rows):
        field = tab.locator(".item", has_text=f"row {focused}").locator("input")
        field.click()
        tab.keyboard.press("Home")
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("ArrowRight")
        reorder(tab, rows)
        expect(field).to_be_focused()
        tab.keyboard.type("X")
        expect(field).to_have_value(f"teXxt {focused}")

    in_every_order(show, "playground.key(row)", check)


def test_rows_without_keys_show_the_right_labels_and_call_the_right_handlers(show):
    def check(tab, rows):
        reorder(tab, rows)
        for row in rows:
            tab.get_by_role("button", name=f"Hit {row}").click()
            text_until(tab, ".said", f"said {row}")
        values = [field.input_value() for field in tab.locator(".item input").all()]
        assert values[: len(rows)] == [f"text {name}" for name in "abcde"][: len(rows)] + [""] * (len(rows) - 5)

    in_every_order(show, "contextlib.nullcontext()", check)


def test_two_equal_keys(show, wait_for):
    tab = show(
        """
        class Page(playground.LiveView):
            def mount(self):
                self.rows = ["one", "two"]

            def render(self):
                for row in self.rows:
                    with playground.key(row):
                        ui.label(f"row {row}").classes("item")  # the line to be named
                ui.button("Double", on_click=lambda: self.rows.append("two"))
                ui.button("Repair", on_click=lambda: setattr(self, "rows", ["three", *dict.fromkeys(self.rows)]))
        """,
        errors=True,
    )
    script = tab.server.path.read_text().splitlines()
    line = next(number for number, text in enumerate(script, 1) if "the line to be named" in text)
    tab.get_by_role("button", name="Double").click()
    wait_for(lambda: "key('two')" in tab.server.log)
    expect(tab.locator(".item")).to_have_text(["row one", "row two"])
    tab.get_by_role("button", name="Repair").click()
    expect(tab.locator(".item")).to_have_text(["row three", "row one", "row two"])
    assert "key('two')" in tab.server.log
    assert f'{tab.server.path.name}", line {line}, in render' in tab.server.log  # where it was first used
    assert f'{tab.server.path.name}", line {line - 1}, in render' in tab.server.log  # where it was used again


# ---------------------------------------------------------------------------------------------------------------------
# 4. What is changed in place shows; the newest handlers are called; what runs goes on
# ---------------------------------------------------------------------------------------------------------------------


def test_rows_appended_in_place(show):
    tab = show("""
        class Page(playground.LiveView):
            def mount(self):
                self.rows = [{"name": "row 0"}]
                self.options = ["option 0"]
                self.named = {"a": "name 0"}

            def render(self):
                ui.table(rows=self.rows)
                ui.select(self.options, label="Listed").classes("listed w-40")
                ui.select(self.named, label="Named").classes("named w-40")
                ui.radio(self.options)
                ui.button("More", on_click=self.more)

            def more(self):
                number = len(self.rows)
                self.rows.append({"name": f"row {number}"})
                self.rows[0]["name"] += "!"
                self.options.append(f"option {number}")
                self.named[f"b{number}"] = f"name {number}"
    """)
    for number in range(1, 4):
        tab.get_by_role("button", name="More").click()
        expected = ["row 0" + number * "!", *(f"row {other}" for other in range(1, number + 1))]
        expect(tab.locator("tbody td")).to_have_text(expected)
        expect(tab.locator(".q-radio")).to_have_count(number + 1)
        for select, text in (("listed", "option"), ("named", "name")):
            tab.locator(f".{select}").click()
            expect(tab.get_by_role("option")).to_have_text([f"{text} {other}" for other in range(number + 1)])
            tab.keyboard.press("Escape")
            expect(tab.get_by_role("option")).to_have_count(0)


@pytest.mark.parametrize(
    ("library", "setup", "change", "build"),
    [
        (
            "echart",
            'self.chart = {"title": {"text": "sold 0"}, "xAxis": {"type": "value"}, "yAxis": {"type": "value"}, '
            '"series": [{"type": "line", "data": [[0, 0]]}]}',
            'self.chart["title"]["text"] = f"sold {self.count}"; self.chart["series"][0]["data"].append([self.count, 1])',
            'ui.echart(self.chart, renderer="svg").classes("w-96 h-64 chart")',
        ),
        (
            "plotly",
            "import plotly.graph_objects as go; self.chart = go.Figure(go.Scatter(x=[1, 2], y=[1, 2]), layout_title_text='sold 0')",
            'self.chart.update_layout(title_text=f"sold {self.count}"); self.chart.add_scatter(x=[1, 2], y=[2, self.count])',
            'ui.plotly(self.chart).classes("w-96 h-64 chart")',
        ),
        (
            "plotly dictionary",
            'self.chart = {"data": [{"type": "scatter", "x": [1, 2], "y": [1, 2]}], "layout": {"title": {"text": "sold 0"}}}',
            'self.chart["layout"]["title"]["text"] = f"sold {self.count}"',
            'ui.plotly(self.chart).classes("w-96 h-64 chart")',
        ),
        (
            "matplotlib",
            "import matplotlib; matplotlib.rcParams['svg.fonttype'] = 'none'; from matplotlib.figure import Figure",
            "pass",
            """with ui.matplotlib(figsize=(3, 2)).classes("chart").figure as figure:
            figure.gca().plot([0, self.count])
            figure.gca().set_title(f"sold {self.count}")""",
        ),
    ],
    ids=["echart", "plotly", "plotly dictionary", "matplotlib"],
)
def test_figures_are_redrawn(show, library, setup, change, build):
    tab = show(f"""
class Page(playground.LiveView):
    def mount(self):
        self.count = self.pokes = 0
        {setup}

    def render(self):
        {build}
        ui.button("More", on_click=self.more)
        ui.button("Poke", on_click=self.poke)
        ui.label(f"{{self.pokes}} pokes").classes("pokes")

    def poke(self):
        self.pokes += 1

    def more(self):
        self.count += 1
        {change}
""")
    title = tab.locator(".chart svg text", has_text="sold")
    expect(title.first).to_have_text("sold 0")
    tab.evaluate("document.querySelector('.chart').tagged = true")
    for count in (1, 2):
        tab.get_by_role("button", name="More").click()
        expect(title.first).to_have_text(f"sold {count}")
        tab.get_by_role("button", name="Poke").click()
        text_until(tab, ".pokes", f"{count} pokes")
        expect(title).to_have_count(1)
    assert tab.evaluate("document.querySelector('.chart').tagged")


def test_handlers_see_the_newest_values(show):
    tab = show("""
        class Page(playground.LiveView):
            def mount(self):
                self.count, self.names, self.said = 0, ["x", "y", "z"], ""

            def render(self):
                count = self.count

                def add():
                    self.count = count + 1  # of this render, not of the first

                def say(text):
                    self.said = text

                ui.label(f"count {count}").classes("count")
                ui.label(f"said {self.said}").classes("said")
                ui.button("Add", on_click=add)
                ui.button("Add with argument", on_click=(lambda e: add()) if count % 2 else (lambda: add()))
                ui.button("Method", on_click=self.rotate if count % 2 else add)
                for number, name in enumerate(self.names):
                    ui.button(f"Place {number}", on_click=lambda name=name: say(name))
                    ui.button(f"Event {number}", on_click=self.event("say", name=name))
                ui.button("Rotate", on_click=self.rotate)

            def rotate(self):
                self.names = [*self.names[1:], self.names[0]]

            def handle_event(self, event, params):
                self.said = f"event {params['name']}"
    """)
    for count in (1, 2, 3):
        tab.get_by_role("button", name="Add", exact=True).click()
        text_until(tab, ".count", f"count {count}")
    for count in (4, 5, 6, 7):
        tab.get_by_role("button", name="Add with argument").click()
        text_until(tab, ".count", f"count {count}")
    names = "xyz"
    for _ in range(3):
        for number in range(3):
            tab.get_by_role("button", name=f"Place {number}").click()
            text_until(tab, ".said", f"said {names[number]}")
            tab.get_by_role("button", name=f"Event {number}").click()
            text_until(tab, ".said", f"said event {names[number]}")
        names = names[1:] + names[0]
        tab.get_by_role("button", name="Rotate").click()


def test_timer_is_not_restarted(show):
    tab = show("""
        class Page(playground.LiveView):
            def mount(self):
                self.renders = 0
                self.fired = []
                self.send_interval(0.02, "render")

            def handle_info(self, message):
                self.renders += 1

            def render(self):
                renders = self.renders
                ui.timer(0.3, lambda: self.fired.append((time.monotonic(), renders)))
                ui.label(str(self.renders))
                ui.label(" ".join(f"{later[0] - earlier[0]:.3f}" for earlier, later in zip(self.fired, self.fired[1:]))).classes("gaps")
                ui.label(" ".join(str(renders) for _, renders in self.fired)).classes("seen")
    """)
    tab.wait_for_function("document.querySelector('.gaps').innerText.split(' ').length >= 5")
    gaps = [float(gap) for gap in tab.locator(".gaps").inner_text().split()][1:]  # the first tick may be late
    assert sum(gaps) / len(gaps) > 0.25, "it was started again in between"
    seen = [int(renders) for renders in tab.locator(".seen").inner_text().split()]
    assert seen == sorted(seen), "a tick sees an older closure than the one before"
    assert seen[-1] > seen[0], "every tick sees the same closure"


@pytest.mark.parametrize("label", ['"Upload"', 'f"Upload {self.pokes}"'], ids=["kept", "rebuilt"])
def test_upload_reaches_the_newest_handler(show, tmp_path, label):
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "more.txt").write_text("good-bye")
    tab = show(f"""
        class Page(playground.LiveView):
            def mount(self):
                self.pokes, self.said = 0, ""

            def render(self):
                pokes = self.pokes

                async def upload(e):
                    content = await e.file.read()
                    self.said = f"{{pokes}} {{e.file.name}} {{content.decode()}}"

                ui.label(f"said {{self.said}}").classes("said")
                ui.label(f"{{pokes}} pokes").classes("pokes")
                ui.button("Poke", on_click=self.poke)
                ui.upload(on_upload=upload, auto_upload=True, label={label})

            def poke(self):
                self.pokes += 1
    """)
    for pokes, name, content in ((3, "notes.txt", "hello"), (6, "more.txt", "good-bye")):
        for number in range(pokes - 2, pokes + 1):
            tab.get_by_role("button", name="Poke").click()
            text_until(tab, ".pokes", f"{number} pokes")
        tab.locator("input[type=file]").set_input_files(tmp_path / name)
        text_until(tab, ".said", f"said {pokes} {name} {content}")
    expect(tab.locator(".q-uploader__file")).to_have_count(2)  # the list of what was uploaded is still there
    tab.get_by_role("button", name="Poke").click()
    text_until(tab, ".pokes", "7 pokes")
    expect(tab.locator(".q-uploader__file")).to_have_count(2)


@pytest.mark.parametrize("classes", ["", ".classes(f'ticks-{self.ticks}')"], ids=["kept", "rebuilt"])
def test_log_keeps_its_lines(show, classes):
    tab = show(
        busy(f"""
        log = ui.log(){classes}.classes("h-40 w-96 lines")
        ui.button("Push", on_click=lambda: log.push(f"line at poke {{self.pokes}}"))
        self.log = log
    """)
        + "\n"
    )
    for _ in range(3):
        tab.get_by_role("button", name="Push").click()
        meanwhile(tab)
    expected = ["line at poke 0", "line at poke 3", "line at poke 6"]
    tab.wait_for_function(
        "lines => document.querySelector('.lines').innerText.match(/line at poke \\d+/g)?.join() == lines",
        arg=",".join(expected),
    )


# ---------------------------------------------------------------------------------------------------------------------
# 5. Layout, keys, several pages, threads and tasks
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "selector"),
    [
        ("ui.header()", ".q-header"),
        ("ui.footer()", ".q-footer"),
        ("ui.left_drawer(value=True)", ".q-drawer--left"),
        ("ui.right_drawer(value=True)", ".q-drawer--right"),
        ("ui.page_sticky()", ".q-page-sticky"),
        ("ui.dialog(value=True).props('seamless')", ".q-dialog"),
    ],
    ids=["header", "footer", "left drawer", "right drawer", "sticky", "dialog"],
)
def test_layout_elements_come_and_go(show, element, selector):
    tab = show(f"""
        class Page(playground.LiveView):
            def mount(self):
                self.shown, self.count = False, 0

            def render(self):
                if self.shown:
                    with {element}:
                        ui.label(f"in it {{self.count}}").classes("inside")
                ui.button("Toggle", on_click=lambda: setattr(self, "shown", not self.shown)).classes("toggle")
                ui.button("Count", on_click=lambda: setattr(self, "count", self.count + 1)).classes("count")
    """)
    for round_ in range(3):
        expect(tab.locator(selector)).to_have_count(0)
        poke(tab, ".toggle")
        expect(tab.locator(f"{selector} .inside")).to_have_text(f"in it {round_}")
        expect(tab.locator(f"{selector} .inside")).to_be_visible()
        tab.evaluate("selector => { document.querySelector(selector).tagged = true }", selector)
        poke(tab, ".count")
        expect(tab.locator(f"{selector} .inside")).to_have_text(f"in it {round_ + 1}")
        assert tab.evaluate("selector => document.querySelector(selector).tagged", selector)
        poke(tab, ".toggle")
    expect(tab.locator(selector)).to_have_count(0)


def test_page_title(show):
    tab = show("""
        class Page(playground.LiveView):
            def mount(self):
                self.count = 0

            def render(self):
                self.page_title = f"{self.count} unread"
                ui.button("More", on_click=lambda: setattr(self, "count", self.count + 1))
    """)
    for count in range(3):
        expect(tab).to_have_title(f"{count} unread")
        tab.get_by_role("button", name="More").click()
    expect(tab).to_have_title("3 unread")


def test_page_title_set_by_a_handler(show):
    tab = show("""
        class Page(playground.LiveView):
            page_title = "At first"

            def render(self):
                ui.button("Rename", on_click=lambda: setattr(self, "page_title", "Then"))
    """)
    expect(tab).to_have_title("At first")
    tab.get_by_role("button", name="Rename").click()
    expect(tab).to_have_title("Then")


def test_keyboard_and_keydown(show):
    tab = show("""
        class Page(playground.LiveView):
            def mount(self):
                self.keys, self.entered, self.escaped = "", 0, 0

            def render(self):
                keys = self.keys

                def pressed(e):
                    if e.action.keydown and not e.action.repeat:
                        self.keys = keys + e.key.name

                ui.keyboard(on_key=pressed)
                ui.label(f"keys {self.keys}").classes("keys")
                ui.label(f"entered {self.entered} escaped {self.escaped}").classes("entered")
                field = ui.input("Text").on("keydown.enter", self.event("enter"))
                field.on("keydown.escape", lambda e: setattr(self, "escaped", self.escaped + 1))

            def handle_event(self, event):
                self.entered += 1
    """)
    for number, letter in enumerate("abc", 1):
        tab.keyboard.press(letter)
        text_until(tab, ".keys", "keys " + "abc"[:number])
    tab.locator("input").click()
    tab.keyboard.type("xyz")
    tab.keyboard.press("Enter")
    text_until(tab, ".entered", "entered 1 escaped 0")
    tab.keyboard.press("Escape")
    tab.keyboard.press("Enter")
    text_until(tab, ".entered", "entered 2 escaped 1")
    text_until(tab, ".keys", "keys abc")  # what is typed into a field is not for ui.keyboard
    expect(tab.locator("input")).to_have_value("xyz")


def test_two_tabs_are_independent(show, open_page):
    one = show("""
        class Page(playground.LiveView):
            def mount(self):
                self.count = 0

            def render(self):
                ui.label(f"count {self.count}").classes("count")
                ui.input("Text")
                ui.button("+", on_click=lambda: setattr(self, "count", self.count + 1))
    """)
    two = open_page(one.server.url)
    one.bring_to_front()
    one.locator("input").fill("in one")
    for count in range(1, 4):
        one.get_by_role("button", name="+").click()
        text_until(one, ".count", f"count {count}")
    text_until(two, ".count", "count 0")
    two.get_by_role("button", name="+").click()
    text_until(two, ".count", "count 1")
    text_until(one, ".count", "count 3")
    expect(two.locator("input")).to_have_value("")
    two.close()
    one.get_by_role("button", name="+").click()
    text_until(one, ".count", "count 4")


def test_attributes_set_by_threads_and_tasks_show(show):
    tab = show("""
        class Page(playground.LiveView):
            def mount(self):
                self.by_thread = self.by_task = self.by_executor = 0

            def render(self):
                ui.label(f"{self.by_thread} {self.by_task} {self.by_executor}").classes("state")
                ui.button("Thread", on_click=lambda: threading.Thread(target=self.work).start())
                ui.button("Task", on_click=self.start_task)
                ui.button("Executor", on_click=self.in_executor)

            def work(self):
                for _ in range(100):
                    time.sleep(0.002)
                    self.by_thread += 1

            def start_task(self):
                self.task = asyncio.create_task(self.work_as_task())

            async def work_as_task(self):
                for _ in range(100):
                    await asyncio.sleep(0.002)
                    self.by_task += 1

            async def in_executor(self):
                def work():
                    self.by_executor = 100

                await asyncio.get_running_loop().run_in_executor(None, work)
    """)
    tab.get_by_role("button", name="Thread").click()
    text_until(tab, ".state", "100 0 0")
    tab.get_by_role("button", name="Task").click()
    text_until(tab, ".state", "100 100 0")
    tab.get_by_role("button", name="Executor").click()
    text_until(tab, ".state", "100 100 100")


def test_what_a_handler_sets_in_its_context_is_not_there_for_the_next_one(show):
    tab = show("""
        import contextvars

        visitor = contextvars.ContextVar("visitor", default="nobody")

        class Page(playground.LiveView):
            def mount(self):
                self.found = []

            def render(self):
                ui.label(" ".join(self.found)).classes("found")
                ui.button("Sync", on_click=self.look)
                ui.button("Async", on_click=self.look_later)

            def look(self):
                self.found.append(visitor.get())
                visitor.set("somebody")

            async def look_later(self):
                self.look()
    """)
    for number, name in enumerate(("Sync", "Sync", "Async", "Sync"), start=1):
        tab.get_by_role("button", name=name, exact=True).click()
        text_until(tab, ".found", " ".join(["nobody"] * number))


def test_with_strict_turns_async_handlers_of_a_page_wait_for_each_other_and_those_of_another_page_do_not(
    show, open_page, wait_for
):
    one = show("""
        gate = asyncio.Event()

        class Page(playground.LiveView):
            turns = "strict"

            def mount(self):
                self.steps = ""

            def render(self):
                ui.label(self.steps).classes("steps")
                ui.button("Wait", on_click=self.wait)
                ui.button("Step", on_click=self.event("step"))
                ui.button("Open", on_click=self.open_gate)

            async def wait(self):
                self.steps += "("
                print("waits at the gate", flush=True)
                await gate.wait()
                self.steps += ")"

            async def handle_event(self, event):
                self.steps += "["
                await asyncio.sleep(0.02)
                self.steps += "]"

            def open_gate(self):
                self.steps += "!"
                gate.set()
    """)
    two = open_page(one.server.url)
    one.bring_to_front()
    for _ in range(3):
        one.get_by_role("button", name="Step").click()
    text_until(one, ".steps", "[][][]")
    one.get_by_role("button", name="Wait").click()
    for _ in range(3):
        one.get_by_role("button", name="Step").click()
    wait_for(lambda: "waits at the gate" in one.server.log)
    for _ in range(2):
        two.get_by_role("button", name="Step").click()
    text_until(two, ".steps", "[][]")
    two.get_by_role("button", name="Open").click()
    text_until(two, ".steps", "[][]!")
    text_until(one, ".steps", "[][][]()[][][]")


@pytest.mark.parametrize("how", ["letter by letter", pytest.param("at 10 ms", marks=pytest.mark.quick), "at once"])
def test_input_upper_cased_by_its_handler(show, how):
    tab = show("""
        class Page(playground.LiveView):
            def mount(self):
                self.name = ""

            def render(self):
                ui.label(f"is {self.name}").classes("is")
                ui.input(value=self.name, on_change=self.event("name"))

            def handle_event(self, event, params):
                self.name = params["value"].upper()
    """)
    tab.locator("input").click()
    if how == "letter by letter":
        for number in range(1, len(LETTERS) + 1):
            tab.keyboard.type(LETTERS[number - 1])
            expect(tab.locator("input")).to_have_value(LETTERS[:number].upper())
    else:
        tab.keyboard.type(LETTERS, delay=10 if how == "at 10 ms" else 0)
    text_until(tab, ".is", f"is {LETTERS.upper()}")
    expect(tab.locator("input")).to_have_value(LETTERS.upper())
    expect(tab.locator("input")).to_be_focused()


@pytest.mark.parametrize(
    ("field", "clear"),
    [
        ('ui.input(value=self.draft, on_change=self.event("draft"))', 'self.draft = ""'),
        ('ui.input().bind_value(self, "draft")', 'self.draft = ""'),
        ('ui.input(on_change=self.event("draft"))', 'field.value = ""'),
    ],
    ids=["controlled", "bound", "by hand"],
)
def test_input_cleared_by_its_own_enter(show, field, clear):
    tab = show(f"""
        class Page(playground.LiveView):
            def mount(self):
                self.draft, self.items = "", []

            def render(self):
                def add():
                    self.items.append(self.draft)
                    {clear}

                field = {field}.on("keydown.enter", add)
                for item in self.items:
                    ui.label(item).classes("item")

            def handle_event(self, event, params):
                self.draft = params["value"]
    """)
    tab.locator("input").click()
    items = ["milk", "bread", "bread", "tea"]  # the same twice: an update that looks like the last one still counts
    for number, item in enumerate(items, 1):
        tab.keyboard.type(f"{item}\n")
        expect(tab.locator(".item")).to_have_text(items[:number])
        expect(tab.locator("input")).to_have_value("")
    expect(tab.locator("input")).to_be_focused()


@pytest.mark.parametrize(
    "field",
    [
        'ui.input(value=self.name, on_change=self.event("name"))',
        "ui.input(value=self.name)",
        'ui.input(f"at {self.ticks}", value=self.name, on_change=self.event("name"))',
    ],
    ids=["controlled", "value only", "rebuilt"],
)
def test_what_is_typed_is_not_overwritten_from_outside(show, field):
    tab = show(f"""
        class Page(playground.LiveView):
            def mount(self):
                self.ticks, self.name = 0, "at first"
                self.send_interval(0.03, "tick")

            def handle_info(self, message):
                self.ticks += 1
                self.name = f"outside {{self.ticks}}"

            def handle_event(self, event, params):
                self.name = params["value"]

            def render(self):
                ui.label(f"{{self.ticks}}").classes("ticks")
                {field}
    """)
    tab.wait_for_function(
        "document.querySelector('input').value.startsWith('outside')"
    )  # nobody is in it: it may change
    tab.locator("input").click()
    tab.keyboard.press("Control+A")
    tab.keyboard.type(LETTERS, delay=10)
    ticks = int(tab.locator(".ticks").inner_text())
    tab.wait_for_function("ticks => Number(document.querySelector('.ticks').innerText) > ticks + 10", arg=ticks)
    expect(tab.locator("input")).to_be_focused()
    assert tab.locator("input").input_value() == LETTERS


HELD = """
class Page(playground.LiveView):
    def mount(self):
        self.text = self.said = {values}[0]

    def render(self):
        field = {field}.classes("field")
        ui.label().bind_text_from(field, "value", str).classes("value")
        ui.label(f"said {{self.said}}").classes("said")
        ui.button("From outside", on_click=lambda: self.send("next")).classes("outside")
        ui.button("From here", on_click=self.say_next).classes("here")

    def handle_info(self, _):
        self.say_next()

    def say_next(self):
        values = {values}
        self.text = self.said = values[values.index(self.said) + 1]

    def take(self, event):
        self.text = event.value
"""


@pytest.mark.parametrize("form", ["value=self.text", "value=self.text, on_change=self.take", "bound"])
@pytest.mark.parametrize("name", FIELDS)
def test_a_field_that_is_left_shows_what_the_server_has(show, name, form):
    """Somebody else has changed it while somebody had the caret in it."""
    element, _, inner = FIELDS[name]
    values = [f"{number}{number}" for number in range(1, 9)]
    given = 'format="%.1f"' if name == "number" else ""
    call = f'{element}({given}).bind_value(self, "text")' if form == "bound" else f"{element}({form}, {given})"
    is_number = name == "number"
    tab = show(HELD.format(field=call, values=list(map(int, values)) if is_number else values))
    shown = values if not is_number else [f"{value}.0" for value in values]
    field = tab.locator(f"{inner}:is(.field *, .field)")
    content = "e => e.matches('.cm-content') ? getElement(e.closest('.field').id.slice(1)).editor.state.doc.toString()"
    content += " : e.value ?? e.innerHTML"

    def say(where: str, number: int) -> None:
        poke(tab, where)
        text_until(tab, ".said", f"said {values[number]}")

    def shows(text: str) -> None:
        tab.wait_for_function(f"([e, text]) => ({content})(e) === text", arg=[field.element_handle(), text])

    def leave() -> None:
        tab.locator(".said").click()
        expect(field).not_to_be_focused()

    def is_in_step() -> None:
        read = f"e => [({content})(e), document.querySelector('.value').innerText].map((v) => {'Number(v)' if is_number else 'v'})"
        tab.wait_for_function(f"e => {{ const [a, b] = ({read})(e); return a === b }}", arg=field.element_handle())

    field.click()
    say(".outside", 1)
    shows(shown[0])  # nothing is overwritten
    leave()
    shows(shown[1])
    is_in_step()
    field.click()
    say(".outside", 2)
    say(".outside", 3)
    shows(shown[1])
    say(".here", 4)  # who does something is answered
    shows(shown[4])
    say(".outside", 5)
    leave()
    shows(shown[5])
    field.click()
    tab.keyboard.press("End")
    say(".outside", 6)
    tab.keyboard.type("7")
    shows(shown[5] + "7")
    if not is_number:
        is_in_step()
    tab.keyboard.type("8")
    shows(shown[5] + "78")
    is_in_step()
    leave()
    is_in_step()
    expect(tab.locator(".value")).to_have_text({"number": "66.1"}.get(name, "6678"))
    field.click()
    tab.keyboard.press("End")
    say(".outside", 7)
    tab.keyboard.type("9")
    tab.keyboard.press("Backspace")
    is_in_step()
    leave()
    is_in_step()


@pytest.mark.parametrize("name", ["input", "codemirror"])
def test_what_is_typed_while_others_change_it_reaches_the_server(show, name):
    element, _, inner = FIELDS[name]
    tab = show(f"""
        class Page(playground.LiveView):
            def mount(self):
                self.name, self.ticks = "at first", 0
                self.timer = self.send_interval(0.01, "tick")

            def handle_info(self, message):
                self.ticks += 1
                self.name = f"outside {{self.ticks}}"

            def render(self):
                field = {element}(value=self.name).classes("field")
                ui.label().bind_text_from(field, "value").classes("value")
                ui.button("Stop", on_click=lambda: self.timer.cancel()).classes("stop")
    """)
    read = "e => e.matches('.cm-content') ? getElement(e.closest('.field').id.slice(1)).editor.state.doc.toString() : e.value"
    field = tab.locator(inner)
    field.click()
    tab.keyboard.press("Control+A")
    tab.keyboard.type(LETTERS, delay=7)
    assert field.evaluate(read) == LETTERS
    poke(tab, ".stop")
    tab.keyboard.type("!")
    text_until(tab, ".value", f"{LETTERS}!")
    assert field.evaluate(read) == f"{LETTERS}!"


# ---------------------------------------------------------------------------------------------------------------------
# 6. Nothing is remounted
# ---------------------------------------------------------------------------------------------------------------------


def test_no_element_is_remounted(show):
    tab = show("""
        from datetime import date

        class Page(playground.LiveView):
            def mount(self):
                self.n = 0

            def render(self):
                n = self.n
                ui.label(f"n {n}").classes("count")
                ui.button("More", on_click=lambda: setattr(self, "n", n + 1)).classes("more")
                with ui.row().classes(f"gap-{n % 4}"):
                    ui.label(f"label {n}")
                    ui.link(f"link {n}", f"/#{n}")
                    ui.button(f"button {n}", on_click=lambda: n, icon="add" if n % 2 else "remove")
                    ui.badge(f"badge {n}", color="red" if n % 2 else "green")
                    ui.chip(f"chip {n}", icon="star", on_click=lambda: n, selectable=True)
                    ui.icon("home" if n % 2 else "work", size=f"{n + 10}px")
                    ui.avatar(f"{n % 10}", color="blue" if n % 2 else "grey")
                    ui.spinner(size=f"{n + 10}px")
                    ui.html(f"<b>html {n}</b>", sanitize=False)
                    ui.markdown(f"**markdown {n}**")
                    ui.code(f"code = {n}")
                    ui.restructured_text(f"*rst {n}*")
                    ui.mermaid(f"graph LR; A --> B{n};")
                    ui.image(f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='{n + 1}' height='9'/>")
                    ui.interactive_image(size=(n + 10, 10))
                    ui.space()
                    ui.separator().classes(f"my-{n % 3}")
                with ui.row():
                    ui.input(f"input {n}", placeholder=str(n), on_change=lambda: n)
                    ui.input("value", value=f"value {n}")
                    ui.input("valid", validation={f"too long {n}": lambda value: len(value) < 20 - n})
                    ui.textarea(f"textarea {n}")
                    ui.number(f"number {n}", value=n, min=-n)
                    ui.checkbox(f"checkbox {n}", value=bool(n % 2), on_change=lambda: n)
                    ui.switch(f"switch {n}", value=bool(n % 2))
                    ui.radio([f"radio {n}", "other"], value="other")
                    ui.toggle([f"toggle {n}", "other"], value="other")
                    ui.select([f"select {n}", "other"], label=f"select {n}", value="other").classes("w-40")
                    ui.select([f"select {n}", "other"], label=f"multiple {n}", multiple=True, with_input=True).classes("w-40")
                    ui.slider(min=0, max=100 + n, value=n).classes("w-40")
                    ui.range(min=0, max=100 + n, value={"min": n, "max": n + 10}).classes("w-40")
                    ui.knob(value=n / 100, max=1 + n)
                    ui.rating(max=5 + n % 3, value=3)
                    ui.joystick(color="blue" if n % 2 else "red")
                    ui.color_input(f"color {n}", value="#112233")
                    ui.color_picker(on_pick=lambda: n)
                    ui.date(value=date(2024, 1, 1 + n))
                    ui.time(value=f"12:{n:02}")
                    ui.upload(label=f"upload {n}", on_upload=lambda: n)
                    ui.input_chips(f"chips {n}", value=[f"chip {n}"])
                    ui.fab("add", label=f"fab {n}")
                with ui.row():
                    ui.circular_progress(value=n, max=100)
                    ui.linear_progress(value=n / 100)
                    ui.table(rows=[{"name": f"row {number}"} for number in range(n)], title=f"table {n}")
                    ui.aggrid({"columnDefs": [{"field": "a"}], "rowData": [{"a": n}]}).classes("w-40")
                    ui.tree([{"id": f"node {n}", "children": [{"id": "leaf"}]}], label_key="id")
                    ui.log().classes(f"w-{40 + n}")
                    ui.codemirror(f"code = {n}").classes(f"w-{40 + n}")
                    ui.editor(placeholder=f"editor {n}")
                    ui.json_editor({"content": {"json": {"n": n}}})
                    ui.echart({"title": {"text": f"echart {n}"}, "series": []}).classes("w-40")
                    ui.plotly({"data": [{"x": [1, n], "y": [1, n]}], "layout": {}}).classes("w-40")
                    ui.chat_message(f"chat {n}", name=f"name {n}")
                with ui.row():
                    with ui.card().classes(f"p-{n % 4}"), ui.card_section():
                        ui.label(f"card {n}")
                    with ui.column().classes(f"p-{n % 4}"):
                        ui.label(f"column {n}")
                    with ui.grid(columns=2 + n % 2):
                        ui.label(f"grid {n}")
                    with ui.expansion(f"expansion {n}", value=True):
                        ui.label(f"expansion {n}")
                    with ui.scroll_area(on_scroll=lambda: n).classes(f"h-{20 + n}"):
                        ui.label(f"scrolled {n}")
                    with ui.list().props("dense" if n % 2 else "separator"), ui.item(on_click=lambda: n), ui.item_section():
                        ui.item_label(f"item {n}")
                    with ui.tabs().classes(f"p-{n % 3}") as tabs:
                        one = ui.tab("one", label=f"one {n}")
                        ui.tab("two")
                    with ui.tab_panels(tabs, value=one), ui.tab_panel(one):
                        ui.label(f"panel {n}")
                    with ui.splitter(value=30 + n) as splitter:
                        with splitter.before:
                            ui.label(f"before {n}")
                    with ui.stepper().props("vertical"), ui.step("step", title=f"step {n}"):
                        ui.label(f"step {n}")
                    with ui.timeline(side="right"):
                        ui.timeline_entry(f"entry {n}", title=f"title {n}")
                    with ui.carousel().props(f"height={100 + n}px"), ui.carousel_slide("slide"):
                        ui.label(f"slide {n}")
                    with ui.element("div").classes(f"p-{n % 4}"):
                        ui.label(f"div {n}")
    """)
    settled = "document.querySelectorAll('[id^=c]').length"
    tab.wait_for_function("document.querySelector('.js-plotly-plot, .plotly') && document.querySelector('.cm-content')")
    # elements with their own component load it when they are first shown
    tab.wait_for_function("document.querySelector('.ag-root') && document.querySelector('.jse-main')")
    marked = tab.evaluate("""() => {
        const nodes = [...document.querySelectorAll('[id]')].filter(node => /^c\\d+$/.test(node.id))
        nodes.forEach(node => { node.tagged = node.id })
        return nodes.map(node => node.id)
    }""")
    assert len(marked) > 90
    drawn = tab.evaluate(
        "ids => Object.fromEntries(ids.map(id => [id, document.getElementById(id).outerHTML.slice(0, 200)]))", marked
    )
    for count in range(1, 21):
        poke(tab, ".more")
        text_until(tab, ".count", f"n {count}")
    remounted = tab.evaluate(
        """ids => ids.filter(id => document.getElementById(id)?.tagged !== id).map(id => {
            const node = document.getElementById(id)
            return [id, node ? 'remounted' : 'gone']
        })""",
        marked,
    )
    assert [(how, drawn[id_]) for id_, how in remounted] == []
    assert tab.evaluate(settled) >= len(marked)
