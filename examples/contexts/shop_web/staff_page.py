"""All orders as they come in, and the shelves."""

import asyncio
from functools import partial
from typing import Any

from nicegui import ui
from shop import catalog, orders
from shop.catalog import Product
from shop.orders import Order, Status

import playground
from shop_web import news
from shop_web.page import Page, require_staff, show_nothing, show_order


class StaffPage(Page):
    path = "/staff"
    on_mount = (require_staff,)

    def topics(self) -> list[str]:
        return [news.ORDERS, news.STOCK]

    async def load(self) -> None:
        self.orders = await asyncio.to_thread(orders.list_all)
        self.products = await asyncio.to_thread(catalog.list_products)

    async def handle_event(self, event: str, params: dict[str, Any]) -> None:
        match event:
            case "ship":
                await asyncio.to_thread(orders.ship, params["order"])
            case "restock":
                await asyncio.to_thread(catalog.restock, params["product"], 10)

    def content(self) -> None:
        self.page_title = f"Staff ({self.waiting()})" if self.waiting() else "Staff"
        with ui.row().classes("w-full items-start gap-6 lg:flex-nowrap"):
            with ui.column().classes("grow gap-4 w-full lg:w-auto"):
                ui.label(f"Orders, {self.waiting()} to ship").classes("text-3xl font-light")
                for order in self.orders:
                    with playground.key(order.id):
                        show_order(order, f"{order.customer} · order {order.id}", partial(self.action, order))
                if not self.orders:
                    show_nothing("inventory_2", "No orders yet. Leave this page open.")
            with ui.card().classes("w-full lg:w-80 shrink-0 rounded-2xl shadow-sm p-5 gap-2 lg:sticky lg:top-20"):
                ui.label("Shelves").classes("text-lg font-medium")
                for product in self.products:
                    with playground.key(product.id):
                        self.shelf(product)

    def waiting(self) -> int:
        return sum(order.status == Status.CONFIRMED for order in self.orders)

    def action(self, order: Order) -> None:
        if order.status == Status.CONFIRMED:
            ship = ui.button("Ship", icon="local_shipping", on_click=self.event("ship", order=order.id))
            ship.props("unelevated rounded no-caps")

    def shelf(self, product: Product) -> None:
        with ui.row().classes("w-full items-center no-wrap gap-2"):
            ui.label(product.name).classes("grow min-w-0 truncate")
            color = "" if product.stock else "text-red-600 dark:text-red-400"
            ui.label(f"{product.stock}").classes(f"tabular-nums {color}")
            more = ui.button("+10", on_click=self.event("restock", product=product.id)).mark(f"restock-{product.id}")
            more.props("flat rounded dense no-caps").props["aria-label"] = f"10 more of {product.name}"
