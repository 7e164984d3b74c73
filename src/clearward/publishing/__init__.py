"""Makes the repository that machines update from: releases, log, signed metadata."""
