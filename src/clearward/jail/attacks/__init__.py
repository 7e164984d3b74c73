"""What `clearward prove` tries from inside a worker, by subject."""

from clearward.jail.attacks import descriptors, files, memory, network, processes
from clearward.jail.attacks.attempt import Attempt

ATTEMPTS: tuple[Attempt, ...] = (
    *files.ATTEMPTS,
    *descriptors.ATTEMPTS,
    *network.ATTEMPTS,
    *processes.ATTEMPTS,
    *memory.ATTEMPTS,
)
