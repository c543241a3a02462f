#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the sources against the layer table of packaging/cmake/Layers.cmake and the rules of ARCHITECTURE.md.

Fails, with one line per violation (file:line: what), on
  edge      an include of core/ or gpu/ against the table; a folder that the table does not know; a cycle in the table
  torch     LibTorch in a folder marked plain, or reachable from ui/, app/cli or app/gui; LibTorch's umbrella headers in a header
  qt        a Qt header in core/, gpu/ or app/cli; a Qt library in the command line's link
  link      LibTorch in the link of the window, which has to load it after its first paint
  cuda      a conditional on CUDA outside gpu/
  room      qcustomplot.h outside ui/plot, sentencepiece outside core/tokenizer
  licence   a source whose first line is not the SPDX line of its folder
  header    a header that does not compile alone
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

from lone_headers import check_headers

SOURCE_SUFFIXES = {".h", ".cpp", ".cu", ".cuh", ".inc", ".inl"}
TOP_FOLDERS = ("app", "core", "gpu", "tests", "ui")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
TORCH_HEADER = re.compile(r"^(torch|ATen|c10|caffe2)/")
UMBRELLA_HEADER = re.compile(r"^(torch/(torch|all|extension|script)\.h|torch/nn\.h|ATen/ATen\.h)$")
QT_HEADER = re.compile(r"^(Qt\w*/|Q[A-Z]\w*$|Q[A-Z]\w*/)|^qcustomplot\.h$")
CUDA_CONDITIONAL = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif|elifdef|elifndef)\b.*(CUDA|NVCC|HIP_)")
QT_LIBRARY = re.compile(r"^lib(Qt\d|QCustomPlot)")
TORCH_LIBRARY = re.compile(r"^lib(torch|c10|planish-engine)")

# Folders whose programs are composition over core: they see only its torch-free headers.
TORCH_FREE_FOLDERS = ("ui/", "app/cli/", "app/gui/")
GPL_FOLDERS = ("ui/", "app/gui/", "tests/ui/")
# header -> (what it is, the folders that may include it). The trainer of the demo model trains its tokenizer too.
ROOMS = [
    (re.compile(r"^qcustomplot\.h$"), "qcustomplot.h", ("ui/plot/",)),
    (re.compile(r"^sentencepiece"), "sentencepiece", ("core/tokenizer/", "tests/core/tokenizer/", "app/train_demo/")),
]


class Table:
    """The layer table: for each folder whether it is plain, and every folder it may include."""

    def __init__(self, text):
        self.plain, direct = {}, {}
        for line in filter(None, (line.strip() for line in text.splitlines())):
            folder, kind, edges = line.split("|")
            self.plain[folder] = kind == "plain"
            direct[folder] = edges.split()
        self.problems = []
        for folder, edges in direct.items():
            for edge in edges:
                if edge not in direct:
                    self.problems.append(f"layer table: {folder} names the unknown folder {edge}")
        self.allowed = {folder: self._closure(folder, direct) for folder in direct}
        for folder, closure in self.allowed.items():
            if folder in closure:
                self.problems.append(f"layer table: cycle through {folder}")

    @staticmethod
    def _closure(folder, direct):
        seen, todo = set(), list(direct[folder])
        while todo:
            edge = todo.pop()
            if edge not in seen:
                seen.add(edge)
                todo += direct.get(edge, [])
        return seen

    def layer_of(self, path):
        """The layer whose folder holds path ("gpu/cuda/x.cu" -> "gpu"), or None."""
        parts = path.split("/")[:-1]
        while parts:
            if "/".join(parts) in self.plain:
                return "/".join(parts)
            parts.pop()
        return None


class Tree:
    """The sources and their includes. Paths are relative to the root, with forward slashes."""

    def __init__(self, root):
        self.root = root
        self.files = sorted(
            path.relative_to(root).as_posix()
            for top in TOP_FOLDERS
            for path in (root / top).rglob("*")
            if path.suffix in SOURCE_SUFFIXES and path.is_file()
        )
        self.lines = {file: (root / file).read_text(encoding="utf-8").splitlines() for file in self.files}
        self.includes = {file: list(self._read_includes(file)) for file in self.files}
        self._torch_paths = {}

    def _read_includes(self, file):
        for number, line in enumerate(self.lines[file], 1):
            match = INCLUDE.match(line)
            if match:
                bracket, name = match.groups()
                yield number, name, self._resolve(file, name) if bracket == '"' else None

    def _resolve(self, file, name):
        """The project file that #include "name" in file means, or None for a generated or external one."""
        for candidate in (Path(file).parent / name, Path(name)):
            path = self.root / candidate
            if path.is_file():
                return path.resolve().relative_to(self.root).as_posix()
        return None

    def torch_path(self, file):
        """["a.h", "b.h", "<ATen/ATen.h>"]: how file reaches LibTorch, or None."""
        if file not in self._torch_paths:
            self._torch_paths[file] = None  # also what a cycle of includes sees
            for _, name, target in self.includes.get(file, []):
                if TORCH_HEADER.match(name):
                    self._torch_paths[file] = [file, f"<{name}>"]
                    break
                rest = self.torch_path(target) if target else None
                if rest:
                    self._torch_paths[file] = [file] + rest
                    break
        return self._torch_paths[file]


def check_edges(tree, table):
    yield from table.problems
    for file in tree.files:
        if not file.startswith(("core/", "gpu/")):
            continue
        layer = table.layer_of(file)
        if layer is None:
            yield f"{file}:1: edge: its folder is not in the layer table"
            continue
        for number, name, target in tree.includes[file]:
            if table.plain[layer] and TORCH_HEADER.match(name):
                yield f"{file}:{number}: torch: {layer} is a plain layer, but includes <{name}>"
            if target is None:
                continue
            other = table.layer_of(target)
            if other is None:
                yield f"{file}:{number}: edge: {layer} may not include {target}, which belongs to no layer"
            elif other != layer and other not in table.allowed[layer]:
                yield f"{file}:{number}: edge: {layer} may not include {other} ({target})"


def check_torch_free(tree, table):
    for file in tree.files:
        if file.startswith(TORCH_FREE_FOLDERS):
            for number, name, target in tree.includes[file]:
                if TORCH_HEADER.match(name):
                    yield f"{file}:{number}: torch: <{name}> in a folder that has to stay free of LibTorch"
                elif target and tree.torch_path(target):
                    yield f"{file}:{number}: torch: reaches LibTorch by {' -> '.join(tree.torch_path(target))}"
                if target and target.startswith("gpu/"):
                    yield f"{file}:{number}: edge: only core may include gpu ({target})"
                if target and target.startswith("ui/") and file.startswith("app/cli/"):
                    yield f"{file}:{number}: edge: the command line may not include ui ({target})"
        if file.endswith(".h") and file.startswith(("core/", "gpu/", "ui/", "app/")):
            for number, name, _ in tree.includes[file]:
                if UMBRELLA_HEADER.match(name):
                    yield f"{file}:{number}: torch: the umbrella header <{name}> belongs into a .cpp"


def check_rooms(tree):
    for file in tree.files:
        for number, name, _ in tree.includes[file]:
            if QT_HEADER.match(name) and file.startswith(("core/", "gpu/", "app/cli/")):
                yield f"{file}:{number}: qt: <{name}> in a folder without Qt"
            for pattern, label, folders in ROOMS:
                if pattern.match(name) and not file.startswith(folders):
                    yield f"{file}:{number}: room: only {' and '.join(folders)} may include {label}"
        if not file.startswith("gpu/"):
            for number, line in enumerate(tree.lines[file], 1):
                if CUDA_CONDITIONAL.match(line):
                    yield f"{file}:{number}: cuda: conditional on CUDA outside gpu/: {line.strip()}"


def check_licences(tree):
    for file in tree.files:
        licence = "GPL-3.0-or-later" if file.startswith(GPL_FOLDERS) else "Apache-2.0"
        first = tree.lines[file][0] if tree.lines[file] else ""
        if first.strip() != f"// SPDX-License-Identifier: {licence}":
            yield f"{file}:1: licence: the first line has to be // SPDX-License-Identifier: {licence}"


def linked_libraries(program):
    """The file names of all shared libraries that program is linked to, directly or not."""
    output = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return [Path(line.split()[0]).name for line in output.splitlines() if line.strip()]


def check_link(program, pattern, rule, what):
    if not program:
        return
    if not Path(program).is_file():
        yield f"{program}: link: is not built"
        return
    for library in linked_libraries(program):
        if pattern.match(library):
            yield f"{program}: {rule}: {what} {library}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="root of the project")
    parser.add_argument("--edges", type=Path, required=True, help="the table, one row a line: folder|torch or plain|edges")
    parser.add_argument("--cli", help="the command line's program, whose link is checked for Qt")
    parser.add_argument("--studio", help="the window's program, whose link is checked for LibTorch")
    parser.add_argument("--build", type=Path, help="build folder with compile_commands.json: also compile every header alone")
    parser.add_argument("--compiler", default="c++")
    arguments = parser.parse_args()

    tree = Tree(arguments.source.resolve())
    table = Table(arguments.edges.read_text(encoding="utf-8"))
    problems = [
        *check_edges(tree, table),
        *check_torch_free(tree, table),
        *check_rooms(tree),
        *check_licences(tree),
        *check_link(arguments.cli, QT_LIBRARY, "qt", "the command line may not be linked to"),
        *check_link(arguments.studio, TORCH_LIBRARY, "link", "the window may not be linked to"),
    ]
    headers = [file for file in tree.files if file.endswith(".h")]
    if arguments.build:
        problems += check_headers(tree, headers, arguments.build, arguments.compiler)
    for problem in problems:
        print(problem)
    print(f"{len(tree.files)} files, {len(table.plain)} layers, {len(problems)} violations")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
