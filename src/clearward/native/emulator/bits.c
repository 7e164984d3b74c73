#include "arithmetic.h"
#include "step.h"

/* Single bits, double shifts, and exchanges that compare or add. */

/* Test a bit and leave, set, clear or turn it (kind 0 to 3). In memory a number in a
 * register may reach beyond the operand. */
static void touch_bit(struct step *step, unsigned kind, uint64_t number, bool far) {
    unsigned size = step->size;
    uint32_t *flags = &step->machine->flags;
    if (far && step->mod != 3) {
        uint64_t reached = spread(number, size);
        uint64_t bytes = reached >> 3 & ~(uint64_t)(size - 1);
        if (reached >> 63) bytes |= UINT64_C(7) << 61;
        uint64_t inside = (step->address - step->segment + bytes);
        inside &= ones(step->address_size);
        step->address = (inside + step->segment) & step->machine->mask;
    }
    unsigned place = (unsigned)number & (size * 8 - 1);
    uint64_t value = get_rm(step, size);
    bool was = (value >> place & 1) != 0;
    uint64_t bit = UINT64_C(1) << place;
    if (kind == 1) value |= bit;
    if (kind == 2) value &= ~bit;
    if (kind == 3) value ^= bit;
    if (kind != 0) set_rm(step, size, value);
    if (!halted(step)) *flags = (*flags & ~(uint32_t)CARRY) | was;
}

static bool touch_immediate(struct step *step) {
    operands(step, 1);
    unsigned kind = step->reg & 7;
    if (kind < 4) return false;
    touch_bit(step, kind - 4, take(step), false);
    return true;
}

/* bsf and bsr; of zero they leave the register. */
static void find_bit(struct step *step, bool lowest) {
    uint32_t *flags = &step->machine->flags;
    operands(step, 0);
    uint64_t value = get_rm(step, step->size);
    if (halted(step)) return;
    *flags = (*flags & ~(uint32_t)ZERO) | (value == 0 ? ZERO : 0);
    if (value == 0) return;
    unsigned place = lowest ? 0 : step->size * 8 - 1;
    while ((value >> place & 1) == 0) place = lowest ? place + 1 : place - 1;
    set(step, step->reg, step->size, place);
}

static void shift_double(struct step *step, unsigned opcode) {
    bool given = (opcode & 1) == 0;
    uint32_t flags = step->machine->flags;
    operands(step, given ? 1 : 0);
    unsigned count = given ? take(step) : (unsigned)get(step, CX, 4) & 0xff;
    uint64_t from = get(step, step->reg, step->size);
    uint64_t value = get_rm(step, step->size);
    value = shifted_double(&flags, opcode < 0x1a8, value, from, count, step->size);
    set_rm(step, step->size, value);
    if (!halted(step)) step->machine->flags = flags;
}

static void compare_exchange(struct step *step, unsigned opcode) {
    unsigned size = opcode & 1 ? step->size : 1;
    uint32_t flags = step->machine->flags;
    operands(step, 0);
    uint64_t value = get_rm(step, size);
    (void)combine(&flags, COMPARE, get(step, AX, size), value, size);
    bool equal = (flags & ZERO) != 0;
    if (equal) {
        set_rm(step, size, get(step, step->reg, size));
    } else if (step->mod != 3) {
        set_rm(step, size, value); /* memory is written in any case */
    }
    if (halted(step)) return;
    if (!equal) set(step, AX, size, value);
    step->machine->flags = flags;
}

/* cmpxchg8b. */
static bool compare_eight(struct step *step) {
    struct machine *machine = step->machine;
    operands(step, 0);
    if (step->mod == 3 || (step->reg & 7) != 1 || step->size == 8) return false;
    uint64_t value = load(machine, step->address, 8);
    uint64_t wanted = get(step, DX, 4) << 32 | get(step, AX, 4);
    if (halted(step)) return true;
    machine->flags &= ~(uint32_t)ZERO;
    if (value == wanted) {
        store(machine, step->address, 8, get(step, CX, 4) << 32 | get(step, BX, 4));
        machine->flags |= ZERO;
    } else {
        set(step, AX, 4, value);
        set(step, DX, 4, value >> 32);
    }
    return true;
}

static void add_exchange(struct step *step, unsigned opcode) {
    unsigned size = opcode & 1 ? step->size : 1;
    uint32_t flags = step->machine->flags;
    operands(step, 0);
    uint64_t value = get_rm(step, size);
    uint64_t total = combine(&flags, ADD, value, get(step, step->reg, size), size);
    if (step->mod == 3) {
        set(step, step->reg, size, value);
        set_rm(step, size, total);
    } else {
        set_rm(step, size, total);
        if (!halted(step)) set(step, step->reg, size, value);
    }
    if (!halted(step)) step->machine->flags = flags;
}

/* popcnt. */
static bool count_bits(struct step *step) {
    if (step->repeat != 0xf3) return false;
    operands(step, 0);
    uint64_t value = get_rm(step, step->size);
    uint64_t count = 0;
    if (halted(step)) return true;
    step->machine->flags &= ~(uint32_t)STATUS;
    if (value == 0) step->machine->flags |= ZERO;
    for (; value != 0; value &= value - 1) count++;
    set(step, step->reg, step->size, count);
    return true;
}

bool do_bits(struct step *step, unsigned opcode) {
    switch (opcode) {
    case 0x1a3:
    case 0x1ab:
    case 0x1b3:
    case 0x1bb:
        operands(step, 0);
        touch_bit(step, opcode >> 3 & 3, get(step, step->reg, step->size), true);
        return true;
    case 0x1ba: return touch_immediate(step);
    case 0x1bc: find_bit(step, true); return true;
    case 0x1bd: find_bit(step, false); return true;
    case 0x1a4:
    case 0x1a5:
    case 0x1ac:
    case 0x1ad: shift_double(step, opcode); return true;
    case 0x1b0:
    case 0x1b1: compare_exchange(step, opcode); return true;
    case 0x1c0:
    case 0x1c1: add_exchange(step, opcode); return true;
    case 0x1c7: return compare_eight(step);
    case 0x1b8: return count_bits(step);
    default: return false;
    }
}
