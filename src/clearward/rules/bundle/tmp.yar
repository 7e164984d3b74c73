rule x { strings: $a="XYZZY-not-here" condition: $a }
