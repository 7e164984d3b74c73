/* List open folders before it is their turn, by a thread that needs nothing of Python.
 *
 * A folder that is put in has a place until it is taken or dropped. Taking one that the
 * thread has not begun lists it here and now, so nobody waits for a thread that sleeps.
 * Of a folder with a great many names the thread reads the first part only, so that
 * memory stays bounded. Source: pthreads(7). */
#define _GNU_SOURCE
#include "listing.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PLACES 16
#define GLANCE 50000000  /* nanoseconds after which a wait looks for Ctrl-C */

enum { NOTHING, WAITING, READING, READY };

typedef struct {
    Part *part;
    uint64_t turn;
    dev_t device;
    int folder;
    int taken;  /* looked at only with Python's lock */
    int state;  /* looked at only with the lock below */
} Place;

typedef struct {
    PyObject_HEAD
    pthread_mutex_t lock;
    pthread_cond_t work;  /* a folder was put in, or it is over */
    pthread_cond_t done;  /* one was listed */
    pthread_t thread;
    pid_t process;  /* in which the thread runs; 0 if there is none */
    int over;
    int idle;
    uint64_t turns;
    Place places[PLACES];
} Ahead;

/* The one to be listed next; NULL if none is waiting. */
static Place *next(Ahead *self) {
    Place *found = NULL;
    for (int i = 0; i < PLACES; i++) {
        Place *place = &self->places[i];
        if (place->state == WAITING && (found == NULL || place->turn < found->turn))
            found = place;
    }
    return found;
}

static void *run(void *given) {
    Ahead *self = given;
    pthread_mutex_lock(&self->lock);
    while (!self->over) {
        Place *place = next(self);
        if (place == NULL) {
            self->idle = 1;
            pthread_cond_wait(&self->work, &self->lock);
            self->idle = 0;
            continue;
        }
        place->state = READING;
        pthread_mutex_unlock(&self->lock);
        read_part(place->part, place->folder, place->device, 1);
        pthread_mutex_lock(&self->lock);
        place->state = READY;
        pthread_cond_signal(&self->done);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* Start the thread; signals are for others. */
static int start(Ahead *self) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&self->thread, NULL, run, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!error) self->process = getpid();
    return error;
}

static PyObject *put(PyObject *object, PyObject *arguments) {
    Ahead *self = (Ahead *)object;
    int folder, number = 0;
    unsigned long long device;
    if (!PyArg_ParseTuple(arguments, "iK", &folder, &device)) return NULL;
    while (number < PLACES && self->places[number].taken) number++;
    if (number == PLACES || self->over) {
        PyErr_SetString(PyExc_RuntimeError, "there is no room");
        return NULL;
    }
    Place *place = &self->places[number];
    if (place->part == NULL) place->part = malloc(sizeof *place->part);
    if (place->part == NULL) return PyErr_NoMemory();
    atomic_store(&place->part->dropped, 0);
    place->folder = folder;
    place->device = (dev_t)device;
    if (!self->process) start(self);  /* without it, taking does the work */
    pthread_mutex_lock(&self->lock);
    place->taken = 1;
    place->turn = self->turns++;
    place->state = WAITING;
    if (self->idle) pthread_cond_signal(&self->work);
    pthread_mutex_unlock(&self->lock);
    return PyLong_FromLong(number);
}

static Place *place_of(Ahead *self, PyObject *argument) {
    long number = PyLong_AsLong(argument);
    if (number == -1 && PyErr_Occurred()) return NULL;
    if (number >= 0 && number < PLACES && self->places[number].taken)
        return &self->places[number];
    PyErr_SetString(PyExc_ValueError, "there is no such folder");
    return NULL;
}

/* Wait a moment for the thread to be done with a folder; its state then. */
static int wait_for(Ahead *self, Place *place) {
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += GLANCE;
    end.tv_sec += end.tv_nsec / 1000000000;
    end.tv_nsec %= 1000000000;
    pthread_mutex_lock(&self->lock);
    int late = 0;
    while (place->state == READING && !late)
        late = pthread_cond_timedwait(&self->done, &self->lock, &end);
    int state = place->state;
    pthread_mutex_unlock(&self->lock);
    return state;
}

/* Take a place from the thread if it has not begun it; its state before that. */
static int claim(Ahead *self, Place *place) {
    pthread_mutex_lock(&self->lock);
    int state = place->state;
    if (state == WAITING) place->state = READY;
    pthread_mutex_unlock(&self->lock);
    return state;
}

static PyObject *take(PyObject *object, PyObject *argument) {
    Ahead *self = (Ahead *)object;
    Place *place = place_of(self, argument);
    if (place == NULL) return NULL;
    int state = claim(self, place), first = state != WAITING;
    while (state == READING) {
        Py_BEGIN_ALLOW_THREADS
        state = wait_for(self, place);
        Py_END_ALLOW_THREADS
        if (state == READING && PyErr_CheckSignals()) return NULL;
    }
    PyObject *all = list_parts(place->part, place->folder, place->device, 1, first);
    place->taken = 0;
    return all;
}

static void let_go(Ahead *self, Place *place) {
    if (!place->taken) return;
    atomic_store(&place->part->dropped, 1);
    if (claim(self, place) == READING)
        while (wait_for(self, place) == READING) continue;
    place->taken = 0;
}

static PyObject *drop(PyObject *object, PyObject *argument) {
    Ahead *self = (Ahead *)object;
    long number = PyLong_AsLong(argument);
    if (number == -1 && PyErr_Occurred()) return NULL;
    if (number < 0 || number >= PLACES) Py_RETURN_NONE;
    Place *place = &self->places[number];  /* perhaps taken in vain */
    Py_BEGIN_ALLOW_THREADS
    let_go(self, place);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static void end(Ahead *self) {
    if (self->process != getpid()) return;  /* a fork has no such thread */
    for (int i = 0; i < PLACES; i++) let_go(self, &self->places[i]);
    pthread_mutex_lock(&self->lock);
    self->over = 1;
    pthread_cond_signal(&self->work);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    self->process = 0;
}

static PyObject *close_(PyObject *object, PyObject *nothing) {
    Ahead *self = (Ahead *)object;
    (void)nothing;
    Py_BEGIN_ALLOW_THREADS
    end(self);
    Py_END_ALLOW_THREADS
    self->over = 1;
    Py_RETURN_NONE;
}

static PyObject *make(PyTypeObject *type, PyObject *arguments, PyObject *names) {
    (void)names;
    if (!PyArg_ParseTuple(arguments, "")) return NULL;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Ahead *self = (Ahead *)allocate(type, 0);  /* zeros: every place is free */
    if (self == NULL) return NULL;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->work, NULL);
    pthread_cond_init(&self->done, NULL);
    return (PyObject *)self;
}

static void destroy(PyObject *object) {
    Ahead *self = (Ahead *)object;
    PyTypeObject *type = Py_TYPE(object);
    end(self);
    for (int i = 0; i < PLACES; i++) free(self->places[i].part);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"put", put, METH_VARARGS, "put(folder, device): list it; returns its number."},
    {"take", take, METH_O, "take(number): as `listing` with stamps."},
    {"drop", drop, METH_O, "drop(number): nobody wants it; it may be closed then."},
    {"close", close_, METH_NOARGS, "close(): drop all, and end the thread."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Folders that are listed before it is their turn."},
    {Py_tp_new, make},
    {Py_tp_dealloc, destroy},
    {Py_tp_methods, methods},
    {0, NULL},
};

PyType_Spec ahead_type = {
    .name = "clearward.jail._listing.Ahead",
    .basicsize = sizeof(Ahead),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};
