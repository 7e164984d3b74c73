"""What is compiled: the matcher, and smaller extensions, each in a folder of its own.

One of them is the broker's and lists folders, another looks digests up. The package
does without them where there is no compiler. Everything else about the package is said
in pyproject.toml.
"""

from glob import glob

from setuptools import Extension, setup

NATIVE = "src/clearward/native"
JAIL = "src/clearward/jail"
REPUTATION = "src/clearward/reputation"

SMALLER = {
    "archives": "-O2",
    "blocksort": "-O2",
    "emulator": "-O3",
    "finder": "-O2",
    "lists": "-O2",
    "lzms": "-O2",
    "nrv": "-O2",
    "ppmd": "-O2",
    "rows": "-O3",
    "views": "-O3",
}


def compiled(name: str, folder: str, speed: str) -> Extension:
    """An extension of all sources in a folder; one build for Python from 3.11 on."""
    return Extension(
        name,
        sources=sorted(glob(f"{folder}/*.c")),
        depends=sorted({*glob(f"{folder}/*.h"), f"{NATIVE}/extension.h"}),
        define_macros=[("Py_LIMITED_API", "0x030B0000")],
        py_limited_api=True,
        extra_compile_args=["-std=c11", speed, "-Wall", "-Wextra", "-Wshadow"],
        optional=True,
    )


setup(
    ext_modules=[
        compiled("clearward.native._native", NATIVE, "-O2"),
        compiled("clearward.jail._listing", JAIL, "-O2"),
        compiled("clearward.reputation._compiled", REPUTATION, "-O3"),
        *(
            compiled(f"clearward.native._{name}", f"{NATIVE}/{name}", speed)
            for name, speed in SMALLER.items()
        ),
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
