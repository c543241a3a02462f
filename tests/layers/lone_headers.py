# SPDX-License-Identifier: Apache-2.0
"""Compiles every header alone (syntax only), with the include folders of a source beside it.

Not compiled here are headers that a source of the build includes first, where nothing comes before it (no precompiled header):
the build has compiled those alone already. Nor is a header whose text, and that of every project header it reaches, is
unchanged since it last passed; the record lies in the build folder."""
import hashlib
import json
import os
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor


def _flags(entry):
    """The options of a compile command that decide what an #include finds, without precompiled headers."""
    words, kept = shlex.split(entry["command"]), []
    take_next = False
    for word in words:
        if take_next:
            kept.append(word)
            take_next = False
        elif word == "-isystem":
            kept.append(word)
            take_next = True
        elif word.startswith(("-I", "-D", "-std=")):
            kept.append(word)
    return kept


def _entries(root, build):
    """(source, compile command) of the project's own sources, relative to the root."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = os.path.relpath(entry["file"], root).replace(os.sep, "/")
        if file.endswith(".cpp") and not file.startswith(".."):
            yield file, entry


def _flags_by_folder(entries):
    """{"core/io": [...], ...}"""
    by_folder = {}
    for file, entry in entries:
        by_folder.setdefault(os.path.dirname(file), _flags(entry))
    return by_folder


def _proven_by_build(tree, entries):
    """The headers that are the first thing some source compiles."""
    proven = set()
    for file, entry in entries:
        if " -include " not in entry["command"] and tree.includes.get(file):
            proven.add(tree.includes[file][0][2])
    return proven


def _flags_for(header, by_folder):
    """Those of its own folder or of its tests, else of the nearest folder above that has sources below it."""
    folder = os.path.dirname(header)
    while folder:
        for candidate in (folder, "tests/" + folder):
            if candidate in by_folder:
                return by_folder[candidate]
        below = [flags for known, flags in sorted(by_folder.items()) if known.startswith(folder + "/")]
        if below:
            return max(below, key=len)  # what serves the folder that needs most serves all
        folder = os.path.dirname(folder)
    return None


def _sees_torch(flags):
    return any(os.path.isdir(os.path.join(flag.removeprefix("-I"), "ATen")) for flag in flags if os.path.isabs(flag.removeprefix("-I")))


def _closure(tree, header):
    seen, todo = set(), [header]
    while todo:
        file = todo.pop()
        if file not in seen:
            seen.add(file)
            todo += [target for _, _, target in tree.includes.get(file, []) if target]
    return sorted(seen)


def _fingerprint(tree, header, command):
    digest = hashlib.sha256("\0".join(command).encode())
    for file in _closure(tree, header):
        digest.update(file.encode() + b"\0" + "\n".join(tree.lines.get(file, [])).encode() + b"\0")
    return digest.hexdigest()


def _compile(root, header, command):
    text = f'#include "{header}"\n'
    result = subprocess.run(command, input=text, cwd=root, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return None
    errors = [line for line in result.stderr.splitlines() if "error" in line] or result.stderr.splitlines()
    return f"{header}:1: header: does not compile alone: {errors[0] if errors else 'no message'}"


def check_headers(tree, headers, build, compiler):
    """One line for each header that does not compile alone. What this build leaves out (PLANISH_ENGINE, PLANISH_STUDIO) is
    skipped and counted."""
    entries = list(_entries(tree.root, build))
    by_folder, proven = _flags_by_folder(entries), _proven_by_build(tree, entries)
    version = subprocess.run([compiler, "--version"], check=True, capture_output=True, text=True).stdout.splitlines()[0]
    record = build / "lone_headers.json"
    passed = set(json.loads(record.read_text())) if record.is_file() else set()
    jobs, still_passed, skipped = [], set(), 0
    for header in (header for header in headers if header not in proven):
        flags = _flags_for(header, by_folder)
        if flags is None or (tree.torch_path(header) and not _sees_torch(flags)):
            skipped += 1
            continue
        command = [compiler, *flags, f"-I{tree.root}", "-fsyntax-only", "-x", "c++", "-"]
        fingerprint = _fingerprint(tree, header, [version, *command])
        if fingerprint in passed:
            still_passed.add(fingerprint)
        else:
            jobs.append((header, command, fingerprint))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        problems = list(pool.map(lambda job: _compile(tree.root, job[0], job[1]), jobs))
    known = len(still_passed)
    still_passed.update(job[2] for job, problem in zip(jobs, problems) if problem is None)
    record.write_text(json.dumps(sorted(still_passed)))
    by_build = len(proven.intersection(headers))
    print(f"{len(headers)} headers, {by_build} first in a source, {len(jobs)} compiled, {known} known to pass, {skipped} not in this build")
    return [problem for problem in problems if problem]
