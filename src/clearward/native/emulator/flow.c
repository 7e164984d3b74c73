#include "arithmetic.h"
#include "step.h"

/* Jumps, calls, returns and interrupts. */

enum { FAR = PAGE_SIZE }; /* a jump in one range that is long enough to look at */

bool holds_condition(uint32_t flags, unsigned condition) {
    bool sign = (flags & SIGN) != 0;
    bool over = (flags & OVERFLOWED) != 0;
    bool result = false;
    switch (condition >> 1) {
    case 0: result = over; break;
    case 1: result = (flags & CARRY) != 0; break;
    case 2: result = (flags & ZERO) != 0; break;
    case 3: result = (flags & (CARRY | ZERO)) != 0; break;
    case 4: result = sign; break;
    case 5: result = (flags & PARITY) != 0; break;
    case 6: result = sign != over; break;
    default: result = (flags & ZERO) != 0 || sign != over; break;
    }
    return result != ((condition & 1) != 0);
}

/* Say whether code that was written is reached from elsewhere, and note where the
 * program came into another range. */
static bool is_new(struct machine *machine, uint64_t from, uint64_t target) {
    if (from / PAGE_SIZE == target / PAGE_SIZE) return false;
    const struct page *there = memory_page(&machine->memory, target);
    const struct page *here = memory_page(&machine->memory, from);
    if (there == NULL || here == NULL) return false;
    bool away = here->range != there->range;
    if (away) machine->entered = target;
    uint64_t distance = target > from ? target - from : from - target;
    return machine->watch && (away || distance >= FAR) &&
           memory_written(&machine->memory, target);
}

static void jump(struct step *step, uint64_t target) {
    struct machine *machine = step->machine;
    if (halted(step)) return;
    target &= machine->mask;
    machine->ip = target;
    step->first = NULL; /* `ip` is set, even if it stays where it was */
    if (target - machine->trap_start < machine->trap_size) {
        halt(machine, STOP_TRAP, step->start);
    } else if (is_new(machine, step->start, target)) {
        halt(machine, STOP_WRITTEN, step->start);
    }
}

static void jump_if(struct step *step, bool condition, unsigned size) {
    uint64_t distance = spread(immediate(step, size), size);
    if (condition) jump(step, next_ip(step) + distance);
}

static void call(struct step *step, uint64_t target) {
    push(step, step->machine->wide ? 8 : 4, next_ip(step));
    jump(step, target);
}

static void loop(struct step *step, unsigned opcode) {
    struct machine *machine = step->machine;
    unsigned size = step->address_size;
    uint64_t count = get(step, CX, size);
    bool zero = (machine->flags & ZERO) != 0;
    if (opcode == 0xe3) {
        jump_if(step, count == 0, 1);
        return;
    }
    count = (count - 1) & ones(size);
    bool again = count != 0;
    if (opcode == 0xe0) again = again && !zero;
    if (opcode == 0xe1) again = again && zero;
    uint64_t distance = spread(immediate(step, 1), 1);
    if (halted(step)) return;
    set(step, CX, size, count);
    if (again) jump(step, next_ip(step) + distance);
}

static void go_back(struct step *step, uint64_t extra) {
    struct machine *machine = step->machine;
    uint64_t target = pop(step, machine->wide ? 8 : 4);
    if (halted(step)) return;
    machine->registers[SP] = (machine->registers[SP] + extra) & machine->mask;
    jump(step, target);
}

/* FF: count up and down, call, jump and push. */
static bool group_five(struct step *step) {
    struct machine *machine = step->machine;
    operands(step, 0);
    unsigned kind = step->reg & 7;
    unsigned pointer = machine->wide ? 8 : 4;
    switch (kind) {
    case 0:
    case 1: {
        uint32_t flags = machine->flags;
        uint64_t value = get_rm(step, step->size);
        value = kind == 0 ? count_up(&flags, value, step->size)
                          : count_down(&flags, value, step->size);
        set_rm(step, step->size, value);
        if (!halted(step)) machine->flags = flags;
        return true;
    }
    case 2: call(step, get_rm(step, pointer)); return true;
    case 4: jump(step, get_rm(step, pointer)); return true;
    case 6: {
        uint64_t value = get_rm(step, stack_size(step));
        push(step, stack_size(step), value);
        return true;
    }
    default: return false;
    }
}

static void enter(struct step *step) {
    struct machine *machine = step->machine;
    uint64_t size = immediate(step, 2);
    uint8_t level = take(step); /* nesting is not copied: no compiler uses it */
    if (level != 0) halt(machine, STOP_UNKNOWN, 0xc8);
    push(step, stack_size(step), machine->registers[BP]);
    if (halted(step)) return;
    machine->registers[BP] = machine->registers[SP];
    machine->registers[SP] = (machine->registers[SP] - size) & machine->mask;
}

static void leave(struct step *step) {
    uint64_t *registers = step->machine->registers;
    uint64_t before = registers[SP];
    registers[SP] = registers[BP];
    uint64_t value = pop(step, stack_size(step));
    if (halted(step)) {
        registers[SP] = before;
    } else {
        set(step, BP, stack_size(step), value);
    }
}

/* The address that an interrupt reports is that behind it; so is `ip` then. */
static void interrupt(struct step *step, uint64_t number) {
    if (halted(step)) return;
    step->machine->ip = next_ip(step);
    step->first = NULL;
    halt(step->machine, STOP_INTERRUPT, number);
}

bool do_flow(struct step *step, unsigned opcode) {
    struct machine *machine = step->machine;
    unsigned near = step->narrow && !machine->wide ? 2 : 4;
    if ((opcode & ~15U) == 0x70 || (opcode & ~15U) == 0x180) {
        unsigned size = opcode < 0x100 ? 1 : near;
        jump_if(step, holds_condition(machine->flags, opcode & 15), size);
        return true;
    }
    switch (opcode) {
    case 0xc2: go_back(step, immediate(step, 2)); return true;
    case 0xc3: go_back(step, 0); return true;
    case 0xc8: enter(step); return true;
    case 0xc9: leave(step); return true;
    case 0xcc: interrupt(step, 3); return true;
    case 0xcd: interrupt(step, take(step)); return true;
    case 0xce:
        if (machine->flags & OVERFLOWED) interrupt(step, 4);
        return true;
    case 0xe0:
    case 0xe1:
    case 0xe2:
    case 0xe3: loop(step, opcode); return true;
    case 0xe8: {
        uint64_t distance = spread(immediate(step, near), near);
        call(step, next_ip(step) + distance);
        return true;
    }
    case 0xe9: jump_if(step, true, near); return true;
    case 0xeb: jump_if(step, true, 1); return true;
    case 0xf1: interrupt(step, 1); return true;
    case 0xff: return group_five(step);
    case 0x105: interrupt(step, NUMBER_SYSCALL); return machine->wide;
    case 0x134: interrupt(step, NUMBER_SYSENTER); return true;
    default: return false;
    }
}
