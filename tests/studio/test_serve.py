"""The socket that the studio listens on."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from mbtg_video.studio.serve import bound


def test_small_answers_are_sent_at_once():
    at_once = []

    async def talk():
        listening = bound(0)
        served = asyncio.Event()

        async def serve(_reader, writer):
            own = writer.get_extra_info("socket")
            at_once.append(bool(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            writer.close()
            served.set()

        async with await asyncio.start_server(serve, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            await served.wait()
            writer.close()
            await writer.wait_closed()

    # The browser of other tests keeps a loop running in this thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, talk()).result()
    assert at_once == [True]
