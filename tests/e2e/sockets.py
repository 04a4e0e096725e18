"""What nc and telnet cannot do: resets, stalls, and bytes cut where a test wants them cut.

    sockets.py SCENARIO PORT [DOOR]

DOOR is tcp, tls or web. Prints what the scenario saw; a word it prints before waiting on its input tells that it is ready.
"""

import os
import random
import socket
import ssl
import struct
import sys

from dial import dial, frame, upgrade

DOOR = sys.argv[3] if len(sys.argv) > 3 else "tcp"


def connect(port):
    return dial(port, DOOR)


def join(port):
    sock = connect(port)
    read_until(sock, b"/help lists what else there is.\r\n")
    return sock


def read_until(sock, wanted):
    got = b""
    while wanted not in got:
        chunk = sock.recv(65536)
        if not chunk:
            raise SystemExit(f"ended before {wanted!r}; got {got!r}")
        got += chunk
    return got


def read_all(sock):
    got = b""
    while chunk := sock.recv(65536):
        got += chunk
    return got


def reset(sock):
    """Closes with SO_LINGER 0: the peer gets a reset, not an end."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def say(text):
    print(text, flush=True)


def resets_thousand(port):
    """Connects and resets a thousand times, at once or behind a few bytes."""
    for i in range(1000):
        sock = connect(port)
        if i % 3 == 1:
            sock.sendall(b"half a li")
        reset(sock)
    say("done")


def hello():
    """The first bytes of a TLS client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    sent = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), sent).do_handshake()
    except ssl.SSLWantReadError:
        return sent.read()


SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"

# First lines that have not ended, of every protocol.
HALVES = [
    b"half a li",
    b"GET /half HTTP/1.1\r\nCookie: half",
    b"GET /half",
    b'{"type":"join","name":"half"',
    b'/json {"type":"join"',
    b"PROXY TCP4 192.0.2.1",
    SIGNATURE + b"\x21\x11\x00\x0c\xc0",
    hello()[:3],
    hello()[:100],
    b"\xff\xfd",
]


def end(sock):
    """Says that nothing more comes; the server may have cut it off already."""
    try:
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def wait_for_end(sock):
    """Reads until the server has ended it, in any way."""
    try:
        read_all(sock)
    except ConnectionResetError:
        pass


def plain(port):
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def resets_ten_thousand(port):
    """Connects and resets: at once, or after the first bytes of some protocol."""
    beginnings = [b"", *HALVES, hello(), upgrade("/ws"), b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"]
    for i in range(10_000):
        sock = plain(port)
        sock.sendall(beginnings[i % len(beginnings)])
        reset(sock)
        if i % 1000 == 999:
            say(i + 1)


def bad_handshakes(port):
    """Begins handshakes and goes no further, or goes on with garbage; ends them after a while, in many ways."""
    chance = random.Random(15)
    first = hello()
    socks = []
    for i in range(600):
        sock = plain(port)
        cut = chance.randrange(2, len(first))
        garbage = bytearray(first)
        for _ in range(20):
            garbage[chance.randrange(3, len(first))] = chance.randrange(256)
        sock.sendall(
            [
                first[:2],
                first[:cut],
                first[:cut] + os.urandom(300),
                bytes(garbage),
                b"\x16\x03\x01\x00\x04none",
                first + b"GET / HTTP/1.1\r\n\r\n",
            ][i % 6]
        )
        socks.append(sock)
    for i, sock in enumerate(socks):
        if i % 3 == 0:
            reset(sock)
        elif i % 3 == 1:
            sock.close()
        else:
            end(sock)
            wait_for_end(sock)
    say("done")


def half_closes_early(port):
    """Ends its side with nothing said, in the middle of a first line or handshake, and after a handshake."""
    socks = []
    for i in range(200):
        sock = plain(port)
        # What has begun as a line is a line at its end.
        sock.sendall([b"", b"GET /half", hello(), *HALVES[3:8]][i % 8])
        socks.append(sock)
    for _ in range(20):
        # As it is, without TLS's own goodbye.
        sock = socket.socket(fileno=dial(port, "tls").detach())
        sock.settimeout(20)
        socks.append(sock)
    for sock in socks:
        end(sock)
    for sock in socks:
        wait_for_end(sock)
    say("ended")
    sys.stdin.readline()


def half_first_lines(port):
    """Sends half of a first line of every protocol, thirty times, and nothing more; resets them on a line."""
    socks = []
    for half in HALVES * 30:
        sock = plain(port)
        sock.sendall(half)
        socks.append(sock)
    say("sent")
    sys.stdin.readline()
    for sock in socks:
        reset(sock)


def resets_upgrades(port):
    """Asks for WebSockets, there and elsewhere, and resets before any answer comes."""
    for i in range(200):
        path = ("/elsewhere", "/ws")[i % 2]
        sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        sock.sendall(upgrade(path) + frame(b'{"type":"join"}'))
        reset(sock)
        if i % 20 == 0:
            # The server is at work on what came before.
            join(port).close()
    say("done")


def fragments(port):
    """Sends a message that is too long in pieces none of which is, by a WebSocket; prints the code of its end."""
    sock = connect(port)
    read_until(sock, b"/help lists what else there is.\r\n")
    piece = b" " * 1000
    sock.sock.sendall(frame(b'{"type":"say",', final=False))
    for _ in range(5):
        sock.sock.sendall(frame(piece, opcode=0, final=False))
    while True:
        opcode, payload = sock.frame()
        if opcode == 8:
            return say(struct.unpack(">H", payload[:2])[0])


def resets_joined(port):
    """Joins, speaks, and resets on the word."""
    sock = join(port)
    sock.sendall(b"/nick resetter\nlast words\n")
    read_until(sock, b"last words\r\n")
    reset(sock)


def says_and_closes(port):
    """Sends more than the burst and closes at once, without reading a word."""
    sock = connect(port)
    sock.sendall(b"".join(b"line %d\n" % i for i in range(60)))
    sock.close()


def half_closes(port):
    """Half-closes at once behind its words; then reads to the end."""
    sock = join(port)
    sock.sendall(b"/nick halver\nwhole line\n/who\nno end")
    sock.shutdown(socket.SHUT_WR)
    sys.stdout.write(read_all(sock).decode())


def byte_by_byte(port):
    """A packet a byte, UTF-8 and CR LF cut apart."""
    sock = join(port)
    for byte in "/nick böb\r\nçà va 🎉\r\nx\x7f\x08fin\r\0".encode():
        sock.sendall(bytes([byte]))
    sys.stdout.write(read_until(sock, b": fin\r\n").decode())


def telnet_split(port):
    """Telnet commands cut at each of their bytes, in the middle of words."""
    sock = join(port)
    pieces = [b"he\xff", b"\xfd", b"\x06l\xff\xfa\x18\x00VT\xff", b"\xff220\xff", b"\xf0lo\xff"]
    pieces += [b"\xf4 wor\xff\xfb", b"\x1fld\xff\xf1", b"\r", b"\n"]
    for piece in pieces:
        sock.sendall(piece)
    sys.stdout.write(read_until(sock, b"world\r\n").decode("utf-8", "replace"))


def stays_elsewhere(port):
    """Comes from another address, and says nothing until a line comes."""
    sock = dial(port, DOOR, source="127.0.0.2")
    read_until(sock, b"/help lists what else there is.\r\n")
    say("greeted")
    sys.stdin.readline()


def stalls(port):
    """Speaks and reads no more until a line comes; then reads to the end, and prints how many bytes there were."""
    sock = connect(port)
    read_until(sock, b"/help lists what else there is.\r\n")
    sock.sendall(b"here\n")
    read_until(sock, b": here\r\n")
    say("stalled")
    sys.stdin.readline()
    count = 0
    try:
        while chunk := sock.recv(65536):
            count += len(chunk)
    except ConnectionResetError:
        pass
    say(count)


def stalls_classic(port):
    """As above, of a server that greets nobody: speaks, hears `go`, and reads no more."""
    sock = connect(port)
    sock.sendall(b"here")
    read_until(sock, b"go")
    say("stalled")
    sys.stdin.readline()
    sys.stdout.write(read_all(sock).decode("latin-1")[-200:])


def crowds(port):
    """Connects 100 times, leaves it to the server whom it takes; closes all of them on a line."""
    socks = [connect(port) for _ in range(100)]
    say("crowded")
    sys.stdin.readline()
    for sock in socks:
        sock.close()
    say("gone")
    sys.stdin.readline()


if __name__ == "__main__":
    globals()[sys.argv[1]](int(sys.argv[2]))
