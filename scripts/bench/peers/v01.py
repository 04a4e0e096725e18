"""A chat server that does what Bob Chat v0.1 does, in Python 3: `v01.py PORT`.

One select() loop. A message is one read of at most 1024 bytes; it goes, headed by the receiver's own
number and the time, to every connection that had spoken before it was read, and waits for the first
one if none had.
"""

import select
import socket
import sys
import time

READ_SIZE = 1024


class Server:
    def __init__(self, port):
        self.door = socket.create_server(("127.0.0.1", port), backlog=5)
        self.connections = {self.door}
        self.speakers = []
        self.messages = []

    def serve(self):
        while True:
            # As in v0.1, speakers are always asked for: it turns as long as one of them can be written to.
            readable, writable, _ = select.select(self.connections, self.speakers, [])
            for each in readable:
                if each is self.door:
                    self.connections.add(each.accept()[0])
                else:
                    self.read(each)
            if writable:
                for message in self.messages:
                    self.send(message, writable)
                self.messages.clear()

    def read(self, connection):
        try:
            message = connection.recv(READ_SIZE)
        except OSError:
            return  # a reset: the next read is the end
        if message:
            self.messages.append(message)
            if connection not in self.speakers:
                self.speakers.append(connection)
            return
        connection.close()
        self.connections.remove(connection)
        if connection in self.speakers:
            self.speakers.remove(connection)

    @staticmethod
    def send(message, hearers):
        now = time.strftime("%I:%M:%S%p")
        for hearer in hearers:
            try:
                hearer.send(b"%d(%s): %s" % (id(hearer), now.encode(), message))
            except OSError:
                pass  # it closed in this very round


if __name__ == "__main__":
    server = Server(int(sys.argv[1]))
    print("listening on 127.0.0.1:%d" % server.door.getsockname()[1], flush=True)
    server.serve()
