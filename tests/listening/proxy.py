"""A thin, long line between ssh and sshd: ``python -m tests.listening.proxy PORT TO MS BYTES``.

Listens on PORT of loopback, connects to TO, delays every byte by MS milliseconds each way, and
lets BYTES a second through.
"""

from __future__ import annotations

import asyncio
import socket
import sys

_PIECE = 1_448  # bytes: what a packet carries
_MOST_WAITING = 64  # packets in the router's queue


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float, rate: float
) -> None:
    clock = asyncio.get_running_loop().time
    line: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_MOST_WAITING)

    async def deliver() -> None:
        while True:
            due, data = await line.get()
            await asyncio.sleep(max(0.0, due - clock()))
            if not data:
                break
            writer.write(data)
        writer.close()

    delivering = asyncio.create_task(deliver())
    free = 0.0
    while True:
        data = await reader.read(_PIECE)
        free = max(clock(), free) + len(data) / rate
        await line.put((free + delay, data))
        if not data:
            break
        if free > clock() + 0.002:
            await asyncio.sleep(free - clock())
    await delivering


async def serve(port: int, to: int, delay: float, rate: float) -> None:
    """Carry every connection until the process is killed."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to)
        for end in (writer, far_writer):
            end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(
            _carry(reader, far_writer, delay, rate),
            _carry(far_reader, writer, delay, rate),
            return_exceptions=True,
        )

    async with await asyncio.start_server(connected, "127.0.0.1", port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    listen, target, milliseconds, bytes_ = (float(word) for word in sys.argv[1:])
    asyncio.run(serve(int(listen), int(target), milliseconds / 1000, bytes_))
