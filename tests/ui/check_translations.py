#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The committed translations against the sources: every text is in them and none that is gone, German is complete, and no
translation has other placeholders than its text. `ninja translations_update` takes new texts up."""
import argparse
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

PLURAL_ONLY = {"planish_en.ts"}


def messages(path):
    """(context, source, comment) -> message element."""
    found = {}
    for context in xml.parse(path).getroot().findall("context"):
        for message in context.findall("message"):
            translation = message.find("translation")
            if translation.get("type") in ("vanished", "obsolete"):
                continue
            found[context.findtext("name"), message.findtext("source"), message.findtext("comment", "")] = message
    return found


def placeholders(text):
    return collections.Counter(re.findall(r"%(?:L?[1-9]|n)", text))


def problems_of(path, fresh):
    committed = messages(path)
    problems = [f"is not translated yet: {key}" for key in fresh.keys() - committed.keys()]
    problems += [f"is gone from the sources: {key}" for key in committed.keys() - fresh.keys()]
    for key, message in committed.items():
        translation = message.find("translation")
        forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
        if translation.get("type") == "unfinished" or not all(forms):
            problems.append(f"is unfinished: {key}")
            continue
        for form in forms:
            if set(placeholders(form)) != set(placeholders(key[1])):
                problems.append(f"has other placeholders: {key} -> {form!r}")
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--lupdate", required=True)
    arguments = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted((arguments.source / "resources/translations").glob("*.ts")):
            copy = pathlib.Path(scratch) / path.name
            shutil.copy(path, copy)
            options = ["-pluralonly"] if path.name in PLURAL_ONLY else []
            subprocess.run(
                [arguments.lupdate, "-silent", "-no-obsolete", "-locations", "none", *options, "-I", ".", "ui",
                 "app/gui", "-ts", str(copy)],
                cwd=arguments.source, check=True)
            for problem in problems_of(path, messages(copy)):
                print(f"{path.name}: {problem}", file=sys.stderr)
                failed = True
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
