"""The compiled matcher, which the package does without where there is no compiler.

Everything else about the package is said in pyproject.toml.
"""

from glob import glob

from setuptools import Extension, setup

NATIVE = "src/clearward/native"

setup(
    ext_modules=[
        Extension(
            "clearward.native._native",
            sources=sorted(glob(f"{NATIVE}/*.c")),
            depends=sorted(glob(f"{NATIVE}/*.h")),
            # One build for every Python from 3.11 on.
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            py_limited_api=True,
            extra_compile_args=["-std=c11", "-O2", "-Wall", "-Wextra", "-Wshadow"],
            optional=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
