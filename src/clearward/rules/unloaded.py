"""What is raised where rules would have to be asked that nobody has loaded yet."""


class Unloaded(Exception):
    """What matched asks for a partition of YARA rules that is not loaded here.

    It can only be loaded where executable memory is allowed, and workers have none: the
    file is to be scanned again by one that is forked after it has been loaded.

    Attributes:
        partition: its number, see `RuleSet.load`.
    """

    def __init__(self, partition: int) -> None:
        super().__init__(f"partition {partition} of YARA rules is not loaded")
        self.partition = partition
