"""The shop itself: who buys what, and what becomes of it. It knows nothing of pages.

Each module is a context: its public functions take and return plain values, and its tables are nobody else's business.
A transaction begins and ends inside a function; what a caller may do wrong is one of the `errors`.
"""

from shop import accounts, catalog, database, job_queue, mail, orders  # the tables are those of the modules imported

__all__ = ["accounts", "catalog", "database", "job_queue", "mail", "open_at", "orders"]


def open_at(url: str) -> None:
    """Use the database at `url`; make the tables and fill the shelves where there are none yet."""
    database.connect(url)
    database.create_tables()
    job_queue.connect(database.engine())
    catalog.seed()
