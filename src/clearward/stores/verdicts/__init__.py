"""Verdicts that are remembered, so that an unchanged file is not read again.

What others use:

    memory = VerdictMemory(Place(home()), space, period)
    memory.known(device, blocks)   a folder's worth at once, see `jail.known`
    memory.knows(status)           one file, by its `os.stat_result`
    memory.remember(status, parts) a clean file that was steady when it was opened
    memory.flush()                 write what waits; `remember` does so at times
    memory.forget()                forget everything, of all rules and settings
    memory.close()

Only clean files are remembered. `remember` may be called for a file only if its
verdict is clean, `OpenFile.close` saw no change, and `jail.steady.is_steady` said so
before it was read. `knows` may be asked only of files on a device that
`jail.mounts.Mounts` trusts.

None of these raises anything because of the store: where it cannot be used, nothing is
known and nothing is kept. They belong to one thread. After a fork the child opens the
store anew; what its parent had not written yet, the parent writes. With None in place
of a `Place` everything is kept in memory alone.

`space` is the digest of all that a verdict hangs on besides the file, see
`fingerprint`; when the rules change, close the memory and make another.
"""
