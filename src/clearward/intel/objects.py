"""What a STIX object is outside of the store."""

from typing import Any

# As decoded from its JSON: any member may be there, and of any type (STIX 2.1, section
# 3.1: what is not known is kept). Whoever reads a member checks what it is.
StixObject = dict[str, Any]
