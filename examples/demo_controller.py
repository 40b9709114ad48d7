# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground", "fastapi"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Controllers: functions of the request. What they return is the answer: HTML, text, JSON, or a response of FastAPI.

Save a change, and the page that is open shows it, as a live one does; only its state is in its address.
"""

from html import escape

from fastapi.responses import HTMLResponse

import playground

FRUITS = {"apple": 3, "pear": 7}

STYLE = """
  :root { color-scheme: light dark; font: 20px system-ui, sans-serif; }
  body { display: grid; justify-items: center; gap: 2rem; margin: 4rem 1rem; }
  .count { font-size: min(3.6rem, 14vw); font-weight: 300; }
  nav { display: flex; gap: 1rem; }
  a { color: light-dark(#1565c0, #90caf9); }
  nav a { padding: 0.5rem 1.5rem; border: 1px solid; border-radius: 2rem; text-decoration: none; }
"""


def layout(title, body):
    """What all pages have in common: a function, as everything here."""
    return f"""<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
          <title>{escape(title)}</title><link rel="icon" href="data:,"><style>{STYLE}</style>
        </head>
        <body>{body}</body>
      </html>"""


def index(request):
    """A text that begins with "<" is HTML. Plain functions run in a thread and may take their time."""
    text = request.query_params.get("count", "")
    count = int(text) if text.lstrip("-").isdecimal() else 0
    return layout(
        "Counter",
        f"""
        <div class="count">Count: {count}</div>
        <nav><a href="/?count={count - 1}">-</a><a href="/?count={count + 1}">+</a></nav>
        <div><a href="/hello/you">text</a> · <a href="/fruits">JSON</a> · <a href="/fruits/melon">not found</a></div>
        """,
    )


def hello(request):
    """Any other text is plain text; names in the path are in `path_params`."""
    return f"Hello {request.path_params['name']}!"


async def fruits():
    """What is neither a text nor a response becomes JSON; whoever needs no request does not take it."""
    return FRUITS


async def fruit(request):
    """A response says more than what is shown: here, that there is no such thing."""
    name = request.path_params["name"]
    if name not in FRUITS:
        body = f'<div>We have no {escape(name)}.</div><a href="/fruits">What we have</a>'
        return HTMLResponse(layout("Not found", body), status_code=404)
    return {name: FRUITS[name]}


if __name__ == "__main__":
    playground.start(controller={"/": index, "/hello/{name}": hello, "/fruits": fruits, "/fruits/{name}": fruit})
