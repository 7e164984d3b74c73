"""Set up what every test relies on."""

from clearward.formats import heavy

# Tests of parsers run as in the heavy zygote, with every library at hand.
heavy.load()
