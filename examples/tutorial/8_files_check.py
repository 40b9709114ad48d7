"""The notes can be cleared."""

import json
from pathlib import Path


def test_clear_takes_all_notes_away(visit):
    """After a click on “Clear” the page shows no notes."""
    with visit() as page:
        page.click("Clear")
        assert not page.has("Buy tea")


def test_the_file_is_empty_too(visit):
    """After a click on “Clear” there is an empty list in notes.json."""
    with visit() as page:
        page.click("Clear")
        assert json.loads(Path("notes.json").read_text()) == []


def test_new_notes_are_taken(visit):
    """A note that is added then is in the file."""
    with visit() as page:
        page.click("Clear")
        page.type("New note", "Ship it")
        page.click("Add")
        assert json.loads(Path("notes.json").read_text()) == ["Ship it"]
