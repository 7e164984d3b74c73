#ifndef CLEARWARD_EMULATOR_MACHINE_H
#define CLEARWARD_EMULATOR_MACHINE_H

#include "memory.h"

/* An x86 processor that runs one program over its own memory, and nothing else.
 *
 * Integer instructions of 32 and of 64 bits that unpacking code uses, and some of the
 * floating point unit. It stops at whatever it does not know, and where its owner has
 * to answer: at traps, interrupts and faults.
 *
 * Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2. */

enum { AX, CX, DX, BX, SP, BP, SI, DI, REGISTERS = 16 };

enum {
    CARRY = 1 << 0,
    FIXED = 1 << 1,
    PARITY = 1 << 2,
    ADJUST = 1 << 4,
    ZERO = 1 << 6,
    SIGN = 1 << 7,
    SINGLE = 1 << 8,
    ENABLED = 1 << 9,
    DOWN = 1 << 10,
    OVERFLOWED = 1 << 11,
    STATUS = CARRY | PARITY | ADJUST | ZERO | SIGN | OVERFLOWED,
    SETTABLE = STATUS | SINGLE | DOWN | 1 << 14 | 1 << 18 | 1 << 21,
};

/* Why a run ended. What `value` is stands behind each. */
enum stop {
    STOP_NOT,
    STOP_BUDGET,    /* the instructions allowed are used up */
    STOP_WRITTEN,   /* about to run what was written elsewhere; where it came from */
    STOP_TRAP,      /* at an address that its owner answers for */
    STOP_FAULT,     /* an address that is not there */
    STOP_INTERRUPT, /* int, int3, into, icebp, syscall, sysenter; its number */
    STOP_DIVIDE,    /* by zero, or the quotient is too large */
    STOP_SINGLE,    /* the trap flag was set */
    STOP_UNKNOWN,   /* an instruction that is not known, or not allowed */
};

enum { NUMBER_SYSCALL = 0x100, NUMBER_SYSENTER = 0x101 };

struct unit { /* floating point, with 53 bits of precision */
    double stack[8];
    unsigned top;
    uint16_t control, status, tags; /* a bit of tags for each full place */
    uint64_t last;                  /* address of the last instruction */
};

struct machine {
    uint64_t registers[REGISTERS];
    uint64_t ip;
    uint64_t mask; /* of addresses: 32 or 64 ones */
    uint64_t fs, gs; /* where these segments begin */
    uint32_t flags;
    bool wide;  /* 64 bits */
    bool watch; /* stop at what was written */
    uint64_t trap_start, trap_size;
    uint64_t entered; /* where it last came from another range; 0 if never */
    uint64_t granted, left; /* instructions that this run may take, and still may */
    uint64_t done;
    enum stop stop;
    uint64_t value;
    struct unit unit;
    struct memory memory;
};

/* Set a processor to its start, with an empty memory over a file that stays where it is
 * while it runs; false without memory. */
bool machine_start(struct machine *machine, const uint8_t *file, size_t size,
                   unsigned most_pages, bool wide);

/* Run until something stops it, at most `most` instructions. Then `ip` is that of the
 * instruction that could not be done, or of the next one. */
enum stop machine_run(struct machine *machine, uint64_t most);

#endif
