#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does choosing the bits of weights by module pay at equal size? All-affine plans of one average width.

    tests/bench/bits_by_module.py PLANISH OUT RECIPE... [--bits 3] [--seed N] [--share 0.25]

RECIPE as in tests/bench/selection_table.py. First every module has BITS; `planish budget` then says what each module's quantization costs
alone (KL on the calibration text). Of the attention modules, and of the MLPs, the dearest SHARE gets one bit more and the cheapest SHARE one
bit less: modules of a group are equally large, so the model is not a byte larger. The controls do the same to the opposite modules and
to modules drawn at random. Activations, keys and values have 4 bits. OUT keeps bundles that are finished.
"""
import argparse
import pathlib
import random

from selection_table import command, prepared


def swapped(ranked_groups, share, bits):
    """{module: bits}: of each group, ranked from the module that gains to the one that gives."""
    widths = {}
    for ranked in ranked_groups:
        count = max(1, int(share * len(ranked)))
        widths.update({module: bits + 1 for module in ranked[:count]})
        widths.update({module: bits - 1 for module in ranked[-count:]})
    return widths


def measure(arguments, recipe, name, widths):
    folder = arguments.out / f"{recipe['model']}-w{arguments.bits}-{arguments.seed}-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    base = [arguments.planish, "--quiet", "--json", "--threads", 1, "--device", "cpu", "--seed", arguments.seed]
    single = [part for module, bits in widths.items() for part in ("--set-bits", f"{module}={bits}/4/4/4")]
    if not (folder / "bundle").exists():
        command([*base, "select", recipe["path"], "--method", "all-affine", "--wbits", arguments.bits, *single, "--out",
                 folder / "plan.json"])
        command([*base, "calibrate", recipe["path"], "--plan", folder / "plan.json", "--text", recipe["calibration"],
                 "--samples", recipe["samples"], "--seqlen", recipe["window"], "--batch", 4, "--epochs", recipe["epochs"],
                 "--out", folder / "bundle"])
    evaluated, _ = command([*base, "evaluate", folder / "bundle", "--reference", recipe["path"], "--text",
                            recipe["evaluation"], "--seqlen", recipe["seqlen"], "--limit-tokens",
                            recipe.get("limit_tokens", 0)])
    perplexity, divergence = evaluated["perplexity"], evaluated["divergence"]
    size = sum(file.stat().st_size for file in (folder / "bundle").glob("model*.safetensors"))
    print(f"| {recipe['model']} | {name} | {perplexity['value']:.4g} +- {perplexity['stderr']:.2g} "
          f"| {divergence['kl_mean']:.4g} +- {divergence['kl_stderr']:.2g} | {size / 1e3:.0f} "
          f"| {', '.join(f'{module} W{bits}' for module, bits in sorted(widths.items()))} |", flush=True)
    return folder / "bundle"


def rank(arguments, recipe, bundle):
    budget, _ = command([arguments.planish, "--quiet", "--json", "--threads", 1, "budget", bundle, "--reference",
                         recipe["path"], "--text", recipe["calibration"]])
    dearest = sorted(budget["modules"], key=lambda module: -float(module["kl"]))
    names = [module["module"] for module in dearest]
    return [[name for name in names if name.endswith(group)] for group in (".attention", ".mlp")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("planish", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("recipes", type=pathlib.Path, nargs="+")
    parser.add_argument("--bits", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=0.25)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    print("| model | bits | perplexity | KL, nats/token | kB | modules with other bits |\n|---|---|---|---|---|---|")
    for file in arguments.recipes:
        recipe = prepared(arguments.planish, arguments.out, file)
        bundle = measure(arguments, recipe, "uniform", {})
        ranked = rank(arguments, recipe, bundle)
        drawn = [random.Random(arguments.seed).sample(group, len(group)) for group in ranked]
        orders = {"by budget": ranked, "reversed": [group[::-1] for group in ranked], "random": drawn}
        for name, order in orders.items():
            measure(arguments, recipe, name, swapped(order, arguments.share, arguments.bits))


if __name__ == "__main__":
    main()
