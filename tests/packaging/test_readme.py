#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the command lines of README.md in their order, in an empty folder: test_readme.py FOLDER_OF_planish"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"


def example_lines():
    block = README.read_text(encoding="utf-8").split("```sh\n", 1)[1].split("```", 1)[0]
    return [line for line in block.splitlines() if line.strip()]


def main():
    environment = dict(os.environ, PATH=sys.argv[1] + os.pathsep + os.environ["PATH"])
    lines = example_lines()
    assert len(lines) > 1 and all(line.startswith("planish ") for line in lines), lines
    with tempfile.TemporaryDirectory() as folder:
        for line in lines:
            print("$", line, flush=True)
            result = subprocess.run(["bash", "-c", line], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, text=True, check=False)
            print(result.stdout, flush=True)
            if result.returncode != 0:
                print(f"exit code {result.returncode}")
                return 1
            written = line.split(" --out ")[1].split()[0] if " --out " in line else None
            if written and not (Path(folder) / written).exists():
                print(f"{written} was not written")
                return 1
            if not written and not result.stdout.strip():
                print("nothing was printed")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
