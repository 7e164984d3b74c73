"""`clearward selftest`: is what should be blocked really blocked, from end to end?"""
