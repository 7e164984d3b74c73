#ifndef CLEARWARD_EMULATOR_STEP_H
#define CLEARWARD_EMULATOR_STEP_H

#include <string.h>

#include "machine.h"

/* One instruction while it is decoded and done. */

enum { LONGEST = 15 };

struct step {
    struct machine *machine;
    const uint8_t *code; /* what is decoded next */
    const uint8_t *end;  /* bytes that may belong to the instruction end here */
    uint64_t start;      /* its address */
    const uint8_t *first;
    unsigned size;       /* of operands, in bytes */
    unsigned address_size;
    uint8_t rex;
    bool narrow;         /* prefix 66 */
    uint8_t repeat;      /* F2, F3 or 0 */
    uint64_t segment;    /* where the segment of a prefix begins */
    uint8_t mod, reg, rm;
    uint64_t address;    /* of an operand in memory */
    uint8_t buffer[LONGEST];
};

static inline uint64_t ones(unsigned size) {
    return size == 8 ? UINT64_MAX : (UINT64_C(1) << size * 8) - 1;
}

static inline uint64_t top_bit(unsigned size) { return UINT64_C(1) << (size * 8 - 1); }

/* A number of `size` bytes with its sign spread over 64 bits. */
static inline uint64_t spread(uint64_t value, unsigned size) {
    uint64_t top = top_bit(size);
    return ((value & ones(size)) ^ top) - top;
}

static inline void halt(struct machine *machine, enum stop stop, uint64_t value) {
    if (machine->stop == STOP_NOT) {
        machine->stop = stop;
        machine->value = value;
    }
}

static inline bool halted(const struct step *step) {
    return step->machine->stop != STOP_NOT;
}

static inline uint8_t take(struct step *step) {
    if (step->code == step->end) {
        halt(step->machine, STOP_FAULT,
             step->start + (uint64_t)(step->end - step->first));
        return 0;
    }
    return *step->code++;
}

/* The next `size` bytes as a number: 1, 2, 4 or 8 of them. */
static inline uint64_t immediate(struct step *step, unsigned size) {
    uint64_t value = 0;
    for (unsigned index = 0; index < size; index++) {
        value |= (uint64_t)take(step) << index * 8;
    }
    return value;
}

/* An immediate as instructions of this operand size have it: at most 4 bytes, with its
 * sign spread. */
static inline uint64_t immediate_for(struct step *step, unsigned size) {
    unsigned bytes = size < 4 ? size : 4;
    return spread(immediate(step, bytes), bytes);
}

/* Address of the instruction behind. */
static inline uint64_t next_ip(const struct step *step) {
    return (step->start + (uint64_t)(step->code - step->first)) & step->machine->mask;
}

/* Decode what says which operands there are. `behind` bytes of an immediate follow. */
void operands(struct step *step, unsigned behind);

static inline uint64_t get(const struct step *step, unsigned number, unsigned size) {
    const uint64_t *registers = step->machine->registers;
    if (size == 1 && step->rex == 0 && number >= 4) {
        return registers[number & 3] >> 8 & 0xff;
    }
    return registers[number] & ones(size);
}

static inline void set(struct step *step, unsigned number, unsigned size,
                       uint64_t value) {
    uint64_t *registers = step->machine->registers;
    if (size == 1 && step->rex == 0 && number >= 4) {
        uint64_t *whole = &registers[number & 3];
        *whole = (*whole & ~UINT64_C(0xff00)) | (value & 0xff) << 8;
    } else if (size >= 4) {
        registers[number] = value & ones(size);
    } else {
        registers[number] = (registers[number] & ~ones(size)) | (value & ones(size));
    }
}

/* Read a number from memory; 0, and the machine stops, if it is not there. */
static inline uint64_t load(struct machine *machine, uint64_t address, unsigned size) {
    struct page *page = memory_page(&machine->memory, address);
    size_t within = (size_t)(address % PAGE_SIZE);
    uint64_t value = 0;
    if (page != NULL && within + size <= PAGE_SIZE) {
        const uint8_t *bytes = page->bytes + within;
        switch (size) {
        case 1: return *bytes;
        case 2: memcpy(&value, bytes, 2); return value;
        case 4: memcpy(&value, bytes, 4); return value;
        default: memcpy(&value, bytes, 8); return value;
        }
    }
    if (!memory_read(&machine->memory, address, &value, size)) {
        halt(machine, STOP_FAULT, address);
        return 0;
    }
    return value;
}

static inline void store(struct machine *machine, uint64_t address, unsigned size,
                         uint64_t value) {
    if (machine->stop != STOP_NOT) return;
    struct page *page = memory_page(&machine->memory, address);
    size_t within = (size_t)(address % PAGE_SIZE);
    if (page != NULL && within % 64 + size <= 64) {
        memcpy(page->bytes + within, &value, size);
        page->written[within / 64] |= ((UINT64_C(1) << size) - 1) << within % 64;
        page->touched = page->changed = true;
    } else if (!memory_write(&machine->memory, address, &value, size)) {
        halt(machine, STOP_FAULT, address);
    }
}

/* The operand that may be a register or memory. */
static inline uint64_t get_rm(const struct step *step, unsigned size) {
    if (step->mod == 3) return get(step, step->rm, size);
    return load(step->machine, step->address, size);
}

static inline void set_rm(struct step *step, unsigned size, uint64_t value) {
    if (halted(step)) return;
    if (step->mod == 3) {
        set(step, step->rm, size, value);
    } else {
        store(step->machine, step->address, size, value);
    }
}

/* Bytes that push, pop, call and ret move. */
static inline unsigned stack_size(const struct step *step) {
    if (step->narrow) return 2;
    return step->machine->wide ? 8 : 4;
}

static inline void push(struct step *step, unsigned size, uint64_t value) {
    struct machine *machine = step->machine;
    uint64_t address = (machine->registers[SP] - size) & machine->mask;
    store(machine, address, size, value);
    if (!halted(step)) machine->registers[SP] = address;
}

static inline uint64_t pop(struct step *step, unsigned size) {
    struct machine *machine = step->machine;
    uint64_t address = machine->registers[SP];
    uint64_t value = load(machine, address, size);
    if (!halted(step)) machine->registers[SP] = (address + size) & machine->mask;
    return value;
}

/* Groups of instructions: each says whether the opcode is one of its own. Opcodes
 * behind 0F are 0x100 to 0x1FF. */
bool do_common(struct step *step, unsigned opcode);
bool do_flow(struct step *step, unsigned opcode);
bool do_moves(struct step *step, unsigned opcode);
bool do_strings(struct step *step, unsigned opcode);
bool do_rare(struct step *step, unsigned opcode);
bool do_bits(struct step *step, unsigned opcode);
bool do_unit(struct step *step, unsigned opcode);

/* Say whether a condition (0 to 15, as in Jcc) holds. */
bool holds_condition(uint32_t flags, unsigned condition);

#endif
