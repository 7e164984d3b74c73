#include "step.h"

/* Which group does an opcode: c common, m moves, f flow, s strings, r rare, b bits,
 * u floating point unit; p is a prefix, taken before; a dot is not known. The first half
 * is that of one byte, the second of those behind 0F (SDM volume 2, appendix A). */
static const char groups[] =
    /* 0 1 2 3 4 5 6 7 8 9 A B C D E F */
    "ccccccmmccccccm." /* 00 */
    "ccccccmmccccccmm" /* 10 */
    "ccccccprccccccpr" /* 20 */
    "ccccccprccccccpr" /* 30 */
    "cccccccccccccccc" /* 40 */
    "mmmmmmmmmmmmmmmm" /* 50 */
    "mm.mppppmcmc...." /* 60 */
    "ffffffffffffffff" /* 70 */
    "ccccccmmmmmmmmmm" /* 80 */
    "mmmmmmmmmm.rmmmm" /* 90 */
    "mmmmssssccssssss" /* A0 */
    "mmmmmmmmmmmmmmmm" /* B0 */
    "ccff..mmff..fff." /* C0 */
    "ccccrrrmuuuuuuuu" /* D0 */
    "ffff....ff.f...." /* E0 */
    "pfpp.rccrr..rrcf" /* F0 */
    ".....f.....r.r.." /* 0F 00 */
    "........rrrrrrrr" /* 0F 10 */
    "................" /* 0F 20 */
    ".r..f..........." /* 0F 30 */
    "mmmmmmmmmmmmmmmm" /* 0F 40 */
    "................" /* 0F 50 */
    "................" /* 0F 60 */
    "................" /* 0F 70 */
    "ffffffffffffffff" /* 0F 80 */
    "mmmmmmmmmmmmmmmm" /* 0F 90 */
    "mmrbbb..mm.bbbrc" /* 0F A0 */
    "bb.b..mmb.bbbbmm" /* 0F B0 */
    "bb.....bmmmmmmmm" /* 0F C0 */
    "................" /* 0F D0 */
    "................" /* 0F E0 */
    "................"; /* 0F F0 */

/* Opcodes of one byte that 64 bits do without. */
static bool only_narrow(unsigned opcode) {
    static const uint8_t gone[] = {0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x27, 0x2f,
                                   0x37, 0x3f, 0x60, 0x61, 0x82, 0xce, 0xd4, 0xd5, 0xd6};
    return opcode < 0x100 && memchr(gone, (int)opcode, sizeof gone) != NULL;
}

bool machine_start(struct machine *machine, const uint8_t *file, size_t size,
                   unsigned most_pages, bool wide) {
    memset(machine, 0, sizeof *machine);
    machine->wide = wide;
    machine->mask = wide ? UINT64_MAX : UINT32_MAX;
    machine->flags = FIXED | ENABLED;
    machine->unit.control = 0x37f;
    return memory_start(&machine->memory, file, size, most_pages);
}

static void take_prefix(struct step *step, unsigned byte) {
    const struct machine *machine = step->machine;
    switch (byte) {
    case 0x64: step->segment = machine->fs; break;
    case 0x65: step->segment = machine->gs; break;
    case 0x66: step->narrow = true; break;
    case 0x67: step->address_size = machine->wide ? 4 : 2; break;
    case 0xf0: break;
    case 0xf2:
    case 0xf3: step->repeat = (uint8_t)byte; break;
    default: /* cs, ss, ds, es, which all begin at 0 */
        if (!machine->wide) step->segment = 0;
        break;
    }
}

/* Take prefixes and opcode. */
static unsigned opcode_of(struct step *step) {
    unsigned byte = take(step);
    while (groups[byte] == 'p' && !halted(step)) {
        take_prefix(step, byte);
        byte = take(step);
    }
    if (step->machine->wide && (byte & 0xf0) == 0x40) {
        step->rex = (uint8_t)byte;
        byte = take(step);
        if ((byte & 0xf0) == 0x40) halt(step->machine, STOP_UNKNOWN, byte);
    }
    step->size = step->narrow ? 2 : 4;
    if (step->rex & 8) step->size = 8;
    return byte == 0x0f ? 0x100U | take(step) : byte;
}

static bool done_by_group(struct step *step, unsigned opcode) {
    switch (groups[opcode]) {
    case 'c': return do_common(step, opcode);
    case 'm': return do_moves(step, opcode);
    case 'f': return do_flow(step, opcode);
    case 's': return do_strings(step, opcode);
    case 'r': return do_rare(step, opcode);
    case 'b': return do_bits(step, opcode);
    case 'u': return do_unit(step, opcode);
    default: return false;
    }
}

/* Point the step at the bytes of its instruction, as many as are there. */
static bool fetched(struct step *step) {
    struct machine *machine = step->machine;
    size_t within = (size_t)(step->start % PAGE_SIZE);
    struct page *page = memory_page(&machine->memory, step->start);
    if (page == NULL) {
        halt(machine, STOP_FAULT, step->start);
        return false;
    }
    step->code = page->bytes + within;
    step->end = step->code + LONGEST;
    if (within + LONGEST > PAGE_SIZE) {
        size_t here = PAGE_SIZE - within;
        memcpy(step->buffer, step->code, here);
        uint64_t behind = (step->start + here) & machine->mask;
        size_t there = LONGEST - here;
        if (!memory_read(&machine->memory, behind, step->buffer + here, there)) {
            there = 0;
        }
        step->code = step->buffer;
        step->end = step->buffer + here + there;
    }
    step->first = step->code;
    return true;
}

static void run_one(struct machine *machine) {
    struct step step;
    step.machine = machine;
    step.start = machine->ip;
    step.address_size = machine->wide ? 8 : 4;
    step.rex = 0;
    step.narrow = false;
    step.repeat = 0;
    step.segment = 0;
    if (!fetched(&step)) return;
    unsigned opcode = opcode_of(&step);
    if (halted(&step)) return;
    bool single = (machine->flags & SINGLE) != 0;
    if ((machine->wide && only_narrow(opcode)) || !done_by_group(&step, opcode)) {
        halt(machine, STOP_UNKNOWN, opcode);
        return;
    }
    /* What jumps has set `ip` itself, and says so. */
    if (step.first != NULL && machine->stop == STOP_NOT) machine->ip = next_ip(&step);
    if (single) halt(machine, STOP_SINGLE, step.start);
}

enum stop machine_run(struct machine *machine, uint64_t most) {
    machine->stop = STOP_NOT;
    machine->granted = machine->left = most;
    while (machine->stop == STOP_NOT) {
        if (machine->left == 0) {
            halt(machine, STOP_BUDGET, 0);
            break;
        }
        machine->left--;
        run_one(machine);
    }
    machine->done += most - machine->left;
    machine->granted = machine->left = 0;
    return machine->stop;
}
