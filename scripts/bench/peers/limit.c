// The least that a single-threaded chat relay does, with epoll: read, head each line with a number and the
// time, and one send a recipient for all that one turn of the loop has read.
//
//   limit PORT

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 1024, EVENTS = 512, CLIENTS = 1 << 17 };

typedef struct {
    int fd, number;
    char rest[LINE]; // a line without its end yet
    int rest_length;
    char *waiting; // what its socket did not take: from `sent` to `length`
    size_t length, sent;
    int watched;
} Client;

static Client *clients[CLIENTS];
static int client_count, epoll_fd;
static char *batch;
static size_t batch_length, batch_room;

static void append(const char *bytes, size_t n) {
    if (batch_length + n > batch_room) batch = realloc(batch, batch_room = (batch_length + n) * 2);
    memcpy(batch + batch_length, bytes, n);
    batch_length += n;
}

static void watch(Client *c, int writable) {
    struct epoll_event e = {.events = EPOLLIN | (writable ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e);
    c->watched = writable;
}

static void accept_all(int listener) {
    static int number;
    int fd, one = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        Client *c = calloc(1, sizeof *c);
        c->fd = fd;
        c->number = ++number;
        clients[client_count++] = c;
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e);
    }
}

static void forget(Client *c) {
    close(c->fd);
    for (int i = 0; i < client_count; i++)
        if (clients[i] == c) {
            clients[i] = clients[--client_count];
            break;
        }
    free(c->waiting);
    free(c);
}

static void take(Client *c, const char *stamp) {
    static char buffer[64 * 1024];
    ssize_t n = recv(c->fd, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return forget(c);
    char *p = buffer, *end = buffer + n, *q;
    while ((q = memchr(p, '\n', end - p)) != NULL) {
        char head[64];
        append(head, sprintf(head, "%d(%s): ", c->number, stamp));
        append(c->rest, c->rest_length);
        c->rest_length = 0;
        append(p, q + 1 - p);
        p = q + 1;
    }
    if (end > p && end - p < LINE - c->rest_length) {
        memcpy(c->rest + c->rest_length, p, end - p);
        c->rest_length += end - p;
    }
}

static void go_on(Client *c) {
    while (c->sent < c->length) {
        ssize_t n = send(c->fd, c->waiting + c->sent, c->length - c->sent, MSG_NOSIGNAL);
        if (n < 0) break;
        c->sent += n;
    }
    if (c->sent == c->length) c->length = c->sent = 0, watch(c, 0);
}

static void fan_out(Client *c) {
    size_t sent = 0;
    if (c->length == c->sent) {
        ssize_t n = send(c->fd, batch, batch_length, MSG_NOSIGNAL);
        sent = n < 0 ? 0 : n;
    }
    if (sent == batch_length) return;
    if (c->sent == c->length) c->sent = c->length = 0;
    size_t left = batch_length - sent;
    c->waiting = realloc(c->waiting, c->length + left);
    memcpy(c->waiting + c->length, batch + sent, left);
    c->length += left;
    if (!c->watched) watch(c, 1);
}

int main(int count, char **words) {
    if (count != 2) return fprintf(stderr, "limit PORT\n"), 2;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (void *)&at, sizeof at) < 0 || listen(listener, 4096) < 0) return perror("limit"), 1;
    epoll_fd = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &e);
    time_t last = 0;
    char stamp[32];
    for (;;) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(epoll_fd, events, EVENTS, -1);
        batch_length = 0;
        time_t t = time(NULL);
        if (t != last) strftime(stamp, sizeof stamp, "%I:%M:%S%p", localtime(&t)), last = t;
        for (int i = 0; i < n; i++) {
            Client *c = events[i].data.ptr;
            if (c == NULL) {
                accept_all(listener);
                continue;
            }
            if (events[i].events & EPOLLOUT) go_on(c);
            if (events[i].events & (EPOLLIN | EPOLLHUP)) take(c, stamp);
        }
        if (batch_length > 0)
            for (int i = 0; i < client_count; i++) fan_out(clients[i]);
    }
}
