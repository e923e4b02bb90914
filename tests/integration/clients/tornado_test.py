"""Tornado's HTTP and WebSocket clients against the server."""

import unittest

from server_process import ServerProcess, pattern, receipt
from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.testing import AsyncTestCase, gen_test
from tornado.websocket import websocket_connect


class TornadoTest(AsyncTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(ServerProcess())

    async def fetch(self, path, **options):
        return await AsyncHTTPClient().fetch(self.server.url(path), request_timeout=20, **options)

    @gen_test(timeout=30)
    async def test_pages_and_streams_arrive(self):
        self.assertEqual((await self.fetch("/plaintext")).body, b"Hello, World!")
        self.assertEqual((await self.fetch("/bytes/1000000")).body, pattern(1_000_000))
        self.assertEqual(len((await self.fetch("/count/5000")).body.split()), 5000)
        head = await self.fetch("/bytes/1000", method="HEAD")
        self.assertEqual((head.headers["Content-Length"], head.body), ("1000", b""))

    @gen_test(timeout=30)
    async def test_a_stream_is_handed_out_as_it_comes(self):
        pieces = []
        await self.fetch("/count/50000", streaming_callback=pieces.append)
        self.assertGreater(len(pieces), 1)
        self.assertEqual(b"".join(pieces), b"".join(b"%d\n" % i for i in range(1, 50001)))

    @gen_test(timeout=30)
    async def test_uploads_are_taken_in_every_way_of_sending_them(self):
        body = pattern(300_000)

        async def produce(write):
            for start in range(0, len(body), 7000):
                await write(body[start : start + 7000])

        for options in {"body": body}, {"body_producer": produce}, {"body": body, "expect_100_continue": True}:
            with self.subTest(options=options.keys()):
                answer = await self.fetch("/upload", method="POST", **options)
                self.assertEqual(answer.body.decode(), receipt(body))

    @gen_test(timeout=30)
    async def test_errors_arrive_as_such(self):
        with self.assertRaises(HTTPClientError) as failure:
            await self.fetch("/nothing-here")
        self.assertEqual(failure.exception.code, 404)

    @gen_test(timeout=60)
    async def test_messages_come_back_with_and_without_compression(self):
        for path, options in ("/ws", None), ("/ws-deflate", {"compression_level": 6}):
            client = await websocket_connect(self.server.socket_url(path), compression_options=options)
            for message in "", "hello", "wörld " * 100_000, b"", pattern(1 << 20):
                await client.write_message(message, binary=isinstance(message, bytes))
                self.assertEqual(await client.read_message(), message)
            client.close(4000, "enough")
            self.assertIsNone(await client.read_message())
            self.assertEqual(client.close_code, 4000)

    @gen_test(timeout=30)
    async def test_pings_are_answered(self):
        client = await websocket_connect(self.server.socket_url(), ping_interval=0.2, ping_timeout=0.2)
        for _ in range(5):
            await client.write_message("hello")
            self.assertEqual(await client.read_message(), "hello")
        answered = self.io_loop.asyncio_loop.create_future()
        client.protocol.on_pong = None
        client.on_pong = lambda data: answered.done() or answered.set_result(data)
        client.ping(b"are you there")
        await answered
        client.close()

    @gen_test(timeout=30)
    async def test_the_server_may_close_first(self):
        client = await websocket_connect(self.server.socket_url())
        await client.write_message("close 4002 because")
        self.assertIsNone(await client.read_message())
        self.assertEqual((client.close_code, client.close_reason), (4002, "because"))


if __name__ == "__main__":
    unittest.main()
