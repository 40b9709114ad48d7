"""What helps whoever writes the pages: the error overlay, open in editor, the console, the live prompt, the command."""

import ast
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import tomllib
import urllib.error
import urllib.request

import pytest
from conftest import NOT_INHERITED, PATIENCE, SERVER_GONE, environment_of_servers, wait_until

import playground

COUNTER = """
from nicegui import ui
import playground


class Counter(playground.LiveView):
    def mount(self):
        self.count, self.ticks = 0, False
        self.subscribe("news")

    def handle_info(self, message):
        self.count = 10 // message

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        if self.ticks:
            ui.timer(0.01, self.tick, once=True)
        ui.button("fail in timer", on_click=lambda: setattr(self, "ticks", True))
        ui.button("fail in message", on_click=lambda: self.send(0))
        ui.button("+", on_click=self.event("inc", by=1))
        ui.button("fail", on_click=self.event("fail", text="<b>bold</b>"))
        ui.button("fail later", on_click=self.fail_later)
        ui.button("fail in background", on_click=self.fail_in_background)
        ui.button("warn", on_click=self.warn)
        ui.input("Name")

    def handle_event(self, event, params):
        match event:
            case "inc":
                self.count += params["by"]
            case "fail":
                broken = ["<i>", self.count]
                raise ValueError(f"no {params['text']} here {broken[0]}")

    async def fail_later(self):
        import asyncio
        await asyncio.sleep(0.01)
        raise LookupError("too late")

    def tick(self):
        raise OSError("no tick")

    def fail_in_background(self):
        from nicegui import background_tasks
        async def work():
            raise KeyError("in the background")
        background_tasks.create(work())

    def warn(self):
        import logging
        logging.getLogger("shop").warning("stock is low")
"""

OVERLAY = "playground-overlay .error"


def expect(*args):
    from playwright.sync_api import expect

    return expect(*args)


def click(page, name):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("name", ["fail", "fail in message", "fail later"])
def test_the_terminal_shows_the_code_of_the_program_and_not_how_it_was_called(serve, open_page, wait_for, name):
    server = serve(COUNTER)
    click(open_page(server.url), name)
    wait_for(lambda: re.search(r"^\w+Error: ", server.stderr, re.MULTILINE))
    frames = re.findall(r"File \".*?(\w+)\.py\", line", server.stderr)
    assert set(frames) == {"my_demo"}


IN_SHORT = """
from nicegui import ui
import playground


class Clerk(playground.GenServer):
    def handle_cast(self, request):
        return {}[request]


class Counter(playground.LiveView):
    def mount(self):
        self.count = 0
        self.a_name_that_is_rather_long_but_one_word = 1

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("inc", on_click=self.event("inc"))
        ui.button("fine", on_click=self.fine)
        ui.button("many", on_click=lambda: [self.send("tick") for _ in range(54)])
        ui.button("clerk", on_click=lambda: playground.cast(Clerk, "apples"))
        ui.button("caused", on_click=self.caused)

    def fine(self):
        self.count += 1

    def caused(self):
        try:
            {}["inner"]
        except KeyError as error:
            raise ValueError("outer") from error

    def handle_info(self, message):
        raise OSError("no tick")

    def handle_event(self, event, params):
        self.count += params["by"]


playground.start(live=Counter, children=[Clerk], port=PORT, open_browser=False)
"""


def line_of(server, text):
    return 1 + next(number for number, line in enumerate(server.path.read_text().splitlines()) if text in line)


@pytest.mark.parametrize(
    ("button", "headline", "function", "code", "rest"),
    [
        ("inc", "KeyError: 'by' in event('inc') of Counter", "handle_event", 'self.count += params["by"]', ""),
        (
            "clerk",
            "Clerk crashed in handle_cast('apples'): KeyError: 'apples'",
            "handle_cast",
            "return {}[request]",
            "",
        ),
        (
            "caused",
            "ValueError: outer in Counter.caused",
            "caused",
            'raise ValueError("outer") from error',
            "  caused by KeyError: 'inner'\n  File \"FILE\", line 29, in caused\n",
        ),
    ],
)
def test_the_terminal_says_an_error_in_one_line_with_the_frames_of_the_program(
    serve, open_page, wait_for, button, headline, function, code, rest
):
    server = serve(IN_SHORT)
    click(open_page(server.url), button)
    place = f'  File "{server.path}", line {line_of(server, code)}, in {function}\n    {code}\n'
    wait_for(
        lambda: server.stderr == f"{headline}\n{place}{rest.replace('FILE', str(server.path))}", lambda: server.log
    )


def test_what_fails_again_and_again_is_said_once_and_counted(serve, open_page, wait_for):
    server = serve(IN_SHORT)
    page = open_page(server.url)
    click(page, "many")
    wait_for(lambda: "OSError: no tick in handle_info('tick') of Counter: the same again, 53 times\n" in server.stderr)
    assert server.stderr.count("OSError: ") == 2
    click(page, "inc")  # another one
    wait_for(lambda: "KeyError: 'by'" in server.stderr)


def test_tracebacks_are_full_if_that_is_wanted(serve, open_page, wait_for):
    server = serve(IN_SHORT, env={"PLAYGROUND_TRACEBACK": "full"})
    click(open_page(server.url), "inc")
    wait_for(lambda: "KeyError: 'by'\n" in server.stderr)
    assert "Traceback (most recent call last):" in server.stderr
    assert "playground.py" in server.stderr


def test_a_crash_of_a_process_is_noted_in_the_pages(serve, open_page):
    server = serve(IN_SHORT)
    one, two = open_page(server.url), open_page(server.url)
    click(one, "clerk")
    for page in (one, two):
        note = page.locator("playground-overlay .crash")
        expect(note).to_contain_text("Clerk crashed in handle_cast('apples'): KeyError: 'apples'")
        expect(note.locator("a")).to_have_text(f"my_demo.py:{line_of(server, 'return {}[request]')}")
    one.locator("playground-overlay [data-playground=dismiss]").click()
    expect(one.locator("playground-overlay")).to_have_count(0)
    expect(two.locator("playground-overlay .crash")).to_be_visible()
    click(two, "inc")
    expect(two.locator(OVERLAY)).to_be_visible()
    click(one, "fine")
    expect(one.locator(".count")).to_have_text("Count: 1")
    click(one, "clerk")  # an error is not covered by a note
    expect(two.locator(OVERLAY)).to_contain_text("event('inc')")


@pytest.mark.parametrize("size", [(1280, 800), (640, 400), (844, 390), (390, 844)], ids=str)  # 640x400: zoomed to 200 %
def test_the_failing_line_is_seen_at_once_and_names_do_not_break(serve, open_page, size):
    page = open_page(serve(IN_SHORT).url)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    click(page, "inc")
    overlay = page.locator(OVERLAY)
    for part in ("h1", ".message", "mark"):
        box, room = overlay.locator(part).bounding_box(), overlay.bounding_box()
        assert room["y"] <= box["y"]
        assert box["y"] + box["height"] <= size[1]
    assert overlay.evaluate("section => section.scrollTop") == 0
    assert overlay.evaluate("section => section.scrollWidth <= section.clientWidth")
    heights = overlay.evaluate("section => [...section.querySelectorAll('dt')].map((name) => name.clientHeight)")
    assert max(heights) - min(heights) <= 1


@pytest.mark.quick
def test_an_error_in_a_handler_is_shown_with_what_one_needs_to_know(serve, open_page):
    server = serve(COUNTER)
    page, other = open_page(server.url), open_page(server.url)
    click(page, "+")
    click(page, "fail")
    overlay = page.locator(OVERLAY)
    expect(overlay.locator("h1")).to_have_text("ValueError")
    expect(overlay).to_contain_text("no <b>bold</b> here <i>")  # as text, not as elements
    assert overlay.locator("i >> text=/^$/").count() == 0
    expect(overlay).to_contain_text("event('fail', text='<b>bold</b>')")
    expect(overlay).to_contain_text("Running the version saved at")
    line = (
        server.path.read_text()
        .splitlines()
        .index("                raise ValueError(f\"no {params['text']} here {broken[0]}\")")
        + 1
    )
    expect(overlay.locator("[data-playground=edit]").first).to_contain_text(f"my_demo.py:{line}")
    expect(overlay.locator("mark").first).to_contain_text("raise ValueError")
    expect(overlay.locator("dl")).to_contain_text("broken")
    expect(overlay.locator("dl")).to_contain_text("['<i>', 1]")
    expect(other.locator("playground-overlay")).to_have_count(0)
    click(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 2")


@pytest.mark.parametrize(
    ("button", "text"),
    [
        ("fail later", "too late"),
        ("fail in background", "in the background"),
        ("fail in timer", "no tick"),
        ("fail in message", "ZeroDivisionError"),
    ],
)
def test_errors_outside_of_plain_handlers_are_shown_too(serve, open_page, button, text):
    page = open_page(serve(COUNTER).url)
    click(page, button)
    expect(page.locator(OVERLAY)).to_contain_text(text)


def is_own(file):
    return file == __file__


class Unspeakable:
    def __repr__(self):
        raise RuntimeError("no words")


def fail_with_variables():
    unspeakable, long, many = Unspeakable(), "x" * 100_000, list(range(100_000))  # noqa: F841
    deep = [[[[["deep"]]]]]  # noqa: F841
    raise KeyError("missing")


def report_of(function):
    try:
        function()
    except BaseException as error:
        return playground._report_of(error, is_own=is_own)


def test_variables_are_shown_in_short_and_hurt_nobody():
    report = report_of(fail_with_variables)
    variables = dict(report.variables)
    assert (report.title, report.message) == ("KeyError", "'missing'")
    assert variables["unspeakable"] == "<repr failed: RuntimeError>"
    assert variables["long"].startswith("'xxx")
    assert variables["many"].startswith("100,000 items: [0, 1, 2,")
    assert variables["deep"] == "[[[…]]]"
    assert all(len(value) <= 120 for value in variables.values())
    html = playground._report_html(report, running="", can_remount=False)
    assert "&lt;repr failed: RuntimeError&gt;" in html


def fail_in_a_group():
    def member():
        raise OSError("no <network>")

    errors = [ValueError("first")]
    try:
        member()
    except OSError as error:
        errors.append(error)
    raise ExceptionGroup("several", [errors[0], ExceptionGroup("inner", errors[1:])]) from LookupError("cause")


def test_members_of_a_group_and_causes_are_named():
    report = report_of(fail_in_a_group)
    assert (report.title, report.message) == ("ExceptionGroup", "several (2 sub-exceptions)")
    told = [(relation, title, message, place and place.name) for relation, title, message, place in report.related]
    assert told == [
        ("with", "ValueError", "first", None),
        ("with", "ExceptionGroup", "inner (1 sub-exception)", None),
        ("with", "OSError", "no <network>", "member"),
        ("caused by", "LookupError", "cause", None),
    ]
    html = playground._report_html(report, running="", can_remount=False)
    assert "with <b>OSError</b> no &lt;network&gt;" in html


def test_colours_of_the_overlay_follow_the_page(serve, open_page):
    page = open_page(serve(COUNTER).url)
    colours = """() => {
        const section = document.querySelector("playground-overlay").shadowRoot.querySelector("section");
        const { color, backgroundColor } = getComputedStyle(section);
        return [color, backgroundColor].map((text) => text.match(/\\d+/g).slice(0, 3).map(Number));
    }"""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.keyboard.press("Escape")
        expect(page.locator("body.body--dark")).to_have_count(int(scheme == "dark"))
        click(page, "fail")
        expect(page.locator(OVERLAY)).to_be_visible()
        ink, paper = (sum(colour) / 3 for colour in page.evaluate(colours))
        assert abs(ink - paper) > 150
        assert (paper < ink) == (scheme == "dark")


def test_a_dismissed_error_comes_back_with_the_next_one(serve, open_page):
    page = open_page(serve(COUNTER).url)
    click(page, "fail")
    page.locator(OVERLAY).locator("[data-playground=dismiss]").click()
    expect(page.locator(OVERLAY)).to_have_count(0)
    click(page, "fail")
    expect(page.locator(OVERLAY)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(OVERLAY)).to_have_count(0)


def test_what_failed_can_be_replayed_after_the_fix(serve, open_page):
    server = serve(COUNTER)
    page = open_page(server.url)
    page.get_by_label("Name").fill("half")
    click(page, "fail")
    replay = page.locator("playground-overlay [data-playground=replay]")
    expect(page.locator(OVERLAY)).to_be_visible()
    expect(replay).to_have_count(0)  # it would fail again
    source = server.path.read_text()
    server.path.write_text(re.sub(r"raise ValueError\(.*", "self.count += 100", source))
    expect(replay).to_contain_text("Replay event('fail'")
    expect(page.locator(OVERLAY)).to_have_count(0)
    expect(page.locator(".count")).to_have_text("Count: 0")
    replay.click()
    expect(page.locator(".count")).to_have_text("Count: 100")
    assert page.get_by_label("Name").input_value() == "half"


def mend(server):
    source = server.path.read_text()
    assert source.count('params["by"]') == 1
    server.path.write_text(source.replace('params["by"]', "10"))


@pytest.mark.parametrize("when", ["dismissed before", "dismissed", "good event before", "good event", "ten seconds"])
def test_a_replay_is_forgotten(serve, open_page, when):
    server = serve(IN_SHORT)
    page = open_page(server.url)
    click(page, "inc")
    expect(page.locator(OVERLAY)).to_be_visible()
    replay = page.locator("playground-overlay [data-playground=replay]")
    if when == "dismissed before":
        page.keyboard.press("Escape")
    elif when == "good event before":
        click(page, "fine")
        expect(page.locator(".count")).to_have_text("Count: 1")
    mend(server)
    if "before" not in when:
        expect(replay).to_be_visible()
    if when == "dismissed":
        page.locator("playground-overlay [data-playground=dismiss]").click()
    elif when == "good event":
        click(page, "fine")
        expect(page.locator(".count")).to_have_text("Count: 1")
    expect(page.locator("playground-overlay")).to_have_count(0)
    page.evaluate("window.playground.act('replay', {})")  # as one that was pressed too late
    click(page, "fine")
    expect(page.locator(".count")).to_have_text("Count: 2" if "good" in when else "Count: 1")


def test_async_handlers_messages_and_timers_can_be_replayed(serve, open_page):
    server = serve(COUNTER)
    page = open_page(server.url)
    replay = page.locator("playground-overlay [data-playground=replay]")
    for button, failing, mended, label, count in (
        ("fail later", 'raise LookupError("too late")', "self.count += 1", "fail_later", 1),
        ("fail in message", "10 // message", "self.count + 10", "handle_info(0)", 11),
        ("fail in timer", 'raise OSError("no tick")', "self.count += 100", "tick", 111),
    ):
        click(page, button)
        expect(page.locator(OVERLAY)).to_be_visible()
        expect(replay).to_have_count(0)
        source = server.path.read_text()
        assert source.count(failing) == 1
        server.path.write_text(source.replace(failing, mended))
        expect(replay).to_contain_text("Replay ")
        expect(replay).to_contain_text(label)
        replay.click()
        expect(page.locator(".count")).to_have_text(f"Count: {count}")
        expect(page.locator("playground-overlay .fixed")).to_have_count(0)


def test_a_page_whose_state_is_in_the_way_can_be_remounted(serve, open_page):
    server = serve(COUNTER)
    one, two = open_page(server.url), open_page(server.url)
    click(one, "+")
    click(two, "+")
    click(two, "+")
    expect(two.locator(".count")).to_have_text("Count: 2")
    source = server.path.read_text()
    server.path.write_text(source.replace('f"Count: {', 'f"Inverse: {1 / (2 - self.count)} of {'))
    expect(two.locator(OVERLAY)).to_contain_text("ZeroDivisionError")
    expect(one.locator(OVERLAY)).to_contain_text("does not suit another open page, /, opened")
    expect(one.locator(".count")).to_have_text("Count: 1")
    expect(one.locator("[data-playground=remount]")).to_have_count(0)
    two.locator("playground-overlay [data-playground=remount]").click()
    expect(two.locator(".count")).to_have_text("Inverse: 0.5 of 0")
    expect(one.locator(".count")).to_have_text("Inverse: 1.0 of 1")
    expect(one.locator(OVERLAY)).to_have_count(0)


def test_without_debug_errors_a_page_tells_no_details(serve, open_page, wait_for):
    server = serve(COUNTER + "\nplayground.start(live=Counter, port=PORT, open_browser=False, debug_errors=False)\n")
    page = open_page(server.url)
    click(page, "fail")
    expect(page.locator(OVERLAY)).to_contain_text("Something went wrong")
    assert "ValueError" not in page.locator(OVERLAY).inner_text()
    assert "bold" not in page.locator(OVERLAY).inner_text()
    wait_for(lambda: "ValueError" in server.log, what=lambda: server.log)


@pytest.mark.parametrize("debug", [True, False])
def test_a_page_that_cannot_be_opened_says_why_only_to_its_author(serve, debug):
    source = COUNTER.replace("self.count, self.ticks = 0, False", "self.count = 1 / 0")
    server = serve(source + f"\nplayground.start(live=Counter, port=PORT, open_browser=False, debug_errors={debug})\n")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(server.url)
    assert caught.value.code == 500
    html = caught.value.read().decode()
    assert ("ZeroDivisionError" in html) == debug
    assert ("self.count = " in html) == debug


def test_holding_c_and_clicking_opens_the_line_in_the_editor(serve, open_page, wait_for, tmp_path):
    opened = tmp_path / "opened.txt"
    editor = tmp_path / "editor.py"
    editor.write_text("import sys; open(sys.argv[1], 'a').write(sys.argv[2] + '\\n')")
    command = f'"{sys.executable}" "{editor}" "{opened}" {{file}}:{{line}}'
    server = serve(COUNTER, env={"PLAYGROUND_EDITOR": command})
    page = open_page(server.url)
    lines = server.path.read_text().splitlines()
    for locator, code in (
        (page.locator(".count"), "ui.label"),
        (page.get_by_role("button", name="warn"), 'ui.button("warn"'),
        (page.get_by_label("Name"), "ui.input"),
    ):
        opened.unlink(missing_ok=True)
        page.keyboard.down("c")
        locator.click()
        page.keyboard.up("c")
        wait_for(lambda: opened.exists() and opened.read_text().endswith("\n"))
        line = next(number for number, line in enumerate(lines, 1) if code in line)
        assert opened.read_text() == f"{server.path}:{line}\n"
    assert "stock is low" not in server.log  # the button itself did nothing
    page.get_by_label("Name").press_sequentially("cc")
    click(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 1")


def test_a_link_of_the_overlay_opens_the_editor(serve, open_page, wait_for, tmp_path):
    opened = tmp_path / "opened.txt"
    server = serve(COUNTER, env={"PLAYGROUND_EDITOR": f"touch '{opened}' {{file}}"})
    page = open_page(server.url)
    click(page, "fail")
    page.locator(OVERLAY).locator("[data-playground=edit]").first.click()
    wait_for(opened.exists)


def test_a_link_of_the_overlay_opens_vs_code_if_nothing_else_is_named(serve, open_page, wait_for):
    server = serve(COUNTER, env={"PLAYGROUND_EDITOR": ""})
    page = open_page(server.url)
    page.evaluate("HTMLAnchorElement.prototype.click = function () { window.opened = this.href }")
    click(page, "fail")
    page.locator(OVERLAY).locator("[data-playground=edit]").first.click()
    line = 1 + next(
        number for number, line in enumerate(server.path.read_text().splitlines()) if "raise ValueError" in line
    )
    wait_for(lambda: page.evaluate("window.opened") == f"vscode://file/{str(server.path).lstrip('/')}:{line}")


def test_the_console_of_the_browser_shows_what_the_server_logs(serve, open_page, wait_for):
    page = open_page(serve(COUNTER).url)
    messages = []
    page.on("console", lambda message: messages.append((message.type, message.text)))
    click(page, "warn")
    wait_for(lambda: page.evaluate("0") == 0 and ("warning", "[server] stock is low") in messages)


# ---------------------------------------------------------------------------------------------------------------------
# Prompt
# ---------------------------------------------------------------------------------------------------------------------


class Prompt:
    """A Python that waits for input, and what it has printed."""

    def __init__(self, server):
        self.server = server

    def say(self, line):
        self.server.process.stdin.write(line + "\n")
        self.server.process.stdin.flush()


@pytest.mark.console_allows("WebSocket|ERR_CONNECTION_REFUSED")  # the pages look for the server that was stopped
def test_at_the_prompt_pages_can_be_watched_and_changed(serve, open_page, wait_for):
    server = serve(COUNTER, python=("-i",), stdin=subprocess.PIPE)
    prompt = Prompt(server)
    one, two = open_page(server.url), open_page(server.url)
    click(one, "+")
    expect(one.locator(".count")).to_have_text("Count: 1")
    one.get_by_label("Name").fill("half")
    prompt.say("app = playground.start(live=Counter)")
    prompt.say("print(len(app.views), app.url)")
    wait_for(lambda: f"2 {server.url}" in server.stdout, what=lambda: server.log)
    prompt.say("app.views[0].count = 7; app.views[1].count = 8")
    expect(one.locator(".count")).to_have_text("Count: 7")
    expect(two.locator(".count")).to_have_text("Count: 8")
    prompt.say("playground.broadcast('news', 2)")
    expect(one.locator(".count")).to_have_text("Count: 5")
    expect(two.locator(".count")).to_have_text("Count: 5")
    prompt.say("playground.send(app.views[0], 10)")
    expect(one.locator(".count")).to_have_text("Count: 1")
    prompt.say("app.views[0].count = 7; app.views[1].send(1)")
    expect(one.locator(".count")).to_have_text("Count: 7")
    expect(two.locator(".count")).to_have_text("Count: 10")
    prompt.say("app.views[1].count = 8")
    expect(two.locator(".count")).to_have_text("Count: 8")
    prompt.say("class Counter(playground.LiveView):")
    prompt.say("    def mount(self): self.count = 0")
    prompt.say("    def render(self):")
    prompt.say("        ui.label(f'Hits: {self.count}').classes('count')")
    prompt.say("        ui.input('Name')")
    prompt.say("")
    prompt.say("app = playground.start(live=Counter)")
    expect(one.locator(".count")).to_have_text("Hits: 7")
    expect(two.locator(".count")).to_have_text("Hits: 8")
    assert one.get_by_label("Name").input_value() == "half"
    server.path.write_text(server.path.read_text().replace("Count: ", "File: "))
    expect(one.locator(".count")).to_have_text("File: 7")
    prompt.say("class Broken(playground.LiveView):")
    prompt.say("    def render(self): 1 / 0")
    prompt.say("")
    prompt.say("playground.start(live=Broken)")
    wait_for(lambda: "ZeroDivisionError" in server.stderr)
    expect(one.locator(".count")).to_have_text("File: 7")
    prompt.say("app.stop(); print('stopped')")
    wait_for(lambda: "stopped" in server.stdout)
    prompt.say("app = playground.start(live=Broken, open_browser=False, port=" + server.url.rpartition(":")[2] + ")")
    wait_for(lambda: server.stdout.count(f"playground: {server.url}\n") == 2)
    prompt.say("class Again(playground.LiveView):")
    prompt.say("    def render(self): ui.label('again')")
    prompt.say("")
    prompt.say("app = playground.start(live=Again)")
    expect(one.get_by_text("again")).to_be_visible()  # it looked for the server
    expect(two.get_by_text("again")).to_be_visible()
    prompt.say("app.stop(); print('stopped again')")
    wait_for(lambda: "stopped again" in server.stdout)
    prompt.say("exit()")
    assert server.wait() == 0


@pytest.mark.console_allows("ERR_CONNECTION_REFUSED")
def test_the_prompt_of_ipython(serve, open_page, wait_for):
    pytest.importorskip("IPython")
    python = ("-m", "IPython", "--simple-prompt", "--no-banner", "-i")
    server = serve(COUNTER, python=python, stdin=subprocess.PIPE)
    prompt = Prompt(server)
    page = open_page(server.url)
    prompt.say("app = playground.start(live=Counter)")
    prompt.say("app.views[0].count = 7")
    expect(page.locator(".count")).to_have_text("Count: 7")
    server.path.write_text(server.path.read_text().replace("Count: ", "File: "))
    expect(page.locator(".count")).to_have_text("File: 7")
    prompt.say("exit")
    assert server.wait() == 0


START_AGAIN = """
import urllib.request
from nicegui import app as nicegui_app, run


class Clock(playground.GenServer):
    def init(self):
        print("the clock starts", flush=True)

    def terminate(self, reason):
        print("the clock ends", flush=True)


class Other(playground.LiveView):
    async def mount(self):
        self.answer = await run.io_bound(lambda: 6 * 7)
        self.time = await playground.call(Clock, "time")

    def render(self):
        ui.label(f"the answer is {self.answer}")
        ui.button("+", on_click=lambda: setattr(self, "answer", self.answer + 1))


class Clock(Clock):
    def handle_call(self, request):
        return 12


nicegui_app.on_startup(lambda: print("a handler of the program", flush=True))
first = playground.start(live=Counter, children=[Clock], port=PORT, open_browser=False, block=False)
print("first", "Count" in urllib.request.urlopen(first.url).read().decode())
first.stop()
try:
    urllib.request.urlopen(first.url)
except OSError:
    print("nobody answers", flush=True)
playground.start(live={"/other": Other}, children=[Clock], port=PORT, open_browser=False, title="Anew")
"""


def test_a_script_may_start_again_what_it_has_stopped(serve, open_page, wait_for):
    server = serve(COUNTER + START_AGAIN)
    wait_for(lambda: server.stdout.count("playground: ") == 2)
    page = open_page(f"{server.url}/other")
    expect(page).to_have_title("Anew")
    click(page, "+")
    expect(page.get_by_text("the answer is 43")).to_be_visible()
    server.path.write_text(server.path.read_text().replace("the answer is", "it is"))
    expect(page.get_by_text("it is 43")).to_be_visible()
    for told in ("first True", "nobody answers", "the clock starts", "the clock ends", "a handler of the program"):
        assert told in server.stdout
    assert server.stdout.count("the clock starts") == server.stdout.count("a handler of the program") == 2
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(server.url)  # the page of the first is not there any more
    page.close()
    server.interrupt()
    assert server.wait() == 0
    assert server.stderr == ""


def test_a_script_may_go_on_while_it_serves(serve, wait_for):
    server = serve(
        COUNTER
        + """
import urllib.request
app = playground.start(live=Counter, port=PORT, open_browser=False, block=False)
print("answered", urllib.request.urlopen(app.url).status, app.views)
app.stop()
print("ended")
""",
        wait=False,
    )
    assert server.wait() == 0, server.log
    assert "answered 200 []" in server.stdout
    assert "ended" in server.stdout


# ---------------------------------------------------------------------------------------------------------------------
# Command line
# ---------------------------------------------------------------------------------------------------------------------


def run(*arguments, cwd, path=pathlib.Path(playground.__file__).parent):
    command = [sys.executable, "-m", "playground", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(path)}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE)


def run_script(script, **more):
    environment = environment_of_servers(script.parent, **more)
    command = [sys.executable, str(script)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)


def header_of(script):
    """What the header of a script tells `uv run` (PEP 723)."""
    block = re.search(r"# /// script\n(.*?)# ///\n", script.read_text(), re.DOTALL)[1]
    return tomllib.loads(re.sub("(?m)^# ?", "", block))


def test_the_command_writes_a_page_that_it_can_serve(serve, open_page, tmp_path, free_port):
    written = run("new", "my_page", cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    assert "wrote my_page.py; start it with: " in written.stdout
    script = tmp_path / "my_page.py"
    source = script.read_text()
    again = run("new", "my_page.py", cwd=tmp_path)
    assert again.returncode != 0
    assert "my_page.py exists already" in again.stderr
    assert script.read_text() == source
    server = serve(script, "--port", str(free_port), "--no-browser", python=("-m", "playground"))
    assert server.url == f"http://127.0.0.1:{free_port}"
    page = open_page(server.url)
    click(page, "+")
    expect(page.get_by_text("Count: 1")).to_be_visible()
    script.write_text(source.replace("Count: ", "Clicks: "))
    expect(page.get_by_text("Clicks: 1")).to_be_visible()
    page.close()
    server.interrupt()
    assert server.wait() == 0
    assert server.stderr == ""


@pytest.mark.parametrize("template", ["live", "todo", "chat", "dashboard", "form", "game", "command"])
def test_what_a_script_begins_with_can_be_chosen(tmp_path, template):
    written = run("new", "mine", "--from", template, cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    module = ast.parse((tmp_path / "mine.py").read_text())
    assert "playground.start(" in ast.unparse(module.body[-1])
    header = header_of(tmp_path / "mine.py")
    assert header["dependencies"][0] == "nicegui-playground"
    source = pathlib.Path(header["tool"]["uv"]["sources"]["nicegui-playground"]["path"])
    assert source.is_absolute()
    assert (source / "pyproject.toml").is_file()


@pytest.mark.parametrize(
    ("told", "source"),
    [
        (None, None),
        ({"url": "file:///home/ada/my%20playground", "dir_info": {}}, {"path": "/home/ada/my playground"}),
        ({"url": "https://example.org/p.git", "vcs_info": {"vcs": "git", "commit_id": "1a2b"}},
         {"git": "https://example.org/p.git", "rev": "1a2b"}),
        ({"url": "https://example.org/p.whl", "archive_info": {}}, {"url": "https://example.org/p.whl"}),
    ],
)  # fmt: skip
def test_a_script_is_told_where_its_package_came_from(tmp_path, told, source):
    """An installed one is a package, in which the examples are, and beside it is what PEP 610 says of it."""
    checkout = pathlib.Path(playground.__file__).parent
    package = tmp_path / "site" / "playground"
    package.mkdir(parents=True)
    shutil.copy(checkout / "playground.py", package / "__init__.py")
    for path in (checkout / ".ci" / "wheel").iterdir():
        shutil.copy(path, package)
    shutil.copytree(checkout / "examples", package / "examples")
    metadata = tmp_path / "site" / "nicegui_playground-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: nicegui-playground\nVersion: 0.1.0\n")
    if told is not None:
        (metadata / "direct_url.json").write_text(json.dumps(told))
    written = run("new", "mine", cwd=tmp_path, path=package.parent)
    assert written.returncode == 0, written.stderr
    sources = header_of(tmp_path / "mine.py").get("tool", {}).get("uv", {}).get("sources", {})
    assert sources.get("nicegui-playground") == source


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "no/such/directory/page.py"], ["cannot write", "No such file"]),
        (["new", "playground"], ["`import playground` would import a script of this name", "rename it"]),
        (["playground.py"], ["`import playground` would import a script of this name", "rename it"]),
        (["new", "page", "--from", "nothing"], ["'nothing'", "'todo'"]),
        ([], ["usage: playground [--port PORT]", "playground new [--from", "required: SCRIPT\n"]),
    ],
)
def test_what_the_command_cannot_do_it_says(tmp_path, arguments, words):
    result = run(*arguments, cwd=tmp_path)
    assert result.returncode != 0
    assert all(word in result.stderr for word in words), result.stderr
    assert "Traceback" not in result.stderr


FIRST = """
from nicegui import ui
import playground

class Page(playground.LiveView):
    def render(self):
        ui.label("hello")

playground.start(live=Page, open_browser=False)
"""


@pytest.mark.console_allows(SERVER_GONE, "500")
def test_a_program_can_begin_as_nothing(serve, page, tmp_path, free_port):
    script = tmp_path / "my_demo.py"
    script.write_text("")
    server = serve(script, "--port", str(free_port), "--no-browser", python=("-m", "playground"))
    page.goto(server.url)
    expect(page.get_by_text("my_demo.py has no page yet")).to_be_visible()
    script.unlink()
    expect(page.get_by_text("There is no file")).to_be_visible()
    script.write_text(FIRST.replace("ui\n", "ui\nimport helper\n", 1))
    expect(page.get_by_text("No module named 'helper'")).to_be_visible()
    (tmp_path / "helper.py").write_text("1 +")
    expect(page.get_by_text("SyntaxError")).to_be_visible()
    (tmp_path / "helper.py").write_text("")
    expect(page.get_by_text("hello", exact=True)).to_be_visible()
    script.write_text(script.read_text().replace("hello", "hello again"))
    expect(page.get_by_text("hello again")).to_be_visible()
    assert "Traceback" not in server.log
    page.close()
    server.interrupt()
    assert server.wait() == 0


def test_a_deployment_that_fails_is_not_waited_for(tmp_path):
    (tmp_path / "my_demo.py").write_text(
        FIRST.replace("playground.start(", "1 / 0\nplayground.start(live_reload=False, ")
    )
    ended = run("my_demo.py", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith("ZeroDivisionError: division by zero")


def test_a_name_keeps_its_dots(tmp_path):
    assert run("new", "talk.v2", cwd=tmp_path).returncode == 0
    assert [path.name for path in tmp_path.glob("*.py")] == ["talk.v2.py"]


def test_ctrl_c_ends_what_waits_for_a_page(serve, tmp_path, free_port):
    script = tmp_path / "my_demo.py"
    script.write_text("1 / 0")
    server = serve(script, "--port", str(free_port), "--no-browser", python=("-m", "playground"))
    server.interrupt()
    assert server.wait() == 1
    assert server.stderr.splitlines()[0] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("names = [][1]", "IndexError: list index out of range"),
        ("playground.start(live=3)", "TypeError: 3 is no page class"),
        ("playground.start(live=Page, prot=1)", "TypeError: "),
    ],
)
def test_what_fails_before_the_first_page_is_said_in_short(tmp_path, fault, said):
    script = tmp_path / "my_demo.py"
    script.write_text(FIRST.replace("playground.start", f"{fault}\nplayground.start"))
    result = run_script(script)
    assert result.returncode == 1
    headline, *frames = result.stderr.rstrip().splitlines()
    assert headline.startswith(said)
    assert [line.strip() for line in frames] == [f'File "{script}", line 9, in <module>', fault]
    whole = run_script(script, PLAYGROUND_TRACEBACK="full").stderr
    assert whole.startswith("Traceback")


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.console_allows(SERVER_GONE, "500")
def test_at_a_terminal_a_script_that_fails_waits_for_its_next_version(tmp_path, free_port, page, shared_port_4000):
    script = tmp_path / "my_demo.py"
    good = FIRST.replace("open_browser", f"port={free_port}, open_browser")
    script.write_text(good.replace("playground.start", "names = [][1]\nplayground.start"))
    controller, terminal = os.openpty()
    environment = environment_of_servers(tmp_path, BROWSER="true")
    process = subprocess.Popen(
        [sys.executable, str(script)], stdin=terminal, stdout=terminal, stderr=terminal, env=environment
    )
    os.close(terminal)
    said = []

    def read():
        with contextlib.suppress(OSError):  # the terminal is gone with the program
            while data := os.read(controller, 1000):
                said.append(data)

    threading.Thread(target=read, daemon=True).start()
    try:
        address = rb"(http://\S+:(\d+))\r"
        wait_until(lambda: re.search(address, b"".join(said)), lambda: b"".join(said).decode())
        url, port = re.search(address, b"".join(said)).groups()
        page.goto(url.decode())
        expect(page.get_by_text("IndexError")).to_be_visible()
        script.write_text(good.replace(str(free_port), port.decode()))
        expect(page.get_by_text("hello", exact=True)).to_be_visible()
        page.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0, b"".join(said).decode()
    finally:
        process.kill()
        process.wait()
        os.close(controller)


def test_only_what_it_is_for_is_offered():
    assert dir(playground) == sorted(playground.__all__)


def test_the_command_tells_its_version(tmp_path):
    assert run("--version", cwd=tmp_path).stdout == f"playground {playground.__version__}\n"


STRAY = """
from nicegui import ui
import playground

MADE

class Page(playground.LiveView):
    def render(self):
        ui.label("hello")

playground.start(live=Page, port=PORT, open_browser=False)
"""


@pytest.mark.parametrize(
    ("made", "name"),
    [
        ("ui.label('a'); ui.button('b'); ui.label('c')", "ui.label, ui.button"),
        ("ui.add_css('p { color: red }')", "HTML or CSS"),
    ],
)
def test_what_is_made_outside_of_pages_has_nowhere_to_go(serve, made, name):
    server = serve(STRAY.replace("MADE", made), wait=False)
    assert server.wait() == 1
    assert f"RuntimeError: {name} was added outside of all pages: move it into the render()" in server.stderr


@pytest.mark.console_allows("outside of all pages")
def test_what_a_save_adds_outside_of_pages_is_told_of(serve, page):
    server = serve(STRAY.replace("MADE", ""))
    page.goto(server.url)
    expect(page.get_by_text("hello")).to_be_visible()
    saved = server.path.read_text()
    server.path.write_text(saved.replace("class Page", "ui.label('stray')\nclass Page"))
    overlay = page.locator("playground-overlay")
    expect(overlay.locator(".error")).to_contain_text(
        "An element was added outside of all pages: move it into the render()"
    )
    expect(overlay.locator("mark")).to_have_text("ui.label('stray')")
    server.path.write_text(saved.replace("hello", "hello again"))
    expect(page.get_by_text("hello again")).to_be_visible()


def test_what_all_pages_are_to_have_may_stand_outside(serve, page):
    page.goto(serve(STRAY.replace("MADE", "ui.add_css('body { color: rgb(1, 2, 3) }', shared=True)")).url)
    expect(page.get_by_text("hello")).to_have_css("color", "rgb(1, 2, 3)")


def test_scripts_get_their_arguments(tmp_path):
    (tmp_path / "script.py").write_text("import json, sys; print(json.dumps(sys.argv)); sys.exit(0)\n")
    result = run("script.py", "one", "two", cwd=tmp_path)
    assert json.loads(result.stdout) == ["script.py", "one", "two"]


CELL = """
from nicegui import ui
import playground

class Counter(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("+", on_click=self.event("inc"))
        ui.input("Name")

    def handle_event(self, event):
        self.count += 1

playground.start(live=Counter, port=PORT, open_browser=False)
"""


@pytest.mark.console_allows("WebSocket|ERR_CONNECTION_REFUSED")  # the page looks for the server that was stopped
def test_in_a_notebook_a_cell_that_is_run_again_keeps_the_state(open_page, free_port, monkeypatch):
    from jupyter_client.manager import start_new_kernel

    monkeypatch.setenv("PYTHONPATH", os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    manager, client = start_new_kernel(kernel_name="python3", env=environment)

    def run_cell(code):
        shown = []
        client.execute_interactive(code, timeout=PATIENCE, output_hook=lambda message: shown.append(message["content"]))
        return str(shown)

    try:
        cell = CELL.replace("PORT", str(free_port))
        assert f'<iframe src="http://127.0.0.1:{free_port}"' in run_cell(cell)
        page = open_page(f"http://127.0.0.1:{free_port}")
        click(page, "+")
        expect(page.locator(".count")).to_have_text("Count: 1")
        page.get_by_label("Name").fill("half")
        run_cell(cell.replace("Count:", "Clicks:").replace("+= 1", "+= 10"))
        expect(page.locator(".count")).to_have_text("Clicks: 1")
        assert page.get_by_label("Name").input_value() == "half"
        click(page, "+")
        expect(page.locator(".count")).to_have_text("Clicks: 11")
        run_cell("app = _; app.views[0].count = 5")
        expect(page.locator(".count")).to_have_text("Clicks: 5")
        assert "ZeroDivisionError" in run_cell(cell.replace("ui.input", "1 / 0; ui.input"))
        click(page, "+")
        expect(page.locator(".count")).to_have_text("Clicks: 15")
        run_cell("app.stop()")
        assert f'<iframe src="http://127.0.0.1:{free_port}"' in run_cell(cell)
        page.reload()
        click(page, "+")
        expect(page.locator(".count")).to_have_text("Count: 1")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
