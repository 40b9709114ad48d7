"""The examples that mirror those of phoenix_playground, and the forms and components: each does what it shows."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from conftest import PATIENCE, ROOT, SERVER_GONE, Server
from playwright.sync_api import expect

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture
def serve_example(serve):
    """Serve a copy of an example on a port of its own: `serve_example("demo_plug")`."""

    def start(name, *changes):
        source = (EXAMPLES / f"{name}.py").read_text()
        for old, new in (*changes, ("playground.start(", "playground.start(port=PORT, open_browser=False, ")):
            assert old in source, old
            source = source.replace(old, new)
        return serve(source, name=f"{name}.py")

    return start


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("link", name=name, exact=True).click()


def post(url, told=None):
    data, headers = json.dumps(told).encode(), {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=PATIENCE) as response:
        return response.status, response.read().decode()


@pytest.mark.console_allows("status of 404")
def test_controllers_answer_and_show_what_is_saved(serve_example, page):
    server = serve_example("demo_controller")
    page.goto(server.url)
    for name, count in (("+", 1), ("+", 2), ("-", 1), ("-", 0), ("-", -1)):
        follow(page, name)
        expect(page.locator(".count")).to_have_text(f"Count: {count}")
    follow(page, "text")
    expect(page.locator("body")).to_have_text("Hello you!")
    page.go_back()
    follow(page, "JSON")
    assert json.loads(page.locator("body").inner_text())["apple"] == 3
    page.goto(f"{server.url}/fruits/pear")
    assert json.loads(page.locator("body").inner_text()) == {"pear": 7}
    assert page.goto(f"{server.url}/fruits/melon").status == 404
    expect(page.locator("body")).to_contain_text("We have no melon.")
    follow(page, "What we have")
    assert page.url == f"{server.url}/fruits"
    page.goto(f"{server.url}/?count=7<b>")
    expect(page.locator(".count")).to_have_text("Count: 0")
    page.goto(f"{server.url}/?count=7")
    server.path.write_text(server.path.read_text().replace("Count: {count}", "{count} clicks"))
    expect(page.locator(".count")).to_have_text("7 clicks")


def test_the_tests_in_examples_pass():
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    environment["PYTHONPATH"] = str(ROOT)
    names = ["demo_live_test.py", "demo_controller_test.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"examples/{name}" for name in names)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout


def test_the_examples_with_tests_are_served_as_well(serve_example, open_page, page):
    counter = open_page(f"{serve_example('demo_live_test').url}/?count=5")
    press(counter, "+")
    press(counter, "+")
    press(counter, "-")
    expect(counter.get_by_text("Count: 6")).to_be_visible()
    page.goto(serve_example("demo_controller_test").url)
    follow(page, "+")
    follow(page, "+")
    expect(page.get_by_text("Count: 2")).to_be_visible()
    follow(page, "-")
    expect(page.get_by_text("Count: 1")).to_be_visible()


def test_what_the_api_gets_shows_in_all_pages(serve_example, open_page):
    server = serve_example("demo_plug")
    one, two = open_page(server.url), open_page(server.url)
    status, text = post(f"{server.url}/api/messages", {"text": "<b>Hi</b>", "sender": "Ada"})
    assert (status, json.loads(text)) == (201, {"text": "<b>Hi</b>", "sender": "Ada"})
    for page in (one, two, open_page(server.url)):
        expect(page.get_by_text("<b>Hi</b>")).to_be_visible()
        expect(page.get_by_text("Ada", exact=True)).to_be_visible()
    with pytest.raises(urllib.error.HTTPError, match="422"):
        post(f"{server.url}/api/messages", {"text": ""})
    command = one.locator("code").inner_text()
    assert f"curl {server.url}/api/messages" in command
    assert json.loads(re.search("'(.*)'", command)[1]) == {"text": "Hi"}
    follow(two, "Somewhere else")
    expect(two.locator("body")).to_have_text("Hello! Nothing else is at /somewhere/else.")
    with urllib.request.urlopen(f"{server.url}/api/openapi.json", timeout=PATIENCE) as response:
        assert json.loads(response.read())["info"]["title"] == "Messages"


def test_the_page_posts_to_the_api_and_asks_nobody_else(serve_example, open_page):
    server = serve_example("demo_plug")
    page, other = open_page(server.url), open_page(server.url)
    requested = []
    page.on("request", lambda request: requested.append(request.url))
    expect(page.get_by_text("What is posted to me shows on all open pages.")).to_be_visible()
    field = page.get_by_label("A message")
    field.fill("Good morning")
    field.press("Enter")
    for tab in (page, other):
        expect(tab.get_by_text("Good morning")).to_be_visible()
        expect(tab.get_by_text("This page", exact=True)).to_be_visible()
    expect(field).to_have_value("")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_text("String should have at least 1 character")).to_be_visible()
    for name in ("All messages", "OpenAPI"):
        follow(page, name)
        page.go_back()
    assert all(url.startswith(server.url) for url in requested)


@pytest.mark.console_allows("status of 404")
def test_pages_and_the_links_between_them(serve_example, open_page):
    server = serve_example("demo_router")
    page = open_page(server.url)
    page.evaluate("window.isStillHere = true")
    page.get_by_placeholder("A note that stays").fill("milk")
    follow(page, "Library")
    expect(page.get_by_text("Quiet, please. You have seat 1.")).to_be_visible()
    follow(page, "Seat 3")
    expect(page.get_by_text("You have seat 3.")).to_be_visible()
    page.wait_for_url(f"{server.url}/rooms/library?seat=3")
    expect(page).to_have_title("Library")
    press(page, "Workshop")
    expect(page.get_by_text("Mind the saw. You have seat 1.")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Quiet, please. You have seat 3.")).to_be_visible()
    follow(page, "Counter")
    press(page, "+")
    press(page, "+")
    press(page, "-")
    expect(page.get_by_text("1", exact=True)).to_be_visible()
    assert page.evaluate("window.isStillHere")
    expect(page.get_by_placeholder("A note that stays")).to_have_value("milk")
    follow(page, "Home")
    follow(page, "A room that is not there")
    expect(page.get_by_text("There is no attic.")).to_be_visible()
    page.wait_for_url(f"{server.url}/")
    follow(page, "An address that is not there")
    expect(page.get_by_text("There is no page at /cellar")).to_be_visible()
    expect(page.get_by_text("/rooms/{name}")).to_be_visible()


DRAWN = """() => {
  const { data } = document.querySelector("canvas").getContext("2d").getImageData(0, 0, 1000, 600);
  const colors = {};
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) {
    const color = [...data.slice(i, i + 3)].map((n) => n.toString(16).padStart(2, "0")).join("");
    colors[color] = (colors[color] ?? 0) + 1;
  }
  return colors;
}"""


def draw(page, *, y):
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + y)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + y, steps=5)
    page.mouse.up()


@pytest.mark.console_allows(r"pushed 'pick'")
def test_a_hook_draws_for_everybody(serve_example, open_page, wait_for):
    server = serve_example("demo_hooks")
    one, two = open_page(server.url), open_page(server.url)

    def drawn(page):
        return {color for color, count in page.evaluate(DRAWN).items() if count > 500}

    for page in (one, two):  # something is there from the beginning
        wait_for(lambda page=page: drawn(page) == {"f59e0b"}, what=lambda page=page: drawn(page))
    draw(one, y=50)
    wait_for(lambda: drawn(two) == {"f59e0b", "3b82f6"}, what=lambda: drawn(two))
    press(two, "red")
    expect(two.locator("canvas")).to_have_attribute("data-color", "#ef4444")
    draw(two, y=100)
    for page in (one, two, open_page(server.url)):
        wait_for(lambda page=page: drawn(page) == {"f59e0b", "3b82f6", "ef4444"}, what=lambda page=page: drawn(page))
    one.evaluate("window.playground.push('drawn', {line: [0, 0, 'x', 0], color: 'red'})")
    one.evaluate("window.playground.push('drawn', {line: [0, 0, 900, 500], color: 'url(evil)'})")
    one.evaluate("window.playground.push('pick', {color: 'green'})")
    wait_for(lambda: "The browser pushed 'pick'" in server.log)
    three = open_page(server.url)
    wait_for(lambda: drawn(three) == {"f59e0b", "3b82f6", "ef4444"})
    press(one, "clear")
    for page in (one, two, three):
        wait_for(lambda page=page: not page.evaluate(DRAWN))
    assert "Traceback" not in server.log


class Endpoint(Server):
    """The example that other programs run, on a port of its own."""

    def __init__(self, tmp_path, port):
        source = (EXAMPLES / "demo_endpoint.py").read_text()
        assert "port=4000" in source
        (tmp_path / "demo_endpoint.py").write_text(source.replace("port=4000", f"port={port}"))
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
        self.address = ("127.0.0.1", port)
        self.environment = environment
        super().__init__(tmp_path / "demo_endpoint.py", self.command(port), tmp_path, environment)

    def command(self, port):
        return [sys.executable, "demo_endpoint.py"]

    def answers(self):
        assert self.process.poll() is None, self.log
        try:
            socket.create_connection(self.address, timeout=1).close()
        except OSError:
            return False
        return True


class UvicornEndpoint(Endpoint):
    def command(self, port):
        return [sys.executable, "-m", "uvicorn", "demo_endpoint:app", "--port", str(port), "--log-level", "warning"]


@pytest.mark.console_allows(SERVER_GONE)
@pytest.mark.parametrize("kind", [Endpoint, UvicornEndpoint], ids=["python", "uvicorn"])
def test_an_existing_application_gets_live_pages(kind, tmp_path, free_port, open_page, page, wait_for):
    server = kind(tmp_path, free_port)
    try:
        wait_for(server.answers, lambda: server.log)
        url = f"http://127.0.0.1:{free_port}"
        if kind is Endpoint:
            wait_for(lambda: f"Café: {url}, and the kitchen: {url}/kitchen\n" in server.log, lambda: server.log)
        page.goto(url)
        kitchen = open_page(f"{url}/kitchen")
        expect(kitchen.get_by_text("0 to make")).to_be_visible()
        press(page, "Tea")
        press(page, "Cake")
        expect(kitchen.get_by_text("2 to make")).to_be_visible()
        assert page.url == f"{url}/"
        with urllib.request.urlopen(f"{url}/orders") as response:
            assert json.loads(response.read()) == [{"number": 1, "dish": "tea"}, {"number": 2, "dish": "cake"}]
        other = open_page(f"{url}/kitchen")
        kitchen.get_by_role("button", name="Done").first.click()
        for tab in (kitchen, other):
            expect(tab.get_by_text("1 to make")).to_be_visible()
            expect(tab.get_by_text("Cake")).to_be_visible()
        kitchen.get_by_role("button", name="Done").click()
        with kitchen.context.expect_page() as opened:
            follow(kitchen, "Nobody waits. Order something.")
        opened.value.wait_for_url(f"{url}/")
        server.interrupt()
        assert server.wait() == 0
        token = r"playground: with an address that ends in [?]presenter=\w+ shows you errors and tools\n"
        assert re.fullmatch(f"{token}(Café: .*\n)?", server.log)
    finally:
        server.end()


def test_a_form_says_what_is_wrong_beside_the_fields(serve_example, open_page, tmp_path):
    page = open_page(serve_example("demo_form").url)
    name, email, nights = page.get_by_label("Name"), page.get_by_label("E-mail"), page.get_by_label("Nights")
    wrong_email = page.get_by_text("That is no e-mail address.")
    name.fill("A")
    expect(page.get_by_text("Please write more.")).to_be_visible()  # at change, and only what was touched
    expect(wrong_email).to_have_count(0)
    name.fill("Ada")
    expect(page.get_by_text("Please write more.")).to_have_count(0)
    name.press("Enter")  # at submit, all
    expect(wrong_email).to_be_visible()
    expect(page.get_by_text("Please give a date.")).to_be_visible()
    rules = page.locator(".q-checkbox")
    expect(rules).to_have_attribute("data-error", "Please accept the rules.")
    expect(name).to_have_value("Ada")
    expect(name).to_be_focused()
    email.fill("ada@example.org")
    expect(wrong_email).to_have_count(0)
    page.get_by_label("Arrival").fill("2020-01-01")
    expect(page.get_by_text("That is over already.")).to_be_visible()
    page.get_by_label("Arrival").fill("2099-12-24")
    expect(page.get_by_text("That is over already.")).to_have_count(0)
    nights.fill("20")
    expect(page.get_by_text("less than or equal to 14")).to_be_visible()
    nights.fill("3")
    page.get_by_role("checkbox").click()
    expect(page.locator("[data-error]")).to_have_count(0)
    large, small = tmp_path / "large.png", tmp_path / "small.png"
    large.write_bytes(b"x" * 1_000_001)
    small.write_bytes(b"x" * 5_000)
    chooser = page.locator("input[type=file]")
    chooser.set_input_files(str(large))
    expect(page.locator("[data-error]")).to_have_attribute("data-error", "large.png is too large")
    chooser.set_input_files(str(small))
    expect(page.locator("[data-error]")).to_have_count(0)
    expect(page.locator(".q-uploader__file--uploaded")).to_contain_text("small.png")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("Ada, 24 December 2099, nights: 3, small.png (5 kB)")).to_be_visible()
    expect(page.get_by_text("Welcome, Ada!")).to_be_visible()
    expect(name).to_have_value("")  # for the next one
    expect(page.locator(".q-field--error")).to_have_count(0)


def test_a_click_renders_one_component_and_no_other(serve_example, open_page):
    page = open_page(serve_example("demo_components", ("send_interval(0.5,", "send_interval(3600,")).url)
    tiles = page.locator(".q-card.cursor-pointer")
    expect(tiles).to_have_count(16)
    counts = tiles.get_by_text(re.compile(r"^rendered "))
    before = counts.all_inner_texts()
    assert before == ["rendered once"] * 16
    lines = page.locator(".overflow-y-auto .nicegui-row")
    expect(lines).to_have_count(20)
    tiles.nth(3).click()
    expect(tiles.nth(3).locator("svg")).to_be_visible()
    after = counts.all_inner_texts()
    assert after == ["rendered once"] * 3 + ["rendered 2 times"] + ["rendered once"] * 12
    press(page, "100 deals")
    expect(page.get_by_text("120 deals").first).to_be_visible()
    expect(lines).to_have_count(120)
    expect(tiles.nth(3).locator("svg")).to_be_visible()  # it keeps its own state
    for deals in (220, 320):
        press(page, "100 deals")
        expect(page.get_by_text(f"{deals} deals")).to_be_visible()
    expect(lines).to_have_count(200)  # the oldest have gone
