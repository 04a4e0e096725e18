// The load process of the benchmark: many clients of one chat server, in a closed loop.
//
//   load PORT KEY=VALUE ...   drives 127.0.0.1:PORT; prints `ready` when all are in the room, runs when a
//                             line comes on stdin, prints one line of JSON, ends when stdin does.
//                             PORT,PORT: several servers that are one room, with the clients spread over them.
//
// At most `window` messages are under way at once: each is sent when an earlier one has reached its last
// receiver, so a server that gathers gains nothing by lagging. Every message carries a number, so each
// delivery is counted where it arrives. In C, and sparing with the system, so that the server is the
// bottleneck and not its load.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef TLS // compiled with it for servers that speak it: needs -lssl
#include <openssl/ssl.h>
static SSL_CTX *tls;
#endif

enum {
    RING = 1 << 18, // more than are sent while one sender is held up
    EVENTS = 1024,
    RECEIVE = 256 * 1024,
    SEND = 64 * 1024,
    MARK = 9,           // "#" and 8 hex digits
    LONGEST_TEXT = 1024,
    LONGEST_LINE = 1200, // with what a dialect puts around it
    MOST_SERVERS = 16,
#ifdef TLS
    ARRIVAL = EPOLLIN, // OpenSSL does not say whether it has emptied the socket
#else
    // Told once of what arrives: what one read does not take whole is read on at once.
    ARRIVAL = EPOLLIN | EPOLLRDHUP | EPOLLET,
#endif
};

// What is asked for, by KEY=VALUE.
static int clients = 100;  // connections
static int senders = 100;  // of which so many send, each its share of the window
static int window = 200;   // messages under way at once
static int stalled = 0;    // of which so many never read, once they are in
static int flood = 0;      // 1: one more sender sends as fast as its socket takes it
static int pace = 0;       // at most so many messages a second and sender; 0: no limit
static int echo = 1;       // 1: a sender is sent its own messages
static int irc = 0;        // 1: IRC, in one channel
static int hello = 0;      // 1: who has not spoken hears nothing (v0.1)
static int web = 0;        // 1: bobchat's objects over WebSockets
static int gently = 0;     // 1: a millisecond between two joins, for a server with a short backlog
static int length = 32;    // bytes of a message's text
static int servers[MOST_SERVERS], server_count; // the servers' processes, whose CPU time is measured
static int ports[MOST_SERVERS], port_count;
static double warmup = 0.5, duration = 2; // seconds
static double patience = 5; // seconds that what is under way at the end may take, or is lost

static const struct { const char *key; int *value; } INTEGERS[] = {
    {"clients", &clients}, {"senders", &senders}, {"window", &window}, {"stalled", &stalled},
    {"flood", &flood},     {"pace", &pace},       {"echo", &echo},     {"irc", &irc},
    {"hello", &hello},     {"length", &length},   {"gently", &gently}, {"web", &web},
};

typedef struct {
    int fd, number;
    int share;       // how many of its messages may be under way
    int ready;       // how many it may send now
    double next;     // when it may send again, if paced
    char rest[MARK]; // the end of the last read: a number may be cut there
    int rest_length;
    unsigned probe;  // the newest probe it has seen
    unsigned flooded; // the next number of the flood that it should see
    unsigned sent, got; // messages that it has sent, and deliveries that it got
    char *out;       // what its socket did not take
    size_t out_length;
    int irc_in;
#ifdef TLS
    SSL *ssl;
#endif
} Client;

// What each delivery touches, and what only a message's first and last.
typedef struct { unsigned number, missing; } Count;
typedef struct { double sent; int sender; } Message;

static Client *all;
static Count counts[RING];
static Message messages[RING];
static unsigned next_number = 1, probe_number;
static int epoll_fd, under_way, probes_missing, closed_by_server;
static uint64_t deliveries, flood_sent, flood_received, flood_gaps;
static double now, *latencies;
static int is_late; // whether `now` is older than what was read last
static size_t latency_count, latency_room;
static int measuring, flooding;
// A line with its number left out: `#` is at `mark_at`.
static char pattern[LONGEST_LINE];
static int pattern_length, mark_at;

static void die(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double read_clock(clockid_t clock) {
    struct timespec t;
    if (clock_gettime(clock, &t) != 0) die("clock");
    return t.tv_sec + t.tv_nsec / 1e9;
}

static double seconds(void) { return read_clock(CLOCK_MONOTONIC); }

// The CPU time that the servers have taken, in all their threads.
static double server_seconds(void) {
    double sum = 0;
    for (int i = 0; i < server_count; i++) {
        clockid_t clock;
        if ((errno = clock_getcpuclockid(servers[i], &clock)) != 0) die("the server's clock");
        sum += read_clock(clock);
    }
    return sum;
}

// Reads numbers separated by commas; returns how many there are.
static int read_list(char *text, int *to) {
    int n = 0;
    for (char *end = text; n < MOST_SERVERS && *text; text = *end ? end + 1 : end)
        if ((to[n] = strtol(text, &end, 10)) > 0) n++;
        else break;
    return n;
}

static void watch(Client *c, int writable) {
    struct epoll_event e = {.events = ARRIVAL | (writable ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

#ifdef TLS
static ssize_t transmit(Client *c, const char *bytes, size_t n) { return SSL_write(c->ssl, bytes, n); }

static ssize_t take(Client *c, char *to, size_t n) {
    int got = SSL_read(c->ssl, to, n);
    if (got <= 0 && SSL_get_error(c->ssl, got) == SSL_ERROR_WANT_READ) return errno = EAGAIN, -1;
    return got;
}

static int has_more(Client *c, ssize_t taken) {
    (void)taken;
    return SSL_has_pending(c->ssl);
}
#else
static ssize_t transmit(Client *c, const char *bytes, size_t n) { return send(c->fd, bytes, n, MSG_NOSIGNAL); }

static ssize_t take(Client *c, char *to, size_t n) { return recv(c->fd, to, n, 0); }

static int has_more(Client *c, ssize_t taken) {
    (void)c;
    return taken == RECEIVE;
}
#endif

// Sends all of it; what the socket does not take waits for it to be writable.
static void put(Client *c, const char *bytes, size_t n) {
    if (c->out_length == 0) {
        ssize_t sent = transmit(c, bytes, n);
        if (sent < 0) sent = 0;
        bytes += sent, n -= sent;
        if (n > 0) watch(c, 1);
    }
    if (n == 0) return;
    c->out = realloc(c->out, c->out_length + n);
    memcpy(c->out + c->out_length, bytes, n);
    c->out_length += n;
}

static void flush(Client *c) {
    ssize_t sent = transmit(c, c->out, c->out_length);
    if (sent <= 0) return;
    c->out_length -= sent;
    memmove(c->out, c->out + sent, c->out_length);
    if (c->out_length == 0) watch(c, 0);
}

// A WebSocket's frame, masked with zeros: which masks nothing.
static int frame(char *to, const char *text, int size) {
    int n = 0;
    to[n++] = (char)0x81;
    if (size < 126) to[n++] = (char)(0x80 | size);
    else to[n++] = (char)(0x80 | 126), to[n++] = (char)(size >> 8), to[n++] = (char)size;
    memset(to + n, 0, 4);
    memcpy(to + n + 4, text, size);
    return n + 4 + size;
}

static void make_pattern(void) {
    const char *head = irc ? "PRIVMSG &bench :" : web ? "{\"type\":\"say\",\"text\":\"" : "";
    char text[LONGEST_TEXT + 1];
    memset(text, 'x', length);
    text[0] = '#';
    text[length] = 0;
    if (web) {
        char words[LONGEST_LINE];
        pattern_length = frame(pattern, words, sprintf(words, "%s%s\"}", head, text));
    } else {
        pattern_length = sprintf(pattern, "%s%s\n", head, text);
    }
    mark_at = pattern_length - length - (web ? 2 : 1);
}

// One line: `mark` is # for a message, ! for a probe, % for the flood.
static int line(char *to, char mark, unsigned number) {
    memcpy(to, pattern, pattern_length);
    to += mark_at;
    *to = mark;
    for (int i = 8; i > 0; i--, number >>= 4) to[i] = "0123456789abcdef"[number & 15];
    return pattern_length;
}

static int receivers(void) { return clients - stalled - (echo ? 0 : 1); }

static void say(Client *c) {
    static char lines[SEND];
    int n = 0;
    while (c->ready > 0 && n < SEND - LONGEST_LINE) {
        if (pace && now < c->next) break;
        if (pace) c->next = (c->next > now - 1.0 / pace ? c->next : now) + 1.0 / pace;
        counts[next_number % RING] = (Count){.number = next_number, .missing = receivers()};
        messages[next_number % RING] = (Message){.sent = now, .sender = c->number};
        n += line(lines + n, '#', next_number++);
        c->ready--;
        c->sent++;
        under_way++;
    }
    if (n > 0) put(c, lines, n);
}

// A message has reached its last receiver.
static void complete(unsigned number) {
    Message *m = &messages[number % RING];
    under_way--;
    all[m->sender].ready++;
    if (!measuring) return;
    if (is_late) now = seconds(), is_late = 0;
    if (latency_count == latency_room)
        latencies = realloc(latencies, (latency_room = latency_room * 2 + 4096) * sizeof(double));
    latencies[latency_count++] = now - m->sent;
}

// Eight hex digits at once. Anything else gives a number that no message under way has.
static unsigned hex(const char *p) {
    uint64_t x;
    memcpy(&x, p, 8);
    x = __builtin_bswap64(x);
    x = (x & 0x0f0f0f0f0f0f0f0f) + 9 * (x >> 6 & 0x0101010101010101);
    x = (x | x >> 4) & 0x00ff00ff00ff00ff;
    x = (x | x >> 8) & 0x0000ffff0000ffff;
    return x | x >> 16;
}

static const char *next_mark(const char *p, const char *end) {
    static ptrdiff_t gap;
    if (!flood && probes_missing == 0) {
        // Mostly it is as far after the last one's text as the last one was. Less than a text's length
        // has no room for another.
        if (gap < length && gap < end - p && p[gap] == '#') return p + gap;
        const char *q = memchr(p, '#', end - p);
        if (q != NULL) gap = q - p;
        return q;
    }
    while (p < end && *p != '#' && *p != '!' && *p != '%') p++;
    return p < end ? p : NULL;
}

// Counts what this number stands for; 0: nothing that is under way.
static int count(Client *c, char mark, unsigned number) {
    if (mark == '#') {
        Count *of = &counts[number % RING];
        if (of->number != number || of->missing == 0) return 0;
        c->got++;
        if (--of->missing == 0) complete(number);
    } else if (mark == '%') {
        if (number >= flood_sent) return 0;
        flood_received++;
        flood_gaps += number != c->flooded;
        c->flooded = number + 1;
    } else {
        if (number != probe_number || c->probe == number) return 0;
        c->probe = number;
        probes_missing--;
    }
    return 1;
}

// Finds the numbers in what arrived; `p` begins with the rest of the last read.
static void scan(Client *c, const char *p, const char *end) {
    unsigned before = c->got;
    while (p < end && (p = next_mark(p, end)) != NULL) {
        if (end - p < MARK) {
            memcpy(c->rest, p, c->rest_length = end - p);
            break;
        }
        // After a number comes the rest of its text, which has no number.
        p += count(c, *p, hex(p + 1)) ? length : 1;
    }
    if (measuring) deliveries += c->got - before;
}

// Reads what has arrived; `has_ended`: the end comes after it.
static void receive(Client *c, int has_ended) {
    static char buffer[MARK + RECEIVE + LONGEST_TEXT];
    ssize_t n;
    do {
        char *start = buffer + MARK;
        n = take(c, start, RECEIVE);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) {
            closed_by_server++;
            epoll_ctl(epoll_fd, EPOLL_CTL_DEL, c->fd, NULL);
            return;
        }
        is_late = 1;
        if (irc && !c->irc_in) { // 366: end of the list of names, so it is in the channel
            start[n] = 0;
            c->irc_in = strstr(start, " 366 ") != NULL;
        }
        char *end = start + n;
        start -= c->rest_length;
        memcpy(start, c->rest, c->rest_length);
        c->rest_length = 0;
        scan(c, start, end);
    } while (has_ended || has_more(c, n));
}

// One turn: what arrives within the timeout, then what may be sent because of it.
static void turn(int timeout) {
    static struct epoll_event events[EVENTS];
    int n = epoll_wait(epoll_fd, events, EVENTS, timeout);
    is_late = 1;
    for (int i = 0; i < n; i++) {
        Client *c = events[i].data.ptr;
        int what = events[i].events;
        if (what & EPOLLOUT) flush(c);
        if (what & ~EPOLLOUT) receive(c, (what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
    }
    now = seconds();
    for (int i = 0; i < senders; i++)
        if (all[i].ready > 0) say(&all[i]);
    Client *f = &all[senders];
    while (flooding && f->out_length == 0) {
        char lines[16 * 1024];
        int used = 0;
        while (used < (int)sizeof lines - LONGEST_LINE) used += line(lines + used, '%', flood_sent++);
        put(f, lines, used);
    }
}

static void join(Client *c) {
    int port = ports[c->number % port_count];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    // From many addresses of the loopback range: one has but 28,000 ports to give.
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + c->number / 5000)};
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0) die("socket");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(c->fd, (void *)&from, sizeof from) < 0) die("bind");
    if (connect(c->fd, (void *)&to, sizeof to) < 0) die("connect");
#ifdef TLS
    c->ssl = SSL_new(tls);
    SSL_set_fd(c->ssl, c->fd);
    if (SSL_connect(c->ssl) != 1) die("handshake");
#endif
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = ARRIVAL, .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &e);
    char words[256];
    int n = 0;
    if (web)
        n = sprintf(words, "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    if (web) {
        // Not before the answer: what follows is another protocol.
        put(c, words, n);
        struct pollfd answer = {.fd = c->fd, .events = POLLIN};
        poll(&answer, 1, 10000);
        n = frame(words, "{\"type\":\"join\"}", 15);
    }
    if (irc) n = sprintf(words, "NICK c%d\r\nUSER c 0 * :c\r\nJOIN &bench\r\n", c->number);
    if (hello) n = sprintf(words, "hello\n");
    put(c, words, n);
}

// Everyone has joined once a probe has reached all; those sent too early reach only some.
static void join_all(void) {
    for (int i = 0; i < clients; i++) {
        all[i].number = i;
        join(&all[i]);
        if (gently) usleep(1000);
        if (gently || i % 64 == 63) turn(0);
    }
    for (int i = 0; irc && i < clients; i++)
        while (!all[i].irc_in && closed_by_server == 0) turn(10);
    double end = seconds() + 120;
    probes_missing = 1;
    while (probes_missing > 0) {
        char words[LONGEST_LINE];
        probe_number++;
        probes_missing = clients - (echo ? 0 : 1);
        put(&all[0], words, line(words, '!', probe_number));
        // As long as some arrive, more will.
        for (int before = -1; before != probes_missing && probes_missing > 0;) {
            before = probes_missing;
            double until = seconds() + 0.5;
            while (seconds() < until && probes_missing > 0) turn(10);
        }
        if (closed_by_server || seconds() > end) {
            fprintf(stderr, "load: %d of %d were not let in\n", probes_missing, clients);
            exit(1);
        }
    }
}

static void run_for(double length_of_time) {
    for (double end = seconds() + length_of_time; seconds() < end;) turn(pace ? 1 : 10);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(double p) {
    return latency_count ? latencies[(size_t)(p * (latency_count - 1))] * 1000 : 0;
}

static void run(void) {
    for (int i = clients - stalled; i < clients; i++) epoll_ctl(epoll_fd, EPOLL_CTL_DEL, all[i].fd, NULL);
    for (int i = 0; i < window; i++) all[i % senders].ready++;
    flooding = flood;
    run_for(warmup);
    measuring = 1;
    double start = seconds(), cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID), spent = server_seconds();
    run_for(duration);
    double elapsed = seconds() - start;
    cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    spent = server_seconds() - spent;
    measuring = flooding = 0;
    // What is under way may arrive; nothing more is sent.
    int saved = senders;
    senders = 0;
    // Paced senders mean a server that holds the flood back by its rate: its rest would take hours.
    uint64_t flooded = pace ? 0 : flood_sent * receivers();
    uint64_t before = 0;
    for (double end = seconds() + patience; seconds() < end;) {
        if (under_way == 0 && flood_received >= flooded) break;
        if (flood_received != before) end = seconds() + patience, before = flood_received;
        turn(10);
    }
    senders = saved;
    // Each client alone, so that a duplicate at one does not make up for a loss at another.
    long long lost = flood_gaps;
    for (int i = 0; i < clients - stalled; i++)
        lost += llabs((long long)(next_number - 1) - (echo ? 0 : all[i].sent) - all[i].got);
    if (flood_received < flooded) lost += flooded - flood_received;
    qsort(latencies, latency_count, sizeof(double), ascending);
    printf("{\"deliveries\":%llu,\"seconds\":%.4f,\"p50\":%.4f,\"p99\":%.4f,\"cpu\":%.6f,"
           "\"spent\":%.6f,\"lost\":%lld,\"closed\":%d}\n",
           (unsigned long long)deliveries, elapsed, percentile(0.5), percentile(0.99), cpu, spent, lost,
           closed_by_server);
    fflush(stdout);
}

int main(int count, char **words) {
    for (int i = 2; i < count; i++) {
        char *value = strchr(words[i], '=');
        if (value == NULL) return fprintf(stderr, "load: KEY=VALUE, not %s\n", words[i]), 2;
        *value++ = 0;
        if (!strcmp(words[i], "warmup")) warmup = atof(value);
        if (!strcmp(words[i], "seconds")) duration = atof(value);
        if (!strcmp(words[i], "patience")) patience = atof(value);
        if (!strcmp(words[i], "server")) server_count = read_list(value, servers);
        for (size_t k = 0; k < sizeof INTEGERS / sizeof *INTEGERS; k++)
            if (!strcmp(words[i], INTEGERS[k].key)) *INTEGERS[k].value = atoi(value);
    }
    if (count < 2) return fprintf(stderr, "load: PORT KEY=VALUE ...\n"), 2;
    if ((port_count = read_list(words[1], ports)) == 0) return fprintf(stderr, "load: PORT is a number\n"), 2;
    if (length < MARK || length > LONGEST_TEXT)
        return fprintf(stderr, "load: length is %d to %d\n", MARK, LONGEST_TEXT), 2;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
#ifdef TLS
    tls = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // Many records a read, where it would be two reads a record.
    SSL_CTX_set_read_ahead(tls, 1);
    SSL_CTX_set_default_read_buffer_len(tls, SEND);
#endif
    make_pattern();
    all = calloc(clients + 1, sizeof(Client));
    epoll_fd = epoll_create1(0);
    join_all();
    printf("ready\n");
    fflush(stdout);
    char go[16];
    if (fgets(go, sizeof go, stdin) == NULL) return 1;
    run();
    while (fgets(go, sizeof go, stdin) != NULL);
    return 0;
}
