"""A WebSocket client of one page, so that what is sent and received is known byte by byte."""

import base64
import os
import socket
import struct


class RawWebSocket:
    def __init__(self, port, path="/tic-tac-toe/ws", receive_buffer=None):
        self._socket = socket.socket()
        self._socket.settimeout(20)
        if receive_buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.connect(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                              f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                              "Sec-WebSocket-Version: 13\r\n\r\n").encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._read(1)
        assert head.startswith(b"HTTP/1.1 101 "), head

    def send(self, text):
        payload = text if isinstance(text, bytes) else text.encode()
        assert len(payload) < 65536
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self._socket.sendall(b"\x81" + length + mask + masked)

    def receive(self):
        """The text of the next text frame. Requires: an unfragmented, unmasked one."""
        first, length = self._read(2)
        assert first == 0x81, f"not a whole text frame: {first:#x}"
        if length == 126:
            (length,) = struct.unpack(">H", self._read(2))
        return self._read(length).decode()

    def close(self):
        self._socket.close()

    def _read(self, count):
        read = b""
        while len(read) < count:
            more = self._socket.recv(count - len(read))
            assert more, "the server closed the connection"
            read += more
        return read
