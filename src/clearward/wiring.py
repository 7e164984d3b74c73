"""Builds a running scanner from its settings."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from clearward.core.errors import Refused
from clearward.core.limits import Limits
from clearward.core.names import Problem, Table
from clearward.jail import level
from clearward.jail.broker import Entry
from clearward.jail.control import Given, Settings, SourceHead
from clearward.jail.crew import SINGLY, TREES
from clearward.jail.descriptors import most_jobs, raise_limit
from clearward.jail.excluding import Excluding
from clearward.jail.image_digest import check_digest
from clearward.jail.image_file import ImageFile
from clearward.jail.judging import judge
from clearward.jail.lane import Lane
from clearward.jail.launch import Kind, Launched
from clearward.jail.level import Protection
from clearward.jail.pool import Pool
from clearward.jail.proof import Tried, prove
from clearward.jail.rules_in_force import RulesInForce
from clearward.jail.scanned import Scanned
from clearward.jail.sources import CLAMAV, IMAGE, RuleFile, gather
from clearward.jail.spawn import Zygote
from clearward.jail.wire import Job
from clearward.stores.exclusions.in_force import InForce
from clearward.stores.home import home
from clearward.stores.installed.defaults import Defaults
from clearward.stores.verdicts.fingerprint import fingerprint
from clearward.updates.release import Release


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """Which rules are in force.

    Attributes:
        paths: rule sources that a person named.
        defaults: the installed bundle and the EICAR test file as well.
        strict: a bad line in any source refuses it.
        unwanted: also rules of the potentially unwanted kinds.
    """

    paths: tuple[str, ...] = ()
    defaults: bool = True
    strict: bool = False
    unwanted: bool = False


@dataclass(frozen=True, slots=True)
class ScanChoice:
    """How files are scanned.

    Attributes:
        limits: for each file.
        job: which answer is asked for.
        jobs: workers.
        require: the level below which nothing is scanned.
        attacks: load the attempts of `clearward prove` into the workers.
        describe: let the name table say what rules say about themselves.
        passwords: are tried on what is encrypted.
        serving: one zygote with all libraries and rules from the start, since nobody
            who asks should wait for them, and little in the hands of each worker.
        nice: how far loading stands back behind others, see `Zygote.load`.
    """

    limits: Limits = field(default_factory=Limits)
    job: Job = Job.SCAN
    jobs: int = 1
    require: str = "B"
    attacks: bool = False
    describe: bool = False
    passwords: tuple[str, ...] = ()
    serving: bool = False
    nice: int = 0


class Scanner:
    """Rules, a zygote and its workers, ready to scan. Use it in a `with` block.

    The zygote starts as soon as this is made; entering the block waits for it.

    Args:
        rules: which rules.
        choice: how to scan.
        launched: the zygote's process, if it was started before, of the kind that
            `choice` needs. Who started it ends it as well, in case this cannot be made.

    Attributes:
        table: the name table.
        rules: every rule in force, by number.
        protection: what was measured on a worker.
        given: what the zygote gave up.
        files: the rule sources, by number.
        skipped: files of each ending that were left out in rule folders.
        exclusions: what the user has excluded.

    Raises:
        Refused: a rule source cannot be used, or the level is below the required one.
        Unavailable: the jail could not be started.
    """

    table: Table
    rules: RulesInForce
    protection: Protection
    given: Given
    _heavy: Zygote

    def __init__(
        self, rules: RuleChoice, choice: ScanChoice, launched: Launched | None = None
    ) -> None:
        if not rules.defaults and not rules.paths:
            raise Refused("no rules: name some with --rules, or allow the defaults")
        self._rules = rules
        self._choice = choice
        self._loaded: set[int] = set()
        self.exclusions = InForce(home())
        self._stack = ExitStack()
        # Zygotes end after the pool, also one that is started while the pool works.
        self._zygotes = self._stack.enter_context(ExitStack())
        raise_limit()
        self._defaults = Defaults(home(), wanted=rules.defaults)
        self._stack.callback(self._defaults.close)
        with self._closing_on_error():
            local = gather(rules.paths, "local")
            self._stack.callback(local.close)
            self.files = self._defaults.files + local.files
            self.skipped = local.skipped
            self._settings = Settings(
                test_file=rules.defaults,
                unwanted=rules.unwanted,
                limits=choice.limits,
                describe=choice.describe,
                passwords=choice.passwords,
            )
            kind = self._kind()
            if launched is None or not launched.kind.covers(kind):
                launched = Launched(kind, heavy=choice.serving)
            self._light = self._start(launched)

    def __enter__(self) -> Self:
        with self._closing_on_error():
            self.table, self.given = self._light.load(
                self._check_images, nice=self._choice.nice
            )
            self._name_images()
            self._defaults.judge(self.files, self.table)
            judge(self.files, self.table, self._rules.paths, strict=self._rules.strict)
            self.pool = self.make_pool(self._choice.job)
            if self._choice.serving:
                self.pool.fill()
            self._measure(self.given)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def make_pool(self, job: Job) -> Pool:
        """Make a pool of workers that are asked for something; it ends with this."""
        serving = self._choice.serving
        pool = Pool(
            self._one_lane() if serving else self._two_lanes(),
            self.table.count,
            jobs=most_jobs(self._choice.jobs),
            job=job,
            seconds=self._choice.limits.seconds,
            load=SINGLY if serving else TREES,
            excluding=Excluding(self.rules, self.exclusions),
        )
        self._stack.callback(pool.close)
        return pool

    def scan(self, entries: Iterator[Entry]) -> Iterator[Scanned]:
        """Scan what comes; every entry comes out exactly once."""
        return self.pool.scan(entries)

    def fingerprint(self) -> bytes:
        """Return the digest of all that a verdict hangs on besides the file."""
        kinds = [file.kind for file in self.files]
        return fingerprint(self.table, kinds, self._settings, self.given)

    def unusable(self) -> int:
        """How many lines and rules could not be used."""
        compiled = sum(image.unusable for image in self.table.images)
        return len(self.table.problems) + self.table.more_problems + compiled

    def prove(self) -> Iterator[Tried]:
        """Attack workers from inside; `attacks` was chosen."""
        return prove(self._light, self.given.attempts)

    def problems(self) -> list[tuple[RuleFile, Problem]]:
        """What could not be used, with the file it stands in."""
        return [(self.files[one.source], one) for one in self.table.problems]

    def local_files(self) -> list[RuleFile]:
        """The rule sources that a person named."""
        return [file for file in self.files if file.origin == "local"]

    @property
    def release(self) -> Release | None:
        """The release of the installed rules; None if those are not in force."""
        return self._defaults.release

    def _closing_on_error(self) -> ExitStack:
        guard = ExitStack()

        def close(kind: type[BaseException] | None, *_: object) -> None:
            if kind is not None:
                self._stack.close()

        guard.push(close)
        return guard

    def _kind(self) -> Kind:
        """What the first zygote has to load."""
        return Kind.ATTACKS if self._choice.attacks else self._asked_kind()

    def _asked_kind(self) -> Kind:
        """What the rules ask to be loaded."""
        kinds = {file.kind for file in self.files}
        if not kinds.isdisjoint(CLAMAV):
            return Kind.SIGNATURES
        return Kind.IMAGES if IMAGE in kinds else Kind.LIGHT

    def _start(self, launched: Launched) -> Zygote:
        zygote = Zygote(self._settings, launched)
        self._zygotes.callback(zygote.close)
        for number, file in enumerate(self.files):
            head = SourceHead(number, file.label, file.kind, file.origin, file.size)
            zygote.add_source(head, file.descriptor)
        return zygote

    def _two_lanes(self) -> tuple[Lane, ...]:
        first = Lane(lambda: self._light, self._light)
        return first, Lane(self._load_heavy, begin=self._begin_heavy)

    def _one_lane(self) -> tuple[Lane, ...]:
        """All that a server asks; rules that are left for later are loaded now."""
        while self._light.load_more(len(self._loaded)):
            self._loaded.add(len(self._loaded))
        return (Lane(lambda: self._light, self._light, loaded=self._loaded),)

    def _begin_heavy(self) -> int:
        """Start the zygote with the heavy libraries, with the very same rules."""
        self._heavy = self._start(Launched(self._asked_kind(), heavy=True))
        self._heavy.begin()
        return self._heavy.fileno()

    def _load_heavy(self) -> Zygote:
        """Wait until that zygote is ready."""
        zygote = self._heavy
        table, _ = zygote.load()
        if table != self.table:
            raise Refused("a rule source was changed while it was in use; start again")
        return zygote

    def _check_images(self) -> None:
        """Compare the digests of compiled images, while the jail maps them."""
        self._defaults.check_image()
        for file in self.files:
            if file.kind == IMAGE:
                check_digest(file.descriptor, file.label)

    def _name_images(self) -> None:
        """Learn to name the rules of compiled images."""
        images = []
        for image in self.table.images:
            file = self.files[image.source]
            images.append(ImageFile(file.descriptor, image, file.origin))
        kinds = [file.kind for file in self.files]
        self.rules = RulesInForce(self.table, images, kinds)

    def _measure(self, given: Given) -> None:
        self.protection = level.measure(self.pool.first_process(), given)
        if not self.protection.reaches(self._choice.require):
            raise Refused(self.protection.too_low(self._choice.require))
