#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores requests by lm-evaluation-harness's model class and windows by transformers: what bench_evaluation compares with.

    transformers_evaluation.py MODEL REQUESTS.json WINDOWS.json THREADS BATCH

REQUESTS.json: {task: [[context, continuation], ...]}; WINDOWS.json: [[ids], ...]. Prints {"attention"} once it has loaded, then
for each line of standard input, the name of a task or "perplexity", a JSON object {"cpu", "wall", "value"}: seconds and, for
comparison, the sum of the log-probabilities or the perplexity.
"""
import json
import logging
import sys
import time

import torch
import transformers
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM


def perplexity(model, windows, batch):
    """GPTQ's loop."""
    losses = []
    with torch.no_grad():
        for begin in range(0, len(windows), batch):
            ids = windows[begin : begin + batch]
            logits = model(ids, use_cache=False).logits[:, :-1]
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
            losses += loss.view(len(ids), -1).double().mean(1).tolist()
    return torch.tensor(losses).mean().exp().item()


def main():
    folder, requests_file, windows_file, threads, batch = sys.argv[1:]
    logging.getLogger("lm_eval").setLevel(logging.ERROR)
    torch.set_num_threads(int(threads))
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, use_fast=False)
    lm = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=int(batch), device="cpu", dtype="float32")
    with open(requests_file, encoding="utf-8") as file:
        tasks = json.load(file)
    with open(windows_file, encoding="utf-8") as file:
        windows = torch.tensor(json.load(file))
    print(json.dumps({"attention": model.config._attn_implementation}), flush=True)
    for line in sys.stdin:
        name = line.strip()
        instances = [
            Instance(request_type="loglikelihood", doc={}, arguments=tuple(pair), idx=i)
            for i, pair in enumerate(tasks.get(name, []))
        ]
        cpu, wall = time.process_time(), time.perf_counter()
        if name == "perplexity":
            value = perplexity(model, windows, int(batch))
        else:
            value = sum(answer[0] for answer in lm.loglikelihood(instances, disable_tqdm=True))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        print(json.dumps({"cpu": cpu, "wall": wall, "value": value}), flush=True)


if __name__ == "__main__":
    main()
