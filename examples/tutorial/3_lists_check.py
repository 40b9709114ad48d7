"""What was typed stays with the row of its person."""

from nicegui import ui


def notes_of(page):
    return [field.value or "" for field in page.find_all(ui.input)]


def test_the_note_moves_with_its_row(visit):
    """Grace has a note and goes up: the note is in the first row."""
    with visit() as page:
        page.type(page.find_all(ui.input)[1], "tea")
        page.click(page.find_all("Up")[1])
        assert notes_of(page) == ["tea", "", ""]


def test_and_moves_on(visit):
    """Edsger has a note and goes up twice: it is in the first row."""
    with visit() as page:
        page.type(page.find_all(ui.input)[2], "coffee")
        page.click(page.find_all("Up")[2])
        page.click(page.find_all("Up")[1])
        assert notes_of(page) == ["coffee", "", ""]
