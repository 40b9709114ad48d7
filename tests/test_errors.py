"""What goes wrong in a page stays in its event: the page is as before, others notice nothing, the log names the line.
And the process behind a page: who is called when, with what, in which order."""

import asyncio
import contextlib
import functools
import gc
import inspect
import re
import tempfile
import textwrap
import threading
import traceback
import urllib.error
import urllib.request
import weakref
from pathlib import Path

import pytest
from conftest import settle_until, until
from nicegui import ui

import playground


def line_of(marker: str) -> int:
    """The line of this file that ends with the comment `# <marker>`."""
    lines = Path(__file__).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.endswith(f"# {marker}"))


def assert_names(error: BaseException, *markers: str) -> None:
    """The traceback, as a log shows it, names the marked lines."""
    text = "".join(traceback.format_exception(error))
    for marker in markers:
        assert f'test_errors.py", line {line_of(marker)}, in ' in text, f"{marker} is not named in\n{text}"


class Page(playground.LiveView):
    """A page on which anything can be made to fail."""

    def mount(self):
        self.count = 0
        self.failing = ""

    def render(self):
        ui.label(f"Count: {self.count}").mark("count")
        with ui.card().classes(f"count-{self.count}"):
            ui.label("In the card")
            self.body()
        ui.input("Text")
        ui.button("+", on_click=self.event("inc"))

    def body(self):
        pass

    def handle_event(self, event, params):
        self.count += 1


def check_alive(page, before, *, count=1):
    """The page is exactly as it was and the next event works."""
    assert page.tree == before
    page.live.failing = ""
    page.click("+")
    assert page.has(f"Count: {count}")
    page.type("Text", "still here")
    page.click("+")
    assert page.has(f"Count: {count + 1}")
    assert page.find("Text").value == "still here"


# ---------------------------------------------------------------------------------------------------------------------
# Exceptions
# ---------------------------------------------------------------------------------------------------------------------


def test_exception_in_mount():
    class Broken(Page):
        def mount(self):
            raise ValueError("no database")  # in mount

    with playground.visit(Page) as other:
        with pytest.raises(ValueError, match="no database") as caught:
            playground.visit(Broken)
        assert_names(caught.value, "in mount")
        check_alive(other, other.tree)


def test_exception_in_async_mount():
    class Broken(Page):
        async def mount(self):
            await asyncio.sleep(0)
            raise ValueError("no database")  # in async mount

    with pytest.raises(ValueError, match="no database") as caught:
        playground.visit(Broken)
    assert_names(caught.value, "in async mount")


def test_no_timer_of_a_page_that_failed_to_mount_goes_on():
    got = []

    class Broken(Page):
        def mount(self):
            self.send_interval(0.001, "tick")
            raise ValueError("no database")

        def handle_info(self, message):
            got.append(message)

    with pytest.raises(ValueError, match="no database"):
        playground.visit(Broken)
    with playground.visit(Listener) as other:
        other.live.send_interval(0.001, "tick")
        settle_until(other, lambda: len(other.live.got) > 10)
    assert got == []


def test_exception_in_the_first_render():
    class Broken(Page):
        def body(self):
            ui.label("half of it")
            self.missing()  # in the first render

    with pytest.raises(AttributeError, match="missing") as caught:
        playground.visit(Broken)
    assert_names(caught.value, "in the first render")


class FailsLater(Page):
    def body(self):
        match self.failing:
            case "render":
                ui.label("half of it")
                raise ValueError("in between")  # later render
            case "constructor":
                ui.label("half of it")
                ui.select(["a", "b"], value="zzz")  # constructor
            case "changed constructor":
                ui.label("half of it")
            case "call":
                ui.label("half of it").classes(add=7)  # call
            case "missing method":
                ui.label("half of it").no_such_method()  # missing method
            case "missing argument":
                ui.link(no_such_argument=3)  # missing argument
            case "inside of with":
                with ui.row(), ui.expansion("open"):
                    ui.label("half of it")
                    raise ValueError("in between")  # inside of with
            case "key":
                for number in (1, 2, 1):
                    with playground.key(number):
                        ui.label(f"row {number}")  # key
            case "dialog":
                with ui.dialog(value=True):
                    ui.label("half of it")
                ui.header()
                raise ValueError("in between")  # dialog
        options = ["a", "b"] if self.failing != "changed constructor" else ["b", "c"]
        ui.select(options, value="a", label=f"of {self.count}")  # changed constructor


@pytest.mark.parametrize(
    ("failing", "exception", "text"),
    [
        ("render", ValueError, "in between"),
        ("constructor", ValueError, "zzz"),
        ("changed constructor", ValueError, "a"),
        ("call", Exception, "int"),
        ("missing method", AttributeError, "no_such_method"),
        ("missing argument", TypeError, "no_such_argument"),
        ("inside of with", ValueError, "in between"),
        ("key", ValueError, "1"),
        ("dialog", ValueError, "in between"),
    ],
)
def test_exception_in_a_later_render(failing, exception, text):
    marker = "later render" if failing == "render" else failing
    with playground.visit(FailsLater) as page, playground.visit(FailsLater) as other:
        before, ids = page.tree, [element.id for element in page.client.layout.descendants()]
        page.patches  # noqa: B018  # forget what was sent until now
        page.live.failing = failing
        with pytest.raises(exception, match=text) as caught:
            page.settle()
        assert_names(caught.value, marker)
        assert not page.patches, "nothing of it reaches the browser"
        assert [element.id for element in page.client.layout.descendants()] == ids
        check_alive(page, before)
        check_alive(other, other.tree)


def test_state_of_a_failed_render_is_kept():
    """The event counts, although the page cannot show it until `render` works again."""
    with playground.visit(FailsLater) as page:
        page.live.failing = "render"
        with pytest.raises(ValueError, match="in between"):
            page.settle()
        with pytest.raises(ValueError, match="in between"):
            page.click("+")
        assert page.live.count == 1
        assert page.has("Count: 0")
        page.live.failing = ""
        assert page.has("Count: 1")


class FailsInHandlers(Page):
    def body(self):
        def function():
            self.partly = 1
            raise ValueError("sync")  # sync

        async def coroutine():
            await asyncio.sleep(0)
            raise ValueError("async")  # async

        ui.button("sync", on_click=function)
        ui.button("async", on_click=coroutine)
        ui.button("lambda", on_click=lambda: 1 // self.zero)  # lambda
        ui.button("method", on_click=self.method)
        ui.button("event", on_click=self.event("fail"))
        ui.label("generic").on("click", self.method)
        ui.select(["x", "y"], label="change", on_change=self.method)
        if self.failing == "timer":
            ui.timer(0.001, self.method, once=True)

    def mount(self):
        super().mount()
        self.zero = 0

    def method(self):
        raise ValueError("method")  # method

    def handle_event(self, event, params):
        if event == "fail":
            raise ValueError("event")  # event
        super().handle_event(event, params)

    def handle_info(self, message):
        raise ValueError(f"message {message}")  # message


@pytest.mark.parametrize(
    ("act", "marker"),
    [
        (lambda page: page.click("sync"), "sync"),
        (lambda page: page.click("async"), "async"),
        (lambda page: page.click("lambda"), "lambda"),
        (lambda page: page.click("method"), "method"),
        (lambda page: page.click("generic"), "method"),
        (lambda page: page.click("event"), "event"),
        (lambda page: page.send("boom"), "message"),
    ],
    ids=["sync", "async", "lambda", "method", "generic", "event", "message"],
)
def test_exception_in_a_handler(act, marker):
    with playground.visit(FailsInHandlers) as page, playground.visit(FailsInHandlers) as other:
        before = page.tree
        for _ in range(2):
            with pytest.raises((ValueError, ZeroDivisionError)) as caught:
                act(page)
            assert_names(caught.value, marker)
            assert "FailsInHandlers" in "".join(traceback.format_exception(caught.value))
            assert page.tree == before
        check_alive(page, before)
        check_alive(other, other.tree)


def test_exception_in_a_change_handler():
    with playground.visit(FailsInHandlers) as page:
        with pytest.raises(ValueError, match="method") as caught:
            page.select("change", "y")
        assert_names(caught.value, "method")
        assert page.find("change").value == "y"  # what the user chose is not taken back
        page.click("+")
        assert page.has("Count: 1")


def test_exception_in_a_timer_and_in_delayed_messages():
    with playground.visit(FailsInHandlers) as page:
        page.live.failing = "timer"
        with pytest.raises(ValueError, match="method") as caught:
            settle_until(page, lambda: False)
        assert_names(caught.value, "method")
        page.live.failing = ""
        page.live.send_after(0.001, "later")
        with pytest.raises(ValueError, match="message later") as caught:
            settle_until(page, lambda: False)
        assert_names(caught.value, "message")
        timer = page.live.send_interval(0.05, "again")
        for _ in range(3):  # an interval survives its own failures
            with pytest.raises(ValueError, match="message again"):
                settle_until(page, lambda: False)
        timer.cancel()
        with contextlib.suppress(ValueError):  # of a tick that came before the end
            page.settle()
        page.click("+")
        assert page.has("Count: 1")


def test_a_page_that_cannot_go_elsewhere_stays():
    class Unmade(playground.LiveView):
        def __init__(self):
            raise ValueError("cannot be made")

        def render(self):
            pass

    class Leaving(Page):
        def handle_info(self, message):
            self.push_navigate("/unmade")

    with playground.visit({"/": Leaving, "/unmade": Unmade}) as page:
        for _ in range(2):
            page.live.send("go")
            with pytest.raises(ValueError, match="cannot be made"):
                page.settle()
        page.click("+")
        assert page.has("Count: 1")


def test_exception_of_terminate_does_not_hold_up_the_end(caplog):
    class Broken(Page):
        def terminate(self):
            raise ValueError("at the end")  # in terminate

    page = playground.visit(Broken)
    with playground.visit(Page) as other:
        page.close()
        check_alive(other, other.tree)
    assert "at the end" in caplog.text


@pytest.mark.parametrize("failure", ["cancelled", "exit"])
def test_handlers_that_raise_what_is_no_exception(failure):
    """`asyncio.CancelledError` of something that was awaited must not stop the page's mailbox."""

    class Broken(Page):
        async def handle_info(self, message):
            if failure == "cancelled":
                task = asyncio.create_task(asyncio.sleep(60))
                asyncio.get_running_loop().call_soon(task.cancel)
                await task
            else:
                raise asyncio.CancelledError

    with playground.visit(Broken) as page:
        page.live.send("go")
        with pytest.raises(RuntimeError, match="awaited has been cancelled"):
            page.settle()
        page.click("+")
        assert page.has("Count: 1")
        page.click("+")
        assert page.has("Count: 2")


SERVED = """
from nicegui import ui
import playground

class Page(playground.LiveView):
    def mount(self, params):
        self.count, self.failing = 0, params.get("failing", "")
        if self.failing == "mount":
            raise ValueError("broken at mount")  # mount

    def render(self):
        ui.label(f"count {self.count}").classes("count")
        ui.button("plus", on_click=lambda: setattr(self, "count", self.count + 1))
        ui.button("handler", on_click=self.handler)
        ui.button("coroutine", on_click=self.coroutine)
        ui.button("message", on_click=lambda: self.send("boom"))
        ui.button("render", on_click=lambda: self.fail("render"))
        ui.button("constructor", on_click=lambda: self.fail("constructor"))
        ui.button("repair", on_click=lambda: self.fail(""))
        if self.failing == "render":
            raise ValueError("broken at render")  # render
        if self.failing == "constructor":
            ui.select(["a"], value="zzz")  # constructor

    def fail(self, how):
        self.failing = how

    def handler(self):
        raise ValueError("broken at handler")  # handler

    async def coroutine(self):
        raise ValueError("broken at coroutine")  # coroutine

    def handle_info(self, message):
        raise ValueError("broken at message")  # message
"""


def served_line(script: str, marker: str) -> int:
    return next(number for number, line in enumerate(script.splitlines(), 1) if line.endswith(f"# {marker}"))


def test_exceptions_on_a_real_server(serve, open_page, wait_for):
    from playwright.sync_api import expect

    server = serve(SERVED)
    one, two = open_page(server.url), open_page(server.url)
    for count, failure in enumerate(("handler", "coroutine", "message", "render", "constructor")):
        seen = len(server.log)
        one.get_by_role("button", name=failure).click()
        named = f'my_demo.py", line {served_line(server.path.read_text(), failure)}, in '
        wait_for(lambda seen=seen, named=named: named in server.log[seen:], what=lambda: server.log)
        said = "ValueError: " + ("Invalid value: zzz" if failure == "constructor" else f"broken at {failure}")
        assert said in server.log[seen:]
        overlay = one.locator("playground-overlay .error")
        expect(overlay).to_contain_text("Invalid value: zzz" if failure == "constructor" else f"broken at {failure}")
        expect(two.locator("playground-overlay")).to_have_count(0)
        one.keyboard.press("Escape")
        expect(overlay).to_have_count(0)
        expect(one.locator(".count")).to_have_text(f"count {count}")
        one.get_by_role("button", name="repair").click()
        one.get_by_role("button", name="plus").click()
        expect(one.locator(".count")).to_have_text(f"count {count + 1}")
        expect(two.locator(".count")).to_have_text("count 0")
    two.get_by_role("button", name="plus").click()
    expect(two.locator(".count")).to_have_text("count 1")
    assert "Traceback" not in server.log


@pytest.mark.parametrize("failure", ["mount", "render", "constructor"])
def test_exceptions_of_a_first_request_on_a_real_server(serve, failure, wait_for):
    server = serve(SERVED)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{server.url}/?failing={failure}")
    assert caught.value.code == 500
    named = f'my_demo.py", line {served_line(server.path.read_text(), failure)}, in '
    wait_for(lambda: named in server.log, what=lambda: server.log)
    with urllib.request.urlopen(server.url) as answer:
        assert answer.status == 200


# ---------------------------------------------------------------------------------------------------------------------
# Mistakes in how a page is written: the text names cause and remedy
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["event", "send", "session", "client", "render", "mount", "handle_event", "refresh", "connected"]
)
def test_reserved_names_cannot_be_set(name):
    class Wrong(Page):
        def mount(self):
            super().mount()
            setattr(self, name, 7)

    with pytest.raises(AttributeError, match=rf"Wrong\.{name} cannot be set.*{name}.*Choose another"):
        playground.visit(Wrong)


@pytest.mark.parametrize("name", ["event", "send", "session", "client", "refresh"])
def test_reserved_names_cannot_be_class_attributes(name):
    wrong = type("Wrong", (Page,), {name: 7})
    with pytest.raises(TypeError, match=rf"Wrong\.{name}.*Choose another"):
        playground.visit(wrong)


def test_missing_handle_event():
    class Wrong(playground.LiveView):
        def render(self):
            ui.label("above")
            ui.button("go", on_click=self.event("start"))  # the button

    with playground.visit(Wrong) as page:
        before = page.tree
        with pytest.raises(
            NotImplementedError, match=r"Wrong got the event 'start' but has no handle_event\. Add `def handle_event"
        ) as caught:
            page.click("go")
        assert_names(caught.value, "the button")
        assert page.tree == before


class Known(playground.LiveView):
    """Knows its events by the cases of a `match`."""

    name = "incc"

    def render(self):
        ui.button("go", on_click=self.event(self.name))

    def handle_event(self, event, params):
        print("got", event)
        match event:
            case "inc" | "dec":
                pass
            case "reset" as which if params:
                print(which)


def known(source):
    """A page like `Known` with another `handle_event`, in a file as that of a user."""
    path = Path(tempfile.mkdtemp()) / "known.py"
    path.write_text(f"def handle_event(self, event, params):\n{textwrap.indent(textwrap.dedent(source), '    ')}\n")
    namespace = {}
    exec(compile(path.read_text(), path, "exec"), namespace)
    return type("Known", (Known,), {"handle_event": namespace["handle_event"]})


@pytest.mark.parametrize(
    ("event", "hint"),
    [("incc", "Did you mean 'inc'?"), ("rset", "Did you mean 'reset'?"), ("x", "There are: dec, inc, reset.")],
)
def test_an_event_that_no_case_fits_is_warned_of_once(caplog, event, hint):
    with playground.visit(type("Known", (Known,), {"name": event})) as page:
        page.click("go")
        page.click("go")
    (told,) = [record.getMessage() for record in caplog.records]
    line = inspect.getsourcelines(Known.render)[1] + 1
    assert told == f"{__file__}:{line}: no case in handle_event of Known fits the event {event!r}. {hint}"


@pytest.mark.parametrize(
    ("source", "warns"),
    [
        ("match event, params:\n    case 'inc', {'by': by}:\n        pass", True),
        ("match event:\n    case 'inc':\n        pass\n    case _:\n        pass", False),
        ("match event:\n    case 'inc':\n        pass\n    case other:\n        pass", False),
        ("match event, params:\n    case 'inc', _:\n        pass\n    case _, {'by': by}:\n        pass", False),
        ("match event:\n    case 'inc':\n        return\nself.count = 1", False),
        ("if event.startswith('i'):\n    return\nmatch event:\n    case 'dec':\n        pass", False),
        ("super().handle_event(event, params)\nmatch event:\n    case 'inc':\n        pass", False),
        ("match params:\n    case {'by': 1}:\n        pass", False),
        ("match event:\n    case self.name:\n        pass", False),
        ("if event == 'inc':\n    pass", False),
        ("pass", False),
    ],
)
def test_an_event_that_may_be_handled_is_not_warned_of(caplog, source, warns):
    with playground.visit(known(source)):
        pass
    assert ("fits the event 'incc'" in caplog.text) == warns


def test_missing_handle_info(caplog):
    with playground.visit(Page) as page:
        page.send({"news": 1})
        assert "Page got {'news': 1} but has no handle_info" in caplog.text
        check_alive(page, page.tree)


def test_async_render():
    class Wrong(playground.LiveView):
        async def render(self):
            ui.label("never")

    with pytest.raises(TypeError, match=r"render\(\) of Wrong is async.*Await in mount or in an event handler"):
        playground.visit(Wrong)


def test_render_that_returns_a_coroutine(recwarn):
    class Wrong(playground.LiveView):
        def render(self):
            return self.later()

        async def later(self):
            pass

    with pytest.raises(TypeError, match=r"render\(\) of Wrong is async"):
        playground.visit(Wrong)
    gc.collect()
    assert not [warning for warning in recwarn if "never awaited" in str(warning.message)]


def test_missing_render():
    class Wrong(playground.LiveView):
        pass

    with pytest.raises(TypeError, match=r"Wrong has no render method\. Add `def render"):
        playground.visit(Wrong)


class Part(playground.LiveComponent):
    def rendr(self):  # rendr of a component
        pass


class AsyncPart(playground.LiveComponent):
    async def render(self):  # async render of a component
        pass


@pytest.mark.parametrize(
    ("part", "message", "marker"),
    [
        (Part, "Part has no render method.*Did you mean it by 'rendr'", "rendr of a component"),
        (AsyncPart, r"render\(\) of AsyncPart is async", "async render of a component"),
    ],
)
def test_wrong_components_are_pointed_to(part, message, marker):
    class Wrong(playground.LiveView):
        def render(self):
            playground.live_component(part, id=1)

    with pytest.raises(TypeError, match=message) as caught:
        playground.visit(Wrong)
    assert_names(caught.value, marker)


def test_a_render_that_is_misspelt_is_pointed_to():
    class Wrong(playground.LiveView):
        def rendr(self):  # rendr
            pass

    with pytest.raises(TypeError, match="Did you mean it by 'rendr'") as caught:
        playground.visit(Wrong)
    assert_names(caught.value, "rendr")


class GivesCoroutine(playground.LiveView):
    given = "argument"

    def render(self):
        match self.given:
            case "argument":
                ui.label(self.load())  # argument
            case "call":
                ui.label().set_text(self.load())  # text by call
            case "within":
                ui.table(rows=[{"id": self.load()}])  # within
            case "component":
                playground.live_component(Part, id=1, data=self.load())  # for a component

    async def load(self):
        pass


@pytest.mark.parametrize(
    ("given", "marker"),
    [("argument", "argument"), ("call", "text by call"), ("within", "within"), ("component", "for a component")],
)
@pytest.mark.filterwarnings("error")
def test_an_element_that_is_given_a_coroutine(given, marker):
    with pytest.raises(TypeError, match=r"got a coroutine: load\(\) is async.*Await it in mount") as caught:
        playground.visit(type("GivesCoroutine", (GivesCoroutine,), {"given": given}))
    assert_names(caught.value, marker)


def test_wrong_view_classes():
    for wrong in (7, "Page", dict, lambda: None, ui.label, playground.GenServer):
        with pytest.raises(TypeError, match=r"is no page class\. Write `class MyPage\(playground\.LiveView\):`"):
            playground.visit(wrong)
    with pytest.raises(TypeError, match=r"Page\(\.\.\.\) is one page; give the class: live=Page"):
        playground.visit(Page())
    with pytest.raises(TypeError, match="nothing to serve"):
        playground.visit(None)
    with pytest.raises(TypeError, match="nothing to serve"):
        playground.visit({})
    with pytest.raises(ValueError, match='has to start with a slash: "/rooms"'):
        playground.visit({"rooms": Page})


def test_unhashable_key():
    class Wrong(playground.LiveView):
        def render(self):
            with playground.key(["a", "list"]):  # unhashable key
                ui.label("row")

    with pytest.raises(TypeError, match="unhashable type: 'list'") as caught:
        playground.visit(Wrong)
    assert_names(caught.value, "unhashable key")


def test_duplicate_keys():
    class Wrong(playground.LiveView):
        def render(self):
            for number in (1, 2, 1):
                with playground.key(number):  # used again
                    ui.label(f"row {number}")  # first used

    with pytest.raises(ValueError, match=r"key\(1\) is used twice under the same parent") as caught:
        playground.visit(Wrong)
    assert_names(caught.value, "used again", "first used")


def test_equal_keys_under_different_parents_are_fine():
    class Fine(playground.LiveView):
        def render(self):
            for column in range(2):
                with ui.column():
                    for number in range(3):
                        with playground.key(number):
                            ui.label(f"{column} {number}")
            for group in ("a", "b"):
                with playground.key(group):
                    for number in range(2):
                        with playground.key(number):
                            ui.label(f"{group} {number}")

    with playground.visit(Fine) as page:
        assert page.text.split() == [
            "0",
            "0",
            "0",
            "1",
            "0",
            "2",
            "1",
            "0",
            "1",
            "1",
            "1",
            "2",
            "a",
            "0",
            "a",
            "1",
            "b",
            "0",
            "b",
            "1",
        ]


def test_key_outside_of_render():
    with pytest.raises(RuntimeError, match=r"key\(\) says what elements belong to while render"), playground.key(1):
        pass


@pytest.mark.parametrize(
    ("seconds", "method"),
    [(-1, "send_after"), (0, "send_interval"), (-1, "send_interval"), (float("nan"), "send_after")],
)
def test_wrong_seconds(seconds, method):
    with playground.visit(Page) as page:
        with pytest.raises(ValueError, match=rf"{method}\(seconds, message\) takes a number.*got {seconds!r}"):
            getattr(page.live, method)(seconds, "tick")
        check_alive(page, page.tree)


# ---------------------------------------------------------------------------------------------------------------------
# Processes
# ---------------------------------------------------------------------------------------------------------------------


class Listener(Page):
    def mount(self):
        super().mount()
        self.got = []

    def body(self):
        ui.label(f"{len(self.got)} messages")

    def handle_info(self, message):
        self.got.append(message)


def test_send_from_threads_keeps_the_order_of_each():
    with playground.visit(Listener) as page:
        threads = [
            threading.Thread(target=lambda name=name: [page.live.send((name, number)) for number in range(500)])
            for name in "abcd"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        page.settle()
        assert len(page.live.got) == 2000
        for name in "abcd":
            assert [number for sender, number in page.live.got if sender == name] == list(range(500))
        assert page.has("2000 messages")


def test_messages_are_handled_in_order_and_shown_once():
    renders = []

    class Counting(Listener):
        def render(self):
            renders.append(len(self.got))
            super().render()

        def handle_info(self, message):
            if message == "more":
                for number in range(3):
                    self.send(f"inner {number}")
            super().handle_info(message)

    with playground.visit(Counting) as page:
        renders.clear()
        for message in ("first", "more", "last"):
            page.live.send(message)
        page.settle()
        assert page.live.got == ["first", "more", "last", "inner 0", "inner 1", "inner 2"]
        assert renders == [6], "the page is rendered once, when its mailbox is empty"


def test_async_messages_start_in_order_and_with_strict_turns_end_so_too():
    class Slow(Listener):
        turns = "strict"

        async def handle_info(self, message):
            self.got.append(("begin", message))
            await asyncio.sleep(0.001 if message % 7 == 0 else 0)
            self.got.append(("end", message))

    with playground.visit(Slow) as page:
        for number in range(200):
            page.live.send(number)
        page.settle()
        assert page.live.got == [(what, number) for number in range(200) for what in ("begin", "end")]

    Slow.turns = "interleaved"
    with playground.visit(Slow) as page:
        for number in range(200):
            page.live.send(number)
        page.settle()
        assert [number for what, number in page.live.got if what == "begin"] == list(range(200))
        assert sorted(number for what, number in page.live.got if what == "end") == list(range(200))
        assert page.live.got.index(("begin", 8)) < page.live.got.index(("end", 7))


def test_a_flood_in_one_page_does_not_starve_another():
    class Flooded(Listener):
        def handle_info(self, message):
            self.got.append(message)
            if not self.stopped:
                self.send("again")

        def mount(self):
            super().mount()
            self.stopped = False

    with playground.visit(Flooded) as flooded, playground.visit(Listener) as other:
        flooded.live.send("start")
        other.live.send("hello")
        other.settle()
        assert other.live.got == ["hello"]
        other.click("+")
        assert other.has("Count: 1")
        flooded.live.stopped = True
        flooded.settle()
        assert len(flooded.live.got) > 1


def test_send_after_and_send_interval():
    with playground.visit(Listener) as page:
        page.live.send_after(0.2, "later")
        page.live.send_after(0.1, "sooner")
        cancelled = page.live.send_after(0.005, "never")
        cancelled.cancel()
        cancelled.cancel()  # twice does no harm
        page.live.send("now")
        settle_until(page, lambda: len(page.live.got) == 3)
        assert page.live.got == ["now", "sooner", "later"]
        timer = page.live.send_interval(0.002, "tick")
        settle_until(page, lambda: page.live.got.count("tick") >= 5)
        timer.cancel()
        page.settle()
        ticks = page.live.got.count("tick")
        assert page.has(f"{ticks + 3} messages")
        page.live.send_after(0.02, "end")
        settle_until(page, lambda: "end" in page.live.got)
        assert page.live.got.count("tick") == ticks


def test_cancelled_while_its_message_waits():
    """`cancel()` takes back also what is in the mailbox already: "nothing of it arrives from now on"."""

    class Slow(Listener):
        turns = "strict"

        def mount(self):
            super().mount()
            self.gate = asyncio.Event()

        async def handle_info(self, message):
            if message == "wait":
                await self.gate.wait()
            self.got.append(message)

    with playground.visit(Slow) as page:
        page.live.send("wait")
        timer = page.live.send_interval(0.001, "tick")
        page._harness.run(asyncio.sleep(0.02))
        timer.cancel()
        page.live.gate.set()
        page.settle()
        assert page.live.got == ["wait"]


def test_a_slow_handler_gets_no_heap_of_ticks():
    class Slow(Listener):
        async def handle_info(self, message):
            self.got.append(message)
            await asyncio.sleep(0.02)
            if len(self.got) == 5:
                self.send("last")

    with playground.visit(Slow) as page:
        page.live.send_interval(0.001, "tick")
        page._harness.run(until(lambda: "last" in page.live.got))
        assert page.live.got.index("last") <= 6  # those of 100 ms would come before it


def test_terminate_is_called_once_with_its_reason_and_nothing_arrives_afterwards():
    calls = []

    class Ending(Listener):
        def mount(self):
            super().mount()
            self.send_interval(0.001, "tick")
            self.send_after(0.01, "late")

        def terminate(self, reason):
            calls.append((reason, len(self.got)))

    page = playground.visit(Ending)
    settle_until(page, lambda: page.live.got)
    live, harness = page.live, page._harness
    page.close()
    page.close()
    assert [reason for reason, _ in calls] == ["closed"]
    live.send("after the end")
    live.send_after(0, "after the end")
    live.count = 7
    live.refresh()
    harness.run(asyncio.sleep(0.03))
    assert calls == [("closed", len(live.got))]
    assert not live._process.timers


def test_terminate_while_a_handler_is_busy():
    calls = []

    class Ending(Page):
        def mount(self):
            super().mount()
            self.gate = asyncio.Event()

        async def handle_info(self, message):
            calls.append("begin")
            try:
                await self.gate.wait()
                calls.append("end")
            finally:
                calls.append("finally")

        async def terminate(self, reason):
            calls.append(reason)

    page = playground.visit(Ending)
    page.live.send("go")
    page._harness.run(until(lambda: "begin" in calls))
    page.close()
    page._harness.run(until(lambda: len(calls) == 3, lambda: calls))
    assert sorted(calls) == ["begin", "closed", "finally"]


def test_a_closed_page_is_freed():
    page = playground.visit(Listener)
    page.live.send_interval(0.001, "tick")
    page.click("+")
    page.type("Text", "abc")
    page.close()
    reference, harness = weakref.ref(page.live), page._harness
    del page

    def is_freed():
        gc.collect()
        return reference() is None

    harness.run(until(is_freed))


def fewer(*arguments):
    """The ways to write a callback with up to these arguments."""
    return [", ".join(["self", *arguments[:number]]) for number in range(len(arguments) + 1)] + [
        "self, *args",
        "self, first=None, *args",
        ", ".join(["self", *(f"{name}=None" for name in arguments)]),
        ", ".join(["self", *arguments, "more=7"]),
        ", ".join(["self", *arguments, "*", "named=7"]),
        ", ".join(["self", *arguments, "/"]) if arguments else "self",
    ]


@pytest.mark.parametrize("asynchronous", ["", "async "], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        *(("mount", form, ({"a": "1"}, {"user": "x"})) for form in fewer("params", "session")),
        *(("handle_event", form, ("go", {"by": 2})) for form in fewer("event", "params")),
        *(("handle_info", form, ("hello",)) for form in fewer("message")),
        *(("terminate", form, ("closed",)) for form in fewer("reason")),
    ],
)
def test_callbacks_may_take_fewer_arguments(name, parameters, expected, asynchronous):
    got = []
    namespace = {"got": got}
    body = "got.append([v for k, v in list(locals().items()) if k not in ('self', 'args', 'more', 'named')] + list(locals().get('args', ())))"
    exec(f"{asynchronous}def {name}({parameters}):\n    {body}\n", namespace)

    def render(self):
        ui.button("go", on_click=self.event("go", by=2))

    view = type("Fewer", (playground.LiveView,), {"render": render, name: namespace[name]})
    with playground.visit(view, "/?a=1", session={"user": "x"}) as page:
        if name == "handle_event":
            page.click("go")
        elif name == "handle_info":
            page.send("hello")
    page._harness.run(asyncio.sleep(0))
    assert len(got) == 1
    taken = list(expected)[: len(got[0])]
    if name == "handle_event" and len(taken) == 2:
        assert got[0][0] == "go"
        assert got[0][1]["by"] == 2
    else:
        assert [value for value in got[0] if value is not None] == taken
    if "*args" in parameters or "=None" in parameters or "more" in parameters:
        assert len(got[0]) == len(expected), "those that can take all get all"


@pytest.mark.parametrize("kind", ["staticmethod", "classmethod", "lambda", "partial", "callable"])
def test_handlers_of_every_kind(kind):
    import functools

    got = []

    class Callable:
        def __call__(self):
            got.append(kind)

    class Page(playground.LiveView):
        @staticmethod
        def static():
            got.append(kind)

        @classmethod
        def of_class(cls):
            got.append(kind)

        def render(self):
            handlers = {
                "staticmethod": self.static,
                "classmethod": self.of_class,
                "lambda": lambda: got.append(kind),
                "partial": functools.partial(got.append, kind),
                "callable": Callable(),
            }
            ui.button("go", on_click=handlers[kind])

    with playground.visit(Page) as page:
        for number in range(1, 3):
            page.click("go")
            assert got == [kind] * number


def test_event_merges_what_is_given_and_what_happened():
    class Events(playground.LiveView):
        def mount(self):
            self.got = []

        def render(self):
            ui.button("plain", on_click=self.event("plain"))
            ui.button("given", on_click=self.event("given", id=7, name="x"))
            ui.input("value", on_change=self.event("value", id=7))
            ui.input("explicit", on_change=self.event("explicit", value="mine"))
            ui.label("generic").on("dblclick", self.event("generic", id=7), ["clientX", "clientY"])
            ui.label("explicit generic").on(
                "dblclick", self.event("explicit generic", clientX=-1), ["clientX", "clientY"]
            )
            ui.label("no arguments").on("dblclick", self.event("no arguments"), [])
            ui.switch("switch", on_change=self.event("switch"))
            ui.select({1: "one", 2: "two"}, label="select", on_change=self.event("select"))
            ui.number("number", on_change=self.event("number"))

        def handle_event(self, event, params):
            self.got.append((event, params))

    with playground.visit(Events) as page:

        def last():
            event, params = page.live.got.pop()
            assert not page.live.got
            return event, params

        page.click("plain")
        assert last()[0] == "plain"
        page.click("given")
        event, params = last()
        assert (event, params["id"], params["name"]) == ("given", 7, "x")
        page.type("value", "abc")
        assert last() == ("value", {"value": "abc", "id": 7})
        page.type("explicit", "abc")
        assert last() == ("explicit", {"value": "mine"})
        page.trigger("generic", "dblclick", {"clientX": 3, "clientY": 4})
        assert last() == ("generic", {"clientX": 3, "clientY": 4, "id": 7})
        page.trigger("explicit generic", "dblclick", {"clientX": 3, "clientY": 4})
        assert last() == ("explicit generic", {"clientX": -1, "clientY": 4})
        page.trigger("no arguments", "dblclick")
        assert last()[0] == "no arguments"
        page.check("switch")
        assert last() == ("switch", {"value": True})
        page.select("select", "two")
        assert last() == ("select", {"value": 2})
        page.type("number", "3.5")
        assert last() == ("number", {"value": 3.5})


def test_params_of_an_event_are_not_shared_between_calls():
    class Events(playground.LiveView):
        def render(self):
            ui.button("go", on_click=self.event("go", id=7))

        def handle_event(self, event, params):
            assert "seen" not in params
            params["seen"] = True

    with playground.visit(Events) as page:
        page.click("go")
        page.click("go")


def test_nested_events_are_handled_within_the_one_that_caused_them():
    class Nested(playground.LiveView):
        def mount(self):
            self.steps = []

        def render(self):
            self.target = ui.input("target", on_change=self.event("changed"))
            ui.button("set", on_click=self.event("set"))
            ui.label(" ".join(self.steps)).mark("steps")

        def handle_event(self, event, params):
            if event == "set":
                self.steps.append("(")
                self.target.value = "new"
                self.steps.append(")")
            else:
                self.steps.append(params["value"])

    with playground.visit(Nested) as page:
        page.click("set")
        assert page.live.steps == ["(", "new", ")"]
        assert page.find("target").value == "new"
        assert page.has("( new )")


def test_nested_async_events_follow():
    class Nested(playground.LiveView):
        def mount(self):
            self.steps = []

        def render(self):
            self.target = ui.input("target", on_change=self.event("changed"))
            ui.button("set", on_click=self.event("set"))

        async def handle_event(self, event, params):
            self.steps.append(f"{event} begins")
            if event == "set":
                self.target.value = "new"
            await asyncio.sleep(0.001)
            self.steps.append(f"{event} ends")

    with playground.visit(Nested) as page:
        page.click("set")
        assert page.live.steps == ["set begins", "changed begins", "set ends", "changed ends"]


def test_elements_that_set_each_other_come_to_rest():
    class Temperature(playground.LiveView):
        def render(self):
            celsius = ui.number("C", value=0, on_change=lambda e: setattr(fahrenheit, "value", e.value * 9 / 5 + 32))
            fahrenheit = ui.number("F", value=32, on_change=lambda e: setattr(celsius, "value", (e.value - 32) * 5 / 9))

    with playground.visit(Temperature) as page:
        page.type("C", "100")
        assert page.find("F").value == 212
        page.type("F", "32")
        assert page.find("C").value == 0
        page.live.refresh()
        page.settle()
        assert page.find("F").value == 32


def test_handlers_may_call_each_other_and_send_to_themselves():
    class Reentrant(Listener):
        def handle_event(self, event, params):
            if params.get("depth", 0) < 3:
                self.handle_event(event, {"depth": params.get("depth", 0) + 1})
            self.count += 1
            self.send(f"after {self.count}")

    with playground.visit(Reentrant) as page:
        page.click("+")
        assert page.live.count == 4
        assert page.live.got == ["after 1", "after 2", "after 3", "after 4"]


def test_attributes_set_while_rendering_do_not_render_for_ever():
    renders = []

    class Memo(Page):
        def body(self):
            renders.append(1)
            self.cached = len(renders)
            ui.label(f"cached {self.cached}")

    with playground.visit(Memo) as page:
        renders.clear()
        page.click("+")
        assert len(renders) == 1


def test_everything_async():
    class Async(playground.LiveView):
        async def mount(self):
            await asyncio.sleep(0)
            self.steps = ["mount"]

        def render(self):
            ui.label(" ".join(self.steps))
            ui.button("event", on_click=self.event("event"))
            ui.button("method", on_click=self.method)
            ui.button("with argument", on_click=self.with_argument)
            ui.button("lambda", on_click=lambda: self.method())
            ui.input("change", on_change=self.with_argument)

        async def handle_event(self, event):
            await asyncio.sleep(0)
            self.steps.append(event)

        async def method(self):
            await asyncio.sleep(0)
            self.steps.append("method")

        async def with_argument(self, e):
            await asyncio.sleep(0)
            self.steps.append(type(e).__name__)

        async def handle_info(self, message):
            await asyncio.sleep(0)
            self.steps.append(message)

    with playground.visit(Async) as page:
        page.click("event")
        page.click("method")
        page.click("with argument")
        page.click("lambda")
        page.type("change", "x")
        page.send("message")
        assert page.live.steps == [
            "mount", "event", "method", "ClickEventArguments", "method", "ValueChangeEventArguments", "message",
        ]  # fmt: skip
        assert page.has("mount event method")


def test_handlers_stand_in_the_slot_of_their_element():
    """Elements made by a handler, and `ui.notify`, find their page also after an `await`."""

    class Slots(playground.LiveView):
        def render(self):
            with ui.card().mark("card"):
                ui.button("add", on_click=self.add)
            ui.button("message", on_click=lambda: self.send("go"))

        async def add(self):
            await asyncio.sleep(0.001)
            ui.notify("added")

        def handle_info(self, message):
            ui.notify("got it")

    with playground.visit(Slots) as page:
        page.patches  # noqa: B018
        page.click("add")
        page.click("message")
        assert [patch.data["message"] for patch in page.patches if patch.kind == "notify"] == ["added", "got it"]


def test_send_and_set_before_the_page_is_open():
    """`mount` may send to itself; what was sent is handled after the first render, in order."""

    class Early(Listener):
        def mount(self):
            super().mount()
            self.send("one")
            thread = threading.Thread(target=lambda: self.send("two"))
            thread.start()
            thread.join()
            self.send("three")

    with playground.visit(Early) as page:
        assert page.live.got == ["one", "two", "three"]
        assert page.has("3 messages")


def test_a_text_that_an_element_refuses_changes_nothing():
    class Page(playground.LiveView):
        def mount(self):
            self.text, self.count = "fine", 0

        def render(self):
            ui.label(f"count {self.count}")
            ui.html(self.text)

    with playground.visit(Page) as page:
        page.live.count += 1
        page.live.text = "<script></script>"
        with pytest.raises(ValueError, match="script") as failure:
            page.settle()
        assert any("test_errors.py" in note for note in failure.value.__notes__)
        assert page.find(ui.label).text == "count 0"
        assert page.find(ui.html).element.content == "fine"
        page.live.text = "fine again"
        assert page.find(ui.label).text == "count 1"
        assert page.find(ui.html).element.content == "fine again"


def labels_of(page):
    """The texts of its labels, without waiting for anything."""
    return [element.text for element in page.client.elements.values() if isinstance(element, ui.label)]


def test_what_an_async_handler_sets_shows_while_it_awaits_and_what_it_changes_in_place_afterwards():
    class Page(playground.LiveView):
        def mount(self):
            self.loading, self.items, self.go = False, [], asyncio.Event()

        def render(self):
            ui.button("load", on_click=self.load)
            ui.label(f"loading {self.loading}, items {self.items}")

        async def load(self):
            self.loading = True
            await self.go.wait()
            self.items.append(1)

    with playground.visit(Page) as page:
        page.click("load")
        assert labels_of(page) == ["loading True, items []"]
        page.live.go.set()
        page.settle()
        assert labels_of(page) == ["loading True, items [1]"]


def test_any_value_that_the_browser_changes_shows():
    class Model:
        name = ""

    class Page(playground.LiveView):
        def mount(self):
            self.model, self.data = Model(), {"name": ""}

        def render(self):
            ui.input("object").bind_value(self.model, "name")
            ui.input("dictionary").bind_value(self.data, "name")
            ui.label(f"{self.model.name} {self.data['name']}")
            ui.button("copy", on_click=lambda: setattr(self, "data", dict(self.data)))

    with playground.visit(Page) as page:
        page.type("object", "Ada")
        page.type("dictionary", "x")
        assert page.has("Ada x")
        page.click("copy")
        page.type("dictionary", "y")
        assert page.has("Ada y")


def test_refresh_shows_while_an_async_handler_awaits():
    class Page(playground.LiveView):
        def mount(self):
            self.items, self.go = [], asyncio.Event()

        def render(self):
            ui.button("load", on_click=self.load)
            ui.label(f"items {self.items}")

        async def load(self):
            self.items.append(1)
            self.refresh()
            await self.go.wait()

    with playground.visit(Page) as page:
        page.click("load")
        assert labels_of(page) == ["items [1]"]
        page.live.go.set()


def test_decorated_handlers_get_the_event_that_they_want():
    def noted(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapper

    class Page(playground.LiveView):
        seen = ""

        def render(self):
            ui.button("go", on_click=self.go)
            ui.label(f"seen {self.seen}")

        @noted
        def go(self, event):
            self.seen = type(event).__name__

    with playground.visit(Page) as page:
        page.click("go")
        assert page.has("seen ClickEventArguments")


def test_arguments_are_what_they_were_when_the_element_was_made():
    class Page(playground.LiveView):
        def render(self):
            options = []
            for letter in "abc":
                options.append(letter)
                ui.radio(options)

    with playground.visit(Page) as page:
        assert [len(found.element.options) for found in page.find_all(ui.radio)] == [1, 2, 3]


def test_a_page_sets_an_attribute_of_another_page_while_it_renders():
    class Page(playground.LiveView):
        other, shown, number = None, 0, 0

        def render(self):
            ui.label(f"shown {self.shown}")
            if self.other is not None:
                self.other.shown = self.number

    with playground.visit(Page) as one, playground.visit(Page) as other:
        one.live.other = other.live
        one.live.number = 5
        one.settle()
        assert other.has("shown 5")


def test_fields_that_take_turns_are_different_fields():
    class Page(playground.LiveView):
        show = False

        def render(self):
            if self.show:
                ui.input("Phone")
            ui.input("Email")
            ui.button("more", on_click=self.more)

        def more(self):
            self.show = True

    with playground.visit(Page) as page:
        page.type("Email", "me@example.org")
        email = page.find("Email").element
        page.click("more")
        assert page.find("Phone").value == ""
        assert page.find("Email").value == "me@example.org"
        assert page.find("Email").element is email


@pytest.mark.parametrize(
    ("methods", "message"),
    [
        ("def rendr(self): pass", "has no render method.*Did you mean it by 'rendr'"),
        (
            "def render(self): ui.button('go', on_click=self.event('go'))\n    def handel_event(self, event): pass",
            "has no handle_event.*Did you mean it by 'handel_event'",
        ),
    ],
)
def test_a_callback_that_is_misspelt_is_named(methods, message):
    names = {"ui": ui, "playground": playground, "__name__": "demo"}
    exec(f"class Page(playground.LiveView):\n    {methods}", names)
    with pytest.raises((TypeError, NotImplementedError), match=message), playground.visit(names["Page"]) as page:
        page.click("go")


def test_a_mount_that_is_misspelt_is_named(caplog):
    class Page(playground.LiveView):
        def muont(self):
            self.count = 0

        def render(self):
            ui.label(self.count)

    with pytest.raises(AttributeError, match="count"), playground.visit(Page):
        pass
    assert "Page has no mount. Did you mean it by 'muont'?" in caplog.text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("ui.button('go', on_click=self.wait())", "on_click got what wait() returns: name the function"),
        ("ui.timer(1, self.wait())", "callback got what wait() returns: name the function"),
        ("ui.button('go', on_click='inc')", "on_click got 'inc': an event is written on_click=self.event('inc')"),
    ],
)
def test_what_is_no_handler_is_refused(given, message):
    names = {"ui": ui, "playground": playground, "__name__": "demo"}
    methods = f"async def wait(self): pass\n    def render(self): {given}"
    exec(f"class Page(playground.LiveView):\n    {methods}", names)
    with pytest.raises(TypeError, match=re.escape(message)), playground.visit(names["Page"]):
        pass


def test_a_method_that_is_called_where_it_was_to_be_named_is_warned_of(caplog):
    class Page(playground.LiveView):
        count, is_open = 0, False

        def render(self):
            self.total = self.count + 1
            ui.label(self.count)
            ui.button("open", on_click=self.add if self.is_open else None)
            ui.button("add", on_click=self.add())

        def add(self):
            self.count += 1

    with playground.visit(Page):
        pass
    (told,) = [record.getMessage() for record in caplog.records if "without parentheses" in record.getMessage()]
    line = inspect.getsourcelines(Page.render)[1] + 4
    assert f"line {line}, in render: on_click is None, and self.count was just set" in told


def test_errors_that_are_found_out_elsewhere_point_to_where_they_are_mended():
    class Page(playground.LiveView):
        def mount(self):
            self.kind = ""

        def render(self):
            ui.button("wants more", on_click=self.wants_more)
            if self.kind == "call":
                ui.button("missing", on_click=self.event)
            return "text" if self.kind == "text" else None

        def wants_more(self, by, at):
            pass

    def line_of(text):
        lines, first = inspect.getsourcelines(Page)
        return first + next(number for number, line in enumerate(lines) if text in line)

    for kind, place in (("call", "missing"), ("text", "def render")):
        with playground.visit(Page) as page:
            page.live.kind = kind
            with pytest.raises(TypeError) as raised:
                page.settle()
            assert f'test_errors.py", line {line_of(place)}, in render' in "\n".join(raised.value.__notes__)
    with playground.visit(Page) as page:
        with pytest.raises(TypeError) as raised:
            page.click("wants more")
        assert f'test_errors.py", line {line_of("def wants_more")}, in wants_more' in "\n".join(raised.value.__notes__)


EXITS = """
import sys
from nicegui import app, ui
import playground


class Page(playground.LiveView):
    def mount(self, params):
        self.where = params.get("where", "")
        self.exit_in("mount")

    async def handle_params(self):
        self.exit_in("handle_params")

    def render(self):
        self.exit_in("render")
        ui.label("here")

    def exit_in(self, where):
        if self.where == where:
            print("exits in", where, flush=True)
            sys.exit(2)

    def terminate(self):
        self.exit_in("terminate")


class Later(Page):
    async def terminate(self):
        self.exit_in("terminate")


async def controller(request):
    sys.exit(2)


def in_thread(request):
    sys.exit(2)


playground.start(live={"/": Page, "/later": Later}, controller={"/async": controller, "/thread": in_thread}, port=PORT,
                 open_browser=False, reconnect_timeout=0.1)
"""


def test_what_exits_ends_no_server(serve, open_page, wait_for):
    server = serve(EXITS)
    paths = ["/?where=mount", "/?where=handle_params", "/?where=render", "/async", "/thread"]
    for path in paths:
        with pytest.raises(urllib.error.HTTPError, match="500") as caught:
            urllib.request.urlopen(server.url + path)
        assert "SystemExit" in caught.value.read().decode()
    for number, path in enumerate(("/?where=terminate", "/later?where=terminate"), 1):
        open_page(server.url + path).close()
        wait_for(lambda number=number: server.log.count("exits in terminate") == number, what=lambda: server.log)
    assert "here" in urllib.request.urlopen(server.url).read().decode()
