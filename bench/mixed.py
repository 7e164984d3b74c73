"""Documents and archives as they are sent, beside clamscan with an empty database.

The files are of the shared corpora: documents and archives of public test suites, and
archives made of those documents. clamscan needs one signature to start; clearward gets
the same database, and once its own rules.
"""

import io
import random
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import inputs
import measure
import py7zr
from rows import SHARED, Plan, Row, scan, summary

CLAMSCAN = shutil.which("clamscan")
GENISOIMAGE = shutil.which("genisoimage")
CORPUS = SHARED / "corpora/files.tar.zst"

DOCUMENTS = ("docx", "xlsx", "pdf", "doc", "eml")
ARCHIVES = ("zip", "7z", "rar", "cab", "iso", "tgz", "gz")
SETS = ("tika-docs", "poi-docs", "pypdf-samples", "pdfjs", "mail-fixtures")
PACKED = ("libarchive", "py7zr", "rarfile", *SETS)
# In names: what is broken on purpose, what costs as many tries as there are words, and
# a test of a decoder's corners, 180 KB that unpack to 240 MB.
LEFT_OUT = (
    "clusterfuzz",
    "crash",
    "recursive",
    "quine",
    "droste",
    "conversion",
    "pass",
    "protect",
    "encr",
)
KIND_BYTES = 4 << 20  # of documents of one kind
MADE = 6  # archives of each kind that are made
TOGETHER = 15  # documents in each of them
NOTHING = "d41d8cd98f00b204e9800998ecf8427f:1234567:Nothing.At.All\n"

Documents = list[tuple[str, bytes]]


def mixed(plan: Plan) -> list[Row]:
    """MB of files for each CPU second, start and rules not counted."""
    if not CORPUS.exists() or CLAMSCAN is None:
        print("mixed: skipped, no shared material or no clamscan")
        return []
    target = documents_and_archives(plan.folder)
    little = plan.folder / "little"  # starts both zygotes, as nearly any mix does
    little.mkdir(exist_ok=True)
    (little / "a.pdf").write_bytes(b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n")
    database = plan.folder / "nothing.hdb"
    database.write_text(NOTHING)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    what = "documents and archives"
    peer = _clamscan(plan, database, target) - _clamscan(plan, database, little)
    rows = [Row(what, "clamscan, empty database", _figures(size, peer, peer))]
    rules = ("--no-default-rules", "--rules", database)
    for who, chosen in (("the same database", rules), ("its own rules", ())):
        idle = measure.median(scan(plan, little, "--jobs", "1", *chosen), "cpu")
        runs = scan(plan, target, "--jobs", "1", *chosen)
        cpu = measure.median(runs, "cpu") - idle
        print(f"{who}: {summary(runs[0])}")
        rows.append(
            Row(what, f"clearward, {who}", _figures(size, cpu, peer), "2 x clamscan")
        )
    return rows


def members(plan: Plan) -> list[Row]:
    """One archive of many members, with one worker and with two."""
    target = archive_of_many(plan.folder)
    rows = []
    walls: list[float] = []
    for jobs in ("1", "2"):
        runs = scan(plan, target, "--jobs", jobs)
        walls.append(min(summary(run)["seconds"] for run in runs))
        figures = {
            "wall s": walls[-1],
            "CPU s": measure.median(runs, "cpu"),
            "x one worker": walls[0] / walls[-1],
        }
        goal = "1.6 x one worker" if jobs == "2" else ""
        rows.append(Row("a zip of 5,000", f"clearward, {jobs} workers", figures, goal))
    return rows


@inputs.once
def archive_of_many(made: Path) -> None:
    """A zip of 5,000 text files of 12 KB, no two of them alike."""
    source = random.Random(inputs.SEED)
    texts = [inputs.text(source, 12_000) for _ in range(100)]
    with zipfile.ZipFile(made / "many.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5000):
            archive.writestr(f"{number}.txt", b"%d " % number + texts[number % 100])


def _figures(size: int, cpu: float, peer: float) -> dict[str, float]:
    return {"MB per CPU s": size / 1e6 / cpu, "CPU s": cpu, "x clamscan": peer / cpu}


def _clamscan(plan: Plan, database: Path, target: Path) -> float:
    command = (CLAMSCAN or "", "--no-summary", "-i", "-r", "-d", database, target)
    runs = [measure.run(command) for _ in range(plan.runs)]
    if any(run.status not in {0, 1} for run in runs):
        raise RuntimeError("clamscan could not scan everything")
    return measure.median(runs, "cpu")


@inputs.once
def documents_and_archives(made: Path) -> None:
    """Documents of each kind, archives as they were found, and archives made."""
    corpus = made.parent / "corpus"
    if not corpus.exists():
        corpus.mkdir()
        command = ("tar", "--zstd", "-xf", CORPUS, "-C", corpus)
        subprocess.run(command, check=True)
    (made / "documents").mkdir()
    (made / "archives").mkdir()
    documents: Documents = []
    for kind in DOCUMENTS:
        for name, data in _chosen(corpus, SETS, kind):
            documents.append((name, data))
            (made / "documents" / name).write_bytes(data)
    for kind in ARCHIVES:
        for name, data in _chosen(corpus, PACKED, kind):
            (made / "archives" / name).write_bytes(data)
    random.Random(inputs.SEED).shuffle(documents)
    for number in range(MADE):
        some = documents[number * TOGETHER :][:TOGETHER]
        _pack(made / "archives" / f"made-{number}", some)


def _chosen(
    corpus: Path, sets: tuple[str, ...], kind: str
) -> Iterator[tuple[str, bytes]]:
    """Yield files of a kind, in an order that is always the same, up to a size."""
    found = sorted(
        path
        for each in sets
        for path in (corpus / each).rglob(f"*.{kind}")
        if path.is_file() and not any(word in path.name.lower() for word in LEFT_OUT)
    )
    random.Random(inputs.SEED).shuffle(found)
    left = KIND_BYTES
    for number, path in enumerate(found):
        data = path.read_bytes()
        if len(data) <= left:
            left -= len(data)
            yield f"{number:03}-{path.name}", data


def _pack(place: Path, some: Documents) -> None:
    """Make a zip, a 7z, a tar.gz and an image of a disk of the same documents."""
    with zipfile.ZipFile(f"{place}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in some:
            archive.writestr(name, data)
    with tarfile.open(f"{place}.tar.gz", "w:gz") as tar:
        for name, data in some:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    with py7zr.SevenZipFile(f"{place}.7z", "w") as seven:
        for name, data in some:
            seven.writestr(data, name)
    if GENISOIMAGE is None:
        print("mixed: no images of disks made, no genisoimage")
        return
    folder = place.with_suffix(".folder")
    folder.mkdir()
    for name, data in some:
        (folder / name).write_bytes(data)
    command = (GENISOIMAGE, "-quiet", "-J", "-r", "-o", f"{place}.iso", str(folder))
    subprocess.run(command, check=True, capture_output=True)
    shutil.rmtree(folder)
