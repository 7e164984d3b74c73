/* Ask a clamd to look at bodies, over many connections at once, and say how it went.
 *
 *     load ADDRESS MODE CONNECTIONS SECONDS FOLDER
 *
 * ADDRESS is unix:PATH or tcp:HOST:PORT. MODE is `single`, a connection for each request
 * as most clients do, or `session`, one IDSESSION a connection. The bodies are the files
 * of FOLDER, in turns; one whose name ends with `.found` must be answered FOUND, any
 * other OK. COUNTER in a body is replaced by a number that rises with each request, so that
 * it is never sent twice; in a zip it stands in the first member, which is stored, and
 * its CRC is set right. A body without COUNTER is sent as it is, again and again.
 *
 * The result is a JSON object: requests, seconds, rate, milliseconds of the median, of
 * the 99th and 99.9th of 100, and of the slowest, errors (no answer, or ERROR) and wrong
 * (another answer than is due). A tenth of SECONDS is warming up and not counted.
 *
 * Source: clamd(8), INSTREAM and IDSESSION.
 */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <dirent.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "bodies.h"

#define MOST_BODIES 4096u
#define MOST_SAMPLES (1u << 21)
#define PATIENCE 60 /* seconds */

struct worker {
    pthread_t thread;
    uint8_t *frame;
    uint32_t *micros; /* of each request that was answered */
    size_t count;
    uint64_t errors, wrong;
};

static struct body bodies[MOST_BODIES];
static size_t body_count, largest;
static struct sockaddr_storage address;
static socklen_t address_size;
static bool session;
static double begin, end; /* of what is counted */
static atomic_uint_fast64_t number;

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int dial(void)
{
    int one = socket(address.ss_family, SOCK_STREAM, 0);
    struct timeval patience = {PATIENCE, 0};
    if (one < 0)
        die("socket");
    setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(one, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(one, (struct sockaddr *)&address, address_size)) {
        close(one);
        return -1;
    }
    if (session && send(one, "zIDSESSION", 11, MSG_NOSIGNAL) != 11) {
        close(one);
        return -1;
    }
    return one;
}

/* Say whether it was answered, and how: 1 OK, 2 FOUND, 0 neither. */
static int ask(int one, const uint8_t *frame, size_t size)
{
    char answer[1024];
    size_t length = 0;
    for (size_t sent = 0; sent < size;) {
        ssize_t more = send(one, frame + sent, size - sent, MSG_NOSIGNAL);
        if (more <= 0)
            return 0;
        sent += (size_t)more;
    }
    while (!length || answer[length - 1]) {
        ssize_t more = recv(one, answer + length, sizeof answer - length, 0);
        if (more <= 0)
            return 0;
        length += (size_t)more;
        if (length == sizeof answer)
            return 0;
    }
    size_t text = length - 1;
    const char *from = memchr(answer, 's', text); /* behind the number in a session */
    if (from && !strcmp(from, "stream: OK"))
        return 1;
    return text > 6 && !strcmp(answer + text - 6, " FOUND") ? 2 : 0;
}

static void *work(void *given)
{
    struct worker *worker = given;
    int one = -1;
    for (double start = now(); start < end; start = now()) {
        uint64_t count = atomic_fetch_add(&number, 1);
        const struct body *body = &bodies[count % body_count];
        size_t size = make_frame(worker->frame, body, count);
        start = now();
        if (one < 0)
            one = dial();
        int answer = one < 0 ? 0 : ask(one, worker->frame, size);
        double done = now();
        if (one >= 0 && (!session || !answer)) {
            close(one);
            one = -1;
        }
        if (done < begin || done > end)
            continue;
        worker->errors += !answer;
        worker->wrong += answer && (answer == 2) != body->found;
        if (answer && worker->count < MOST_SAMPLES)
            worker->micros[worker->count++] = (uint32_t)((done - start) * 1e6);
        if (!answer)
            nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    if (one >= 0)
        close(one);
    return NULL;
}

static void read_address(const char *text)
{
    const char *colon = strrchr(text, ':');
    if (!strncmp(text, "unix:", 5)) {
        struct sockaddr_un *name = (struct sockaddr_un *)&address;
        name->sun_family = AF_UNIX;
        snprintf(name->sun_path, sizeof name->sun_path, "%s", text + 5);
        address_size = sizeof *name;
    } else if (!strncmp(text, "tcp:127.0.0.1:", 14)) {
        struct sockaddr_in *name = (struct sockaddr_in *)&address;
        name->sin_family = AF_INET;
        name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        name->sin_port = htons((uint16_t)atoi(colon + 1));
        address_size = sizeof *name;
    } else {
        fprintf(stderr, "%s: neither unix:PATH nor tcp:127.0.0.1:PORT\n", text);
        exit(2);
    }
}

static void read_bodies(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        die(path);
    for (struct dirent *one; (one = readdir(folder)) && body_count < MOST_BODIES;) {
        if (one->d_name[0] == '.')
            continue;
        bodies[body_count] = read_body(path, one->d_name);
        if (bodies[body_count].size > largest)
            largest = bodies[body_count].size;
        body_count++;
    }
    closedir(folder);
    if (!body_count) {
        fprintf(stderr, "%s: no bodies\n", path);
        exit(2);
    }
}

static int compare(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static double at(const uint32_t *sorted, size_t count, double part)
{
    return count ? sorted[(size_t)((double)(count - 1) * part)] / 1e3 : 0.0;
}

static void report(const struct worker *workers, size_t workers_count)
{
    size_t count = 0;
    uint64_t errors = 0, wrong = 0;
    for (size_t i = 0; i < workers_count; i++) {
        count += workers[i].count;
        errors += workers[i].errors;
        wrong += workers[i].wrong;
    }
    uint32_t *all = malloc((count + 1) * sizeof *all), *to = all;
    if (!all)
        die("memory");
    for (size_t i = 0; i < workers_count; i++) {
        memcpy(to, workers[i].micros, workers[i].count * sizeof *all);
        to += workers[i].count;
    }
    qsort(all, count, sizeof *all, compare);
    printf("{\"requests\": %zu, \"seconds\": %.3f, \"rate\": %.3f, ", count, end - begin,
           (double)count / (end - begin));
    printf("\"p50\": %.3f, \"p99\": %.3f, \"p999\": %.3f, \"longest\": %.3f, ",
           at(all, count, 0.5), at(all, count, 0.99), at(all, count, 0.999),
           at(all, count, 1.0));
    printf("\"errors\": %llu, \"wrong\": %llu}\n", (unsigned long long)errors,
           (unsigned long long)wrong);
    free(all);
}

int main(int count, char **words)
{
    if (count != 6) {
        fputs("load ADDRESS single|session CONNECTIONS SECONDS FOLDER\n", stderr);
        return 2;
    }
    read_address(words[1]);
    session = !strcmp(words[2], "session");
    size_t connections = strtoul(words[3], NULL, 10);
    double seconds = strtod(words[4], NULL);
    read_bodies(words[5]);
    struct worker *workers = calloc(connections, sizeof *workers);
    if (!workers)
        die("memory");
    /* Another start each time, or a second run would send what the first one sent. */
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    atomic_store(&number, (uint64_t)time.tv_sec << 24);
    begin = now() + seconds / 10;
    end = begin + seconds;
    for (size_t i = 0; i < connections; i++) {
        workers[i].frame = malloc(frame_size(largest));
        workers[i].micros = malloc(MOST_SAMPLES * sizeof *workers[i].micros);
        if (!workers[i].frame || !workers[i].micros)
            die("memory");
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
            die("thread");
    }
    for (size_t i = 0; i < connections; i++)
        pthread_join(workers[i].thread, NULL);
    report(workers, connections);
    return 0;
}
