#include "arithmetic.h"
#include "step.h"

/* Arithmetic and logic of one byte, and the product of two operands. */

/* Put a result into the operand that may be memory, and the flags with it. */
static void finish(struct step *step, uint64_t value, uint32_t flags) {
    set_rm(step, step->size, value);
    if (!halted(step)) step->machine->flags = flags;
}

/* The eight operations in their six forms, 00 to 3D. */
static void operate(struct step *step, unsigned opcode) {
    struct machine *machine = step->machine;
    unsigned operation = opcode >> 3 & 7;
    unsigned size = opcode & 1 ? step->size : 1;
    uint32_t flags = machine->flags;
    step->size = size;
    if ((opcode & 7) >= 4) {
        uint64_t right = immediate_for(step, size);
        uint64_t value = combine(&flags, operation, get(step, AX, size), right, size);
        if (halted(step)) return;
        if (operation != COMPARE) set(step, AX, size, value);
        machine->flags = flags;
        return;
    }
    operands(step, 0);
    uint64_t memory = get_rm(step, size);
    uint64_t other = get(step, step->reg, size);
    bool to_register = (opcode & 2) != 0;
    uint64_t value = to_register ? combine(&flags, operation, other, memory, size)
                                 : combine(&flags, operation, memory, other, size);
    if (halted(step)) return;
    if (operation == COMPARE) {
        machine->flags = flags;
    } else if (to_register) {
        set(step, step->reg, size, value);
        machine->flags = flags;
    } else {
        finish(step, value, flags);
    }
}

static void operate_immediate(struct step *step, unsigned opcode) {
    unsigned size = opcode & 1 ? step->size : 1;
    unsigned bytes = opcode == 0x81 && size > 1 ? (size < 4 ? size : 4) : 1;
    uint32_t flags = step->machine->flags;
    operands(step, bytes);
    uint64_t right = spread(immediate(step, bytes), bytes);
    uint64_t left = get_rm(step, size);
    unsigned operation = step->reg & 7;
    uint64_t value = combine(&flags, operation, left, right, size);
    step->size = size;
    if (operation != COMPARE) {
        finish(step, value, flags);
    } else if (!halted(step)) {
        step->machine->flags = flags;
    }
}

static void test(struct step *step, uint64_t left, uint64_t right, unsigned size) {
    uint32_t flags = step->machine->flags;
    (void)combine(&flags, AND, left, right, size);
    if (!halted(step)) step->machine->flags = flags;
}

static void shift(struct step *step, unsigned opcode) {
    unsigned size = opcode & 1 ? step->size : 1;
    bool given = opcode < 0xd0;
    uint32_t flags = step->machine->flags;
    operands(step, given ? 1 : 0);
    unsigned count = opcode & 2 ? (unsigned)get(step, CX, 4) & 0xff : 1;
    if (given) count = take(step);
    uint64_t value = get_rm(step, size);
    value = shifted(&flags, step->reg & 7, value, count, size);
    step->size = size;
    finish(step, value, flags);
}

static void multiply_wide(struct step *step, uint64_t value, bool with_sign) {
    struct machine *machine = step->machine;
    unsigned size = step->size;
    struct pair result =
        product(&machine->flags, get(step, AX, size), value, size, with_sign);
    if (size == 1) {
        set(step, AX, 2, result.high << 8 | result.low);
    } else {
        set(step, AX, size, result.low);
        set(step, DX, size, result.high);
    }
}

static void divide(struct step *step, uint64_t value, bool with_sign) {
    unsigned size = step->size;
    struct pair number = {get(step, AX, size), get(step, DX, size)};
    if (size == 1) number.high = get(step, AX, 2) >> 8;
    if (!quotient(&number, value, size, with_sign)) {
        halt(step->machine, STOP_DIVIDE, 0);
    } else if (size == 1) {
        set(step, AX, 2, number.high << 8 | number.low);
    } else {
        set(step, AX, size, number.low);
        set(step, DX, size, number.high);
    }
}

/* F6 and F7: test, not, neg, mul, imul, div, idiv. */
static void group_three(struct step *step, unsigned opcode) {
    unsigned size = opcode & 1 ? step->size : 1;
    uint32_t flags = step->machine->flags;
    unsigned bytes = size < 4 ? size : 4;
    step->size = size;
    operands(step, step->code < step->end && (*step->code >> 3 & 7) < 2 ? bytes : 0);
    unsigned kind = step->reg & 7;
    if (kind < 2) {
        uint64_t right = spread(immediate(step, bytes), bytes);
        test(step, get_rm(step, size), right, size);
        return;
    }
    uint64_t value = get_rm(step, size);
    if (halted(step)) return;
    switch (kind) {
    case 2: finish(step, ~value, flags); return;
    case 3: {
        uint64_t result = combine(&flags, SUB, 0, value, size);
        finish(step, result, flags);
        return;
    }
    case 4:
    case 5: multiply_wide(step, value, kind == 5); return;
    default: divide(step, value, kind == 7); return;
    }
}

/* The product of two operands, cut to the size of one. */
static void multiply(struct step *step, unsigned opcode) {
    unsigned size = step->size;
    unsigned bytes = opcode == 0x6b ? 1 : size < 4 ? size : 4;
    if (opcode == 0x1af) bytes = 0;
    operands(step, bytes);
    uint64_t right = get(step, step->reg, size);
    if (bytes > 0) right = spread(immediate(step, bytes), bytes);
    uint64_t left = get_rm(step, size);
    if (halted(step)) return;
    struct pair result = product(&step->machine->flags, left, right, size, true);
    set(step, step->reg, size, result.low);
}

static void count_register(struct step *step, unsigned opcode) {
    unsigned number = opcode & 7;
    uint64_t value = get(step, number, step->size);
    uint32_t *flags = &step->machine->flags;
    value = opcode < 0x48 ? count_up(flags, value, step->size)
                          : count_down(flags, value, step->size);
    set(step, number, step->size, value);
}

/* FE: count up and down by bytes. */
static bool group_four(struct step *step) {
    uint32_t flags = step->machine->flags;
    operands(step, 0);
    unsigned kind = step->reg & 7;
    if (kind > 1) return false;
    uint64_t value = get_rm(step, 1);
    value = kind == 0 ? count_up(&flags, value, 1) : count_down(&flags, value, 1);
    step->size = 1;
    finish(step, value, flags);
    return true;
}

bool do_common(struct step *step, unsigned opcode) {
    if (opcode < 0x40) {
        operate(step, opcode);
    } else if (opcode < 0x50) {
        count_register(step, opcode);
    } else if (opcode >= 0x80 && opcode <= 0x83) {
        operate_immediate(step, opcode);
    } else if (opcode == 0x84 || opcode == 0x85) {
        unsigned size = opcode & 1 ? step->size : 1;
        operands(step, 0);
        test(step, get_rm(step, size), get(step, step->reg, size), size);
    } else if (opcode == 0xa8 || opcode == 0xa9) {
        unsigned size = opcode & 1 ? step->size : 1;
        uint64_t right = immediate_for(step, size);
        test(step, get(step, AX, size), right, size);
    } else if ((opcode & ~3U) == 0xd0 || (opcode & ~1U) == 0xc0) {
        shift(step, opcode);
    } else if (opcode == 0xf6 || opcode == 0xf7) {
        group_three(step, opcode);
    } else if (opcode == 0xfe) {
        return group_four(step);
    } else {
        multiply(step, opcode);
    }
    return true;
}
