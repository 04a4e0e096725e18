"""Sockets that speak the line protocol through any carrier of bobchat: tcp, tls or web."""

import base64
import json
import os
import socket
import ssl
import struct


def dial(port, carrier, source="127.0.0.1"):
    sock = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(source, 0))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if carrier == "tls":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        # A test's peer may be cut off in the middle: what came before counts.
        return context.wrap_socket(sock, suppress_ragged_eofs=True)
    return WebLines(sock) if carrier == "web" else sock


class WebLines:
    """A WebSocket that takes lines and gives lines; it answers no pings."""

    def __init__(self, sock):
        self.sock = sock
        sock.sendall(upgrade("/ws"))
        self.got = b""
        while b"\r\n\r\n" not in self.got:
            self.got += sock.recv(4096)
        self.got = self.got.split(b"\r\n\r\n", 1)[1]
        self.rest = b""
        self.send({"type": "join"})

    def send(self, thing):
        self.sock.sendall(frame(json.dumps(thing).encode()))

    def sendall(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            text = line.rstrip(b"\r").decode()
            if text.startswith("/"):
                name, _, rest = text[1:].partition(" ")
                self.send({"type": "command", "name": name, "text": rest})
            else:
                self.send({"type": "say", "text": text})

    def recv(self, _size):
        """Lines, as the line protocol has them; nothing at the end."""
        while True:
            try:
                opcode, payload = self.frame()
            except (ConnectionResetError, EOFError):
                return b""  # who stopped reading is cut off
            if opcode == 8:
                return b""
            lines = to_lines(json.loads(payload)) if opcode == 1 else b""
            if lines:
                return lines

    def frame(self):
        head = self.take(2)
        length = head[1]
        if length == 126:
            length = struct.unpack(">H", self.take(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self.take(8))[0]
        return head[0] & 15, self.take(length)

    def take(self, size):
        while len(self.got) < size:
            chunk = self.sock.recv(65536)
            if not chunk:
                raise EOFError
            self.got += chunk
        taken, self.got = self.got[:size], self.got[size:]
        return taken

    def setsockopt(self, *option):
        self.sock.setsockopt(*option)

    def close(self):
        self.sock.close()


def upgrade(path):
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()


def frame(payload, opcode=1, final=True):
    """A frame as a client sends it; masked with zeros, which mask nothing."""
    head = bytes([(128 if final else 0) | opcode])
    if len(payload) < 126:
        head += bytes([128 | len(payload)])
    else:
        head += bytes([128 | 126]) + struct.pack(">H", len(payload))
    return head + bytes(4) + payload


def to_lines(thing):
    kind = thing["type"]
    if kind in ("notice", "error"):
        return f"*** {thing['text']}\r\n".encode()
    if kind == "message":
        return f"{thing['from']}(00:00:00AM): {thing['text']}\r\n".encode()
    return b""
