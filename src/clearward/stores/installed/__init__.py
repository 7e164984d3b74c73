"""Published rules that were installed, and what they were believed for.

rules/
  trust/root.json, policy     what everything begins with, as the user gave it
  metadata/                   of TUF, verified; what a rollback is told by
  seen/                       the last checkpoint of each log
  releases/SEQ.RANDOM/        rules.cwr and rules.tlog-proof
  current                     link to the release in force
  held                        number of a release that the user went back from
"""
