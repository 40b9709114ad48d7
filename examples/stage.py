"""The tools of the presenter, written with what is public of playground.

`playground my_demo.py --stage`, or `playground.start(live=..., stage=True)`, brings them up beside a program, below
`/_playground/`. With `share=True` or `show_code=True`, what they have for the audience is there as well: the QR code,
and the program to read.

`Saves` keeps what was saved, `Steps` what pages and processes have done; the pages show both.
"""

import asyncio
import contextlib
import html
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from nicegui import app, ui
from nicegui.events import ValueChangeEventArguments
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

import playground

settings = None  # what `start` was given, as far as it is public: `shared_url`


def setup(given):
    """The pages, by their paths, and the processes that go with what `start` was given."""
    global settings
    settings = given
    pages, children = {}, []
    if given.share:
        pages["/_playground/qr"] = Qr
    if given.stage or given.share or given.show_code:
        children.append(Saves)
        if given.show_code is not False:
            pages["/_playground/code"] = Code
    if given.stage:
        children += [Steps, Network]
        add_network()
        if directory := os.environ.get("PLAYGROUND_RECORD"):
            children.append(playground.child_spec(Recorder, directory=directory))
        if directory := os.environ.get("PLAYGROUND_REPLAY"):
            children.append(playground.child_spec(Replay, directory=directory))
            add_replay()
        pages |= {"/_playground/": Tools, "/_playground/inspect": Inspect, "/_playground/tree": Tree}
    return pages, children


# ---------------------------------------------------------------------------------------------------------------------
# What is kept
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """The program as it was saved."""

    number: int
    time: float
    texts: dict  # what all files of the program say, by their paths, the script first
    running: dict  # what runs: the same, unless this version was refused
    lines: dict  # the numbers of the lines that are new or edited, by the same paths
    notes: list  # what the save has done, as the terminal says it
    error: str  # why it does not run

    def removes_from(self, path):
        """Whether the save has done nothing to a file but remove lines, of a version that is still kept."""
        versions = playground.whereis(Saves).versions
        before = next((version.texts for version in versions if version.number == self.number - 1), self.texts)
        return before.get(path) != self.texts.get(path)

    @property
    def clock(self):
        return time.strftime("%H:%M:%S", time.localtime(self.time))

    def name_of(self, path):
        """What the audience may know of a path."""
        return name_in(path, next(iter(self.texts)))


class Saves(playground.GenServer):
    """Keeps the versions of the program, the first one included; tells on "playground:versions" of a new one."""

    def init(self):
        playground.subscribe("playground:saves")
        texts = playground.sources()
        self.versions = deque([Version(1, time.time(), texts, texts, {}, [], "")], maxlen=500)

    def handle_info(self, saved):
        running, newest = playground.sources(), self.versions[-1]
        texts = running | saved.files
        if texts == newest.texts:  # the same was tried again, perhaps when the page that was in the way had gone
            version = replace(newest, running=running, notes=saved.notes, error=saved.error)
            self.versions[-1] = version
        else:
            self.keep(saved.time, texts, running, saved.lines, saved.notes, saved.error)
        playground.broadcast("playground:versions", "kept")

    def keep(self, *known):
        self.versions.append(Version(self.versions[-1].number + 1, *known))

    def handle_call(self, request):
        match request:
            case ("put back", texts):
                return self.put_back(texts)

    def put_back(self, texts):
        """Have the files say what they said; returns which did not. What they say now becomes a version first."""
        newest = self.versions[-1]
        found = {path: read(path) for path in texts}
        differing = {path: text for path, text in texts.items() if found[path] != text}
        for text in [*differing.values(), *(found[path] or "" for path in differing)]:
            if "\N{REPLACEMENT CHARACTER}" in text:
                raise ValueError("a file is not written in UTF-8")
        there = {path: found[path] for path in differing if found[path] not in (None, newest.texts.get(path))}
        if there:
            self.keep(time.time(), newest.texts | there, newest.running, {}, ["found on disk"], "")
            playground.broadcast("playground:versions", "kept")
        for path, text in differing.items():
            write(path, text)
        return [newest.name_of(path) for path in differing]


def name_in(path, script):
    """Where a file is as seen from the script; its name, if that is not below the script's directory."""
    with contextlib.suppress(ValueError):
        return Path(path).relative_to(Path(script).parent).as_posix()
    return Path(path).name


def read(path):
    """What a file says, with its line ends; None if there is none."""
    with contextlib.suppress(FileNotFoundError):
        return Path(path).read_bytes().decode(errors="replace")


def write(path, text):
    """Write a file in one piece: nobody reads half of it, and what cannot be written leaves the file as it was."""
    path = Path(path)
    descriptor, new = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(text.encode())
        os.chmod(new, path.stat().st_mode if path.exists() else 0o644)
        os.replace(new, path)
    except OSError:
        os.unlink(new)
        raise


class Steps(playground.GenServer):
    """Keeps what was handled last, and brings pages back to the state before."""

    def init(self):
        self.handled = deque(maxlen=200)
        playground.subscribe("playground:messages")
        playground.subscribe("playground:tools")

    def handle_info(self, message):
        match message:
            case playground.Handled():
                if type(message.process).__module__ != __name__:
                    self.handled.append(message)
            case (page, "back"):
                pass


# ---------------------------------------------------------------------------------------------------------------------
# Pages
# ---------------------------------------------------------------------------------------------------------------------


class Tools(playground.LiveView):
    """What there is."""

    page_title = "Tools"

    def render(self):
        ui.link("Inspect", "/_playground/inspect")
        ui.link("Processes", "/_playground/tree")


class Inspect(playground.LiveView):
    page_title = "Inspect"

    def render(self):
        ui.label("pages")


class Tree(playground.LiveView):
    """The processes, live, and a button to kill each."""

    page_title = "Processes"
    COLUMNS = ("name", "kind", "status", "restarts", "mailbox", "handled")

    def render(self):
        ui.timer(0.25, self.refresh)
        with ui.grid(columns=f"repeat({len(self.COLUMNS) + 1}, auto)").classes("text-lg items-center"):
            for title in (*self.COLUMNS, ""):
                ui.label(title).classes("font-bold")
            for branch in playground.tree():
                if not isinstance(branch["process"], Tree):
                    self.render_branch(branch, 0)

    def render_branch(self, branch, depth):
        for column in self.COLUMNS:
            ui.label(str(branch[column])).style(f"padding-left: {1.75 * depth}rem" if column == "name" else "")
        with ui.row():
            if branch["process"] is not None and branch["kind"] != "page":
                ui.button("Kill", on_click=lambda: playground.kill(branch["process"])).props(
                    "flat dense color=negative"
                )
        for child in branch["children"]:
            self.render_branch(child, depth + 1)


# ---------------------------------------------------------------------------------------------------------------------
# The program, to read; and the way to it
# ---------------------------------------------------------------------------------------------------------------------

PROGRAM_CSS = """
body { --paper: #fff; --ink: #0f172a; --soft: #4b5563; --new: #fff0b3; --new-edge: #b45309;
       --bad: #ffdcdc; --bad-edge: #b91c1c; --word: #6d28d9; --text: #166534; --note: #57606a; --number: #9a3412;
       --name: #1d4ed8; --known: #0b5d75; }
body.body--dark { --paper: #101216; --ink: #f1f5f9; --soft: #a8b0bd; --new: #453600; --new-edge: #fbbf24;
       --bad: #551c20; --bad-edge: #fca5a5; --word: #d0b8ff; --text: #9be3a9; --note: #a8b0bd; --number: #ffc078;
       --name: #9ec5ff; --known: #7fdcf0; }
body:has(.program-page) { background: var(--paper) !important; color: var(--ink); }
.nicegui-content:has(> .program-page) { padding: 0 !important; max-width: none !important; margin: 0; gap: 0; }
.program-page { width: 100%; min-height: 100dvh; display: flex; flex-direction: column; }
.program-page :focus-visible { outline: 3px solid var(--name); outline-offset: 2px; }
.program-bar { position: sticky; z-index: 10; background: #1e1b4b; color: #fff; padding: 0.4rem 1rem;
       min-height: 3.5rem; display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1rem; }
.program-bar :focus-visible { outline-color: #fff; }
.program-top { position: sticky; top: 0; z-index: 10; } .program-top .program-bar { position: static; }
.program-bar.below { bottom: 0; margin-top: auto; }
.program-bar .q-btn { color: #fff; min-height: 2.5rem; padding: 0.2rem 0.8rem; border-radius: 0.5rem; }
.program-bar .q-btn.chosen { background: #4338ca; }
.program-bar .q-btn.outlined { border: 1px solid #a5b4fc; }
.program-bar .q-slider { flex: 1 1 12rem; width: auto; padding: 0 0.75rem; }
.program-bar .q-icon { font-size: 1.5em; }
.program-files { display: flex; overflow-x: auto; scrollbar-width: none; gap: 0.25rem; flex: 1; min-width: 0;
       align-items: center; }
.program-files :is(h1, .q-btn), .program { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.program-files h1 { font-size: 1.35rem; font-weight: 600; line-height: 1.4; margin: 0; overflow-wrap: anywhere; }
.program-bar .q-slider__text { font-size: 1.1rem; }
.program-when { font-variant-numeric: tabular-nums; } .program-when b { font-size: 1.35rem; }
.program-refused { background: var(--bad); color: var(--ink); border-left: 0.5rem solid var(--bad-edge);
       padding: 0.6rem 1rem; display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center;
       overflow-wrap: anywhere; }
.program-refused .q-btn { color: var(--ink); border: 1px solid var(--ink); border-radius: 0.5rem; }
.program { flex: 1; margin: 0; padding: 0.6rem 0 3rem; tab-size: 4; color: var(--ink); width: 100%;
       font-size: clamp(0.85rem, 0.55rem + 0.85vw, 1.4rem); line-height: 1.5; }
.program div { display: flex; border-left: 0.4rem solid transparent; }
.program i { flex: none; width: 6ch; text-align: right; padding-right: 1ch; font-style: normal; color: var(--soft);
       user-select: none; white-space: pre; }
.program code { flex: 1; min-width: 0; font: inherit; background: none; padding: 0 1ch 0 calc(var(--hang) * 1ch);
       text-indent: calc(var(--hang) * -1ch); white-space: pre-wrap; overflow-wrap: anywhere; }
.program .changed { background: var(--new); border-color: var(--new-edge); }
.program .failing { background: var(--bad); border-color: var(--bad-edge); }
.program :is(.changed, .failing) i { color: var(--ink); font-weight: 700; }
.program code :is([class^="k"], .ow) { color: var(--word); font-weight: 600; }
.program code [class^="s"] { color: var(--text); } .program code .si { color: var(--ink); }
.program code [class^="c"] { color: var(--note); font-style: italic; }
.program code [class^="m"] { color: var(--number); }
.program code :is(.nf, .nc, .fm) { color: var(--name); font-weight: 600; }
.program code :is(.nb, .bp, .nd, .ne) { color: var(--known); }
@media (max-width: 600px) {
  .program-bar { padding: 0.3rem 0.6rem; gap: 0.3rem 0.5rem; }
  .program-files .q-btn { padding: 0.2rem 0.5rem; flex: none; }
  .program i { width: 4.5ch; padding-right: 0.5ch; }
  .program-bar.below .q-slider { flex-basis: 100%; } .program-when { flex: 1; } .program-when b { font-size: 1.1rem; }
}
"""
COPY = """() => {
  const text = [...document.querySelectorAll(".program code")].map((line) => line.textContent + "\\n").join("");
  const tell = (message, type) => Quasar.Notify.create({ message, type, position: "top", timeout: 1500 });
  const copyAsBefore = () => { // where the page is not secure: a phone that reaches a laptop by its number
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    field.style.cssText = "position: fixed; top: 0; opacity: 0";
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    if (isDone) tell("Copied", "positive");
    else tell("This browser does not let a page copy: select the text", "warning");
  };
  if (!navigator.clipboard) copyAsBefore();
  else navigator.clipboard.writeText(text).then(() => tell("Copied", "positive"), copyAsBefore);
}"""
SHOW_CHANGES = """
requestAnimationFrame(() => {
  const line = document.querySelector(".program .failing") ?? document.querySelector(".program .changed");
  const { top, bottom } = line?.getBoundingClientRect() ?? { top: 150, bottom: 150 };
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = isStill ? "auto" : "smooth";
  if (top < 100 || bottom > innerHeight - 150) line.scrollIntoView({ block: "center", behavior });
});
"""


@lru_cache(64)
def html_of(text, changed, failing):
    """A program as HTML, a line for each of its lines, with a number and a sign for those that are new or fail."""
    lines = text.removeprefix("\ufeff").splitlines()
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    coloured = highlight("\n".join(lines), lexer, HtmlFormatter(nowrap=True)).split("\n")
    rows = []
    for number, (line, colours) in enumerate(zip(lines, coloured, strict=False), 1):
        kind, sign, title = "", " ", ""
        if number == failing:
            kind, sign, title = ' class="failing"', "✗", ' title="fails"'
        elif number in changed:
            kind, sign, title = ' class="changed"', "+", ' title="new or edited"'
        hang = len(line) - len(line.lstrip()) + 4  # of what does not fit and goes on in the next row
        rows.append(f'<div{kind}><i{title}>{number}{sign}</i><code style="--hang: {hang}">{colours}</code></div>')
    return "".join(rows)


def ranges(numbers):
    """Numbers of lines as people say them: "lines 3-5, 9"."""
    spans = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    told = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
    return f"line{'s' if len(numbers) > 1 else ''} {told}"


class Code(playground.LiveView):
    """The program, for all who may read it: as it was saved last, or at a time before."""

    page_title = "Code"

    def mount(self):
        self.number = None  # of the version to stand at; None follows the newest
        self.path = None
        self.shows_running = False  # and not what was refused
        self.subscribe("playground:versions")
        self.send("look")

    @property
    def version(self):
        versions = playground.whereis(Saves).versions
        return next((version for version in versions if version.number == self.number), versions[-1])

    @property
    def texts(self):
        """What the files say."""
        return self.version.running if self.shows_running else self.version.texts

    def handle_info(self, message):
        if message == "look" or self.number is None:
            self.shows_running = False
            self.path = next((path for path, lines in self.version.lines.items() if lines), self.path)
            self.client.run_javascript(SHOW_CHANGES)
        self.refresh()

    async def handle_event(self, event, params):
        match event:
            case "newest":
                self.number = None
                self.send("look")
            case "stay":
                self.number = self.version.number
            case "file":
                self.path = params["path"]
            case "running":
                self.shows_running = not self.shows_running
            case "put back" if self.is_presenter:
                await self.put_back()

    def go(self, event):
        newest = playground.whereis(Saves).versions[-1].number
        self.number = None if event.value >= newest else event.value
        self.send("look")

    async def put_back(self):
        clock = self.version.clock
        try:
            names = await playground.call(Saves, ("put back", dict(self.texts)))
        except (OSError, ValueError) as error:
            ui.notify(f"Nothing was written: {error}", type="negative")
        else:
            self.number = None
            ui.notify(f"{', '.join(names) or 'The program'} is again as at {clock}", type="positive")

    def render(self):
        version, texts = self.version, self.texts
        if self.number is None:
            texts = playground.sources() | texts  # there may be one that was imported after the last save
        path = self.path if self.path in texts else next(iter(texts), None)
        ui.html(f"<style>{PROGRAM_CSS}</style>", sanitize=False).classes("hidden")
        with ui.element("div").classes("program-page"):
            with ui.element("header").classes("program-top"):
                with ui.element("div").classes("program-bar"):
                    self.files(version, texts, path)
                    copy = bar_button("Copy", None, "content_copy").props('aria-label="Copy"')
                    copy.classes("outlined program-copy").on("click", js_handler=COPY)
                if version.error:
                    self.refusal(version)
            if path is None:
                ui.label("There is no file: what runs was typed at a prompt.").classes("p-4")
            else:
                is_saved = not self.shows_running
                changed = frozenset(version.lines.get(path, ())) if is_saved else frozenset()
                failing = failing_line(version.error, path) if is_saved else 0
                program = ui.html(html_of(texts[path], changed, failing), sanitize=False, tag="pre")
                program.classes("program").props(f'aria-label="{html.escape(version.name_of(path))}"')
            self.history(version, path)

    def files(self, version, texts, shown):
        with ui.element("nav").classes("program-files").props("aria-label=Files"):
            if len(texts) < 2:
                ui.html(html.escape(version.name_of(shown)) if shown else "Code", sanitize=False, tag="h1")
                return
            for path in texts:
                text = version.name_of(path) + (" +" if version.lines.get(path) else "")
                button = bar_button(text, self.event("file", path=path)).classes("chosen" if path == shown else "")
                button.props(f"aria-pressed={str(path == shown).lower()}")

    def refusal(self, version):
        with ui.element("div").classes("program-refused").props("role=status"):
            ui.label(f"This version does not run: {said(version.error, self.is_presenter)}")
            bar_button("Show what was saved" if self.shows_running else "Show what runs", self.event("running"))

    def history(self, version, path):
        versions = playground.whereis(Saves).versions
        first, last = versions[0].number, versions[-1].number
        with ui.element("footer").classes("program-bar below"):
            slider = ui.slider(min=first, max=max(last, first + 1), value=version.number, on_change=self.go)
            slider.props("aria-label=Saves label color=indigo-2 track-color=indigo-4 label-text-color=black")
            slider.props(f":label-value=\"'{version.clock}'\"")
            slider.set_enabled(last > first)
            ui.html(" · ".join(self.told(version, last, path)), sanitize=False).classes("program-when")
            if self.texts != versions[-1].texts and self.is_presenter:
                bar_button("Put this version back", self.event("put back"), "restore").classes("outlined")
            if self.number is None:
                bar_button("Stay here", self.event("stay"), "pause")
            else:
                newer = f" ({last - version.number} newer)" if last > version.number else ""
                bar_button(f"Newest{newer}", self.event("newest"), "last_page").classes("chosen")

    def told(self, version, last, path):
        """What there is to say of a version."""
        yield f"<b>{version.clock}</b>"
        yield f"{version.number} of {last}"
        if version.number == 1:
            yield "as it was started"
        elif version.lines.get(path):
            yield ranges(version.lines[path])
        elif version.removes_from(path):
            yield "lines were removed"
        yield from map(html.escape, version.notes if self.is_presenter else ())


def bar_button(text, on_click, icon=None):
    return ui.button(text, on_click=on_click, icon=icon, color=None).props("flat no-caps")


def said(error, is_presenter):
    """The error of a save in a line; the audience is told what it can read in the program, and no values."""
    lines = error.strip().splitlines()
    line = lines[-1] if lines[0].startswith("Traceback") else lines[0]
    kind = line.partition(":")[0]
    return line if is_presenter or kind in ("SyntaxError", "IndentationError", "TabError", "NameError") else kind


def failing_line(error, path):
    """The line of a file where an error comes from; 0 if it is none of this file."""
    numbers = re.findall(rf'{re.escape(Path(path).name)}(?::|", line )(\d+)', error)
    return int(numbers[-1]) if numbers else 0


class Qr(playground.LiveView):
    """The addresses for others, to be photographed from a screen: of the program, and of its code."""

    page_title = "Join"

    def mount(self):
        self.is_code = False

    def render(self):
        url = settings.shared_url + ("/_playground/code" if self.is_code else "")
        with ui.column(align_items="center").classes("w-full gap-3"):
            if settings.show_code is not False:
                choice = ui.toggle({False: "Join", True: "Read the code"}).bind_value(self, "is_code")
                choice.props("no-caps").classes("text-lg")
            drawn = qr_code(url)
            if drawn is None:
                ui.label("a QR code needs qrcode: pip install qrcode")
            else:
                code = ui.html(drawn, sanitize=False).classes("w-[min(90vw,68vh)] [&_svg]:w-full [&_svg]:h-full")
                code.props(f'role=img aria-label="QR code of {url}"')
            ui.link(url, url).classes("text-2xl sm:text-4xl break-all")


def qr_code(text):
    """A QR code as SVG; None if qrcode is not installed."""
    try:
        import qrcode.image.svg
    except ImportError:
        return None
    code = qrcode.QRCode(border=2, image_factory=qrcode.image.svg.SvgPathFillImage)
    code.add_data(text)
    return code.make_image().to_string(encoding="unicode")


# ---------------------------------------------------------------------------------------------------------------------
# A bad network on purpose
#
# `playground.slow(400)` in the console of the browser has what the server says come 400 ms later, `playground.slow(0)`
# at once again. `playground.hold()` keeps it, `playground.next()` lets the next answer through, `playground.release()`
# all. Only what comes waits: what one does is sent at once, and a connection is lost and found as ever.
# ---------------------------------------------------------------------------------------------------------------------

NETWORK_JS = """
<script>
document.addEventListener("DOMContentLoaded", () => {
  const { socket, playground } = window;
  if (!socket || !playground) return;
  let waiting = []; // answers: when each is due, and its messages, which came together
  let delay = 0;
  let isHeld = false;
  let timer;
  let told = "0 false 0";
  let obeyed = -1; // the number of the last command of the inspector: after a cut it comes again
  const mark = document.createElement("playground-network");
  mark.attachShadow({ mode: "open" }).innerHTML = `<style>
    :host { position: fixed; left: 0.75rem; bottom: 0.75rem; z-index: 99999998; }
    div { font: 600 1.05rem/1.4 system-ui, sans-serif; color: #1c1200; background: #ffc24d; border: 2px solid #1c1200;
          border-radius: 2rem; padding: 0.3rem 0.5rem 0.3rem 1rem; display: flex; gap: 0.6rem; align-items: center; }
    button { font: inherit; color: #fff; background: #1c1200; border: 0; border-radius: 1.5rem;
             padding: 0.25rem 0.8rem; }
    :focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px; } [hidden] { display: none; }
    </style><div><span role="status"></span><button id="next">Next</button><button id="end">End</button></div>`;
  const [text, next, end] = mark.shadowRoot.querySelectorAll("span, button");
  mark.shadowRoot.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the page
  next.addEventListener("click", () => playground.next());
  end.addEventListener("click", () => isHeld ? playground.release() : playground.slow(0));
  function show() {
    if (delay || isHeld) document.body.append(mark);
    else mark.remove();
    text.textContent = isHeld ? `Answers are held: ${waiting.length}` : `Answers take ${delay} ms more`;
    next.hidden = !isHeld;
    end.textContent = isHeld ? "Release" : "End";
    const state = `${delay} ${isHeld} ${isHeld ? waiting.length : 0}`;
    if (state !== told) playground.act("tool", { name: `network ${(told = state)}` });
  }
  function pass() {
    for (const [hear, message] of waiting.shift()?.messages ?? []) hear(message);
  }
  function deliver() {
    clearTimeout(timer);
    while (!isHeld && waiting[0]?.due <= performance.now()) pass();
    if (!isHeld && waiting.length) timer = setTimeout(deliver, waiting[0].due - performance.now());
    show();
  }
  const commands = {
    slow(milliseconds = 400) {
      delay = Math.max(0, Number(milliseconds) || 0);
      for (const answer of waiting) answer.due = Math.min(answer.due, performance.now() + delay);
      deliver();
    },
    hold() {
      isHeld = true;
      deliver();
    },
    next() {
      pass();
      deliver();
    },
    release() {
      isHeld = false;
      while (waiting.length) pass();
      deliver();
    },
  };
  Object.assign(playground, commands);
  function obey(message) {
    const command = /^window[.]playground[.](slow|hold|next|release)[(]([0-9]*)[)]$/.exec(message?.code);
    if (!command) return false;
    message.code = ""; // it takes its turn as one that does nothing
    if (message._id <= obeyed) return true;
    obeyed = message._id;
    const [, name, milliseconds] = command;
    commands[name](milliseconds || undefined);
    return true;
  }
  for (const name of ["update", "run_javascript", "open", "download", "notify", "load_js_components"]) {
    for (const hear of socket.listeners(name)) {
      socket.off(name, hear).on(name, (message) => {
        const isNoAnswer = obey(message) || message?.code?.startsWith("console."); // what the server logs
        const now = performance.now();
        const last = waiting.at(-1);
        if (!last && (isNoAnswer || (!delay && !isHeld))) return hear(message);
        if (last && (isNoAnswer || now - last.came < 20)) last.messages.push([hear, message]);
        else waiting.push({ came: now, due: now + delay, messages: [[hear, message]] });
        deliver();
      });
    }
  }
});
</script>
"""


@cache
def add_network():
    """Have all pages know how to be slow, once."""
    ui.add_head_html(NETWORK_JS, shared=True)


class Network(playground.GenServer):
    """Knows how answers reach the browsers of the presenter's pages; tells on "playground:network" when it changes."""

    def init(self):
        self.told = {}  # delay in ms, whether they are held, and how many wait, by ids of clients
        playground.subscribe("playground:tools")

    def handle_info(self, message):
        page, name = message
        if found := re.fullmatch(r"network (\d{1,9}) (true|false) (\d{1,9})", name):
            self.told[page.client.id] = int(found[1]), found[2] == "true", int(found[3])
            playground.broadcast("playground:network", page)


def network_switches(page):
    """Switches for how answers reach the browser of a page; whoever shows them subscribes to "playground:network"."""

    def command(text):
        page.client.run_javascript(f"window.playground.{text}")

    delay, is_held, waiting = playground.whereis(Network).told.get(page.client.id, (0, False, 0))
    delays = {0: "Answers at once", 400: "400 ms later", 2000: "2 s later"}
    if delay not in delays:
        delays[delay] = f"{delay} ms later"
    with ui.row(align_items="center").classes("gap-3"):
        toggle = ui.toggle(delays, value=delay, on_change=lambda event: command(f"slow({event.value})"))
        toggle.props("no-caps")
        ui.switch("Hold", value=is_held, on_change=lambda event: command("hold()" if event.value else "release()"))
        if is_held:
            ui.button(f"Next of {waiting}", on_click=lambda: command("next()")).set_enabled(waiting > 0)


# ---------------------------------------------------------------------------------------------------------------------
# A lesson is recorded, and played again
#
# `playground my_demo.py --record talk/` writes what was saved and what was done in pages, with its time:
# `recording.jsonl`, an entry a line, and the files as they were saved, below `versions`. What does not come from people
# (timers, messages, what a program reads) is not in it: it happens again by itself.
#
# `playground replay talk/` serves the program as it was at the beginning, in a fresh directory. The space bar, or a
# button of a small bar, does the next step: the file is saved, a button is clicked, a field is filled. In between one
# may click and save whatever one likes; the next step then goes on from there, and a save of the recording takes the
# place of one's own, which can be put back from `/_playground/code`. The cross on the bar drops the rest.
# ---------------------------------------------------------------------------------------------------------------------

RECORDING = "recording.jsonl"


class Recorder(playground.GenServer):
    """Writes what is saved and done; further starts of the program go on with the same recording."""

    def init(self, directory):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        path = self.directory / RECORDING
        self.count = len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0
        self.file = path.open("a", encoding="utf-8")
        self.recorded = {}  # the texts that are in the recording, by their paths
        self.places = WeakKeyDictionary()  # of the elements of clients, as they were before the next event
        app.on_connect(lambda client: self.places.setdefault(client, places_of(client)))
        self.browsers = defaultdict(list)  # the ids of clients, by classes of pages
        playground.subscribe("playground:saves")
        playground.subscribe("playground:messages")
        self.note_files("start", time.time(), {}, arguments=sys.argv[1:])

    def terminate(self, reason):
        self.file.close()

    def handle_info(self, message):
        match message:
            case playground.Saved():
                self.note_files("save", message.time, message.files, error=message.error.partition("\n")[0])
            case playground.Handled(process=playground.LiveView() as page) if type(page).__module__ != __name__:
                self.note_event(page, message)

    def note(self, kind, when, **entry):
        self.count += 1
        self.file.write(json.dumps({"kind": kind, "time": round(when, 3), **entry}, ensure_ascii=False) + "\n")
        self.file.flush()

    def note_files(self, kind, when, files, **entry):
        sources = playground.sources()
        new = {path: text for path, text in (sources | files).items() if self.recorded.get(path) != text}
        script, written = next(iter(sources)), {}
        self.recorded |= new
        for path, text in new.items():
            name = Path(name_in(path, script))
            target = self.directory / "versions" / str(self.count + 1) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
            written[name.as_posix()] = target.relative_to(self.directory).as_posix()
        self.note(kind, when, files=written, **entry)

    def note_event(self, page, handled):
        before, now = self.places.get(page.client, {}), places_of(page.client)
        self.places[page.client] = now
        element = handled.sender
        place = before.get(getattr(element, "id", None)) or now.get(getattr(element, "id", None))
        if place is None or isinstance(element, ui.timer):
            return
        browsers = self.browsers[type(page).__name__]
        if page.client.id not in browsers:
            browsers.append(page.client.id)
        number = browsers.index(page.client.id)
        where = {"page": type(page).__name__, "path": page.client.request.url.path, "browser": number, "element": place}
        self.note("event", handled.time, **where, **deed_of(handled))


def places_of(client):
    """How to find the elements of a page in another run: by their titles, else by their tags; by their ids."""
    counts, places = Counter(), {}
    for element in client.layout.descendants():
        tag, title = element.tag, title_of(element)
        places[element.id] = {"tag": tag, "title": title, "number": counts[tag, title], "index": counts[tag]}
        counts.update([(tag, title), tag])
    return places


def title_of(element):
    named = (element.props.get(name) for name in ("label", "aria-label", "placeholder", "name", "icon"))
    return str(getattr(element, "text", "") or next(filter(None, named), ""))


def deed_of(handled):
    """What was done to an element."""
    told = handled.arguments[0] if handled.arguments else None
    if isinstance(told, playground.FormEventArguments):
        deed = {"do": "fill" if told.field else "submit", "values": told.values}
    elif isinstance(told, ValueChangeEventArguments):
        deed = {"do": "set", "value": told.value}
    elif hasattr(handled.sender, "value"):
        deed = {"do": "set", "value": handled.sender.value}
    else:
        return {"do": "click"}
    try:
        return json.loads(json.dumps(deed))
    except (TypeError, ValueError):
        return {"do": "nothing"}  # a file that was uploaded, say


class Replay(playground.GenServer):
    """Does a step of a recording after the other, when the presenter says so."""

    def init(self, directory):
        self.directory = Path(directory)
        self.steps = steps_of(self.directory)
        self.began = self.steps.pop(0)["time"]
        self.at, self.failed = 0, ""
        playground.subscribe("playground:tools")

    async def handle_info(self, message):
        match message:
            case (page, "replay look"):
                self.show(page)
            case (_, "replay next") if self.at < len(self.steps):
                step = self.steps[self.at]
                self.at, self.failed = self.at + 1, ""
                try:
                    await self.play(step)
                except (OSError, LookupError) as error:
                    self.failed = f"Not done: {error}. "
                self.show_all()
            case (_, "replay end"):
                self.at = len(self.steps) + 1
                self.show_all()

    async def play(self, step):
        if step["kind"] != "event":
            write_files(self.directory, step, Path(next(iter(playground.sources()))).parent)
            return
        page = await self.page_of(step)
        element = element_at(page, step["element"])
        match step["do"]:
            case "click":
                page.client.run_javascript(f"getHtmlElement({element.id})?.click()")
            case "set":
                element.value = step["value"]
            case "fill" | "submit":
                for field in element.descendants():
                    if (name := field.props.get("name")) in step["values"] and hasattr(field, "value"):
                        field.value = step["values"][name]
                if step["do"] == "submit":
                    page.client.run_javascript(f"getHtmlElement({element.id})?.requestSubmit()")

    async def page_of(self, step):
        """The page where something was done; one that is open goes there if there is none."""
        for attempt in range(100):
            found = [page for page in open_pages() if type(page).__name__ == step["page"]]
            if found:
                return found[min(step["browser"], len(found) - 1)]
            if attempt == 0 and (others := [page for page in open_pages() if page.is_presenter]):
                others[-1].push_navigate(step["path"])
            await asyncio.sleep(0.05)
        raise LookupError(f"the page {step['path']} is not open")

    def show_all(self):
        for page in open_pages(tools=True):
            if page.is_presenter:
                self.show(page)

    def show(self, page):
        following = self.steps[self.at] if self.at < len(self.steps) else None
        state = {"at": self.at, "of": len(self.steps), "failed": self.failed, "next": "The end"}
        if following:
            minutes, seconds = divmod(round(following["time"] - self.began), 60)
            state["next"] = f"{minutes}:{seconds:02} {told_of(following)}"
        page.client.run_javascript(f"window.playground.showReplay({json.dumps(state)})")


def steps_of(directory):
    """The entries of a recording; what was typed into a field in one go is one step."""
    steps = []
    for line in (Path(directory) / RECORDING).read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        if step.get("do") == "nothing" or (step["kind"] != "event" and steps and not step["files"]):
            continue
        if steps and steps[-1].get("do") == step.get("do") in ("set", "fill"):
            where = ("page", "browser", "element")
            if [step[name] for name in where] == [steps[-1][name] for name in where]:
                steps.pop()
        steps.append(step)
    return steps


def told_of(step):
    """A step in words."""
    if step["kind"] != "event":
        return f"{', '.join(step['files'])} is saved" + (", and does not run" if step.get("error") else "")
    title = step["element"]["title"] or step["element"]["tag"].removeprefix("q-").removeprefix("nicegui-")
    match step["do"]:
        case "click":
            return f"“{title}” is clicked"
        case "set":
            return f"“{title}” becomes {step['value']!r:.40}"
        case _:
            return f"a form is {'sent' if step['do'] == 'submit' else 'filled'}"


def open_pages(tools=False):
    """The pages that browsers show."""
    views = [branch["process"] for branch in playground.tree() if branch["kind"] == "page"]
    return [view for view in views if view.connected and (tools or type(view).__module__ != __name__)]


def element_at(page, place):
    """The element of a page that is where one of the recording was."""
    places = places_of(page.client)
    for names in (("tag", "title", "number"), ("tag", "index")):
        for id_, here in places.items():
            if all(here[name] == place[name] for name in names):
                return page.client.elements[id_]
    raise LookupError(f"there is no “{place['title'] or place['tag']}”")


def write_files(directory, step, target):
    """Write what was saved; the script comes last, as it may import what is new."""
    for name, version in reversed(step["files"].items()):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, (directory / version).read_bytes().decode())


REPLAY_JS = """
<script>
document.addEventListener("DOMContentLoaded", () => {
  const { socket, playground } = window;
  if (!socket || !playground) return;
  const bar = document.createElement("playground-replay");
  bar.attachShadow({ mode: "open" }).innerHTML = `<style>
    :host { position: fixed; left: 50%; bottom: 4.5rem; transform: translateX(-50%); z-index: 99999990;
            width: max-content; max-width: calc(100vw - 1.5rem); }
    @media (max-width: 600px) { :host { bottom: 7.5rem; } }
    div { font: 1.05rem/1.35 system-ui, sans-serif; color: #fff; background: #1e1b4b; border: 2px solid #a5b4fc;
          border-radius: 1.5rem; padding: 0.35rem 0.5rem 0.35rem 1.1rem;
          display: flex; gap: 0.6rem; align-items: center; }
    b { white-space: nowrap; } span { flex: 1; overflow-wrap: anywhere; }
    button { font: inherit; font-weight: 600; color: #fff; background: #4338ca; border: 0; border-radius: 1.2rem;
             padding: 0.35rem 0.9rem; white-space: nowrap; }
    :focus-visible { outline: 3px solid #fff; outline-offset: 2px; } [hidden] { display: none; }
    </style><div role="status"><b></b><span></span><button title="or the space bar">Next</button>
    <button aria-label="Drop the rest" title="Drop the rest">✕</button></div>`;
  const [at, text, next, end] = bar.shadowRoot.querySelectorAll("b, span, button");
  const tell = (name) => playground.act("tool", { name: `replay ${name}` });
  bar.shadowRoot.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the page
  next.addEventListener("click", () => tell("next"));
  end.addEventListener("click", () => tell("end"));
  playground.showReplay = (state) => {
    if (state.at > state.of) bar.remove();
    else document.body.append(bar);
    at.textContent = `${Math.min(state.at, state.of)} of ${state.of}`;
    text.textContent = state.failed + (state.at < state.of ? `Next: ${state.next}` : state.next);
    next.hidden = state.at >= state.of;
  };
  let isDown = false; // a button that has the focus is not pressed as well
  const isTyping = () => document.activeElement?.matches("input, textarea, select, [contenteditable]");
  function press(event) {
    const isMeant = event.key === " " && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!isMeant || !bar.isConnected || next.hidden || isTyping()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    isDown = true;
    if (!event.repeat) tell("next");
  }
  function release(event) {
    if (event.key !== " " || !isDown) return;
    isDown = false;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  window.addEventListener("keydown", press, true);
  window.addEventListener("keyup", release, true);
  socket.on("connect", () => tell("look"));
  if (socket.connected) tell("look");
});
</script>
"""


@cache
def add_replay():
    """Have all pages know the bar, once; the server shows it to the presenter."""
    ui.add_head_html(REPLAY_JS, shared=True)


def replay(directory):
    """Serve the program of a recording as it was at the beginning."""
    try:
        first = steps_of(directory)[0]
    except (OSError, ValueError, LookupError) as error:
        sys.exit(f"playground: there is no recording in {directory}: {error}")
    target = Path(tempfile.mkdtemp(prefix="playground-replay-"))
    write_files(Path(directory), first, target)
    os.environ["PLAYGROUND_REPLAY"] = os.path.abspath(directory)
    print(f"playground: what was recorded in {directory} is played in {target}; the space bar does the next step")
    playground.main(["--stage", str(target / next(iter(first["files"]))), *first["arguments"]])


if __name__ == "__main__":
    replay(sys.argv[-1])
