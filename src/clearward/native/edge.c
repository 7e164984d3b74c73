#include "edge.h"

#include "borders.h"

const uint8_t *edge_end(const uint8_t *edge) {
    return edge[0] == ELEMENT_BORDER ? edge + BORDER_SIZE : edge + NEAR_HEAD + 2 * edge[4];
}

/* Whether bytes like those of a NEAR stand somewhere at its distance from `place`. */
static bool near_stands(const uint8_t *near, const struct view *view, uint64_t place) {
    uint64_t count = near[4];
    bool before = near[1] == 1;
    uint64_t room = before ? place : view->length - place;
    for (uint64_t distance = near[2]; distance <= near[3]; distance++) {
        if (room < distance + count) {
            return false;
        }
        uint64_t at = before ? place - distance - count : place + distance;
        if (masked_equal(view_at(view, at), near + NEAR_HEAD, count)) {
            return true;
        }
    }
    return false;
}

bool edges_before(const uint8_t *at, const uint8_t *end, const struct view *view,
                  uint64_t place) {
    for (; at < end; at = edge_end(at)) {
        bool holds = at[0] == ELEMENT_NEAR ? near_stands(at, view, place)
                                           : border_before(at[1], view, place, at[2] == 1);
        if (!holds) {
            return false;
        }
    }
    return true;
}

bool edges_behind(const uint8_t *at, const uint8_t *end, const struct view *view,
                  uint64_t place) {
    for (; at < end; at = edge_end(at)) {
        bool holds = at[0] == ELEMENT_NEAR
                         ? near_stands(at, view, place)
                         : border_behind(at[1], view, place, at[2] == 1);
        if (!holds) {
            return false;
        }
    }
    return true;
}
