#include "expression.h"

#include "image.h"

unsigned operation_size(uint8_t kind) {
    switch (kind) {
    case OPERATION_SUB:
        return 2;
    case OPERATION_COUNT:
        return 7;
    case OPERATION_AND:
    case OPERATION_OR:
        return 1;
    case OPERATION_GROUP:
        return 10;
    default:
        return 0;
    }
}

static const struct outcome FALSE = {.may_be_false = true};

static uint64_t add(uint64_t one, uint64_t other) {
    return one + other < ENDLESS ? one + other : ENDLESS;
}

/* Narrow a range to what compares so; false if nothing does. `all` tells whether
 * everything did. */
static bool narrow(struct count *range, uint8_t operator, uint64_t value, bool *all) {
    struct count before = *range;
    if (operator != '<') {
        uint64_t least = operator == '>' ? value + 1 : value;
        range->least = range->least < least ? least : range->least;
    }
    if (operator != '>') {
        if (operator == '<' && value == 0) {
            return false;
        }
        uint64_t most = operator == '<' ? value - 1 : value;
        range->most = range->most > most ? most : range->most;
    }
    *all = range->least == before.least && range->most == before.most;
    return range->least <= range->most;
}

static struct outcome compare(unsigned sub, struct count range, uint8_t operator,
                              uint64_t value) {
    bool all = false;
    if (!narrow(&range, operator, value, &all)) {
        return FALSE;
    }
    uint64_t set = (uint64_t)1 << sub;
    return (struct outcome){true, !all, range.least, range.most, set, set};
}

static struct outcome both(struct outcome left, struct outcome right) {
    if (!left.may_be_true || !right.may_be_true) {
        return FALSE;
    }
    return (struct outcome){true,
                            left.may_be_false || right.may_be_false,
                            add(left.least, right.least),
                            add(left.most, right.most),
                            left.surely | right.surely,
                            left.perhaps | right.perhaps};
}

/* Add to `all` what is handed up if `way` is how it comes true. */
static void join(struct outcome *all, struct outcome way) {
    if (!all->may_be_true) {
        bool may_be_false = all->may_be_false;
        *all = way;
        all->may_be_false = may_be_false;
        return;
    }
    all->least = way.least < all->least ? way.least : all->least;
    all->most = way.most > all->most ? way.most : all->most;
    all->surely &= way.surely;
    all->perhaps |= way.perhaps;
}

static struct outcome either(struct outcome left, struct outcome right) {
    struct outcome all = {.may_be_false = left.may_be_false && right.may_be_false};
    if (left.may_be_true && right.may_be_true) {
        join(&all, both(left, right));
    }
    if (left.may_be_true && right.may_be_false) {
        join(&all, left);
    }
    if (left.may_be_false && right.may_be_true) {
        join(&all, right);
    }
    return all;
}

/* One way that the operand of a group comes out; false if the group is false then. */
static bool group_way(struct outcome *all, struct outcome inner, const uint8_t *group) {
    uint64_t different = load32(group + 6);
    struct count range = {inner.least, inner.most};
    bool holds = false;
    if (!narrow(&range, group[1], load32(group + 2), &holds) ||
        (uint64_t)__builtin_popcountll(inner.perhaps) < different) {
        return false;
    }
    join(all, (struct outcome){true, false, range.least, range.most, 0, 0});
    return holds && (uint64_t)__builtin_popcountll(inner.surely) >= different;
}

static struct outcome group(struct outcome inner, const uint8_t *group) {
    static const struct outcome nothing = {.may_be_true = true};
    struct outcome all = {.may_be_true = false};
    bool holds = true;
    if (inner.may_be_true) {
        holds = group_way(&all, inner, group) && holds;
    }
    if (inner.may_be_false) {
        holds = group_way(&all, nothing, group) && holds;
    }
    all.may_be_false = !holds;
    return all;
}

struct outcome expression_evaluate(const uint8_t *expression, const struct count *counts) {
    struct outcome stack[MOST_STACK];
    unsigned depth = 0;
    const uint8_t *at = expression + 2;
    const uint8_t *end = at + load16(expression);
    for (; at < end; at += operation_size(*at)) {
        switch (*at) {
        case OPERATION_SUB:
            stack[depth++] = compare(at[1], counts[at[1]], '>', 0);
            break;
        case OPERATION_COUNT:
            stack[depth++] = compare(at[1], counts[at[1]], at[2], load32(at + 3));
            break;
        case OPERATION_AND:
            depth--;
            stack[depth - 1] = both(stack[depth - 1], stack[depth]);
            break;
        case OPERATION_OR:
            depth--;
            stack[depth - 1] = either(stack[depth - 1], stack[depth]);
            break;
        default:
            stack[depth - 1] = group(stack[depth - 1], at);
            break;
        }
    }
    return stack[0];
}

void expression_asks(const uint8_t *expression, uint64_t *named, uint64_t *enough) {
    const uint8_t *at = expression + 2;
    const uint8_t *end = at + load16(expression);
    uint64_t sums = 0; /* what tells as much as more in any group */
    for (const uint8_t *step = at; step < end; step += operation_size(*step)) {
        if (*step == OPERATION_GROUP && load32(step + 2) + (uint64_t)1 > sums) {
            sums = load32(step + 2) + (uint64_t)1;
        }
    }
    for (; at < end; at += operation_size(*at)) {
        if (*at != OPERATION_SUB && *at != OPERATION_COUNT) {
            continue;
        }
        uint64_t wanted = *at == OPERATION_SUB ? 1 : load32(at + 3) + (uint64_t)1;
        wanted = wanted < sums ? sums : wanted;
        *named |= (uint64_t)1 << at[1];
        enough[at[1]] = enough[at[1]] < wanted ? wanted : enough[at[1]];
    }
}
