#include "arithmetic.h"
#include "step.h"

/* What moves numbers: between registers, memory and the stack. */

/* Selectors as an ordinary program has them: es cs ss ds fs gs. */
static const uint16_t selectors[] = {0x23, 0x1b, 0x23, 0x23, 0x3b, 0x00};

static void push_all(struct step *step) {
    unsigned size = stack_size(step);
    uint64_t before = step->machine->registers[SP];
    for (unsigned number = 0; number < 8; number++) {
        push(step, size, number == SP ? before : get(step, number, size));
    }
    if (halted(step)) step->machine->registers[SP] = before;
}

static void pop_all(struct step *step) {
    unsigned size = stack_size(step);
    uint64_t values[8];
    uint64_t before = step->machine->registers[SP];
    for (unsigned number = 8; number-- > 0;) values[number] = pop(step, size);
    if (halted(step)) {
        step->machine->registers[SP] = before;
        return;
    }
    for (unsigned number = 0; number < 8; number++) {
        if (number != SP) set(step, number, size, values[number]);
    }
}

static void push_flags(struct step *step) {
    push(step, stack_size(step), step->machine->flags & ~(uint32_t)(1 << 16));
}

static void pop_flags(struct step *step) {
    unsigned size = stack_size(step);
    uint64_t value = pop(step, size);
    if (halted(step)) return;
    uint32_t settable = SETTABLE & (size == 2 ? 0xffff : UINT32_MAX);
    uint32_t *flags = &step->machine->flags;
    *flags = (*flags & ~settable) | ((uint32_t)value & settable);
}

static void pop_operand(struct step *step) {
    unsigned size = stack_size(step);
    uint64_t before = step->machine->registers[SP];
    uint64_t value = pop(step, size);
    operands(step, 0); /* with the stack as it is then */
    set_rm(step, size, value);
    if (halted(step)) step->machine->registers[SP] = before;
}

static void exchange(struct step *step, unsigned opcode) {
    unsigned size = opcode & 1 ? step->size : 1;
    operands(step, 0);
    uint64_t memory = get_rm(step, size);
    uint64_t other = get(step, step->reg, size);
    set_rm(step, size, other);
    if (!halted(step)) set(step, step->reg, size, memory);
}

static void exchange_first(struct step *step, unsigned opcode) {
    unsigned number = (opcode & 7) | (step->rex & 1U) << 3;
    uint64_t other = get(step, number, step->size);
    if (number == AX) return;
    set(step, number, step->size, get(step, AX, step->size));
    set(step, AX, step->size, other);
}

static void move_operand(struct step *step, unsigned opcode) {
    unsigned size = opcode & 1 ? step->size : 1;
    operands(step, 0);
    if (opcode & 2) {
        uint64_t value = get_rm(step, size);
        if (!halted(step)) set(step, step->reg, size, value);
    } else {
        set_rm(step, size, get(step, step->reg, size));
    }
}

static void move_immediate(struct step *step, unsigned opcode) {
    unsigned size = opcode & 1 ? step->size : 1;
    unsigned bytes = size < 4 ? size : 4;
    operands(step, bytes);
    set_rm(step, size, spread(immediate(step, bytes), bytes));
}

static void move_at(struct step *step, unsigned opcode) {
    unsigned size = opcode & 1 ? step->size : 1;
    struct machine *machine = step->machine;
    uint64_t address = immediate(step, step->address_size);
    address = (address + step->segment) & machine->mask;
    if (halted(step)) return;
    if (opcode & 2) {
        store(machine, address, size, get(step, AX, size));
    } else {
        uint64_t value = load(machine, address, size);
        if (!halted(step)) set(step, AX, size, value);
    }
}

static void move_wider(struct step *step, unsigned opcode) {
    unsigned from = opcode == 0x63 ? 4 : opcode & 1 ? 2 : 1;
    operands(step, 0);
    uint64_t value = get_rm(step, from);
    if (halted(step)) return;
    if (opcode & 8 || opcode == 0x63) value = spread(value, from);
    set(step, step->reg, step->size, value);
}

static void widen_first(struct step *step, unsigned opcode) {
    unsigned size = step->size;
    if (opcode == 0x98) {
        set(step, AX, size, spread(get(step, AX, size / 2), size / 2));
    } else {
        bool negative = (get(step, AX, size) & top_bit(size)) != 0;
        set(step, DX, size, negative ? UINT64_MAX : 0);
    }
}

static void swap_bytes(struct step *step, unsigned opcode) {
    unsigned number = (opcode & 7) | (step->rex & 1U) << 3;
    uint64_t value = get(step, number, step->size);
    uint64_t result = 0;
    for (unsigned index = 0; index < step->size; index++) {
        result = result << 8 | (value >> index * 8 & 0xff);
    }
    set(step, number, step->size, step->size == 2 ? 0 : result);
}

static void move_segment(struct step *step, unsigned opcode) {
    operands(step, 0);
    unsigned number = step->reg & 7;
    if (number > 5) {
        halt(step->machine, STOP_UNKNOWN, opcode);
    } else if (opcode == 0x8e) {
        (void)get_rm(step, 2); /* all segments are the same */
    } else if (step->mod == 3) {
        set(step, step->rm, step->size, selectors[number]);
    } else {
        set_rm(step, 2, selectors[number]);
    }
}

static void load_address(struct step *step) {
    step->segment = 0;
    operands(step, 0);
    if (step->mod == 3) {
        halt(step->machine, STOP_UNKNOWN, 0x8d);
    } else if (!halted(step)) {
        set(step, step->reg, step->size, step->address);
    }
}

static void translate(struct step *step) {
    struct machine *machine = step->machine;
    uint64_t address = get(step, BX, step->address_size) + get(step, AX, 2) % 256;
    address = (address & ones(step->address_size)) + step->segment;
    uint64_t value = load(machine, address & machine->mask, 1);
    if (!halted(step)) set(step, AX, 1, value);
}

static void when_condition(struct step *step, unsigned opcode) {
    bool holds = holds_condition(step->machine->flags, opcode & 15);
    operands(step, 0);
    if (opcode >= 0x190) {
        set_rm(step, 1, holds);
        return;
    }
    uint64_t value = get_rm(step, step->size);
    if (halted(step)) return;
    set(step, step->reg, step->size,
        holds ? value : get(step, step->reg, step->size));
}

static bool move_stack(struct step *step, unsigned opcode) {
    unsigned number = (opcode & 7) | (step->rex & 1U) << 3;
    unsigned size = stack_size(step);
    if (opcode < 0x58) {
        push(step, size, get(step, number, size));
    } else {
        uint64_t value = pop(step, size);
        if (!halted(step)) set(step, number, size, value);
    }
    return true;
}

/* push es, pop es and the like. */
static bool segment_stack(struct step *step, unsigned opcode) {
    unsigned number = opcode < 0x100 ? opcode >> 3 : opcode < 0x1a8 ? 4 : 5;
    if (opcode & 1) {
        (void)pop(step, stack_size(step));
    } else {
        push(step, stack_size(step), selectors[number]);
    }
    return true;
}

static bool do_others(struct step *step, unsigned opcode) {
    uint32_t *flags = &step->machine->flags;
    switch (opcode) {
    case 0x60: push_all(step); return true;
    case 0x61: pop_all(step); return true;
    case 0x63:
        if (!step->machine->wide) return false;
        move_wider(step, opcode);
        return true;
    case 0x68: push(step, stack_size(step), immediate_for(step, stack_size(step)));
        return true;
    case 0x6a: push(step, stack_size(step), spread(immediate(step, 1), 1)); return true;
    case 0x86:
    case 0x87: exchange(step, opcode); return true;
    case 0x8c:
    case 0x8e: move_segment(step, opcode); return true;
    case 0x8d: load_address(step); return true;
    case 0x8f: pop_operand(step); return true;
    case 0x98:
    case 0x99: widen_first(step, opcode); return true;
    case 0x9c: push_flags(step); return true;
    case 0x9d: pop_flags(step); return true;
    case 0x9e:
        *flags = (*flags & ~UINT32_C(0xd5)) | ((uint32_t)get(step, AX, 2) >> 8 & 0xd5);
        return true;
    case 0x9f:
        set(step, AX, 2, (*flags & 0xd7) << 8 | (get(step, AX, 2) & 0xff));
        return true;
    case 0xc6:
    case 0xc7: move_immediate(step, opcode); return true;
    case 0xd7: translate(step); return true;
    default: return segment_stack(step, opcode);
    }
}

bool do_moves(struct step *step, unsigned opcode) {
    unsigned number = (opcode & 7) | (step->rex & 1U) << 3;
    switch (opcode & ~7U) {
    case 0x50:
    case 0x58: return move_stack(step, opcode);
    case 0x90: exchange_first(step, opcode); return true;
    case 0xb0: set(step, number, 1, take(step)); return true;
    case 0xb8: set(step, number, step->size, immediate(step, step->size)); return true;
    case 0x140:
    case 0x148:
    case 0x190:
    case 0x198: when_condition(step, opcode); return true;
    case 0x1b0:
    case 0x1b8: move_wider(step, opcode); return true;
    case 0x1c8: swap_bytes(step, opcode); return true;
    default: break;
    }
    if ((opcode & ~3U) == 0x88) {
        move_operand(step, opcode);
        return true;
    }
    if ((opcode & ~3U) == 0xa0) {
        move_at(step, opcode);
        return true;
    }
    return do_others(step, opcode);
}
