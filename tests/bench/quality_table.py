#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What quantizing costs, with its uncertainty: full precision beside bundles of a uniform and of a chosen plan.

    tests/bench/quality_table.py run PLANISH OUT RECIPE... [--minutes M]
    tests/bench/quality_table.py table OUT

A RECIPE is one of selection_table.py's with "tasks": {"names": [TASK or TASK=FILE], "folder": where their items lie, "limit"} and
"adaptive": the search that chooses (the uniform plan is affine everywhere); $PLANISH_SOURCE in its paths is the repository.
Every bundle is calibrated with seed 0 on one thread and evaluated beside the full-precision model: perplexity, divergence,
zero-shot tasks; `planish compare` pairs it with full precision window by window and item by item. OUT keeps what is
finished, so that the same command goes on, and --minutes stops before new runs.
"""
import argparse
import json
import os
import pathlib
import shutil
import time

from selection_table import SEARCHES, command, prepared

ONE_THREAD = ["--quiet", "--json", "--threads", 1, "--device", "cpu"]
SETTINGS = ["W4A4KV4", "W3A3K2V2"]
PLANS = ["uniform", "adaptive"]
SEED = 0
os.environ.setdefault("PLANISH_SOURCE", str(pathlib.Path(__file__).resolve().parents[2]))


def evaluation(recipe):
    """The arguments that every model of a recipe is evaluated with."""
    tasks = recipe["tasks"]
    return ["--text", recipe["evaluation"], "--seqlen", recipe["seqlen"], "--limit-tokens", recipe["limit_tokens"],
            "--tasks", ",".join(tasks["names"]), "--tasks-dir", tasks["folder"], "--limit", tasks["limit"]]


def choices(folder):
    """Module, kind and start of a plan's modules."""
    plan = json.loads((folder / "plan.json").read_text())
    return [[module["module"], module["kind"], module.get("start", 0)] for module in plan["modules"]]


def make_bundle(planish, folder, recipe, setting, name):
    """Selects and calibrates: folder/plan.json, folder/bundle. A search that chose the uniform plan has its bundle already."""
    folder.mkdir(parents=True, exist_ok=True)
    base = [planish, *ONE_THREAD, "--seed", SEED]
    widths = dict(zip(("--wbits", "--abits", "--kbits", "--vbits"), recipe["bits"][setting]))
    windows = ["--samples", recipe["samples"], "--seqlen", recipe["window"], "--batch", 4]
    choose = ["--method", "all-affine"] if name == "uniform" else \
        ["--method", "search", "--text", recipe["calibration"], *windows, *SEARCHES[recipe["adaptive"]]]
    if not (folder / "plan.json").exists():
        command([*base, "select", recipe["path"], *(part for pair in widths.items() for part in pair), *choose, "--out",
                 folder / "plan.json"])
    uniform = folder.with_name(folder.name.replace(name, PLANS[0]))
    if name != PLANS[0] and choices(folder) == choices(uniform):
        shutil.copytree(uniform / "bundle", folder / "bundle")
        return
    command([*base, "calibrate", recipe["path"], "--plan", folder / "plan.json", "--text", recipe["calibration"],
             *windows, "--epochs", recipe["epochs"], "--out", folder / "bundle"])


def one_run(planish, out, recipe, setting, name):
    """A line of results; the full-precision model where `setting` is None."""
    model = recipe["model"]
    full = out / f"{model}.json"
    started = time.monotonic()
    if setting is None:
        evaluated, _ = command([planish, *ONE_THREAD, "evaluate", recipe["path"], *evaluation(recipe), "--out", full])
        kinds, compared = [], None
    else:
        folder = out / f"{model}-{setting}-{name}"
        if not (folder / "bundle" / "planish.json").exists():
            make_bundle(planish, folder, recipe, setting, name)
        kinds = choices(folder)
        evaluated, _ = command([planish, *ONE_THREAD, "evaluate", folder / "bundle", *evaluation(recipe), "--reference",
                             recipe["path"], "--out", folder / "evaluation.json"])
        compared, _ = command([planish, *ONE_THREAD, "compare", full, folder / "evaluation.json"])
    return {"model": model, "bits": setting, "plan": name, "seconds": time.monotonic() - started, "kinds": kinds,
            "evaluated": {key: evaluated.get(key) for key in ("perplexity", "divergence")},
            "tasks": [{key: value for key, value in task.items() if key != "items"} for task in evaluated["tasks"]],
            "compared": compared}


def load(out):
    file = out / "quality.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def run(arguments):
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    known = {(r["model"], r["bits"], r["plan"]) for r in load(out)}
    deadline = time.monotonic() + 60 * arguments.minutes
    for file in arguments.recipes:
        recipe = prepared(arguments.planish, out, file)
        runs = [(None, "full precision"), *((setting, name) for setting in SETTINGS for name in PLANS)]
        for setting, name in runs:
            if (recipe["model"], setting, name) in known or time.monotonic() > deadline:
                continue
            result = one_run(arguments.planish, out, recipe, setting, name)
            with open(out / "quality.jsonl", "a") as results:
                results.write(json.dumps(result) + "\n")
            print(f"{recipe['model']} {setting or ''} {name}: {result['evaluated']['perplexity']['value']:.3f} "
                  f"in {result['seconds']:.0f} s", flush=True)


def plus_minus(value, error, digits=1, scale=100.0):
    return f"{scale * value:.{digits}f} +- {scale * error:.{digits}f}"


def p_text(p):
    return f"{p:.3f}" if p >= 0.001 else f"{p:.0e}"


def paired(comparison):
    """Lost and gained answers, and what McNemar's test says."""
    return (f"-{comparison['right_to_wrong']} +{comparison['wrong_to_right']}, p {p_text(comparison['p_value'])}"
            + (" *" if comparison["significant"] else ""))


def perplexity_row(row):
    perplexity, divergence, compared = *(row["evaluated"][key] for key in ("perplexity", "divergence")), row["compared"]
    cells = [label(row), plus_minus(perplexity["value"], perplexity["stderr"], 3, 1)]
    if compared:
        ratio = compared["perplexity"]
        low, high = ratio["ratio_interval"]
        kinds = [kind for _, kind, _ in row["kinds"]]
        cells += [f"{ratio['ratio']:.4f} ({low:.4f} to {high:.4f})",
                  plus_minus(divergence["kl_mean"], divergence["kl_stderr"], 4, 1),
                  plus_minus(divergence["top1_agreement"], divergence["top1_stderr"]),
                  f"{sum(kind != 'affine' for kind in kinds)} of {len(kinds)}"]
    return cells + [""] * (6 - len(cells))


def label(row):
    return row["plan"] if row["bits"] is None else f"{row['bits']} {row['plan']}"


def task_rows(rows, name):
    """For each metric of a task a row: every model's figure and what it lost and gained against full precision."""
    for metric, key in ("acc", "acc"), ("acc_norm", "acc_norm"), ("perplexity", "perplexity"):
        cells = []
        for row in rows:
            task = next(task for task in row["tasks"] if task["task"] == name)
            if task[key] is None:
                break
            scale, digits = (1.0, 2) if key == "perplexity" else (100.0, 1)
            cell = plus_minus(task[key], task[f"{key}_stderr"], digits, scale)
            for other in (row["compared"] or {"tasks": []})["tasks"]:
                if (other["task"], other["metric"]) == (name, metric):
                    cell += f" ({paired(other)})"
            cells.append(cell)
        else:
            yield [f"{name} ({task['n']})", metric, *cells]


def mean_row(rows):
    """The mean of the tasks, acc_norm where there is one, and its own error (the tasks' errors are independent)."""
    cells = []
    for row in rows:
        keys = ["acc" if task["acc_norm"] is None else "acc_norm" for task in row["tasks"]]
        values = [task[key] for task, key in zip(row["tasks"], keys)]
        errors = [task[f"{key}_stderr"] for task, key in zip(row["tasks"], keys)]
        cells.append(plus_minus(sum(values) / len(values), sum(e * e for e in errors) ** 0.5 / len(errors)))
    return ["mean", "acc_norm, else acc", *cells]


def print_table(head, rows):
    print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def table(arguments):
    models = {}
    for row in load(arguments.out):
        models.setdefault(row["model"], []).append(row)
    for model, rows in models.items():
        print(f"\n{model}\n")
        print_table(["", "perplexity", "of full precision (95 %)", "KL, nats", "same first choice, %", "not affine"],
                    [perplexity_row(row) for row in rows])
        print_table(["task (items)", "", *(label(row) for row in rows)],
                    [line for task in rows[0]["tasks"] for line in task_rows(rows, task["task"])] + [mean_row(rows)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    running = verbs.add_parser("run")
    running.add_argument("planish", type=lambda path: pathlib.Path(path).resolve())
    running.add_argument("out", type=pathlib.Path)
    running.add_argument("recipes", type=pathlib.Path, nargs="+")
    running.add_argument("--minutes", type=float, default=1e9)
    running.set_defaults(act=run)
    telling = verbs.add_parser("table")
    telling.add_argument("out", type=pathlib.Path)
    telling.set_defaults(act=table)
    arguments = parser.parse_args()
    arguments.act(arguments)


if __name__ == "__main__":
    main()
