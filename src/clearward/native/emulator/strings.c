#include "arithmetic.h"
#include "step.h"

/* Instructions on strings, with and without repetition. Each turn counts as an
 * instruction; a repeated one that is interrupted can go on where it was. */

static uint64_t at(const struct step *step, unsigned number, uint64_t segment) {
    uint64_t address = get(step, number, step->address_size) + segment;
    return address & step->machine->mask;
}

static void advance(struct step *step, unsigned number, unsigned size) {
    uint64_t by = step->machine->flags & DOWN ? -(uint64_t)size : size;
    unsigned width = step->address_size;
    set(step, number, width, get(step, number, width) + by);
}

/* One turn: move, compare, store, load or scan. */
static void turn(struct step *step, unsigned kind, unsigned size) {
    struct machine *machine = step->machine;
    bool reads = kind == 0xa4 || kind == 0xa6 || kind == 0xac;
    bool uses = kind != 0xac;
    uint64_t value = get(step, AX, size);
    if (reads) value = load(machine, at(step, SI, step->segment), size);
    if (halted(step)) return;
    switch (kind) {
    case 0xa4:
    case 0xaa: store(machine, at(step, DI, 0), size, value); break;
    case 0xac: set(step, AX, size, value); break;
    default: {
        uint64_t other = load(machine, at(step, DI, 0), size);
        if (halted(step)) return;
        (void)combine(&machine->flags, COMPARE, value, other, size);
        break;
    }
    }
    if (halted(step)) return;
    if (reads) advance(step, SI, size);
    if (uses) advance(step, DI, size);
}

static void repeat(struct step *step, unsigned kind, unsigned size) {
    struct machine *machine = step->machine;
    unsigned width = step->address_size;
    bool compares = kind == 0xa6 || kind == 0xae;
    uint64_t count = get(step, CX, width);
    while (count > 0) {
        turn(step, kind, size);
        if (halted(step)) return;
        set(step, CX, width, --count);
        bool equal = (machine->flags & ZERO) != 0;
        if (count == 0 || (compares && equal != (step->repeat == 0xf3))) return;
        if (machine->left == 0) { /* `ip` stays, to go on with it */
            halt(machine, STOP_BUDGET, 0);
            return;
        }
        machine->left--;
    }
}

bool do_strings(struct step *step, unsigned opcode) {
    unsigned size = opcode & 1 ? step->size : 1;
    if (step->repeat != 0) {
        repeat(step, opcode & ~1U, size);
    } else {
        turn(step, opcode & ~1U, size);
    }
    return true;
}
