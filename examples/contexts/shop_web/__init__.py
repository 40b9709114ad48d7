"""The pages of the shop: they show what the contexts say, and call them. All that is decided, is decided there."""

from shop_web.account_page import AccountPage
from shop_web.news import broadcast_event
from shop_web.orders_page import OrdersPage
from shop_web.processes import Baskets, JobWorker
from shop_web.shop_page import ShopPage
from shop_web.staff_page import StaffPage

PAGES = {page.path: page for page in (ShopPage, OrdersPage, StaffPage, AccountPage)}
PROCESSES = [Baskets, JobWorker]

__all__ = ["PAGES", "PROCESSES", "Baskets", "broadcast_event"]
