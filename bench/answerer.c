/* Answer every open of the files in a folder with yes, at once: what asking costs alone.
 *
 *     answerer FOLDER
 *
 * Prints a line when it watches. Source: fanotify(7). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char **words)
{
    if (count != 2)
        return 2;
    int group = fanotify_init(FAN_CLASS_CONTENT | FAN_NONBLOCK, O_RDONLY | O_LARGEFILE);
    int waiting = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    if (fanotify_mark(group, FAN_MARK_ADD, FAN_OPEN_PERM | FAN_EVENT_ON_CHILD, AT_FDCWD,
                      words[1])
        || epoll_ctl(waiting, EPOLL_CTL_ADD, group, &event)) {
        perror(words[1]);
        return 1;
    }
    puts("ready");
    fflush(stdout);
    for (;;) {
        char buffer[4096];
        epoll_wait(waiting, &event, 1, -1);
        ssize_t size = read(group, buffer, sizeof buffer);
        struct fanotify_event_metadata *one = (void *)buffer;
        for (; FAN_EVENT_OK(one, size); one = FAN_EVENT_NEXT(one, size)) {
            struct stat status;
            struct fanotify_response said = {one->fd, FAN_ALLOW};
            if (fstat(one->fd, &status) || write(group, &said, sizeof said) < 0)
                perror("answer");
            close(one->fd);
        }
    }
}
