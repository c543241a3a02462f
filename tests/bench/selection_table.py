#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does choosing a transform per module pay? Every way of choosing, calibrated and measured alike.

    tests/bench/selection_table.py run PLANISH OUT RECIPE... [--jobs N] [--minutes M]
    tests/bench/selection_table.py table OUT

A RECIPE is a JSON file as in tests/bench/recipes, $VARIABLES in its paths are those of the environment (PLANISH_SHARED: the
reference data): {"model": name, "path": folder or "demo", "calibration": text, "evaluation": text, "samples", "window", "epochs",
"seqlen" and "limit_tokens" of the evaluation, "bits": {name: [w, a, k, v]}, "seeds": [...], "methods": [...]}. Instead of the
two texts, "halves": a text whose first half calibrates and whose second half evaluates, cut between two parts that
"separator" divides. A run is one method at one setting and seed, on one thread; OUT keeps what is finished, so that the same command
goes on, and --minutes stops before new runs.

Times are processor seconds of selecting and of calibrating on one thread, memory is the peak of calibrating.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

SEARCHES = {
    "oracle": ["--oracle"],
    "search, 1 start": ["--starts", "1"],
    "search, 2 starts": ["--starts", "2"],
    "best of 2 affine starts": ["--candidates", "affine", "--starts", "2"],
}
UNIFORM = {"identity": "all-identity", "hadamard": "all-hadamard", "rotation": "all-rotation", "affine": "all-affine"}
RULE = "rule"  # the kurtosis rule, fitted to the oracles of all the other models at the same bits and seed


def command(arguments):
    """What planish answers, and the processor seconds it took, which other work on the machine does not stretch."""
    environment = dict(os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([str(a) for a in arguments], stdout=answer, stderr=errors, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        answer.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, arguments))}: {errors.read().decode()[-500:]}")
        return json.loads(answer.read()), usage.ru_utime + usage.ru_stime


def folder_of(out, recipe, method, setting, seed):
    return out / f"{recipe['model']}-{setting}-{seed}-{method}".replace(" ", "-")


def fitted_rule(base, out, recipes, recipe, setting, seed, profile):
    """Arguments that choose by a rule which has not seen this model, and what it says of itself."""
    losses, models = [], []
    for other in recipes:
        measured = folder_of(out, other, "oracle", setting, seed) / "losses.json"
        if other["model"] != recipe["model"] and measured.exists():
            losses.append(measured)
            models += ["--model", other["path"]]
    if len(losses) < 2:
        raise RuntimeError(f"{recipe['model']} {setting} {seed}: fewer than two other models have an oracle")
    command([*base, "fit-rule", *losses, *models, "--text", recipe["calibration"], "--out", profile])
    return ["--method", "kurtosis", "--profile", profile, "--text", recipe["calibration"]]


def one_run(planish, out, recipes, recipe, method, setting, seed):
    folder = folder_of(out, recipe, method, setting, seed)
    folder.mkdir(parents=True, exist_ok=True)
    widths = dict(zip(("--wbits", "--abits", "--kbits", "--vbits"), recipe["bits"][setting]))
    scheme = [part for pair in widths.items() for part in pair]
    windows = ["--samples", recipe["samples"], "--seqlen", recipe["window"], "--batch", 4]
    base = [planish, "--quiet", "--json", "--threads", 1, "--device", "cpu", "--seed", seed]
    if method in UNIFORM:
        choose = ["--method", UNIFORM[method]]
    elif method == RULE:
        choose = fitted_rule(base, out, recipes, recipe, setting, seed, folder / "rule.json")
    else:
        choose = ["--method", "search", "--text", recipe["calibration"], *windows, *SEARCHES[method], "--losses-out",
                  folder / "losses.json"]
    if method == "oracle":
        choose += ["--epochs", recipe["epochs"]]
    _, select_seconds = command([*base, "select", recipe["path"], *scheme, *choose, "--out", folder / "plan.json"])
    calibrated, calibrate_seconds = command(
        [*base, "calibrate", recipe["path"], "--plan", folder / "plan.json", "--text", recipe["calibration"], *windows,
         "--epochs", recipe["epochs"], "--out", folder / "bundle"])
    evaluated, _ = command(
        [*base, "evaluate", folder / "bundle", "--text", recipe["evaluation"], "--seqlen", recipe["seqlen"],
         "--limit-tokens", recipe.get("limit_tokens", 0)])
    plan = json.loads((folder / "plan.json").read_text())
    kinds = [module["kind"] for module in plan["modules"]]
    return {
        "model": recipe["model"], "method": method, "bits": setting, "seed": seed,
        "perplexity": evaluated["perplexity"]["value"], "stderr": evaluated["perplexity"]["stderr"],
        "block_error": statistics.fmean(block["error_end"] for block in calibrated["blocks"]),
        "select_seconds": select_seconds, "calibrate_seconds": calibrate_seconds,
        "peak_mb": calibrated["peak_memory_bytes"] / 1e6, "kinds": kinds,
        "starts": [module.get("start", 0) for module in plan["modules"]],
    }


def prepared(planish, out, file):
    """The recipe with its texts and model in place."""
    recipe = json.loads(os.path.expandvars(file.read_text()))
    if recipe["path"] == "demo":
        recipe["path"] = out / "demo"
        command([planish, "--json", "demo", "--out", out / "demo"])
        for text in ("calibration", "evaluation"):
            recipe[text] = out / "demo" / recipe[text]
    if "halves" in recipe:
        separator = recipe["separator"]
        parts = [part.strip() for part in pathlib.Path(recipe["halves"]).read_text().split(separator)]
        parts = [part for part in parts if part]
        for text, half in ("calibration", parts[:len(parts) // 2]), ("evaluation", parts[len(parts) // 2:]):
            recipe[text] = out / f"{recipe['model']}-{text}.txt"
            recipe[text].write_text("\n\n".join(half))
    return recipe


def load(out):
    file = out / "results.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def run(arguments):
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    known = {(r["model"], r["method"], r["bits"], r["seed"]) for r in load(out)}
    deadline = time.monotonic() + 60 * arguments.minutes
    recipes = [prepared(arguments.planish, out, file) for file in arguments.recipes]
    tasks = []
    for recipe in recipes:
        tasks += [(recipe, method, setting, seed) for seed in recipe["seeds"] for setting in recipe["bits"]
                  for method in recipe["methods"] if (recipe["model"], method, setting, seed) not in known]
    tasks.sort(key=lambda task: (task[3], task[1] == RULE))  # every model once before any again; rules need the others

    def work(number, task):
        recipe, method, setting, seed = task
        if time.monotonic() > deadline:
            return
        try:
            result = one_run(arguments.planish, out, recipes, recipe, method, setting, seed)
        except RuntimeError as error:
            print(error, flush=True)
            return
        with open(out / "results.jsonl", "a") as file:
            file.write(json.dumps(result) + "\n")
        print(f"{number + 1} of {len(tasks)}: {recipe['model']} {setting} {method} {seed}: {result['perplexity']:.3f}",
              flush=True)

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(work, range(len(tasks)), tasks))


def spread(values, digits):
    """Mean to so many significant digits, and the standard deviation over the seeds where there are several."""
    text = f"{statistics.fmean(values):#.{digits}g}"
    return text + (f" +- {statistics.stdev(values):.2g}" if len(values) > 1 else "")


def agreement(rows, reference):
    """Share of modules that got the kind that the reference's plan of the same seed has."""
    shares = []
    for row in rows:
        other = [r for r in reference if r["seed"] == row["seed"]]
        if other:
            shares.append(statistics.fmean(a == b for a, b in zip(row["kinds"], other[0]["kinds"])))
    return f"{100 * statistics.fmean(shares):.0f} %" if shares else ""


def table(arguments):
    groups = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in load(arguments.out):
        groups[row["model"], row["bits"]][row["method"]].append(row)
    order = [*UNIFORM, RULE, *SEARCHES]
    for (model, setting), methods in groups.items():
        print(f"\n{model}, {setting}\n")
        print("| method | seeds | perplexity | block error | not affine | as the oracle | select, s | calibrate, s | MB |")
        print("|---|---|---|---|---|---|---|---|---|")
        for method in sorted(methods, key=order.index):
            rows = methods[method]
            other = statistics.fmean(sum(kind != "affine" for kind in r["kinds"]) for r in rows)
            print(f"| {method} | {len(rows)} | {spread([r['perplexity'] for r in rows], 4)} "
                  f"| {spread([r['block_error'] for r in rows], 3)} | {other:.1f} of {len(rows[0]['kinds'])} "
                  f"| {agreement(rows, methods['oracle']) if method != 'oracle' else ''} "
                  f"| {statistics.fmean(r['select_seconds'] for r in rows):.0f} "
                  f"| {statistics.fmean(r['calibrate_seconds'] for r in rows):.0f} "
                  f"| {max(r['peak_mb'] for r in rows):.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    running = verbs.add_parser("run")
    running.add_argument("planish", type=lambda path: pathlib.Path(path).resolve())
    running.add_argument("out", type=pathlib.Path)
    running.add_argument("recipes", type=pathlib.Path, nargs="+")
    running.add_argument("--jobs", type=int, default=1)
    running.add_argument("--minutes", type=float, default=1e9)
    running.set_defaults(act=run)
    telling = verbs.add_parser("table")
    telling.add_argument("out", type=pathlib.Path)
    telling.set_defaults(act=table)
    arguments = parser.parse_args()
    arguments.act(arguments)


if __name__ == "__main__":
    main()
