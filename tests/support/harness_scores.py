#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What transformers and lm-evaluation-harness compute for model folders, in float32 on the CPU.

    harness_scores.py WORK.json RESULT.json

WORK.json: {"folders": [...], "ids": [[...], ...], "requests": [[context, continuation], ...]}. RESULT.json: for each folder
{"logits": [rows][tokens][vocab], "requests": [[log-likelihood, greedy], ...]}.
"""
import json
import logging
import sys

import torch
import transformers
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM


def scores(folder, work):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.no_grad():
        logits = model(torch.tensor(work["ids"])).logits.tolist()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, use_fast=False)
    lm = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=1, device="cpu", dtype="float32")
    instances = [Instance(request_type="loglikelihood", doc={}, arguments=tuple(pair), idx=i)
                 for i, pair in enumerate(work["requests"])]
    return {"logits": logits, "requests": lm.loglikelihood(instances, disable_tqdm=True)}


def main():
    logging.getLogger("lm_eval").setLevel(logging.ERROR)
    torch.set_num_threads(1)
    with open(sys.argv[1], encoding="utf-8") as file:
        work = json.load(file)
    result = [scores(folder, work) for folder in work["folders"]]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
