#include "step.h"

/* What an instruction works on: ModR/M, SIB and displacement (SDM volume 2, 2.1). */

static uint64_t index_of(const struct step *step, uint8_t sib) {
    unsigned number = (sib >> 3 & 7U) | (step->rex & 2U) << 2;
    return number == SP ? 0 : step->machine->registers[number] << (sib >> 6);
}

static uint64_t small_address(struct step *step) {
    static const uint8_t bases[] = {BX, BX, BP, BP, SI, DI, BP, BX};
    static const uint8_t indexes[] = {SI, DI, SI, DI, SP, SP, SP, SP}; /* SP: none */
    const uint64_t *registers = step->machine->registers;
    uint64_t address = 0;
    if (step->mod == 0 && step->rm == 6) return immediate(step, 2);
    address = registers[bases[step->rm]];
    if (indexes[step->rm] != SP) address += registers[indexes[step->rm]];
    if (step->mod == 1) address += spread(immediate(step, 1), 1);
    if (step->mod == 2) address += immediate(step, 2);
    return address & 0xffff;
}

static uint64_t full_address(struct step *step, unsigned behind) {
    const struct machine *machine = step->machine;
    uint64_t address = 0;
    unsigned base = step->rm;
    if (base == SP) {
        uint8_t sib = take(step);
        address = index_of(step, sib);
        base = sib & 7U;
        if (base == BP && step->mod == 0) {
            return address + spread(immediate(step, 4), 4);
        }
    } else if (base == BP && step->mod == 0) {
        address = spread(immediate(step, 4), 4);
        return machine->wide ? address + next_ip(step) + behind : address;
    }
    address += machine->registers[base | (step->rex & 1U) << 3];
    if (step->mod == 1) address += spread(immediate(step, 1), 1);
    if (step->mod == 2) address += spread(immediate(step, 4), 4);
    return address;
}

void operands(struct step *step, unsigned behind) {
    uint8_t byte = take(step);
    step->mod = byte >> 6;
    step->reg = (uint8_t)((byte >> 3 & 7) | (step->rex & 4) << 1);
    step->rm = byte & 7;
    if (step->mod == 3) {
        step->rm = (uint8_t)(step->rm | (step->rex & 1) << 3);
        return;
    }
    uint64_t address = step->address_size == 2 ? small_address(step)
                                               : full_address(step, behind);
    address &= ones(step->address_size);
    step->address = (address + step->segment) & step->machine->mask;
}
