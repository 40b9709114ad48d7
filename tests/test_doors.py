"""What else `playground.start` serves beside pages, and how else pages are served: controllers, applications, options,
a QR code, and `playground.mount` in an application of somebody else."""

import contextlib
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import pytest
from conftest import PATIENCE, ROOT, SERVER_GONE, Server, new_person
from fastapi import FastAPI
from nicegui import ui
from playwright.sync_api import expect

import playground

PAGE = """
import asyncio
import threading
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request, WebSocket
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from nicegui import ui
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import playground


class Page(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("+", on_click=self.event("inc"))

    def handle_event(self, event):
        self.count += 1
"""

START = "playground.start({}, port=PORT, open_browser=False)\n"


def get(url, data=None, **headers):
    """The status, the text, the kind and the headers of an answer."""
    request = urllib.request.Request(url, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return answer_of(response)
    except urllib.error.HTTPError as error:
        return answer_of(error)


def answer_of(response):
    return response.status, response.read().decode(), response.headers["content-type"], response.headers


def text_at(url):
    status, text, *_ = get(url)
    assert status == 200, text
    return text


def save(server, *changes):
    """Save the script with texts in it replaced."""
    text = server.path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    server.path.write_text(text)


# ---------------------------------------------------------------------------------------------------------------------
# Controllers
# ---------------------------------------------------------------------------------------------------------------------

CONTROLLERS = """
def thread():
    return "loop" if threading.current_thread() is threading.main_thread() else "thread"


def html(request):
    return f"\\n  <p>{request.query_params['x']}</p>"

def text(request):
    return f"{request.path_params['name']} in a {thread()}"

async def data(request):
    return {"method": request.method, "body": (await request.body()).decode(), "in": thread()}

def nothing():
    return None

def away():
    return RedirectResponse("/text/you", status_code=303)

def teapot():
    raise HTTPException(418, "short and stout")

def melon():
    raise HTTPException(404, "We have no melon")

def crash(request):
    secret = "7 dwarfs"
    return secret + 1

def wrong():
    return object()

class Greeter:
    def hello(self, request):
        return f"Hello {request.query_params['x']}"

    async def __call__(self):
        return "called"

def later(request):
    return data(request)

controller = {
    "/html": html, "/text/{name}": text, "/file/{path:path}": lambda request: request.path_params["path"],
    "/data": data, "/nothing": nothing, "/away": away, "/teapot": teapot, "/melon": melon, "/crash": crash, "/wrong": wrong,
    "/method": Greeter().hello, "/object": Greeter(), "/later": later,
}
"""


def test_what_a_controller_returns_is_the_answer(serve, wait_for):
    server = serve(PAGE + CONTROLLERS + START.format("live=Page, controller=controller"))
    url = server.url
    status, text, kind, _ = get(f"{url}/html?x=1")
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert text.strip().startswith("<p>1</p>")
    status, text, kind, _ = get(f"{url}/text/a%20b")
    assert (status, text, kind) == (200, "a b in a thread", "text/plain; charset=utf-8")
    assert text_at(f"{url}/file/a/b.txt") == "a/b.txt"
    assert json.loads(text_at(f"{url}/data")) == {"method": "GET", "body": "", "in": "loop"}
    status, text, kind, _ = get(f"{url}/data", data=b"x=1")
    assert (json.loads(text), kind) == ({"method": "POST", "body": "x=1", "in": "loop"}, "application/json")
    assert text_at(f"{url}/nothing") == "null"
    assert text_at(f"{url}/away") == "you in a thread"
    assert text_at(f"{url}/method?x=you") == "Hello you"
    assert text_at(f"{url}/object") == "called"
    assert json.loads(text_at(f"{url}/later"))["method"] == "GET"
    status, text, *_ = get(f"{url}/teapot")
    assert (status, json.loads(text)) == (418, {"detail": "short and stout"})
    assert "Count: 0" in text_at(url)
    assert json.loads(text_at(f"{url}/data/"))["method"] == "GET"  # as at "/data", as pages are
    for absent in ("/text", "/text/a/b"):
        status, text, *_ = get(f"{url}{absent}")
        assert (status, "There is no page" in text) == (404, True)
    status, text, *_ = get(f"{url}/melon")
    assert (status, "We have no melon" in text, "There is no page" in text) == (404, True, False)
    status, text, *_ = get(f"{url}/crash")
    assert status == 500
    for shown in ("can only concatenate str", "secret + 1", "7 dwarfs", "crash"):
        assert shown in text, shown
    wait_for(lambda: "The controller of /crash failed" in server.stderr)
    status, text, *_ = get(f"{url}/wrong")
    assert (status, "not JSON serializable" in text) == (500, True)


def test_without_debug_errors_a_controller_tells_nothing(serve, wait_for):
    server = serve(PAGE + CONTROLLERS + START.format("controller=controller, debug_errors=False"))
    for path in ("crash", "wrong", "nowhere"):
        status, text, *_ = get(f"{server.url}/{path}")
        assert status == (404 if path == "nowhere" else 500)
        for hidden in ("concatenate", "serializable", "dwarfs", "my_demo", "Traceback", "/text/{name}"):
            assert hidden not in text, (path, hidden)
    wait_for(lambda: "can only concatenate str" in server.stderr)


@pytest.mark.console_allows("status of 500", SERVER_GONE)
def test_an_open_page_of_a_controller_shows_what_is_saved(serve, page, wait_for):
    script = """
import playground


def index():
    return f"<h1>{title()}</h1>"


def title():
    return "first"


playground.start(controller=index, port=PORT, open_browser=False)
"""
    server = serve(script)
    page.goto(server.url)
    heading = page.locator("h1")
    expect(heading).to_have_text("first")
    save(server, ('"first"', '"second"'))
    expect(heading).to_have_text("second")
    save(server, ('"second"', "second"))  # a name that is not there
    expect(page.locator("playground-overlay")).to_contain_text("name 'second' is not defined")
    save(server, ("return second", 'return "third"'))
    expect(heading).to_have_text("third")
    save(server, ('return "third"', 'return "third'))
    wait_for(lambda: "unterminated string" in server.stderr)
    expect(heading).to_have_text("third")
    save(server, ('return "third', 'return "fourth"'))
    expect(heading).to_have_text("fourth")
    save(server, ("controller=index", 'controller={"/": title, "/new": index}'))
    expect(heading).to_have_count(0)
    expect(page.locator("body")).to_have_text("fourth")
    with page.expect_request(re.compile("/_playground/generation")):
        page.goto(f"{server.url}/new")
    expect(heading).to_have_text("fourth")
    before = server.log
    server.interrupt()  # while the page waits to be told of the next save
    assert server.wait() == 0
    assert server.log == before


# ---------------------------------------------------------------------------------------------------------------------
# Other applications
# ---------------------------------------------------------------------------------------------------------------------

APPLICATIONS = """
@asynccontextmanager
async def lifespan(app):
    print("the api starts", flush=True)
    yield {"numbers": [1, 2, 3]}
    print("the api ends", flush=True)

api = FastAPI(lifespan=lifespan)
api.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))

@api.get("/double/{number}")
def double(number: int, factor: int = 2):
    return factor * number

@api.get("/numbers")
def numbers(request: Request):
    return request.state.numbers

@api.get("/crash")
def crash():
    raise RuntimeError("an error of the api")

@api.websocket("/echo")
async def echo(socket: WebSocket):
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(f"echo {text} for {socket.path_params}")

async def everything(request):
    return PlainTextResponse(f"something at {request.url.path}")

rest = Starlette(routes=[Route("/", everything), Route("/rest/{path:path}", everything)])
"""


def serve_applications(serve, tmp_path, what='live={"/page": Page}, plug={"/api": api, "/": rest}'):
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "style.css").write_text("body { color: red }")
    return serve(PAGE + APPLICATIONS + START.format(what))


@pytest.mark.console_allows(SERVER_GONE)
def test_applications_answer_beside_pages(serve, open_page, tmp_path, wait_for):
    server = serve_applications(serve, tmp_path)
    url = server.url
    wait_for(lambda: "the api starts" in server.stdout)
    assert json.loads(text_at(f"{url}/api/numbers")) == [1, 2, 3]
    assert text_at(f"{url}/api/double/21") == "42"
    assert get(f"{url}/api/double/x")[0] == 422
    assert get(f"{url}/api/nowhere")[:2] == (404, '{"detail":"Not Found"}')
    assert get(f"{url}/api/static/style.css")[1:3] == ("body { color: red }", "text/css; charset=utf-8")
    assert json.loads(text_at(f"{url}/api/openapi.json"))["servers"] == [{"url": "/api"}]
    assert text_at(f"{url}/") == "something at /"
    assert text_at(f"{url}/rest/of/it") == "something at /rest/of/it"
    assert get(f"{url}/nowhere")[:2] == (404, "Not Found")
    assert get(f"{url}/apifier")[0] == 404
    page = open_page(f"{url}/page")
    page.get_by_role("button", name="+").click()
    expect(page.locator(".count")).to_have_text("Count: 1")
    told = page.evaluate(
        """() => new Promise((resolve, reject) => {
          const socket = new WebSocket(`ws://${location.host}/api/echo`);
          socket.onopen = () => socket.send("hi");
          socket.onmessage = ({ data }) => resolve(data);
          socket.onerror = reject;
        })"""
    )
    assert told == "echo hi for {}"
    assert get(f"{url}/api/crash")[:2] == (500, "Internal Server Error")
    wait_for(lambda: "an error of the api" in server.stderr)
    assert "the api ends" not in server.stdout
    server.interrupt()
    assert server.wait() == 0
    assert server.stdout.count("the api ends") == 1


AT_ITS_PATH = """
async def plug(scope, receive, send):
    if scope["type"] == "http":
        told = f"{scope['method']} {scope['root_path']} {scope['path']}"
        await PlainTextResponse(told)(scope, receive, send)

class Room(Page):
    pass
"""


def test_an_application_answers_at_its_path_and_below_where_nothing_else_does(serve):
    what = 'live={"/": Page, "/api/page/{name}": Room}, controller={"/api/own": lambda: "own"}, '
    url = serve(PAGE + AT_ITS_PATH + START.format(what + 'plug={"/api": plug, "/api/v2/": plug}')).url
    assert text_at(f"{url}/api") == "GET /api /api"
    assert text_at(f"{url}/api?x=1") == "GET /api /api"
    assert text_at(f"{url}/api/") == "GET /api /api/"
    assert text_at(f"{url}/api/deep/er") == "GET /api /api/deep/er"
    assert text_at(f"{url}/api/v2") == "GET /api/v2 /api/v2"
    assert text_at(f"{url}/api/v2/x") == "GET /api/v2 /api/v2/x"
    assert text_at(f"{url}/api/own") == "own"
    assert "Count: 0" in text_at(f"{url}/api/page/x")
    assert get(f"{url}/api", data=b"x")[1] == "POST /api /api"
    assert get(f"{url}/apis")[0] == 404


def test_a_saved_application_answers_anew(serve, tmp_path, wait_for):
    server = serve_applications(serve, tmp_path)
    url = f"{server.url}/api/double/10"
    assert text_at(url) == "20"
    save(server, ("return factor * number", "return factor * number + 1"))
    wait_for(lambda: text_at(url) == "21")
    save(server, ("factor: int = 2", "factor: int = 3"))
    wait_for(lambda: text_at(url) == "31")
    save(server, ("/double/{number}", "/triple/{number}"))
    wait_for(lambda: get(f"{server.url}/api/triple/10")[1] == "31")
    save(server, ('plug={"/api": api, ', 'plug={"/v2": api, '))
    wait_for(lambda: get(f"{server.url}/v2/triple/10")[1] == "31")
    assert get(f"{server.url}/api/triple/10")[0] == 404
    assert server.stderr == ""


def test_a_new_application_starts_and_an_old_one_ends(serve, tmp_path, wait_for):
    server = serve_applications(serve, tmp_path)
    wait_for(lambda: "the api starts" in server.stdout)
    save(server, ("api = FastAPI(lifespan=lifespan)", 'api = FastAPI(title="Another", lifespan=lifespan)'))
    wait_for(lambda: json.loads(text_at(f"{server.url}/api/openapi.json"))["info"]["title"] == "Another")
    assert text_at(f"{server.url}/api/double/21") == "42"
    wait_for(lambda: server.stdout.count("the api starts") == 2)
    wait_for(lambda: server.stdout.count("the api ends") == 1)


def test_an_application_alone_without_any_framework(serve):
    source = (
        "async def app(scope, receive, send):\n"
        "    assert scope['type'] == 'http'\n"
        "    await PlainTextResponse(scope['path'])(scope, receive, send)\n"
    )
    assert text_at(f"{serve(PAGE + source + START.format('plug=app')).url}/any/where") == "/any/where"


def test_an_application_that_cannot_start_is_told_of(serve, page, wait_for):
    broken = PAGE + (
        "@asynccontextmanager\nasync def lifespan(app):\n    raise OSError('no database')\n    yield\n\n"
        "api = FastAPI(lifespan=lifespan)\n"
    )
    server = serve(broken + START.format('live=Page, plug={"/api": api}'))
    page.goto(server.url)
    expect(page.locator("playground-overlay")).to_contain_text("no database")
    assert "no database" in server.stderr
    save(server, ("raise OSError('no database')", "print('there it is', flush=True)"))
    wait_for(lambda: "there it is" in server.stdout)
    expect(page.locator("playground-overlay .error")).to_have_count(0)


# ---------------------------------------------------------------------------------------------------------------------
# Wrong use
# ---------------------------------------------------------------------------------------------------------------------


class Page(playground.LiveView):
    def render(self):
        ui.label("page")


def index():
    return "index"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "nothing to serve.*live=MyPage"),
        ({"controller": {}}, "nothing to serve"),
        ({"plug": {}}, "nothing to serve"),
        ({"controller": {"about": index}}, r"'about' has to start with a slash: \"/about\""),
        ({"plug": {"api": FastAPI()}}, r"'api' has to start with a slash: \"/api\""),
        ({"live": Page, "controller": index}, r"'/' has a page and a controller.*controller=\{'/path'"),
        ({"live": {"/a": Page}, "controller": {"/a": index}}, "'/a' has a page and a controller"),
        ({"controller": Page}, "controller at '/' has to be a function or an application, not <class"),
        ({"controller": "index"}, "controller at '/' has to be a function or an application, not 'index'"),
        ({"controller": index()}, "controller at '/' has to be a function or an application, not 'index'"),
        ({"plug": "module:app"}, "plug at '/' has to be a function or an application, not 'module:app'"),
        ({"plug": FastAPI}, "plug at '/' has to be a function or an application, not <class"),
        ({"live": FastAPI()}, "is no page class.*plug="),
        ({"live": index}, "is no page class"),
        ({"live": Page, "reload": True}, "no option 'reload'. Did you mean 'live_reload'"),
        ({"live": Page, "show": False}, "no option 'show'. Did you mean 'open_browser'"),
        ({"live": Page, "storage_secret": "x"}, "no option 'storage_secret'. Did you mean 'secret_key'"),
        ({"live": Page, "root": index}, "no option 'root'. Did you mean 'live'"),
        ({"live": Page, "favicno": "x"}, "no option 'favicno'. Did you mean 'favicon'"),
        ({"live": Page, "live_relaod": True}, "no option 'live_relaod'. Did you mean 'live_reload'"),
        ({"live": Page, "zzz": 1}, r"no option 'zzz'\.$"),
    ],
)
def test_wrong_use_is_an_error_that_says_what_is_right(arguments, error):
    with pytest.raises((TypeError, ValueError), match=error):
        playground.start(**arguments, port=0)  # which is another error, so that nothing is ever served here


def test_mounting_nothing_is_an_error():
    for live, error in ((None, "nothing to serve"), ({"x": Page}, "start with a slash"), (index, "is no page class")):
        with pytest.raises((TypeError, ValueError), match=error):
            playground.mount(FastAPI(), live=live)


def test_mounting_at_a_path_without_slash_is_an_error(serve):
    mount = "playground.mount(FastAPI(), live=Page, path='admin')\n"
    server = serve(f"{PAGE}\n\n{mount}\n# playground.start(", wait=False)
    assert server.wait() == 1
    assert server.stderr.splitlines()[0] == "ValueError: The path 'admin' has to start with a slash: \"/admin\""


# ---------------------------------------------------------------------------------------------------------------------
# Options
# ---------------------------------------------------------------------------------------------------------------------


def test_options_of_nicegui_and_of_uvicorn_are_passed_on(serve, page):
    script = (
        PAGE
        + "\n    def terminate(self, reason):\n        print('gone', flush=True)\n"
        + START.format(
            'live=Page, title="Mine", dark=True, favicon="🚀", viewport="width=600", reconnect_timeout=42.0, language="de", '
            'headers=[("x-demo", "yes")], fastapi_docs=True'
        )
    )
    server = serve(script)
    _, html, _, headers = get(server.url)
    assert '<meta name="viewport" content="width=600"' in html
    assert headers["x-demo"] == "yes"
    assert get(f"{server.url}/docs")[0] == 200
    assert get(f"{server.url}/_playground/qr")[0] == 404
    page.goto(server.url)
    expect(page).to_have_title("Mine")
    expect(page.locator("body")).to_have_class(re.compile("body--dark"))
    assert page.locator("html").get_attribute("lang") == "de"
    icon = urllib.parse.unquote(page.locator("link[rel~=icon]").get_attribute("href"))
    assert "🚀" in icon


WAITS = """
import uvicorn
from fastapi import FastAPI
from nicegui import app, ui

import playground


class Page(playground.LiveView):
    def render(self):
        ui.label(f"waits {app.config.reconnect_timeout:g} s")


if MOUNTS:
    print("playground: http://127.0.0.1:PORT", flush=True)
    api = FastAPI()
    playground.mount(api, live=Page OPTIONS)
    uvicorn.run(api, port=PORT, log_level="warning")
else:
    playground.start(live=Page, port=PORT, open_browser=False OPTIONS)
"""


@pytest.mark.parametrize("mounts", [True, False])
@pytest.mark.parametrize(("options", "seconds"), [("", 60), (", reconnect_timeout=7.0", 7)])
def test_how_long_a_page_waits_for_its_browser(serve, mounts, options, seconds):
    server = serve(WAITS.replace("MOUNTS", str(mounts)).replace(" OPTIONS", options))
    assert f"waits {seconds} s" in get(server.url)[1]


def certificate(tmp_path):
    """A key and a certificate that it has signed itself, for 127.0.0.1."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
    ]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, *names, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return key, cert


def test_https(serve, browser, tmp_path, wait_for):
    key, cert = certificate(tmp_path)
    server = serve(PAGE + START.format(f"live=Page, ssl_keyfile={str(key)!r}, ssl_certfile={str(cert)!r}"), wait=False)
    wait_for(lambda: "playground: " in server.stdout)
    port = re.search(r"127\.0\.0\.1:(\d+)", server.stdout)[1]
    with urllib.request.urlopen(
        f"https://127.0.0.1:{port}", context=ssl.create_default_context(cafile=cert)
    ) as response:
        assert "Count: 0" in response.read().decode()
    context = new_person(browser, ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"https://127.0.0.1:{port}")
    page.get_by_role("button", name="+").click()
    expect(page.locator(".count")).to_have_text("Count: 1")
    context.close()
    assert server.stdout == f"playground: https://127.0.0.1:{port}\n"


def test_without_live_reload_a_save_changes_nothing(serve, open_page, wait_for):
    script = PAGE + (
        'def index():\n    return "<p>old</p>"\n\n\n'
        'playground.start(live={"/page": Page}, controller=index, port=PORT, open_browser=False, live_reload=IS_ON)\n'
    )
    still = serve(script.replace("IS_ON", "False"))
    follows = serve(script.replace("IS_ON", "True"), name="other.py")
    page, other = open_page(f"{still.url}/page"), open_page(f"{follows.url}/page")
    assert "<script>" not in text_at(still.url)
    assert "<script>" in text_at(follows.url)
    for server in (still, follows):
        save(server, ("Count: ", "Clicks: "), ("old", "new"))
    expect(other.locator(".count")).to_have_text("Clicks: 0")
    wait_for(lambda: "<p>new</p>" in text_at(follows.url))
    page.get_by_role("button", name="+").click()
    expect(page.locator(".count")).to_have_text("Count: 1")
    assert "<p>old</p>" in text_at(still.url)
    assert "reloaded" not in still.log


# ---------------------------------------------------------------------------------------------------------------------
# For others in the room
# ---------------------------------------------------------------------------------------------------------------------


def matrix_of(lines):
    """The squares of a QR code that is printed with two of them in each character; True for a dark one."""
    upper = [[square in "\xa0▄" for square in line] for line in lines]
    lower = [[square in "\xa0▀" for square in line] for line in lines]
    return [row for pair in zip(upper, lower, strict=True) for row in pair]


def expected_matrix(text):
    qrcode = pytest.importorskip("qrcode")
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    return code.get_matrix()


def test_share_shows_the_address_for_others_as_a_code(serve, open_page, wait_for):
    server = serve(PAGE + START.format("live=Page, share=True"))
    port = server.url.rpartition(":")[2]
    assert server.url == f"http://127.0.0.1:{port}"
    printed = r"playground: (http://(\d+\.\d+\.\d+\.\d+):\d+) for others"
    shared = wait_for(lambda: re.search(printed, server.stdout), what=lambda: server.log)
    assert shared[1].endswith(f":{port}")
    own = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} | {"127.0.0.1"}
    if len(own) > 1:
        assert shared[2] in own
    expected = expected_matrix(shared[1])
    lines = re.findall("\x1b\\[97;40m(.*)\x1b\\[0m", server.stdout)
    assert matrix_of(lines)[: len(expected)] == expected
    assert server.stderr == ""
    assert "Count: 0" in text_at(shared[1])
    page = open_page(f"{shared[1]}/_playground/qr")
    expect(page.get_by_text(shared[1])).to_be_visible()
    drawn = {(int(x), int(y)) for x, y in re.findall(r"M(\d+),(\d+)H", page.locator("svg path").get_attribute("d"))}
    assert drawn == {(x, y) for y, row in enumerate(expected) for x, is_dark in enumerate(row) if is_dark}
    box = page.locator("svg").bounding_box()
    assert min(box["width"], box["height"]) > 400
    assert "qr" not in get(f"{server.url}/nowhere")[1]


# ---------------------------------------------------------------------------------------------------------------------
# In an application of somebody else
# ---------------------------------------------------------------------------------------------------------------------

MOUNTED = """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from nicegui import ui
import playground


class Clock(playground.GenServer):
    def init(self):
        print("the clock starts", flush=True)

    def handle_call(self, request):
        return "12:00"

    def terminate(self, reason):
        print("the clock ends", flush=True)


class Page(playground.LiveView):
    async def mount(self):
        self.count = 0
        self.time = await playground.call(Clock, "time")

    def handle_params(self, params, uri):
        self.number, self.uri = params.get("page", "1"), uri

    def render(self):
        ui.label(f"Count: {self.count} at {self.time}").classes("count")
        ui.label(f"Page {self.number}").classes("number")
        ui.button("+", on_click=self.event("inc"))
        ui.button("patch", on_click=lambda: self.push_patch("?page=2"))
        ui.button("navigate", on_click=lambda: self.push_navigate("/other/7"))
        ui.button("log in", on_click=lambda: self.redirect("/other/7", session={"user": "Ada"}))
        playground.patch_link("page 3", "?page=3")
        playground.navigate_link("to other", "/other/8")

    def handle_event(self, event):
        self.count += 1

    def terminate(self, reason):
        print("a page ends", reason, flush=True)


class Other(playground.LiveView):
    def mount(self, params, session):
        self.name, self.user = params["name"], session.get("user")
        if self.name == "closed":
            self.redirect("/")

    def render(self):
        ui.label(f"Other {self.name} of {self.user}").classes("other")


class Broken(playground.LiveView):
    def render(self):
        ui.label(no_such_name)


@asynccontextmanager
async def lifespan(app):
    print("the application starts", flush=True)
    yield
    print("the application ends", flush=True)


app = FastAPI(lifespan=lifespan)


@app.get("/")
def index():
    return {"own": "route"}


pages = {"/": Page, "/other/{name}": Other, "/broken": Broken}
playground.mount(app, live=pages, path="MOUNT_PATH", children=[Clock], title="Mounted")


@app.get("/later")
def later():
    return {"own": "later route"}


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(app, port=PORT, log_level="warning")
"""


class Mounted(Server):
    """An application that uvicorn serves."""

    def __init__(self, directory, path="/admin", *, port, as_script=False):
        script = directory / "my_app.py"
        script.write_text(MOUNTED.replace("MOUNT_PATH", path).replace("PORT", str(port)))
        command = [sys.executable, "-m", "uvicorn", "my_app:app", "--port", str(port), "--log-level", "warning"]
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        super().__init__(script, [sys.executable, str(script)] if as_script else command, directory, environment)
        self.port = port

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def answers(self):
        assert self.process.poll() is None, self.log
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        return False


@pytest.fixture
def mounted(tmp_path, free_port, wait_for):
    servers = []

    def start(**options):
        server = Mounted(tmp_path, port=free_port, **options)
        servers.append(server)
        wait_for(server.answers, lambda: f"uvicorn answers; it printed:\n{server.log}")
        return server

    yield start
    for server in servers:
        server.end()
        print(server.log)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.console_allows(SERVER_GONE)
@pytest.mark.parametrize("path", ["/admin", "/"])
def test_pages_in_an_application_of_somebody_else(mounted, open_page, path):
    server = mounted(path=path)
    if path != "/":
        assert text_at(server.url) == '{"own":"route"}'
        assert text_at(f"{server.url}/later") == '{"own":"later route"}'
        assert get(f"{server.url}/nowhere")[0] == 404
        page = open_page(f"{server.url}{path}")
        press(page, "+")
        expect(page.locator(".count")).to_have_text("Count: 1 at 12:00")
        expect(page).to_have_title("Mounted")
    page = open_page(f"{server.url}{path.rstrip('/')}/other/x%20y")
    expect(page.locator(".other")).to_have_text("Other x y of None")
    expect(page).to_have_title("Mounted")
    server.interrupt()
    assert server.wait() == 0
    for told in ("the application starts", "the clock starts", "a page ends shutdown", "the clock ends"):
        assert told in server.stdout or (path == "/" and "page" in told), told
    assert server.stdout.count("the application ends") == 1
    assert "Traceback" not in server.log


def test_addresses_of_mounted_pages(mounted, open_page):
    server = mounted()
    base = f"{server.url}/admin"
    page = open_page(f"{base}/")
    press(page, "+")
    press(page, "patch")
    expect(page.locator(".number")).to_have_text("Page 2")
    page.wait_for_url(f"{base}/?page=2")
    page.get_by_role("link", name="page 3").click()
    expect(page.locator(".number")).to_have_text("Page 3")
    page.go_back()
    expect(page.locator(".number")).to_have_text("Page 2")
    expect(page.locator(".count")).to_have_text("Count: 1 at 12:00")  # it was the same page all the time
    press(page, "navigate")
    expect(page.locator(".other")).to_have_text("Other 7 of None")
    page.wait_for_url(f"{base}/other/7")
    page.go_back()
    page.get_by_role("link", name="to other").click()
    expect(page.locator(".other")).to_have_text("Other 8 of None")
    page.goto(f"{base}/")
    press(page, "log in")
    expect(page.locator(".other")).to_have_text("Other 7 of Ada")
    page.goto(f"{base}/other/closed")
    expect(page.locator(".number")).to_have_text("Page 1")
    assert page.url.rstrip("/") == base


@pytest.mark.console_allows("status of 500", "status of 404", SERVER_GONE)
def test_errors_of_mounted_pages_are_shown_and_heal(mounted, page):
    server = mounted()
    status, text, *_ = get(f"{server.url}/admin/nowhere")
    assert status == 404
    assert 'href="/admin/"' not in text  # what is in front makes everybody look like this machine
    page.goto(f"{server.url}/admin/nowhere{re.search(r'[?]presenter=[0-9a-f]+', server.log)[0]}")
    expect(page).to_have_url(f"{server.url}/admin/nowhere")
    expect(page.locator('a[href="/admin/"]')).to_be_visible()
    loads = []
    page.on("response", lambda response: loads.append(response.status) if "/broken" in response.url else None)
    page.goto(f"{server.url}/admin/broken")
    expect(page.locator("playground-overlay")).to_contain_text("no_such_name")
    with page.expect_request(re.compile("/_playground/generation")) as asked:
        page.reload()
    assert "/admin/_playground/generation" in asked.value.url
    assert loads == [500, 500]
    save(server, ("ui.label(no_such_name)", 'ui.label("healed").classes("healed")'))
    expect(page.locator(".healed")).to_be_visible()
    with page.expect_request(re.compile("/_playground/generation")):
        page.goto(f"{server.url}/admin/nowhere")
    server.interrupt()  # while it waits to be told of a save
    assert server.wait() == 0


@pytest.mark.console_allows(SERVER_GONE)
@pytest.mark.parametrize("as_script", [False, True], ids=["uvicorn", "python"])
def test_a_save_shows_in_mounted_pages(mounted, open_page, as_script):
    server = mounted(as_script=as_script)
    page = open_page(f"{server.url}/admin/")
    press(page, "+")
    save(server, ("Count: ", "Clicks: "))
    expect(page.locator(".count")).to_have_text("Clicks: 1 at 12:00")
    save(server, ('"/broken": Broken}', '"/new": Other, "/other/{name}": Other}'))
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Clicks: 2 at 12:00")
    assert text_at(f"{server.url}/later") == '{"own":"later route"}'
    server.interrupt()
    assert server.wait() == 0
    assert "Traceback" not in server.log
