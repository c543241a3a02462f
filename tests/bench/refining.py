#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does refining a plan by what the quantized model loses pay (calibrate --refine), beside what the same work wins without choosing?

    tests/bench/refining.py PLANISH OUT RECIPE... [--setting W3A3K2V2] [--seed N]

RECIPE as in tests/bench/selection_table.py. The first three quarters of the calibration text calibrate, the last quarter judges. An
all-affine plan is refined; the controls are that plan, as many of the same swaps at modules drawn at random, and whole all-affine
calibrations with other starts, as many as train the same number of blocks, of which the one with the smallest KL on the judging
text is taken. All are measured on the recipe's evaluation text. OUT keeps bundles that are finished.
"""
import argparse
import json
import pathlib
import random

from selection_table import command, prepared

JUDGED = 65536


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

    def kept(self, name, make):
        """A result by name, made once."""
        file = self.folder / f"{name}.result.json"
        if not file.exists():
            file.write_text(json.dumps(make()))
        return json.loads(file.read_text())

    def calibrated(self, name, choices, *more):
        """The calibrated bundle with {module: "kind" or "kind#start"} where it is not affine's first start; its answer and seconds."""
        def make():
            plan = json.loads(json.dumps(self.plan))
            for module in plan["modules"]:
                kind, _, start = choices.get(module["module"], "affine").partition("#")
                module["kind"] = module["automatic_kind"] = kind
                module["start"] = int(start or 0)
            file = self.folder / f"{name}.json"
            file.write_text(json.dumps(plan))
            return command([*self.base, "calibrate", self.recipe["path"], "--plan", file, "--text", self.training,
                            "--samples", self.recipe["samples"], "--seqlen", self.recipe["window"], "--batch", 4, "--epochs",
                            self.recipe["epochs"], *more, "--resume", "--out", self.folder / name])
        return self.kept(name, make)

    def measured(self, name, text, tokens):
        answer, _ = command([*self.base, "evaluate", self.folder / name, "--reference", self.recipe["path"], "--text", text,
                             "--seqlen", self.recipe["seqlen"], "--limit-tokens", tokens])
        return {key: answer[key] for key in ("perplexity", "divergence")}

    def judged(self, name):
        return self.kept(f"{name}-judged", lambda: self.measured(name, self.judging, JUDGED))["divergence"]["kl_mean"]

    def line(self, title, name, swaps, seconds):
        answer = self.kept(f"{name}-evaluated", lambda: self.measured(name, self.recipe["evaluation"],
                                                                      self.recipe.get("limit_tokens", 0)))
        perplexity, divergence = answer["perplexity"], answer["divergence"]
        print(f"| {self.recipe['model']} | {self.setting} | {self.seed} | {title} | {swaps} | {self.judged(name):.4g} "
              f"| {perplexity['value']:.4g} +- {perplexity['stderr']:.2g} "
              f"| {divergence['kl_mean']:.4g} +- {divergence['kl_stderr']:.2g} | {seconds:.0f} |", flush=True)

    def run(self):
        _, seconds = self.calibrated("affine", {})
        self.line("all-affine", "affine", "", seconds)
        answer, refining = self.calibrated("refined", {}, "--refine", "--refine-text", self.judging, "--refine-tokens", JUDGED,
                                           "--refine-seqlen", self.recipe["seqlen"])
        swaps = [swap for swap in answer["refinement"]["swaps"] if swap["kept"]]
        counts = {name: [swap["to"] for swap in swaps].count(name) for name in ("rotation", "affine#1")}
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        self.line("refined", "refined", told, refining)
        draw = random.Random(self.seed)
        drawn = dict(zip(draw.sample(self.modules, len(swaps)), (swap["to"] for swap in swaps)))
        _, spent = self.calibrated("random", drawn)
        self.line("random swaps", "random", told, spent)
        names = ["affine"]
        total = seconds
        for start in range(1, 5):  # four swaps are tried in a block
            _, spent = self.calibrated(f"start-{start}", {module: f"affine#{start}" for module in self.modules})
            names.append(f"start-{start}")
            total += spent
        winner = min(names, key=self.judged)
        self.line("best of five starts by KL", winner, winner, total)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("planish", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("recipes", type=pathlib.Path, nargs="+")
    parser.add_argument("--setting", default="W3A3K2V2")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    print("| model | bits | seed | plan | swaps | KL, judging | perplexity | KL, evaluation | s |\n|---|---|---|---|---|---|---|---|---|")
    for file in arguments.recipes:
        Bench(arguments, prepared(arguments.planish, arguments.out, file)).run()


if __name__ == "__main__":
    main()
