#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does choosing by what the whole model loses pay, where choosing by block errors does not?

    tests/bench/choice_by_kl.py PLANISH OUT RECIPE... [--setting W3A3K2V2] [--seed N]

RECIPE as in tests/bench/selection_table.py. The first three quarters of the calibration text calibrate, the last quarter judges by
the KL divergence from full precision over its first JUDGED tokens. From an all-affine plan one module at a time gets another
candidate (a rotation, or another start of affine); its block is trained anew, the others stay. Every module then keeps the candidate with
the smallest KL, all of them together are trained, and the model is evaluated on the recipe's evaluation text. Controls: the
all-affine plan; whole all-affine calibrations with other starts, as many as train the same number of blocks, of which the one with
the smallest KL on the judging text is taken; and the same number of swaps at modules drawn at random. OUT keeps bundles that are finished.
"""
import argparse
import json
import math
import pathlib
import random
import shutil

from selection_table import command, prepared

JUDGED = 16384
CANDIDATES = {"rotation": ("rotation", 0), "affine#1": ("affine", 1)}


def divided(recipe, out):
    """The calibration text as two files, cut at a line's end."""
    text = pathlib.Path(recipe["calibration"]).read_text()
    border = text.find("\n", 3 * len(text) // 4)
    parts = [out / f"{recipe['model']}-{name}.txt" for name in ("training", "judging")]
    for part, content in zip(parts, (text[:border], text[border:])):
        part.write_text(content)
    return parts


class Bench:
    def __init__(self, arguments, recipe):
        self.recipe, self.setting, self.seed = recipe, arguments.setting, arguments.seed
        self.folder = arguments.out / f"{recipe['model']}-{arguments.setting}-{arguments.seed}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.base = [arguments.planish, "--quiet", "--json", "--threads", 1, "--device", "cpu", "--seed", arguments.seed]
        self.training, self.judging = divided(recipe, arguments.out)
        widths = zip(("--wbits", "--abits", "--kbits", "--vbits"), recipe["bits"][arguments.setting])
        plan = self.folder / "affine.json"
        command([*self.base, "select", recipe["path"], "--method", "all-affine",
                 *(part for pair in widths for part in pair), "--out", plan])
        self.plan = json.loads(plan.read_text())
        self.modules = [module["module"] for module in self.plan["modules"]]

    def bundle(self, name, choices):
        """The calibrated bundle with {module: candidate} where it is not affine's first start; blocks are taken from the all-affine one."""
        folder, done = self.folder / name, self.folder / f"{name}.done"
        if done.exists():
            return folder
        plan = json.loads(json.dumps(self.plan))
        for module in plan["modules"]:
            if module["module"] in choices:
                kind, module["start"] = choices[module["module"]]
                module["kind"] = module["automatic_kind"] = kind
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(plan))
        if name != "affine" and not folder.exists():
            shutil.copytree(self.folder / "affine", folder)
        command([*self.base, "calibrate", self.recipe["path"], "--plan", file, "--text", self.training, "--samples",
                 self.recipe["samples"], "--seqlen", self.recipe["window"], "--batch", 4, "--epochs", self.recipe["epochs"],
                 "--resume", "--out", folder])
        done.touch()
        return folder

    def measured(self, bundle, text, tokens):
        answer, _ = command([*self.base, "evaluate", bundle, "--reference", self.recipe["path"], "--text", text, "--seqlen",
                             self.recipe["seqlen"], "--limit-tokens", tokens])
        return answer

    def judged(self, name, choices):
        kept = self.folder / f"{name}.kl"
        if not kept.exists():
            kept.write_text(str(self.measured(self.bundle(name, choices), self.judging, JUDGED)["divergence"]["kl_mean"]))
        return float(kept.read_text())

    def line(self, name, folder, swaps):
        answer = self.measured(folder, self.recipe["evaluation"], self.recipe.get("limit_tokens", 0))
        perplexity, divergence = answer["perplexity"], answer["divergence"]
        print(f"| {self.recipe['model']} | {name} | {swaps} | {self.judged(folder.name, {}):.4g} "
              f"| {perplexity['value']:.4g} +- {perplexity['stderr']:.2g} "
              f"| {divergence['kl_mean']:.4g} +- {divergence['kl_stderr']:.2g} |", flush=True)

    def run(self):
        before = self.judged("affine", {})
        best = {}
        for module in self.modules:
            losses = {name: self.judged(f"{module}-{name}", {module: candidate}) for name, candidate in CANDIDATES.items()}
            name = min(losses, key=losses.get)
            if losses[name] < before:
                best[module] = name
        self.line("all-affine", self.folder / "affine", "")
        chosen = {module: CANDIDATES[name] for module, name in best.items()}
        counts = {name: list(best.values()).count(name) for name in CANDIDATES}
        swaps = ", ".join(f"{count} {name}" for name, count in counts.items())
        self.line("by KL", self.bundle("by-kl", chosen), swaps)
        draw = random.Random(self.seed)
        drawn = dict(zip(draw.sample(self.modules, len(best)), (CANDIDATES[name] for name in best.values())))
        self.line("random swaps", self.bundle("random", drawn), swaps)
        restarts = math.ceil(2 * len(self.modules) / (len(self.modules) / 2))
        names = ["affine"] + [f"start-{k}" for k in range(1, restarts + 1)]
        for k, name in enumerate(names):
            self.judged(name, {module: ("affine", k) for module in self.modules} if k else {})
        winner = min(names, key=lambda name: self.judged(name, {}))
        self.line(f"best of {len(names)} starts by KL", self.folder / winner, winner)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("planish", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("recipes", type=pathlib.Path, nargs="+")
    parser.add_argument("--setting", default="W3A3K2V2")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    print("| model | plan | swaps | KL, judging | perplexity | KL, evaluation |\n|---|---|---|---|---|---|")
    for file in arguments.recipes:
        Bench(arguments, prepared(arguments.planish, arguments.out, file)).run()


if __name__ == "__main__":
    main()
