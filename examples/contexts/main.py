# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground", "sqlalchemy>=2.0.43", "dbos>=3.4", "psycopg[binary]>=3.2"]
#
# [tool.uv.sources]
# nicegui-playground = { path = "../.." }
# ///
"""A shop in the usual separation: `shop` decides and knows no pages, `shop_web` shows and decides nothing.

Environment: DATABASE_URL (by default a SQLite file beside this one), HOST and PORT, SECRET_KEY, REDIS_URL.
"""

import os
import sys
from pathlib import Path

import playground

try:
    import shop
    import shop_web
    from shop import events
except ModuleNotFoundError as missing:
    needed = '"sqlalchemy>=2.0.43" "dbos>=3.4" "psycopg[binary]>=3.2"'
    sys.exit(f"{missing}. What the shop needs: {sys.executable} -m pip install {needed}")

DEFAULT_DATABASE = f"sqlite:///{Path(__file__).parent / 'data' / 'shop.db'}"

if __name__ == "__main__":
    shop.open_at(os.environ.get("DATABASE_URL", DEFAULT_DATABASE))
    events.listen(shop_web.broadcast_event)
    playground.start(
        live=shop_web.PAGES,
        children=shop_web.PROCESSES,
        title="Corner Shop",
        host=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ["PORT"]) if "PORT" in os.environ else None,
        secret_key=os.environ.get("SECRET_KEY"),
        pubsub=os.environ.get("REDIS_URL"),
    )
