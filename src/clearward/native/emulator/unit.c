#include "step.h"

/* The floating point unit as far as unpacking code meets it: loads and stores, the four
 * operations, and the state that tells where code lies. Numbers have 53 bits. */

enum { CONDITIONS = 0x4700, ENVIRONMENT = 28 };

static double *place(struct unit *unit, unsigned index) {
    return &unit->stack[(unit->top + index) % 8];
}

static void push_number(struct unit *unit, double value) {
    unit->top = (unit->top + 7) % 8;
    unit->tags |= (uint16_t)(1U << unit->top);
    *place(unit, 0) = value;
}

static void drop(struct unit *unit) {
    unit->tags &= (uint16_t)~(1U << unit->top);
    unit->top = (unit->top + 1) % 8;
}

static void start(struct unit *unit) {
    unit->control = 0x37f;
    unit->status = 0;
    unit->top = 0;
    unit->tags = 0;
}

static uint16_t status_of(const struct unit *unit) {
    return (uint16_t)((unit->status & 0xc7ffU) | unit->top << 11);
}

static double from_bits(uint64_t bits, unsigned size) {
    if (size == 8) {
        double value = 0;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    uint32_t half = (uint32_t)bits;
    float value = 0;
    memcpy(&value, &half, sizeof value);
    return (double)value;
}

static uint64_t to_bits(double value, unsigned size) {
    if (size == 8) {
        uint64_t bits = 0;
        memcpy(&bits, &value, sizeof bits);
        return bits;
    }
    uint32_t half = 0;
    bool fits = value > -3.4e38 && value < 3.4e38;
    float small = fits ? (float)value : 0.0F;
    memcpy(&half, &small, sizeof half);
    return half;
}

/* A number as an integer of `size` bytes; what does not fit is the least one. */
static uint64_t to_integer(double value, unsigned size) {
    double most = (double)top_bit(size);
    if (!(value >= -most && value < most)) return top_bit(size);
    int64_t whole = (int64_t)value;
    double rest = value - (double)whole;
    if (rest > 0.5 || (rest == 0.5 && (whole & 1))) whole++;
    if (rest < -0.5 || (rest == -0.5 && (whole & 1))) whole--;
    return (uint64_t)whole & ones(size);
}

static void compare(struct unit *unit, double other) {
    double value = *place(unit, 0);
    uint16_t result = 0x4500;
    if (value > other) result = 0;
    if (value < other) result = 0x100;
    if (value == other) result = 0x4000;
    unit->status = (uint16_t)((unit->status & ~CONDITIONS) | result);
}

/* The eight operations of D8: add, multiply, compare twice, subtract, divide. */
static void calculate(struct unit *unit, unsigned kind, double *into, double other) {
    double value = *into;
    switch (kind) {
    case 0: *into = value + other; break;
    case 1: *into = value * other; break;
    case 2: compare(unit, other); break;
    case 3:
        compare(unit, other);
        drop(unit);
        break;
    case 4: *into = value - other; break;
    case 5: *into = other - value; break;
    case 6: *into = other == 0 ? 0 : value / other; break; /* no infinities */
    default: *into = value == 0 ? 0 : other / value; break;
    }
}

/* fnstenv: in the fourth word the address of the last instruction of the unit. */
static void store_state(struct step *step) {
    struct machine *machine = step->machine;
    struct unit *unit = &machine->unit;
    uint32_t tags = 0;
    for (unsigned index = 0; index < 8; index++) {
        if (!(unit->tags >> index & 1)) tags |= UINT32_C(3) << index * 2;
    }
    uint32_t words[ENVIRONMENT / 4] = {
        UINT32_C(0xffff0000) | unit->control, UINT32_C(0xffff0000) | status_of(unit),
        UINT32_C(0xffff0000) | tags, (uint32_t)unit->last, 0, 0, UINT32_C(0xffff0000)};
    if (!memory_write(&machine->memory, step->address, words, sizeof words)) {
        halt(machine, STOP_FAULT, step->address);
    }
}

/* D9 and DB to DF with memory: loads and stores. */
static bool move_number(struct step *step, unsigned opcode, unsigned kind) {
    static const uint8_t sizes[] = {4, 4, 8, 2}; /* of D9, DB, DD, DF */
    struct unit *unit = &step->machine->unit;
    unsigned size = sizes[opcode >> 1 & 3];
    bool integer = (opcode & 2) != 0;
    if (opcode == 0xdf && kind == 5) size = 8;
    if (opcode == 0xdf && kind == 7) size = 8;
    bool odd = opcode == 0xdf && (kind == 5 || kind == 7);
    if (kind == 0 || (odd && kind == 5)) {
        uint64_t bits = load(step->machine, step->address, size);
        if (halted(step)) return true;
        push_number(unit, integer ? (double)(int64_t)spread(bits, size)
                                  : from_bits(bits, size));
        return true;
    }
    if (kind == 2 || kind == 3 || odd) {
        double value = *place(unit, 0);
        store(step->machine, step->address, size,
              integer ? to_integer(value, size) : to_bits(value, size));
        if (kind != 2 && !halted(step)) drop(unit);
        return true;
    }
    return false;
}

static bool with_memory(struct step *step, unsigned opcode) {
    struct machine *machine = step->machine;
    struct unit *unit = &machine->unit;
    unsigned kind = step->reg & 7;
    if ((opcode & 1) == 0) { /* D8 DA DC DE: calculate with a number in memory */
        static const uint8_t sizes[] = {4, 4, 8, 2};
        unsigned size = sizes[opcode >> 1 & 3];
        uint64_t bits = load(machine, step->address, size);
        if (halted(step)) return true;
        double other = opcode & 2 ? (double)(int64_t)spread(bits, size)
                                  : from_bits(bits, size);
        calculate(unit, kind, place(unit, 0), other);
        return true;
    }
    if (opcode == 0xd9 && kind == 5) {
        uint64_t control = load(machine, step->address, 2);
        if (!halted(step)) unit->control = (uint16_t)control;
        return true;
    }
    if (opcode == 0xd9 && kind == 6) {
        store_state(step);
        return true;
    }
    if (opcode == 0xd9 && kind == 7) {
        store(machine, step->address, 2, unit->control);
        return true;
    }
    if (opcode == 0xdd && kind == 7) {
        store(machine, step->address, 2, status_of(unit));
        return true;
    }
    return move_number(step, opcode, kind);
}

static bool constant(struct unit *unit, unsigned number) {
    static const double constants[] = {1.0,
                                       3.32192809488736234787,
                                       1.44269504088896340736,
                                       3.14159265358979323846,
                                       0.30102999566398119521,
                                       0.69314718055994530942,
                                       0.0};
    if (number > 6) return false;
    push_number(unit, constants[number]);
    return true;
}

static bool with_registers(struct step *step, unsigned opcode) {
    struct unit *unit = &step->machine->unit;
    unsigned kind = step->reg & 7;
    unsigned index = step->rm & 7;
    double *other = place(unit, index);
    double *first = place(unit, 0);
    if (opcode == 0xd8) {
        calculate(unit, kind, first, *other);
    } else if ((opcode == 0xdc || opcode == 0xde) && kind != 2 && kind != 3) {
        calculate(unit, kind ^ (kind >= 4 ? 1U : 0U), other, *first);
        if (opcode == 0xde) drop(unit);
    } else if (opcode == 0xd9 && kind == 0) {
        push_number(unit, *other);
    } else if (opcode == 0xd9 && kind == 1) {
        double value = *first;
        *first = *other;
        *other = value;
    } else if (opcode == 0xd9 && kind == 5) {
        return constant(unit, index);
    } else if (opcode == 0xd9 && kind == 4 && index < 2) {
        *first = index == 0 || *first < 0 ? -*first : *first;
    } else if (opcode == 0xd9 && kind == 6 && index >= 6) {
        unit->top = (unit->top + (index == 6 ? 7 : 1)) % 8;
    } else if (opcode == 0xdb && kind == 4 && index == 3) {
        start(unit);
    } else if (opcode == 0xdb && kind == 4 && index == 2) {
        unit->status &= 0x7f00;
    } else if (opcode == 0xdd && (kind == 2 || kind == 3)) {
        *other = *first;
        if (kind == 3) drop(unit);
    } else if (opcode == 0xdd && kind == 0) {
        unit->tags &= (uint16_t)~(1U << (unit->top + index) % 8);
    } else if (opcode == 0xdf && kind == 4 && index == 0) {
        set(step, AX, 2, status_of(unit));
    } else {
        return opcode == 0xd9 && kind == 2 && index == 0; /* fnop */
    }
    return true;
}

bool do_unit(struct step *step, unsigned opcode) {
    operands(step, 0);
    if (halted(step)) return true;
    bool known = step->mod == 3 ? with_registers(step, opcode)
                                : with_memory(step, opcode);
    bool moves_state = step->mod != 3 && opcode == 0xd9 && (step->reg & 7) >= 5;
    if (known && !moves_state) step->machine->unit.last = step->start;
    return known;
}
