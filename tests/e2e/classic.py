"""Plays scripts of v0.1 clients against a server: `classic.py PORT`.

One JSON script a line on stdin, an array of actions; one JSON array a line on stdout: what was heard
after each action. An action is {"do": "connect" | "send" | "end" | "close" | "reset", "who": NAME} and,
for "send", "bytes": a string of one character a byte. What was heard is an object of such strings by
client, with every head as `ID(TIME): ` and null behind the last for a client whose connection ended.

Between two actions the server comes to rest: it has served as many visitors, who connect and end, as
it can need rounds for what it was sent.
"""

import json
import re
import socket
import struct
import sys

PORT = int(sys.argv[1])
READ_SIZE = 1024
PATIENCE = 20  # seconds


def connect():
    connection = socket.create_connection(("127.0.0.1", PORT), timeout=PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def rest(sent):
    for _ in range(3 + 2 * (sent // READ_SIZE)):
        with connect() as visitor:
            visitor.shutdown(socket.SHUT_WR)
            if visitor.recv(1):
                raise AssertionError("a visitor who said nothing heard something")


class Client:
    def __init__(self):
        self.connection = connect()
        self.number = None

    def heard(self):
        """What has arrived since the last call, and whether that was the end of it."""
        chunks, ended = [], False
        self.connection.setblocking(False)
        try:
            while True:
                # v0.1 sends by Nagle's rule: what follows a small segment waits for its ACK, so let it go now.
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
                chunk = self.connection.recv(65536)
                if not chunk:
                    ended = True
                    break
                chunks.append(chunk)
        except BlockingIOError:
            pass
        self.connection.settimeout(PATIENCE)
        return self.plain(b"".join(chunks)), ended

    def plain(self, heard):
        """The heads are its own number, the same in all of them, and a time."""
        first = re.match(rb"(\d+)\(", heard)
        if self.number is None and first:
            self.number = first[1]
        if self.number is not None:
            head = self.number + rb"\((?:0[1-9]|1[0-2]):[0-5]\d:[0-5]\d[AP]M\): "
            heard = re.sub(head, b"ID(TIME): ", heard)
        return heard.decode("latin-1")


def act(clients, action):
    who, sent = action["who"], 0
    if action["do"] == "connect":
        clients[who] = Client()
        return 0
    connection = clients[who].connection
    if action["do"] == "send":
        data = action["bytes"].encode("latin-1")
        connection.sendall(data)
        sent = len(data)
    elif action["do"] == "end":
        connection.shutdown(socket.SHUT_WR)
    else:
        if action["do"] == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        clients.pop(who).connection.close()
    return sent


def play(script):
    clients, outcome = {}, []
    for action in script:
        rest(act(clients, action))
        heard = {}
        for name, client in list(clients.items()):
            text, ended = client.heard()
            if text or ended:
                heard[name] = [text, None] if ended else [text]
            if ended:
                clients.pop(name).connection.close()
        outcome.append(heard)
    for name in list(clients):
        clients.pop(name).connection.close()
        rest(0)
    return outcome


for line in sys.stdin:
    print(json.dumps(play(json.loads(line))), flush=True)
