"""Real servers and a real browser: `serve` starts scripts as processes, `open_page` opens pages in Chromium."""

import asyncio
import concurrent.futures
import contextlib
import fcntl
import functools
import inspect
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tabs import Tab
from warm import Forked, WarmPython

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Each window would load two pages for its address bar, which take longer than a page under test.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
)
NOT_INHERITED = (
    "PYTEST_CURRENT_TEST",
    "NICEGUI_SCREEN_TEST_PORT",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "BROWSER",
    "PYTHONDONTWRITEBYTECODE",  # each server would compile playground.py anew
)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
    # what takes long comes first: else one worker waits for it at the end
    items.sort(
        key=lambda item: [
            not item.get_closest_marker("slow"),
            "browser" not in item.fixturenames,
            "serve" not in item.fixturenames,
        ]
    )


# ---------------------------------------------------------------------------------------------------------------------
# Waiting
# ---------------------------------------------------------------------------------------------------------------------


PATIENCE = 60.0  # seconds, for whatever happens at once on a machine that has nothing else to do


def wait_until(condition: Callable[[], T], what: object = None, timeout: float = PATIENCE) -> T:
    """Wait until `condition()` is true and return it; `what`, a text or a function that gives one, tells what failed."""
    deadline = time.monotonic() + timeout
    while not (result := condition()):
        assert time.monotonic() < deadline, told(condition, what, timeout)
        time.sleep(0.01)
    return result


async def until(condition: Callable[[], T], what: object = None, timeout: float = PATIENCE) -> T:
    """Wait as `wait_until` does, while the loop goes on."""
    deadline = time.monotonic() + timeout
    while not (result := condition()):
        assert time.monotonic() < deadline, told(condition, what, timeout)
        await asyncio.sleep(0.005)
    return result


def settle_until(page: Any, condition: Callable[[], T], what: object = None) -> T:
    """Wait until `condition()` is true of a visited page, which goes on meanwhile."""

    def settled() -> T:
        page.settle()
        return condition()

    return wait_until(settled, what or (lambda: f"{told_of(condition)}; the page says {page.text!r}"))


def told(condition: Callable[[], object], what: object, timeout: float) -> str:
    """What was waited for in vain, with the line that says so where nothing else does."""
    return f"not so within {timeout:g} s: {what() if callable(what) else what or told_of(condition)}"


def told_of(condition: Callable[[], object]) -> str:
    """The source of a condition."""
    try:
        return inspect.getsource(condition).strip()
    except (OSError, TypeError):
        return repr(condition)


@pytest.fixture(name="wait_for")
def _wait_for() -> Callable[..., Any]:
    return wait_until


held_ports: deque[socket.socket] = deque()


def unused_port() -> int:
    """A port of 127.0.0.1 that nobody listens on and that the kernel gives to nobody else.

    A socket is bound to it that does not listen: who asks for any port never gets this one, and a server that asks for
    its number does.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    port: int = holder.getsockname()[1]
    held_ports.append(holder)
    while len(held_ports) > (100 if sys.platform == "linux" else 0):  # elsewhere no server could have it
        held_ports.popleft().close()
    return port


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    return unused_port()


@contextlib.contextmanager
def default_port(mode: int) -> Iterator[None]:
    """Use port 4000 and those after it alone (fcntl.LOCK_EX), or with the other workers (fcntl.LOCK_SH)."""
    with open(Path(tempfile.gettempdir()) / f"playground-tests-{os.getuid()}.lock", "w") as file:
        fcntl.flock(file, mode)
        yield


@pytest.fixture
def shared_port_4000() -> Iterator[None]:
    """Use port 4000 or one after it beside others who do."""
    with default_port(fcntl.LOCK_SH):
        yield


@pytest.fixture
def port_4000() -> Iterator[None]:
    """Have port 4000 to oneself; named before `serve`, so that its servers have ended when others may have the port."""
    with default_port(fcntl.LOCK_EX):
        yield


# ---------------------------------------------------------------------------------------------------------------------
# Servers
# ---------------------------------------------------------------------------------------------------------------------


def start_cold(command: list[str], cwd: Path, env: dict[str, str], stdin: int) -> subprocess.Popen[str]:
    """Start a command as a person does."""
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        # a shell starts background jobs, and so perhaps pytest, with SIGINT ignored
        preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) if os.name == "posix" else None,
    )


@functools.cache
def warm_python() -> WarmPython | None:
    """A Python with NiceGUI; None where a process cannot be forked after it has imported much."""
    if sys.platform != "linux":
        return None
    return WarmPython(environment_of_servers(Path(tempfile.gettempdir())))


class Server:
    """A script that runs as a process of its own, and what it printed."""

    def __init__(
        self,
        path: Path,
        command: list[str],
        cwd: Path,
        env: dict[str, str],
        stdin: int = subprocess.DEVNULL,
        *,
        warm: bool = False,
    ) -> None:
        """Start it as a person does, or `warm`, which takes a tenth of the time."""
        self.path = path
        if warm and (python := warm_python()):
            assert command[0] == sys.executable
            self.process: subprocess.Popen[str] | Forked = python.start(command[1:], cwd, env, stdin)
        else:
            self.process = start_cold(command, cwd, env, stdin)
        self._lines: list[tuple[str, str]] = []
        self._readers = [
            threading.Thread(target=self._read, args=(name, getattr(self.process, name)), daemon=True)
            for name in ("stdout", "stderr")
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, name: str, stream: Any) -> None:
        with stream:
            for line in stream:
                self._lines.append((name, line))

    @property
    def log(self) -> str:
        """Everything that it printed so far."""
        return "".join(line for _, line in list(self._lines))

    @property
    def stdout(self) -> str:
        """What it printed to stdout so far."""
        return "".join(line for name, line in list(self._lines) if name == "stdout")

    @property
    def stderr(self) -> str:
        """What it printed to stderr so far."""
        return "".join(line for name, line in list(self._lines) if name == "stderr")

    @property
    def url(self) -> str:
        """The address that it printed."""
        found = re.search(r"^playground: (http://\S+)", self.stdout, re.MULTILINE)
        assert found, f"no address was printed:\n{self.log}"
        return found[1]

    def wait_until_served(self) -> None:
        """Wait until the address is printed and its port answers."""

        def answers() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"{self.path.name} ended with {self.wait()}; it printed:\n{self.log}")
            found = re.search(r"^playground: http://(\S+):(\d+)", self.stdout, re.MULTILINE)
            if not found:
                return False
            try:
                socket.create_connection((found[1].strip("[]"), int(found[2])), timeout=1).close()
            except OSError:
                return False
            return True

        wait_until(answers, lambda: f"{self.path.name} answers; it printed:\n{self.log}")

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def wait(self) -> int:
        """Wait until it has ended and everything it printed is read; returns the exit code."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.path.name} still runs after {PATIENCE:g} s; it printed:\n{self.log}") from None
        for reader in self._readers:
            reader.join(20)
            assert not reader.is_alive(), f"{self.path.name} has ended, but something keeps its output open"
        return code

    def end(self) -> None:
        """End it, with force if need be."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.wait()
        if self.process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()


def environment_of_servers(directory: Path, **more: str) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name not in NOT_INHERITED},
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "PYTHONUNBUFFERED": "1",
        "PLAYGROUND_STATE": os.environ.get("PLAYGROUND_STATE", str(directory / "state")),
        **more,
    }


@pytest.fixture
def serve(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a script as a real process: `serve(source)` or `serve(path)`; it is ended after the test.

    `PORT` in a source stands for a free port. A source that does not call `playground.start` gets a call with its page
    class, `live` (by default the last class in it). `wait=False` does not wait until it serves. With the marker `cold`,
    or with options for `python`, NiceGUI is imported anew.
    """
    is_cold = request.node.get_closest_marker("cold") is not None
    servers: list[Server] = []
    locks, is_sharing = contextlib.ExitStack(), False

    def start(
        source: str | Path,
        *args: str,
        live: str | None = None,
        name: str = "my_demo.py",
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        python: tuple[str, ...] = (),
        wait: bool = True,
        stdin: int = subprocess.DEVNULL,
    ) -> Server:
        nonlocal is_sharing
        port = unused_port()
        if isinstance(source, Path):
            path = source
            if not is_sharing and "port=" not in path.read_text(encoding="utf-8", errors="replace"):
                locks.enter_context(default_port(fcntl.LOCK_SH))
                is_sharing = True
        else:
            if "playground.start(" not in source:
                view = live or re.findall(r"^class (\w+)", source, re.MULTILINE)[-1]
                source += f"\n\nplayground.start(live={view}, port=PORT, open_browser=False)\n"
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(re.sub(r"\bPORT\b", str(port), source), encoding="utf-8")
        environment = environment_of_servers(tmp_path, PLAYGROUND_TEST_PORT=str(port), **(env or {}))
        command = [sys.executable, *python, str(path), *args]
        server = Server(path, command, cwd or tmp_path, environment, stdin, warm=not (is_cold or python))
        servers.append(server)
        if wait:
            server.wait_until_served()
        return server

    yield start
    for server in servers:
        server.end()
    locks.close()
    for server in servers:
        if server.log:
            print(f"--- {server.path.name} (exit code {server.process.returncode}) ---\n{server.log}")


# ---------------------------------------------------------------------------------------------------------------------
# Many pages at once, for which a browser is too slow
# ---------------------------------------------------------------------------------------------------------------------


def run_in_thread(coroutine: Any) -> Any:
    """Run a coroutine beside Playwright, which has a loop in this thread already."""
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@contextlib.asynccontextmanager
async def connected(tab: Tab, message: int = 0) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
    """Connect the socket of a page; gives a queue of the updates that it gets, from this number on."""
    updates: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    connection = await tab.connect({"update": updates.put_nowait}, message=message)
    try:
        yield updates
    finally:
        await connection.disconnect()


# ---------------------------------------------------------------------------------------------------------------------
# Browser
# ---------------------------------------------------------------------------------------------------------------------


def find_chromium() -> str | None:
    """The path of a Chromium; None leaves it to Playwright, which may have one of its own."""
    return os.environ.get("PLAYGROUND_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_ARGS))
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _no_foreign_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Once started, Playwright leaves its event loop marked as running in this thread, and `visit` must not be called
    in a running loop: hide it from tests that do not use the browser."""
    if "browser" in request.fixturenames:
        yield
        return
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


def new_person(browser: Any, **options: Any) -> Any:
    """A context of the browser, whose cookies are its own."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE * 1000)
    return context


def tell_what_it_waits_for(page: Any) -> Any:
    """Have `page.wait_for_function` say, when it fails, what it waited for and what the page showed instead."""
    wait = page.wait_for_function

    def wait_for_function(expression: str, **options: Any) -> Any:
        from playwright.sync_api import Error

        try:
            return wait(expression, **options)
        except Error as error:
            error.add_note(f"It waited for {expression} {options}, and shows:\n{page.inner_text('body')[:2000]}")
            raise

    page.wait_for_function = wait_for_function
    return page


# what a tab says that tries again and again to reach a server which the test has ended
SERVER_GONE = "WebSocket|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED"


class Console:
    """What the browser complained about; a test fails with it, except for what it `allow`s."""

    def __init__(self, allowed: list[str]) -> None:
        self.complaints: list[str] = []
        self._allowed = allowed

    def watch(self, page: Any) -> None:
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))

    def _note_message(self, message: Any) -> None:
        if message.type == "error" or "Event listeners changed" in message.text:
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def allow(self, *patterns: str) -> None:
        """Complaints that match one of these regular expressions do not matter in this test."""
        self._allowed.extend(patterns)

    @property
    def errors(self) -> list[str]:
        """The complaints that matter."""
        allowed = (*self._allowed, r"^error: \[server\]")  # what the server logs shows there, too
        return [text for text in self.complaints if not any(re.search(pattern, text) for pattern in allowed)]


@pytest.fixture
def console(request: pytest.FixtureRequest) -> Console:
    """The consoles of all pages of this test."""
    markers = request.node.iter_markers("console_allows")
    return Console([pattern for marker in markers for pattern in marker.args])


@pytest.fixture
def open_page(browser: Any, serve: Any, console: Console) -> Iterator[Callable[..., Any]]:
    """Open an address in a tab and wait until it is connected: `open_page(server.url)`.

    The tabs of a test share their cookies, except for those opened with `person="..."`, each of whom has their own.
    """
    contexts: dict[str, Any] = {}

    def open_tab(url: str, *, person: str = "", connected: bool = True) -> Any:
        if person not in contexts:
            contexts[person] = new_person(browser, viewport={"width": 1280, "height": 800})
        page = tell_what_it_waits_for(contexts[person].new_page())
        console.watch(page)
        page.goto(url)
        if connected:
            page.wait_for_function("() => window.socket?.connected && window.did_handshake")
        return page

    yield open_tab
    for context in contexts.values():
        for page in context.pages:
            with contextlib.suppress(Exception):  # a round trip, so that what was said last is noted as well
                page.evaluate("0")
        context.close()
    assert not console.errors, "the browser's console says:\n" + "\n".join(console.errors)


@pytest.fixture
def page(open_page: Any) -> Any:
    """An empty tab that is watched like those of `open_page`; `page.goto(url)`."""
    return open_page("about:blank", connected=False)
