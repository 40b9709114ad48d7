# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground", "fastapi"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""A controller and its test in one file: `python demo_controller_test.py` serves it, `pytest` tests it.

A controller is a function of the request, so a test calls it.
"""

from urllib.parse import urlsplit

from fastapi import Request

import playground

PAGE = """<!doctype html>
  <meta name="viewport" content="width=device-width"><title>Counter</title><link rel="icon" href="data:,">
  <style>
    :root {{ color-scheme: light dark; font: 20px system-ui, sans-serif; }}
    body {{ display: grid; justify-items: center; gap: 2rem; margin: 4rem 1rem; }}
    span {{ font-size: min(3.6rem, 14vw); font-weight: 300; }}
    a {{ padding: 0.5rem 1.5rem; border: 1px solid; border-radius: 2rem; color: inherit; text-decoration: none; }}
  </style>
  <span>Count: {count}</span>
  <div><a href="/?count={less}">-</a> <a href="/?count={more}">+</a></div>
"""


def index(request):
    text = request.query_params.get("count", "")
    count = int(text) if text.lstrip("-").isdecimal() else 0
    return PAGE.format(count=count, less=count - 1, more=count + 1)


def get(uri):
    """The request of a browser that goes to an address."""
    path, query = urlsplit(uri)[2:4]
    return Request({"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []})


def test_the_address_has_the_count():
    assert "Count: 0" in index(get("/"))
    assert "Count: 1" in index(get("/?count=1"))


def test_the_links_count_on():
    page = index(get("/?count=-1"))
    assert 'href="/?count=-2"' in page
    assert 'href="/?count=0"' in page


def test_nonsense_counts_nothing():
    assert "Count: 0" in index(get("/?count=<b>"))


if __name__ == "__main__":
    playground.start(controller=index)
