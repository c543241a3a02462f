#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores requests by lm-evaluation-harness's model class and windows by transformers: what bench_evaluation compares with.

    transformers_evaluation.py MODEL REQUESTS.json WINDOWS.json BATCH

REQUESTS.json: {task: [[context, continuation], ...]}; WINDOWS.json: [[ids], ...]. Prints a JSON object with the seconds of
processor time of each task and of the windows, without imports and loading, and the sums of the log-probabilities for comparison.
"""
import json
import logging
import sys
import time

import torch
import transformers
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM


def main():
    folder, requests_file, windows_file, batch = sys.argv[1:]
    logging.getLogger("lm_eval").setLevel(logging.ERROR)
    torch.set_num_threads(1)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, use_fast=False)
    lm = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=int(batch), device="cpu", dtype="float32")
    with open(requests_file, encoding="utf-8") as file:
        tasks = json.load(file)
    result = {"tasks": {}, "attention": model.config._attn_implementation}
    for task, pairs in tasks.items():
        instances = [
            Instance(request_type="loglikelihood", doc={}, arguments=tuple(pair), idx=i) for i, pair in enumerate(pairs)
        ]
        start = time.process_time()
        answers = lm.loglikelihood(instances, disable_tqdm=True)
        result["tasks"][task] = {
            "seconds": time.process_time() - start,
            "sum": sum(answer[0] for answer in answers),
        }
    with open(windows_file, encoding="utf-8") as file:
        windows = torch.tensor(json.load(file))
    losses = []
    start = time.process_time()
    with torch.no_grad():
        for begin in range(0, len(windows), int(batch)):  # GPTQ's loop
            ids = windows[begin : begin + int(batch)]
            logits = model(ids, use_cache=False).logits[:, :-1]
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
            losses += loss.view(len(ids), -1).double().mean(1).tolist()
    result["perplexity"] = {
        "seconds": time.process_time() - start,
        "value": torch.tensor(losses).mean().exp().item(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
