#include "arithmetic.h"
#include "step.h"

/* Decimal arithmetic, single flags, what asks about the processor, and nothing. */

static void set_al(struct step *step, uint64_t value) {
    set(step, AX, 2, (get(step, AX, 2) & 0xff00) | (value & 0xff));
}

/* Behind an addition or a subtraction of two decimal digits. */
static void adjust_decimal(struct step *step, bool adding) {
    uint32_t *flags = &step->machine->flags;
    uint64_t before = get(step, AX, 2) & 0xff;
    uint64_t value = before;
    bool carry = (*flags & CARRY) != 0;
    bool adjust = (before & 15) > 9 || (*flags & ADJUST) != 0;
    bool out = false;
    if (adjust) {
        out = carry || (adding ? value > 0xf9 : value < 6);
        value = adding ? value + 6 : value - 6;
    }
    if (before > 0x99 || carry) {
        value = adding ? value + 0x60 : value - 0x60;
        out = true;
    }
    set_al(step, value);
    *flags &= ~(uint32_t)STATUS;
    *flags |= (uint32_t)(out ? CARRY : 0) | (uint32_t)(adjust ? ADJUST : 0);
    note_result(flags, value & 0xff, 1);
}

/* The same with one digit in a byte. */
static void adjust_digits(struct step *step, bool adding) {
    uint32_t *flags = &step->machine->flags;
    uint64_t value = get(step, AX, 2);
    bool adjust = (value & 15) > 9 || (*flags & ADJUST) != 0;
    if (adjust) value = adding ? value + 0x106 : value - 0x106;
    set(step, AX, 2, value & 0xff0f);
    *flags &= ~(uint32_t)STATUS;
    if (adjust) *flags |= CARRY | ADJUST;
    note_result(flags, value & 15, 1);
}

static void divide_digits(struct step *step) {
    uint64_t base = take(step);
    uint64_t value = get(step, AX, 2) & 0xff;
    uint32_t *flags = &step->machine->flags;
    if (base == 0) {
        halt(step->machine, STOP_DIVIDE, 0);
        return;
    }
    set(step, AX, 2, value / base << 8 | value % base);
    *flags &= ~(uint32_t)STATUS;
    note_result(flags, value % base, 1);
}

static void join_digits(struct step *step) {
    uint64_t base = take(step);
    uint64_t value = get(step, AX, 2);
    uint32_t *flags = &step->machine->flags;
    value = ((value & 0xff) + (value >> 8) * base) & 0xff;
    set(step, AX, 2, value);
    *flags &= ~(uint32_t)STATUS;
    note_result(flags, value, 1);
}

/* cpuid: an early processor of 32 bits, without extensions. */
static void name_processor(struct step *step) {
    uint64_t *registers = step->machine->registers;
    bool asks_name = (registers[AX] & UINT32_MAX) == 0;
    registers[AX] = asks_name ? 1 : 0x543;
    registers[BX] = asks_name ? 0x756e6547 : 0;
    registers[DX] = asks_name ? 0x49656e69 : 0x00008111;
    registers[CX] = asks_name ? 0x6c65746e : 0;
}

/* rdtsc: some cycles an instruction. */
static void count_cycles(struct step *step) {
    struct machine *machine = step->machine;
    uint64_t cycles = (machine->done + machine->granted - machine->left) * 4;
    machine->registers[AX] = cycles & UINT32_MAX;
    machine->registers[DX] = cycles >> 32 & UINT32_MAX;
}

static bool do_decimal(struct step *step, unsigned opcode) {
    switch (opcode) {
    case 0x27: adjust_decimal(step, true); return true;
    case 0x2f: adjust_decimal(step, false); return true;
    case 0x37: adjust_digits(step, true); return true;
    case 0x3f: adjust_digits(step, false); return true;
    case 0xd4: divide_digits(step); return true;
    case 0xd5: join_digits(step); return true;
    case 0xd6: set_al(step, step->machine->flags & CARRY ? 0xff : 0); return true;
    default: return false;
    }
}

bool do_rare(struct step *step, unsigned opcode) {
    uint32_t *flags = &step->machine->flags;
    switch (opcode) {
    case 0x9b: return true;
    case 0xf5: *flags ^= CARRY; return true;
    case 0xf8: *flags &= ~(uint32_t)CARRY; return true;
    case 0xf9: *flags |= CARRY; return true;
    case 0xfc: *flags &= ~(uint32_t)DOWN; return true;
    case 0xfd: *flags |= DOWN; return true;
    case 0x10b: return false;
    case 0x131: count_cycles(step); return true;
    case 0x1a2: name_processor(step); return true;
    case 0x1ae:
        operands(step, 0);
        return step->mod == 3 && (step->reg & 7) >= 5; /* fences */
    case 0x10d: operands(step, 0); return true;
    default: break;
    }
    if (opcode >= 0x118 && opcode < 0x120) {
        operands(step, 0);
        return true;
    }
    return do_decimal(step, opcode);
}
