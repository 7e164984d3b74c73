"""What is compiled: the matcher, the views, the finder, the way to libarchive.

The package does without it where there is no compiler. Everything else about the
package is said in pyproject.toml.
"""

from glob import glob

from setuptools import Extension, setup

NATIVE = "src/clearward/native"

VIEWS = f"{NATIVE}/views"
ARCHIVES = f"{NATIVE}/archives"
FINDER = f"{NATIVE}/finder"


def compiled(name: str, folder: str, speed: str) -> Extension:
    """An extension of all sources in a folder; one build for Python from 3.11 on."""
    return Extension(
        f"clearward.native.{name}",
        sources=sorted(glob(f"{folder}/*.c")),
        depends=sorted(glob(f"{folder}/*.h")),
        define_macros=[("Py_LIMITED_API", "0x030B0000")],
        py_limited_api=True,
        extra_compile_args=["-std=c11", speed, "-Wall", "-Wextra", "-Wshadow"],
        optional=True,
    )


setup(
    ext_modules=[
        compiled("_native", NATIVE, "-O2"),
        compiled("_views", VIEWS, "-O3"),
        compiled("_archives", ARCHIVES, "-O2"),
        compiled("_finder", FINDER, "-O2"),
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
