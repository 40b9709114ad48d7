# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground", "fastapi", "uvicorn"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Live pages in an application that is there already: `mount` puts them below a path of it.

Run it with `uvicorn demo_endpoint:app`, as any FastAPI application, or with `python demo_endpoint.py`, which opens it.
"""

import webbrowser
from contextlib import suppress
from itertools import count

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse
from nicegui import ui

import playground

app = FastAPI(title="Café")
orders = []
new_number = count(1).__next__

MENU = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Café</title><link rel="icon" href="data:,">
    <style>
      :root { color-scheme: light dark; font: 20px system-ui, sans-serif; }
      body { display: grid; justify-items: center; gap: 2rem; padding: 4rem 1rem; margin: 0; }
      h1 { font-weight: 300; font-size: 3.5rem; margin: 0; }
      form { display: flex; gap: 1rem; flex-wrap: wrap; justify-content: center; }
      button { font: inherit; padding: 0.75rem 1.25rem; border: 1px solid; border-radius: 2rem; background: none; }
      a { color: light-dark(#1565c0, #90caf9); }
    </style>
  </head>
  <body>
    <h1>Café</h1>
    <form method="post">
      <button formaction="/orders/tea">Tea</button>
      <button formaction="/orders/coffee">Coffee</button>
      <button formaction="/orders/cake">Cake</button>
    </form>
    <a href="/kitchen" target="_blank">The kitchen</a>
  </body>
</html>"""


@app.get("/")
async def menu() -> HTMLResponse:
    return HTMLResponse(MENU)


@app.get("/orders")
async def read_orders() -> list[dict]:
    return orders


@app.post("/orders/{dish}")
async def place_order(dish: str) -> RedirectResponse:
    orders.append({"number": new_number(), "dish": dish})
    playground.broadcast("orders", None)
    return RedirectResponse("/", status_code=303)


class Kitchen(playground.LiveView):
    page_title = "Kitchen"

    def mount(self):
        self.subscribe("orders")

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.card().classes("mx-auto mt-6 w-full max-w-xl rounded-2xl shadow-md p-8 gap-4"):
            ui.label(f"{len(orders)} to make").classes("text-3xl font-light")
            for order in orders:
                with playground.key(order["number"]), ui.row().classes("w-full items-center no-wrap"):
                    ui.label(f"{order['number']}.").classes("w-10 text-lg opacity-80")
                    ui.label(order["dish"].title()).classes("text-xl grow")
                    ui.button("Done", on_click=self.event("done", order=order)).props("unelevated rounded no-caps")
            if not orders:
                ui.link("Nobody waits. Order something.", "../", new_tab=True).classes("text-lg")  # "/" is this page

    def handle_event(self, event, params):
        if params["order"] in orders:
            orders.remove(params["order"])
            playground.broadcast("orders", None)

    def handle_info(self, message):
        """Somebody has changed the orders; the page is rendered again."""


playground.mount(app, live=Kitchen, path="/kitchen")


class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        url = f"http://127.0.0.1:{self.config.port}"
        print(f"Café: {url}, and the kitchen: {url}/kitchen", flush=True)
        webbrowser.open(url)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        Server(uvicorn.Config(app, port=4000, log_level="warning")).run()
