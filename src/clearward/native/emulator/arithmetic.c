#include "arithmetic.h"

#include "step.h"

__extension__ typedef unsigned __int128 twice;
__extension__ typedef __int128 twice_signed;

static uint32_t when(bool condition, uint32_t flag) { return condition ? flag : 0; }

void note_result(uint32_t *flags, uint64_t result, unsigned size) {
    uint32_t low = (uint32_t)(result & 0xff);
    low ^= low >> 4;
    uint32_t even = ~(UINT32_C(0x6996) >> (low & 15)) & 1;
    *flags &= ~(uint32_t)(ZERO | SIGN | PARITY);
    *flags |= when((result & ones(size)) == 0, ZERO) |
              when((result & top_bit(size)) != 0, SIGN) | even * PARITY;
}

static uint64_t sum(uint32_t *flags, uint64_t left, uint64_t right, bool carry,
                    unsigned size) {
    uint64_t result = (left + right + carry) & ones(size);
    bool over = ((left ^ result) & (right ^ result) & top_bit(size)) != 0;
    *flags &= ~(uint32_t)STATUS;
    *flags |= when(carry ? result <= left : result < left, CARRY) |
              when(over, OVERFLOWED) |
              (uint32_t)((left ^ right ^ result) & ADJUST);
    note_result(flags, result, size);
    return result;
}

static uint64_t difference(uint32_t *flags, uint64_t left, uint64_t right, bool carry,
                           unsigned size) {
    uint64_t result = (left - right - carry) & ones(size);
    bool over = ((left ^ right) & (left ^ result) & top_bit(size)) != 0;
    *flags &= ~(uint32_t)STATUS;
    *flags |= when(carry ? left <= right : left < right, CARRY) |
              when(over, OVERFLOWED) |
              (uint32_t)((left ^ right ^ result) & ADJUST);
    note_result(flags, result, size);
    return result;
}

uint64_t combine(uint32_t *flags, unsigned operation, uint64_t left, uint64_t right,
                 unsigned size) {
    bool carry = (*flags & CARRY) != 0;
    uint64_t result = 0;
    left &= ones(size);
    right &= ones(size);
    switch (operation) {
    case ADD: return sum(flags, left, right, false, size);
    case ADC: return sum(flags, left, right, carry, size);
    case SBB: return difference(flags, left, right, carry, size);
    case SUB:
    case COMPARE: return difference(flags, left, right, false, size);
    case OR: result = left | right; break;
    case AND: result = left & right; break;
    default: result = left ^ right; break;
    }
    *flags &= ~(uint32_t)STATUS;
    note_result(flags, result, size);
    return result;
}

uint64_t count_up(uint32_t *flags, uint64_t value, unsigned size) {
    uint32_t carry = *flags & CARRY;
    uint64_t result = sum(flags, value, 1, false, size);
    *flags = (*flags & ~(uint32_t)CARRY) | carry;
    return result;
}

uint64_t count_down(uint32_t *flags, uint64_t value, unsigned size) {
    uint32_t carry = *flags & CARRY;
    uint64_t result = difference(flags, value, 1, false, size);
    *flags = (*flags & ~(uint32_t)CARRY) | carry;
    return result;
}

static void note_moved(uint32_t *flags, bool carry, bool over) {
    *flags &= ~(uint32_t)(CARRY | OVERFLOWED);
    *flags |= when(carry, CARRY) | when(over, OVERFLOWED);
}

static uint64_t rotated(uint32_t *flags, bool left, uint64_t value, unsigned count,
                        unsigned size) {
    unsigned bits = size * 8;
    unsigned turn = (left ? count : bits - count % bits) % bits;
    uint64_t result = value;
    if (turn != 0) result = (value << turn | value >> (bits - turn)) & ones(size);
    bool top = (result & top_bit(size)) != 0;
    bool below = (result & top_bit(size) >> 1) != 0;
    bool carry = left ? (result & 1) != 0 : top;
    note_moved(flags, carry, left ? top != carry : top != below);
    return result;
}

static uint64_t rotated_through(uint32_t *flags, bool left, uint64_t value,
                                unsigned count, unsigned size) {
    bool carry = (*flags & CARRY) != 0;
    for (count %= size * 8 + 1; count > 0; count--) {
        bool out = (value & (left ? top_bit(size) : 1)) != 0;
        value = left ? (value << 1 | carry) & ones(size)
                     : value >> 1 | (carry ? top_bit(size) : 0);
        carry = out;
    }
    bool top = (value & top_bit(size)) != 0;
    bool below = (value & top_bit(size) >> 1) != 0;
    note_moved(flags, carry, left ? top != carry : top != below);
    return value;
}

static uint64_t pushed(uint32_t *flags, unsigned kind, uint64_t value, unsigned count,
                       unsigned size) {
    unsigned bits = size * 8;
    bool top = (value & top_bit(size)) != 0;
    uint64_t result = 0;
    bool carry = false;
    bool over = false;
    if (kind == SHL || kind == SAL) {
        result = count < bits ? value << count & ones(size) : 0;
        carry = count <= bits && (value >> (bits - count) & 1) != 0;
        over = ((result & top_bit(size)) != 0) != carry;
    } else if (kind == SHR) {
        result = count < bits ? value >> count : 0;
        carry = count <= bits && (value >> (count - 1) & 1) != 0;
        over = top;
    } else {
        uint64_t full = spread(value, size);
        unsigned moved = count < 64 ? count : 63;
        uint64_t fill = top ? ~(UINT64_MAX >> moved) : 0;
        result = (full >> moved | fill) & ones(size);
        carry = moved > 0 && (full >> (moved - 1) & 1) != 0;
    }
    *flags &= ~(uint32_t)ADJUST;
    note_moved(flags, carry, over);
    note_result(flags, result, size);
    return result;
}

uint64_t shifted(uint32_t *flags, unsigned kind, uint64_t value, unsigned count,
                 unsigned size) {
    value &= ones(size);
    count &= size == 8 ? 63 : 31;
    if (count == 0) return value;
    switch (kind) {
    case ROL:
    case ROR: return rotated(flags, kind == ROL, value, count, size);
    case RCL:
    case RCR: return rotated_through(flags, kind == RCL, value, count, size);
    default: return pushed(flags, kind, value, count, size);
    }
}

uint64_t shifted_double(uint32_t *flags, bool left, uint64_t value, uint64_t from,
                        unsigned count, unsigned size) {
    unsigned bits = size * 8;
    count &= size == 8 ? 63 : 31;
    value &= ones(size);
    from &= ones(size);
    if (count == 0 || count > bits) return value;
    twice both = left ? (twice)value << bits | from : (twice)from << bits | value;
    bool carry = false;
    uint64_t result = 0;
    if (left) {
        carry = (value >> (bits - count) & 1) != 0;
        result = (uint64_t)(both << count >> bits) & ones(size);
    } else {
        carry = (value >> (count - 1) & 1) != 0;
        result = (uint64_t)(both >> count) & ones(size);
    }
    *flags &= ~(uint32_t)ADJUST;
    note_moved(flags, carry, ((result ^ value) & top_bit(size)) != 0);
    note_result(flags, result, size);
    return result;
}

struct pair product(uint32_t *flags, uint64_t left, uint64_t right, unsigned size,
                    bool with_sign) {
    twice all = 0;
    if (with_sign) {
        all = (twice)((twice_signed)(int64_t)spread(left, size) *
                      (int64_t)spread(right, size));
    } else {
        all = (twice)(left & ones(size)) * (right & ones(size));
    }
    struct pair result = {(uint64_t)all & ones(size),
                          (uint64_t)(all >> size * 8) & ones(size)};
    bool needed = result.high != 0;
    if (with_sign) {
        needed = result.high != (result.low & top_bit(size) ? ones(size) : 0);
    }
    note_moved(flags, needed, needed);
    note_result(flags, result.low, size);
    return result;
}

static twice whole(const struct pair *number, unsigned size) {
    return (twice)number->high << size * 8 | number->low;
}

bool quotient(struct pair *number, uint64_t divisor, unsigned size, bool with_sign) {
    divisor &= ones(size);
    if (divisor == 0) return false;
    twice all = whole(number, size);
    bool negative = with_sign && (number->high & top_bit(size)) != 0;
    bool opposite = with_sign && (divisor & top_bit(size)) != 0;
    if (negative) all = size == 8 ? -all : -all & (((twice)1 << size * 16) - 1);
    if (opposite) divisor = -divisor & ones(size);
    twice result = all / divisor;
    uint64_t rest = (uint64_t)(all % divisor);
    twice most = with_sign ? (twice)top_bit(size) - (negative == opposite) : ones(size);
    if (result > most) return false;
    number->low = (negative != opposite ? -(uint64_t)result : (uint64_t)result) & ones(size);
    number->high = (negative ? -rest : rest) & ones(size);
    return true;
}
