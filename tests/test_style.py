"""How pages look by default: they can be read from the last row, and whatever a page says itself counts more."""

import pytest
from conftest import wait_until

import playground

pytest.importorskip("playwright")
from playwright.sync_api import expect

BARE = """
from nicegui import app, ui
import playground

COLORS


class Page(playground.LiveView):
    def render(self):
        with ui.header():
            ui.label("Header").classes("head")
        ui.label("Count: 3").classes("count")
        ui.label("small").classes("text-sm")
        ui.label("styled").style("font-size: 30px")
        ui.label("of Quasar").classes("text-h4")
        ui.button("+", on_click=lambda: self.put_flash("info", "Saved"))
        ui.button("large").classes("text-h5")
        ui.button("flat").props("flat")
        for color in ["secondary", "accent", "positive", "negative", "info"]:
            ui.button(color, color=color)
        with playground.form(errors={"mail": "There is no @ in it"}):
            ui.input("Mail", value="ada").props('name=mail hint="as in ada@example.org"')
            ui.input("Name", placeholder="Ada").props('name=name hint="first and last"')
            ui.checkbox("I agree")
            playground.upload(label="Photo").props("name=photo")
        ui.select(["a", "b"], value="a", label="Choose")
        ui.link("a link", "/")
        with ui.tabs(value="One"):
            ui.tab("One")
            ui.tab("Two")
        ui.table(rows=[{"name": "Ada", "age": 36}])
        ui.markdown("# Heading\\n\\nsome **text** with `code`")
        with LAYOUT:
            ui.label("wide")


playground.start(live=Page, port=PORT, open_browser=False)
"""
SIZE = "element => getComputedStyle(element).fontSize"
CONTRASTS = """() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (above, below) => [0, 1, 2].map((i) => above[i] * above[3] + below[i] * (1 - above[3])).concat(1);
  const linear = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const styles = (element) => element ? [getComputedStyle(element), ...styles(element.parentElement)] : [];
  const behind = (all) => all.map((style) => rgba(style.backgroundColor)).reduceRight(
    (below, above) => over(above, below), [255, 255, 255, 1]);
  const contrasts = [];
  function note(element, text) {
    const all = styles(element), opacity = all.reduce((product, style) => product * style.opacity, 1);
    if (!element.checkVisibility({ visibilityProperty: true }) || !opacity) return;
    const [red, green, blue, alpha] = rgba(all[0].color), ground = behind(all);
    const [dark, light] = [luminance(over([red, green, blue, alpha * opacity], ground)), luminance(ground)]
      .sort((one, other) => one - other);
    contrasts.push([(light + 0.05) / (dark + 0.05), text]);
  }
  const texts = document.createTreeWalker(document.querySelector("#app"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    if (text) note(texts.currentNode.parentElement, text);
  }
  for (const field of document.querySelectorAll("input")) if (field.value) note(field, field.value);
  return contrasts;
}"""


@pytest.fixture
def bare(serve, open_page):
    """Open a page of plain elements."""

    def open_bare(**replaced):
        source = BARE
        for name, code in {"COLORS": "", "LAYOUT": "ui.element()", **replaced}.items():
            source = source.replace(name, code)
        server = serve(source)
        page = open_page(server.url)
        page.server = server
        return page

    return open_bare


def size_of(page, text):
    return page.get_by_text(text, exact=True).evaluate(SIZE)


def width_of(page, selector):
    return page.locator(selector).evaluate("element => element.getBoundingClientRect().width")


def test_a_bare_page_can_be_read_from_the_last_row_and_what_it_says_itself_counts(bare):
    page = bare()
    assert size_of(page, "Count: 3") == "20px"
    assert size_of(page, "small") == "14px"
    assert size_of(page, "styled") == "30px"
    assert size_of(page, "of Quasar") == "34px"
    assert page.get_by_role("button", name="+").evaluate(SIZE) == "18px"
    assert page.get_by_role("button", name="large").evaluate(SIZE) == "24px"
    assert width_of(page, ".nicegui-content") == 56 * 16
    assert width_of(page, "header") == page.viewport_size["width"]
    page.add_style_tag(content=".count { font-size: 11px } .nicegui-content { max-width: 300px }")
    assert size_of(page, "Count: 3") == "11px"
    assert width_of(page, ".nicegui-content") == 300


@pytest.mark.parametrize("layout", ["ui.row().classes('w-full')", "ui.element().classes('w-screen')", "ui.splitter()"])
def test_a_page_over_the_whole_width_is_not_narrowed(bare, layout):
    page = bare(LAYOUT=layout)
    assert width_of(page, ".nicegui-content") == page.viewport_size["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_told_from_what_is_behind_it(bare, scheme):
    page = bare()
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_text("There is no @ in it")).to_be_visible()
    expect(page.locator(f"body.body--{scheme}")).to_have_count(1)
    page.get_by_label("Name").focus()

    def told():
        return [each for each in page.evaluate(CONTRASTS) if each[0] < 4.5]

    wait_until(lambda: not told(), told)  # once colours have stopped to change
    assert len(page.evaluate(CONTRASTS)) > 20


def test_another_style_shows_in_open_pages_and_plain_is_that_of_nicegui(bare):
    page = bare()
    assert size_of(page, "Count: 3") == "20px"
    path = page.server.path
    path.write_text(path.read_text().replace("open_browser", 'style="plain", open_browser'))
    page.wait_for_function("getComputedStyle(document.querySelector('.count')).fontSize === '14px'")
    assert width_of(page, ".nicegui-content") == page.viewport_size["width"]
    page.reload()
    assert size_of(page, "Count: 3") == "14px"
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--q-primary')") == "#5898d4"


def test_colours_of_the_program_stay(bare):
    page = bare(COLORS="app.colors(primary='#123456')")
    colors = "(name) => getComputedStyle(document.body).getPropertyValue(name)"
    assert page.evaluate(colors, "--q-primary") == "#123456"
    assert page.evaluate(colors, "--q-positive") == "#1a7f37"


def test_on_a_phone_a_flash_leaves_the_head_of_the_page_visible(bare):
    page = bare()
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="+").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert page.get_by_text("Saved").bounding_box()["y"] > 600


TERMINALS = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.command = playground.Command.start("echo hello")

    def render(self):
        playground.terminal(self.command).classes("mine h-48 w-96")
        with ui.card().classes("card"):
            playground.terminal(self.command)
        with ui.expansion("More", value=True).classes("more"):
            playground.terminal(self.command)
"""


def test_a_terminal_is_as_large_as_its_classes_say_and_large_enough_without(serve, open_page):
    page = open_page(serve(TERMINALS).url)
    page.wait_for_selector(".mine .xterm")
    page.wait_for_function("getComputedStyle(document.querySelector('.mine')).height === '192px'")
    assert width_of(page, ".mine") == 384
    assert width_of(page, ".card .playground-terminal") >= 320
    assert width_of(page, ".more .playground-terminal") >= 320


def test_a_style_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match='style is "stage" or "plain", not \'nice\''):
        playground.start(controller=lambda request: "", style="nice")
