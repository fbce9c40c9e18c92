/* Load for a pipeline "MQTT in -> mean -> MQTT out", on any broker. Publishes "value sequence time xxx…" (100 bytes) to PREFIX/a and receives
 * what comes back on OUT/a with the same sequence and time behind the mean.
 *
 * Usage: pipeload PORT QOS SECONDS RATE IN OUT     RATE 0: closed loop, at most 200 messages under way; else messages a second, paced, and
 *                                                  latency counts from the moment a message was due (no coordinated omission).
 * Prints "rate", "p50_ms", "p99_ms", "lost" after one second of warm-up and SECONDS of measuring. MQTT 3.1.1, loopback only. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { WINDOW = 200, PAYLOAD = 100, SAMPLES_MAX = 20000000, BUFFER = 1 << 20 };

typedef struct { int fd; uint8_t in[BUFFER]; size_t in_len; uint8_t out[BUFFER]; size_t out_len; } link_t;

static link_t device, monitor;
static int qos;
static const char *in_topic, *out_topic;
static long sent, received, measured, acknowledged;
static double start, end, *latency;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void die(const char *what) { fprintf(stderr, "pipeload: %s\n", what); exit(1); }

static void flush(link_t *link) {
  size_t done = 0;
  while (done < link->out_len) {
    ssize_t n = send(link->fd, link->out + done, link->out_len - done, MSG_NOSIGNAL);
    if (n <= 0) break;
    done += (size_t)n;
  }
  memmove(link->out, link->out + done, link->out_len - done);
  link->out_len -= done;
}

static void put_packet(link_t *link, uint8_t first, const uint8_t *body, size_t length) {
  uint8_t *to = link->out + link->out_len;
  *to++ = first;
  size_t rest = length;
  do { *to++ = (uint8_t)(rest % 128 | (rest > 127 ? 128 : 0)); rest /= 128; } while (rest);
  memcpy(to, body, length);
  link->out_len = (size_t)(to - link->out) + length;
}

static size_t put_text(uint8_t *to, const char *text) {
  size_t length = strlen(text);
  to[0] = (uint8_t)(length >> 8), to[1] = (uint8_t)length;
  memcpy(to + 2, text, length);
  return length + 2;
}

static void read_exactly(int fd, uint8_t *to, size_t length) {
  for (ssize_t n; length; to += n, length -= (size_t)n)
    if ((n = read(fd, to, length)) <= 0) die("the broker closed the connection");
}

static void dial(link_t *link, int port, const char *id) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  link->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(link->fd, (void *)&address, sizeof address)) die("nobody listens on that port");
  int on = 1;
  setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  uint8_t body[64] = {0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0}, answer[4];
  put_packet(link, 0x10, body, 10 + put_text(body + 10, id));
  flush(link);
  read_exactly(link->fd, answer, 4);
  if (answer[3]) die("the broker refused the connection");
}

static void subscribe(link_t *link) {
  uint8_t body[256] = {0, 1}, answer[5];
  size_t length = 2 + put_text(body + 2, out_topic);
  body[length++] = (uint8_t)qos;
  put_packet(link, 0x82, body, length);
  flush(link);
  read_exactly(link->fd, answer, 5);
  if (answer[4] > 2) die("the broker refused the subscription");
}

static void publish(double time) {
  uint8_t body[512];
  char text[PAYLOAD + 64];
  size_t length = put_text(body, in_topic);
  if (qos) {
    uint16_t id = (uint16_t)(sent % 65535 + 1);
    body[length++] = (uint8_t)(id >> 8), body[length++] = (uint8_t)id;
  }
  int n = snprintf(text, sizeof text, "%ld.5 %ld %.6f ", sent % 100, sent, time);
  while (n < PAYLOAD) text[n++] = 'x';
  memcpy(body + length, text, (size_t)n);
  put_packet(&device, (uint8_t)(0x30 | qos << 1), body, length + (size_t)n);
  sent++;
}

static void take(link_t *link, uint8_t first, uint8_t *body, size_t length) {
  if (first >> 4 == 4) acknowledged++;
  if (first >> 4 != 3) return;
  size_t at = 2 + (size_t)(body[0] << 8 | body[1]);
  if (first >> 1 & 3) {
    put_packet(link, 0x40, body + at, 2);
    at += 2;
  }
  char text[PAYLOAD + 64] = {0};
  memcpy(text, body + at, length - at < sizeof text - 1 ? length - at : sizeof text - 1);
  double mean, time, moment = now();
  long sequence;
  received++;
  if (sscanf(text, "%lf %ld %lf", &mean, &sequence, &time) != 3) die("an output has not kept its message's sequence and time");
  if (moment > start + 1 && moment < end && measured < SAMPLES_MAX) latency[measured++] = (moment - time) * 1e3;
}

static void receive(link_t *link) {
  ssize_t n;
  while ((n = recv(link->fd, link->in + link->in_len, BUFFER - link->in_len, MSG_DONTWAIT)) > 0) {
    link->in_len += (size_t)n;
    size_t at = 0;
    while (link->in_len - at >= 2) {
      size_t i = at + 1, length = 0, scale = 1;
      bool whole = false;
      while (i < link->in_len && !whole) {
        length += (link->in[i] & 127u) * scale, scale *= 128;
        whole = !(link->in[i++] & 128);
      }
      if (!whole || link->in_len - i < length) break;
      take(link, link->in[at], link->in + i, length);
      at = i + length;
    }
    memmove(link->in, link->in + at, link->in_len - at);
    link->in_len -= at;
  }
  if (n == 0) die("the broker closed the connection");
}

static void wait_for_data(double seconds) {
  struct pollfd both[2] = {{monitor.fd, POLLIN, 0}, {device.fd, POLLIN, 0}};
  struct timespec limit = {0, (long)((seconds < 0 ? 0 : seconds > 0.02 ? 0.02 : seconds) * 1e9)};
  if (device.out_len) both[1].events |= POLLOUT;
  ppoll(both, 2, &limit, NULL);
  receive(&monitor);
  receive(&device);
  flush(&monitor);
  flush(&device);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
  if (argc != 7) die("usage: pipeload PORT QOS SECONDS RATE IN OUT");
  int port = atoi(argv[1]);
  qos = atoi(argv[2]);
  double seconds = atof(argv[3]), rate = atof(argv[4]);
  in_topic = argv[5], out_topic = argv[6];
  latency = malloc(sizeof *latency * SAMPLES_MAX);
  dial(&monitor, port, "pipeload-monitor");
  dial(&device, port, "pipeload-device");
  subscribe(&monitor);

  start = now(), end = start + 1 + seconds;
  double due = start, moment;
  while ((moment = now()) < end) {
    while (device.out_len < BUFFER / 2 && (rate > 0 ? due <= moment : sent - received < WINDOW)) {
      publish(rate > 0 ? due : now());
      due += rate > 0 ? 1 / rate : 0;
    }
    flush(&device);
    wait_for_data(rate > 0 ? due - now() : 0.02);
  }
  // An output may overtake its message's PUBACK: they come on two connections.
  for (double patience = now() + 3; (received < sent || (qos && acknowledged < sent)) && now() < patience;) wait_for_data(0.02);
  qsort(latency, (size_t)measured, sizeof *latency, ascending);
  printf("rate %.0f\n", measured / seconds);
  if (measured) printf("p50_ms %.3f\np99_ms %.3f\n", latency[measured / 2], latency[(long)(measured * 0.99)]);
  printf("lost %ld\n", sent - received);
  if (qos && acknowledged < received) die("messages came out that the broker had not acknowledged 3 s later");
  return 0;
}
