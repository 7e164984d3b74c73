/* Run arbitrary bytes as a program, and see that it ends and stays in its memory.
 *
 * Input: one byte for the mode, then code. It is mapped several times, so that ranges
 * overlap, and copied to memory of its own, so that a byte too far is seen. */
#include <stdlib.h>
#include <string.h>

#include "machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BASE = 0x400000, ROUNDS = 8, INSTRUCTIONS = 5000, PAGES = 64 };

static void set_up(struct machine *machine, size_t size, unsigned mode) {
    static const uint64_t odd[] = {0, 1, BASE, BASE + 4093, 0x7fffffff, 0xffffffff, 64};
    memory_map(&machine->memory, BASE, size + 1, 0, size);
    memory_map(&machine->memory, BASE + 0x1000, 0x3000, size / 2, size);
    memory_map(&machine->memory, 0xfffff000, 0x1000, 0, 100);
    memory_map(&machine->memory, 0x10000, 0x2000, size, size);
    for (unsigned number = 0; number < REGISTERS; number++) {
        machine->registers[number] = odd[(number + mode) % 7];
    }
    machine->registers[SP] = 0x11800;
    machine->ip = BASE + (mode & 2 ? 0xffa : 0);
    machine->fs = 0x10000;
    machine->watch = (mode & 4) != 0;
    machine->trap_start = 0x10100;
    machine->trap_size = 0x100;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) {
        return 0;
    }
    uint8_t *copy = malloc(size - 1);
    struct machine *machine = malloc(sizeof *machine);
    if (copy == NULL || machine == NULL) {
        abort();
    }
    memcpy(copy, data + 1, size - 1);
    if (!machine_start(machine, copy, size - 1, PAGES, (data[0] & 1) != 0)) {
        abort();
    }
    set_up(machine, size - 1, data[0]);
    for (unsigned round = 0; round < ROUNDS; round++) {
        enum stop stop = machine_run(machine, INSTRUCTIONS);
        if (stop == STOP_NOT || machine->memory.page_count > PAGES) {
            abort();
        }
        if (stop != STOP_BUDGET && stop != STOP_WRITTEN) { /* go on behind it */
            machine->ip = (machine->ip + 1) & machine->mask;
        }
        memory_settle(&machine->memory);
    }
    uint8_t bytes[100];
    memory_copy(&machine->memory, BASE - 50, bytes, sizeof bytes);
    memory_free(&machine->memory);
    free(machine);
    free(copy);
    return 0;
}
