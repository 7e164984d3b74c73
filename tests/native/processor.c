/* Run single instructions on the real processor, for tests to compare with.
 *
 * Reads records from its input and writes what became of each:
 *
 *     in     16 registers, flags: 8 bytes each; 16 bytes of code; DATA bytes of memory
 *     out    signal, place behind the code: 8 bytes each; registers, flags, memory
 *
 * The code lies at CODE, followed by a breakpoint; the memory at MEMORY. The state is
 * put in place by a signal handler that returns to it, and taken back by the next. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { CODE = 0x20000000, MEMORY = 0x10000000, DATA = 256, PAGE = 4096, LENGTH = 16 };

struct record {
    uint64_t registers[16], flags;
    uint8_t code[LENGTH], data[DATA];
};

struct result {
    uint64_t signal, behind, registers[16], flags;
    uint8_t data[DATA];
};

#ifdef __x86_64__
static const int places[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                             REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                             REG_R12, REG_R13, REG_R14, REG_R15};
enum { COUNT = 16, IP = REG_RIP };
#else
static const int places[] = {REG_EAX, REG_ECX, REG_EDX, REG_EBX,
                             REG_ESP, REG_EBP, REG_ESI, REG_EDI};
enum { COUNT = 8, IP = REG_EIP };
#endif

static struct record given;
static struct result result;
static ucontext_t home;
static volatile int running;

static void on_signal(int signal, siginfo_t *info, void *state) {
    (void)info;
    ucontext_t *context = state;
    greg_t *registers = context->uc_mcontext.gregs;
    if (!running) {
        running = 1;
        memcpy(home.uc_mcontext.gregs, registers, sizeof home.uc_mcontext.gregs);
        for (int index = 0; index < COUNT; index++) {
            registers[places[index]] = (greg_t)given.registers[index];
        }
#ifndef __x86_64__
        registers[REG_UESP] = (greg_t)given.registers[4];
#endif
        registers[REG_EFL] = (greg_t)given.flags;
        registers[IP] = CODE;
        return;
    }
    running = 0;
    result.signal = (uint64_t)signal;
    result.behind = (uint64_t)(uintptr_t)registers[IP] - CODE - (signal == SIGTRAP);
    for (int index = 0; index < COUNT; index++) {
        result.registers[index] = (uint64_t)(uintptr_t)registers[places[index]];
    }
#ifndef __x86_64__
    result.registers[4] = (uint64_t)(uintptr_t)registers[REG_UESP];
#endif
    result.flags = (uint64_t)(uintptr_t)registers[REG_EFL];
    memcpy(registers, home.uc_mcontext.gregs, sizeof home.uc_mcontext.gregs);
}

static void *map(uintptr_t address, int protection) {
    void *page = mmap((void *)address, PAGE, protection,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (page == MAP_FAILED) exit(2);
    return page;
}

int main(void) {
    uint8_t *code = map(CODE, PROT_READ | PROT_WRITE | PROT_EXEC);
    uint8_t *memory = map(MEMORY, PROT_READ | PROT_WRITE);
    static uint8_t other[1 << 16];
    stack_t stack = {.ss_sp = other, .ss_size = sizeof other};
    struct sigaction action = {.sa_sigaction = on_signal};
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    if (sigaltstack(&stack, NULL) != 0) return 2;
    static const int signals[] = {SIGTRAP, SIGSEGV, SIGILL, SIGFPE, SIGBUS};
    for (size_t index = 0; index < sizeof signals / sizeof *signals; index++) {
        if (sigaction(signals[index], &action, NULL) != 0) return 2;
    }
    while (fread(&given, sizeof given, 1, stdin) == 1) {
        memset(code, 0xcc, PAGE);
        memcpy(code, given.code, LENGTH);
        memset(memory, 0, PAGE);
        memcpy(memory, given.data, DATA);
        memset(&result, 0, sizeof result);
        __asm__ volatile("int3" ::: "memory");
        memcpy(result.data, memory, DATA);
        if (fwrite(&result, sizeof result, 1, stdout) != 1) return 2;
    }
    return 0;
}
