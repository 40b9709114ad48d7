"""The shop of examples/contexts: what it decides, on SQLite and on PostgreSQL; what survives; what the pages show."""

import ast
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Server, unused_port, wait_until

import playground

pytest.importorskip("playwright")
pytest.importorskip("psycopg")
sqlalchemy = pytest.importorskip("sqlalchemy")
dbos = pytest.importorskip("dbos")

CONTEXTS = Path(__file__).resolve().parent.parent / "examples" / "contexts"
MAIN = CONTEXTS / "main.py"
sys.path.insert(0, str(CONTEXTS))  # as for the script that is there

# ruff: noqa: E402
import shop
import shop_web
from playwright.sync_api import expect
from shop import accounts, catalog, database, errors, events, job_queue, mail, orders
from shop.orders import Status

LAMP, CHAIR, HEADPHONES, CLOCK = 1, 2, 3, 6  # the numbers of some of the first products
EVERYBODY_ELSE = ("playground", "nicegui", "shop_web", "main", "fastapi", "starlette")


# ---------------------------------------------------------------------------------------------------------------------
# Both databases
# ---------------------------------------------------------------------------------------------------------------------


def postgres_program(name: str) -> str:
    """The path of a program of PostgreSQL; Debian does not put them into PATH."""
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    newest = sorted(versions, key=lambda path: float(path.parent.name), reverse=True)
    found = next(filter(None, (shutil.which(name, path=path) for path in (os.environ["PATH"], *newest))), None)
    if found is None:
        pytest.skip(f"PostgreSQL is not installed: no {name} in PATH or /usr/lib/postgresql/*/bin")
    return found


class Postgres:
    """A PostgreSQL server of its own, on a socket in a temporary directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        # it refuses to be run by root
        self._as_user: dict[str, Any] = {}
        if os.getuid() == 0:
            self._as_user = {"user": "nobody", "group": directory.group(), "extra_groups": []}
        data = str(directory / "data")
        initdb = [
            postgres_program("initdb"),
            "-D",
            data,
            "-U",
            "shop",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        ]
        self._run(initdb, check=True, stdout=subprocess.DEVNULL)
        options = ("listen_addresses=", f"unix_socket_directories={directory}", "fsync=off", "timezone=Asia/Tokyo")
        command = [postgres_program("postgres"), "-D", data, *(text for option in options for text in ("-c", option))]
        self._log = open(directory / "log", "w")  # noqa: SIM115
        self._process = subprocess.Popen(
            command, cwd="/", stdout=self._log, stderr=subprocess.STDOUT, start_new_session=True, **self._as_user
        )
        wait_until(self._answers, lambda: (directory / "log").read_text())

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://shop@/{name}?host={self.directory}"

    def execute(self, statement: str) -> None:
        """Do what no transaction may do."""
        url = self.url("postgres").replace("postgresql:", "postgresql+psycopg:")
        engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text(statement))

    def stop(self) -> None:
        """End it, whoever is connected."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _run(self, command: list[str], **options: Any) -> None:
        subprocess.run(command, cwd="/", **self._as_user, **options)

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self.directory / "log").read_text()
        try:
            self.execute("SELECT 1")
        except sqlalchemy.exc.OperationalError:
            return False
        return True


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server with the database `template`, which has the tables and the first products."""
    postgres_program("postgres")
    directory = Path(tempfile.mkdtemp(prefix="shop-"))
    if os.getuid() == 0:
        shutil.chown(directory, "nobody", "nogroup" if "nogroup" in Path("/etc/group").read_text() else "nobody")
    server = Postgres(directory)
    try:
        server.execute("CREATE DATABASE template")
        shop.open_at(server.url("template"))
        close_the_shop()
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


def close_the_shop() -> None:
    database.engine().dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    shop.open_at(f"sqlite:///{path}")
    close_the_shop()
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that nobody has used."""
    if request.param == "sqlite":
        path = tmp_path / "shop.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"shop_{time.monotonic_ns()}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE template")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def news(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The shop is open, at one database and at the other; what it tells."""
    monkeypatch.setenv("SHOP_MAIL_SECONDS", "0")
    told: list[object] = []
    monkeypatch.setattr(events, "_listeners", [told.append])
    shop.open_at(url)
    yield told
    close_the_shop()


@pytest.fixture
def ada(news: list[object]) -> accounts.Account:
    return accounts.register("Ada", "correct horse")


def stock_of(product_id: int) -> int:
    return next(product.stock for product in catalog.list_products() if product.id == product_id)


def jobs_by_status() -> Counter[str]:
    """How many jobs are waiting, under way, and done."""
    client = dbos.DBOSClient(system_database_engine=database.engine(), lazy=True)
    return Counter(job.status for job in client.list_workflows())


# ---------------------------------------------------------------------------------------------------------------------
# The rule: the shop knows nothing of pages
# ---------------------------------------------------------------------------------------------------------------------


def imported_by(source: str) -> set[str]:
    """The top-level packages that a module names in its imports, wherever they stand."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                names |= {alias.name for alias in node.names}
            case ast.ImportFrom(module=str(module), level=0):
                names.add(module)
            case ast.ImportFrom(level=level):
                assert level == 1, "an import from outside of the package"
            case ast.Call(func=ast.Name(id="__import__") | ast.Attribute(attr="import_module")):
                raise AssertionError("an import that cannot be read")
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("module", sorted((CONTEXTS / "shop").rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_of_the_shop_names_the_web(module: Path) -> None:
    assert not imported_by(module.read_text()) & set(EVERYBODY_ELSE)


def test_the_rule_finds_what_breaks_it() -> None:
    assert imported_by("def f():\n    from nicegui import ui\n    import shop_web.page\n") == {"nicegui", "shop_web"}


def test_importing_the_shop_imports_nothing_of_the_web() -> None:
    script = """
import importlib, pkgutil, sys
import shop
for module in pkgutil.walk_packages(shop.__path__, "shop."):
    importlib.import_module(module.name)
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""
    command = [sys.executable, "-P", "-c", script]
    paths = os.pathsep.join([str(CONTEXTS), str(CONTEXTS.parent.parent)])
    ran = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=True)
    assert not set(ran.stdout.split()) & set(EVERYBODY_ELSE)


# ---------------------------------------------------------------------------------------------------------------------
# Accounts
# ---------------------------------------------------------------------------------------------------------------------


def test_who_registers_can_sign_in(ada: accounts.Account) -> None:
    assert accounts.authenticate(" Ada ", "correct horse") == ada == accounts.find(ada.id)
    assert accounts.authenticate("Ada", "wrong horse") is None
    assert accounts.authenticate("Bob", "correct horse") is None
    assert accounts.authenticate("A\0da", "correct horse") is None
    assert accounts.find(ada.id + 1) is None
    bob = accounts.register("Bob", "correct horse")
    assert (ada.is_staff, bob.is_staff) == (True, False)


def test_passwords_are_kept_as_salted_hashes(ada: accounts.Account) -> None:
    accounts.register("Bob", "correct horse")
    with database.transaction() as session:
        rows = session.execute(sqlalchemy.text("SELECT salt, password_hash FROM accounts")).all()
    assert len({bytes(salt) for salt, _ in rows}) == len({bytes(password_hash) for _, password_hash in rows}) == 2
    assert not any(b"horse" in bytes(value) for row in rows for value in row)


def test_what_is_no_account_is_refused(news: list[object]) -> None:
    for name, password in (("", "x" * 8), (" ", "x" * 8), ("x" * 41, "x" * 8), ("a\0", "x" * 8), ("Bob", "x" * 7)):
        with pytest.raises(errors.InvalidInputError):
            accounts.register(name, password)


def test_a_name_is_given_once(ada: accounts.Account) -> None:
    with pytest.raises(errors.NameTakenError):
        accounts.register("Ada", "another horse")
    assert accounts.authenticate("Ada", "correct horse") == ada


# ---------------------------------------------------------------------------------------------------------------------
# Orders
# ---------------------------------------------------------------------------------------------------------------------


def test_an_order_takes_from_the_stock_and_keeps_its_prices(news: list[object], ada: accounts.Account) -> None:
    before = stock_of(LAMP), stock_of(CHAIR)
    number = orders.place(ada.id, {CHAIR: 1, LAMP: 2})
    assert (stock_of(LAMP), stock_of(CHAIR)) == (before[0] - 2, before[1] - 1)
    with database.transaction() as session:
        session.execute(sqlalchemy.text("UPDATE products SET price = 1"))
    order = orders.find(number)
    assert (order.customer, order.account_id, order.status) == ("Ada", ada.id, Status.PLACED)
    assert order.lines == (orders.OrderLine("Desk lamp", 2, 4900), orders.OrderLine("Reading chair", 1, 24900))
    assert order.total == 2 * 4900 + 24900
    assert abs(order.placed_at.timestamp() - time.time()) < 60
    assert news == [orders.OrderChanged(number, ada.id, Status.PLACED), catalog.StockChanged((LAMP, CHAIR))]
    assert jobs_by_status() == {"ENQUEUED": 1}


def test_everybody_has_their_own_orders_and_the_staff_all(ada: accounts.Account) -> None:
    bob = accounts.register("Bob", "correct horse")
    first, second, third = (orders.place(who.id, {LAMP: 1}) for who in (ada, bob, ada))
    assert [order.id for order in orders.list_of(ada.id)] == [third, first]
    assert [order.id for order in orders.list_of(bob.id)] == [second]
    assert [(order.id, order.customer) for order in orders.list_all(limit=2)] == [(third, "Ada"), (second, "Bob")]


def test_of_an_order_that_cannot_be_nothing_is_left(news: list[object], ada: accounts.Account) -> None:
    before = catalog.list_products()
    impossible: list[tuple[dict[int, int], type[errors.ShopError]]] = [
        ({LAMP: 1, CLOCK: 2}, errors.OutOfStockError),
        ({LAMP: 1, 999: 1}, errors.NotFoundError),
        ({LAMP: 1, CHAIR: -1}, errors.InvalidInputError),
        ({LAMP: 10**20}, errors.InvalidInputError),
        ({}, errors.InvalidInputError),
    ]
    for basket, error in impossible:
        with pytest.raises(error):
            orders.place(ada.id, basket)
    assert catalog.list_products() == before
    assert orders.list_all() == news == []
    assert jobs_by_status() == {}


def test_without_a_queue_there_is_no_order(ada: accounts.Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(job_queue, "put", fail)
    with pytest.raises(ConnectionError):
        orders.place(ada.id, {LAMP: 1})
    assert orders.list_all() == []


def test_the_database_itself_refuses_a_negative_stock(news: list[object]) -> None:
    with pytest.raises(sqlalchemy.exc.IntegrityError), database.transaction() as session:
        session.execute(sqlalchemy.text("UPDATE products SET stock = -1"))


def test_an_order_goes_on_step_by_step_and_each_is_told_once(news: list[object], ada: accounts.Account) -> None:
    number = orders.place(ada.id, {LAMP: 1})
    news.clear()
    orders.ship(number)  # not yet
    for _ in range(2):
        orders.confirm(number)
    for _ in range(2):
        orders.ship(number)
    orders.confirm(number)
    assert orders.find(number).status == Status.SHIPPED
    assert [event.status for event in news if isinstance(event, orders.OrderChanged)] == ["confirmed", "shipped"]


def test_the_shelves_are_filled_once_and_by_the_staff(news: list[object], url: str, ada: accounts.Account) -> None:
    orders.place(ada.id, {CLOCK: 1})
    shop.open_at(url)
    assert (stock_of(CLOCK), len(catalog.list_products())) == (0, len(catalog.FIRST_PRODUCTS))
    catalog.restock(CLOCK, 10)
    assert stock_of(CLOCK) == 10
    assert news[-1] == catalog.StockChanged((CLOCK,))
    with pytest.raises(errors.InvalidInputError):
        catalog.restock(CLOCK, -1)
    with pytest.raises(errors.NotFoundError):
        catalog.restock(999, 1)


def test_a_listener_that_fails_is_in_nobodys_way(
    news: list[object], ada: accounts.Account, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(event: object) -> None:
        raise ValueError("no news today")

    events._listeners.insert(0, fail)
    orders.place(ada.id, {LAMP: 1})
    assert len(news) == 2
    assert "no news today" in caplog.text


def at_once(functions: list[Callable[[], object]]) -> list[object]:
    """Call all functions at the same moment, each in a thread; what they return or raise."""
    barrier = threading.Barrier(len(functions))
    results: list[object] = [None] * len(functions)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = functions[number]()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(functions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_who_want_the_last_one_one_gets_it(ada: accounts.Account) -> None:
    for last in range(1, 6):
        results = at_once([lambda: orders.place(ada.id, {CLOCK: 1})] * 2)
        assert Counter(type(result) for result in results) == {int: 1, errors.OutOfStockError: 1}
        assert (stock_of(CLOCK), len(orders.list_all())) == (0, last)
        catalog.restock(CLOCK, 1)


def test_many_at_once_get_all_there_is_and_wait_for_nobody_forever(ada: accounts.Account) -> None:
    baskets: list[dict[int, int]] = [{HEADPHONES: 1, LAMP: 1}, {LAMP: 1, HEADPHONES: 1}] * 6  # 8 and 12 in stock
    results = at_once([lambda basket=basket: orders.place(ada.id, basket) for basket in baskets])
    assert Counter(type(result) for result in results) == {int: 8, errors.OutOfStockError: 4}
    assert (stock_of(HEADPHONES), stock_of(LAMP)) == (0, 4)
    assert sum(jobs_by_status().values()) == 8


# ---------------------------------------------------------------------------------------------------------------------
# Jobs
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def serve_shop(serve: Callable[..., Server], url: str) -> Callable[..., Server]:
    """Start the shop as a process of its own, always at the same address: `serve_shop(mail_seconds=0)`."""
    free_port = unused_port()

    def start(mail_seconds: float) -> Server:
        return serve(MAIN, env={"DATABASE_URL": url, "PORT": str(free_port), "SHOP_MAIL_SECONDS": f"{mail_seconds}"})

    return start


def test_a_mail_that_is_sent_again_arrives_once(news: list[object]) -> None:
    for _ in range(2):
        mail.send("order 1 confirmed", "Ada", "Thank you")
    assert mail.list_sent() == [mail.Mail("order 1 confirmed", "Ada", "Thank you")]


@pytest.mark.slow
def test_jobs_survive_that_the_server_is_killed(
    serve_shop: Callable[..., Server], ada: accounts.Account, wait_for: Callable[..., Any]
) -> None:
    server = serve_shop(mail_seconds=600)
    numbers = [orders.place(ada.id, {LAMP: 1}) for _ in range(6)]
    wait_for(lambda: jobs_by_status() == {"PENDING": 4, "ENQUEUED": 2}, jobs_by_status)
    server.process.kill()
    server.wait()
    last = orders.place(ada.id, {LAMP: 1})  # by whoever else uses the database while nobody does its jobs
    assert jobs_by_status() == {"PENDING": 4, "ENQUEUED": 3}
    assert {order.status for order in orders.list_all()} == {"placed"}
    assert mail.list_sent() == []
    serve_shop(mail_seconds=0)
    wait_for(lambda: {order.status for order in orders.list_all()} == {"confirmed"}, jobs_by_status)
    wait_for(lambda: jobs_by_status() == {"SUCCESS": 7}, jobs_by_status)
    assert {sent.message_id for sent in mail.list_sent()} == {
        f"order {number} confirmed" for number in [*numbers, last]
    }


# ---------------------------------------------------------------------------------------------------------------------
# Pages
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def web(news: list[object]) -> None:
    """The pages hear of what the shop tells."""
    events.listen(shop_web.broadcast_event)


def visit(path: str, account: accounts.Account | None = None, **options: Any) -> playground.VisitedPage:
    session = {"visitor": account.name, "account": account.id} if account else {}
    return playground.visit(shop_web.PAGES, path, session, **options)


def test_a_stranger_fills_a_basket_and_is_asked_who_it_is(web: None) -> None:
    with visit("/", children=[shop_web.Baskets]) as page:
        page.click("add-1")
        page.click("add-1")
        assert page.has("2 \N{MULTIPLICATION SIGN} Desk lamp")
        assert page.has("Sign in to order · € 98.00")
        page.click("remove-1")
        assert page.has("Sign in to order · € 49.00")
        page.click("order")
        assert page.has("Welcome")
        page.type("Name", "Ada")
        page.type("Password", "short")
        page.click("Register")
        assert page.has("A password of 8 characters or more, please.")
        page.type("Password", "correct horse")
        page.click("Sign in")
        assert page.has("That is not right.")
        page.type("Password", "correct horse")
        page.click("Register")
        page.goto(page.redirected_to)
        assert page.has("Place order · € 49.00")
        assert page.has("Staff")


def test_an_order_shows_on_all_pages(web: None, ada: accounts.Account, wait_for: Callable[..., Any]) -> None:
    bob = accounts.register("Bob", "correct horse")
    processes = visit("/", bob, children=shop_web.PROCESSES)
    with processes as page, visit("/", ada) as other, visit("/staff", ada) as staff, visit("/orders", ada) as foreign:
        page.click("add-6")
        assert page.find("add-6").element.enabled is False
        assert other.has("only 1 left")
        page.click("order")
        assert page.has("My orders")
        assert not other.has("only 1 left")
        assert other.has("sold out")
        assert staff.has("Bob · order 1")
        assert foreign.has("You have not ordered anything yet.")
        wait_for(lambda: page.has("confirmed") and staff.has("Orders, 1 to ship"))
        assert [sent.recipient for sent in mail.list_sent()] == ["Bob"]
        staff.click("Ship")
        assert page.has("shipped")
        assert staff.title == "Staff"
        staff.click("restock-6")
        assert other.has("10 in stock")


def test_who_is_too_late_keeps_the_basket(web: None, ada: accounts.Account) -> None:
    with visit("/", ada, children=[shop_web.Baskets]) as page:
        page.click("add-6")
        orders.place(ada.id, {CLOCK: 1})
        page.click("order")
        assert page.flash == {"error": "Alarm clock: sold out."}
        assert page.has("1 \N{MULTIPLICATION SIGN} Alarm clock")
        assert len(orders.list_all()) == 1


def test_some_pages_are_not_for_everybody(web: None, ada: accounts.Account) -> None:
    bob = accounts.register("Bob", "correct horse")
    for path, who, elsewhere in (("/orders", None, "/account"), ("/staff", None, "/"), ("/staff", bob, "/")):
        with pytest.raises(playground.PageError) as refused:
            visit(path, who)
        assert refused.value.redirected_to == elsewhere


def test_who_signs_out_does_so_on_all_pages(web: None, ada: accounts.Account) -> None:
    with visit("/", ada, children=[shop_web.Baskets]) as page, visit("/orders", ada) as other:
        page.click("sign-out")
        other.settle()
        for left in (page, other):
            left.goto(left.redirected_to)
            assert left.has("Sign in")
            assert left.has("Your basket")


@pytest.mark.slow
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.console_allows("WebSocket|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|503")
def test_an_order_reaches_another_tab_and_outlives_the_server(
    serve_shop: Callable[..., Server], open_page: Callable[..., Any]
) -> None:
    server = serve_shop(mail_seconds=600)
    staff, customer = open_page(f"{server.url}/account"), open_page(server.url, person="Bob")
    staff.get_by_label("Name").fill("Ada")
    staff.get_by_label("Password").fill("correct horse")
    staff.get_by_role("button", name="Register").click()
    staff.get_by_label("Staff", exact=True).click()
    expect(staff.get_by_text("No orders yet.")).to_be_visible()
    customer.get_by_label("Add Alarm clock").click()
    customer.get_by_role("button", name="Sign in to order · € 29.90").click()
    customer.get_by_label("Name").fill("Bob")
    customer.get_by_label("Password").fill("correct horse")
    customer.get_by_role("button", name="Register").click()
    customer.get_by_role("button", name="Place order · € 29.90").click()
    expect(customer.get_by_text("placed", exact=True)).to_be_visible()
    expect(staff.get_by_text("Bob · order 1")).to_be_visible()
    server.process.kill()
    server.wait()
    serve_shop(mail_seconds=0)
    for page in (staff, customer):  # come back by themselves
        expect(page.get_by_text("confirmed", exact=True)).to_be_visible()
    staff.get_by_role("button", name="Ship").click()
    expect(customer.get_by_text("shipped", exact=True)).to_be_visible()
