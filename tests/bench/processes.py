"""What processes cost, measured in one process; prints JSON. The limit is a bare `asyncio.Queue` with one reader."""

import asyncio
import gc
import json
import time
import tracemalloc

from apps import MODULE_PATH  # noqa: F401  # also puts it on the path

import playground

MESSAGES = 100_000
PROCESSES = 10_000


class Counter(playground.GenServer):
    def init(self) -> None:
        self.count = 0

    def handle_call(self, request: object) -> int:
        return self.count

    def handle_info(self, message: object) -> None:
        self.count += 1


async def through_a_process() -> float:
    """Seconds that all messages take."""
    counter = Counter.start()
    began = time.perf_counter()
    for number in range(MESSAGES):
        playground.send(counter, number)
    assert await playground.call(counter, "count", timeout=None) == MESSAGES
    seconds = time.perf_counter() - began
    await playground.stop(counter)
    return seconds


async def through_a_queue() -> float:
    queue: asyncio.Queue[int] = asyncio.Queue()
    count = 0

    async def read() -> None:
        nonlocal count
        while count < MESSAGES:
            await queue.get()
            count += 1

    reader = asyncio.create_task(read())
    began = time.perf_counter()
    for number in range(MESSAGES):
        queue.put_nowait(number)
    await reader
    return time.perf_counter() - began


async def call_and_answer() -> float:
    counter = Counter.start()
    began = time.perf_counter()
    for _ in range(10_000):
        await playground.call(counter, "count")
    seconds = time.perf_counter() - began
    await playground.stop(counter)
    return seconds


async def a_future_each() -> float:
    """The least that a question and an answer can take: another task sets a future."""
    queue: asyncio.Queue[asyncio.Future[int]] = asyncio.Queue()

    async def answer() -> None:
        while True:
            (await queue.get()).set_result(0)

    answering = asyncio.create_task(answer())
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    for _ in range(10_000):
        future: asyncio.Future[int] = loop.create_future()
        queue.put_nowait(future)
        await future
    seconds = time.perf_counter() - began
    answering.cancel()
    return seconds


async def many() -> dict[str, float]:
    """Seconds to start, to call and to stop many processes."""
    began = time.perf_counter()
    servers = [Counter.start() for _ in range(PROCESSES)]
    started = time.perf_counter()
    for server in servers:
        await playground.call(server, "count")
    called = time.perf_counter()
    for server in servers:
        await playground.stop(server)
    return {"start": started - began, "call": called - started, "stop": time.perf_counter() - called}


async def memory() -> float:
    """Bytes of a process that has nothing in its mailbox."""
    gc.collect()
    tracemalloc.start()
    servers = [Counter.start() for _ in range(PROCESSES)]
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] / PROCESSES
    tracemalloc.stop()
    for server in servers:
        await playground.stop(server)
    return used


async def main() -> None:
    measured: dict[str, dict[str, list[float]]] = {
        "messages": {"playground": [], "queue": []},
        "calls": {"playground": [], "futures": []},
    }
    for _ in range(9):
        measured["messages"]["playground"].append(await through_a_process() / MESSAGES * 1e6)
        measured["messages"]["queue"].append(await through_a_queue() / MESSAGES * 1e6)
        measured["calls"]["playground"].append(await call_and_answer() / 10_000 * 1e6)
        measured["calls"]["futures"].append(await a_future_each() / 10_000 * 1e6)
    rounds = [await many() for _ in range(3)]
    for what in ("start", "call", "stop"):
        measured[what] = {"playground": [each[what] / PROCESSES * 1e6 for each in rounds]}
    measured["memory"] = {"playground": [await memory()]}
    print(json.dumps(measured))


if __name__ == "__main__":
    asyncio.run(main())
