"""What one has ordered; the status changes while one looks."""

import asyncio

from nicegui import ui
from shop import orders

import playground
from shop_web import news
from shop_web.page import Page, require_account, show_nothing, show_order


class OrdersPage(Page):
    path = "/orders"
    page_title = "My orders"
    on_mount = (require_account,)

    def topics(self) -> list[str]:
        assert self.account is not None
        return [news.orders_of(self.account.id)]

    async def load(self) -> None:
        assert self.account is not None
        self.orders = await asyncio.to_thread(orders.list_of, self.account.id)

    def content(self) -> None:
        with ui.column().classes("mx-auto w-full max-w-2xl gap-4"):
            ui.label("My orders").classes("text-3xl font-light")
            for order in self.orders:
                with playground.key(order.id):
                    show_order(order, f"Order {order.id}")
            if not self.orders:
                show_nothing("receipt_long", "You have not ordered anything yet.")
