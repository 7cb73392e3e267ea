#!/usr/bin/env python3
"""Reference values of torchvision's SSD300 on VGG16: losses, gradient norms and detections. Weights and images follow from an integer hash, so none are stored.

Hash: u(key, i) = top 24 bits / 2^24 of splitmix64(fnv1a64(key) + (i + 1) * 0x9E3779B97F4A7C15); v = 2 u - 1. A tensor of the state dict is base + amplitude * v with
the first rule whose expression is found in its name; "fan:g" is sqrt(3 g / fan in). Image i is u("image{i}", index) with its rectangles painted on it.
Run: python3 make.py > ssd300_vgg16_hash_weights.json (torch 1.13, torchvision 0.14)."""
import json
import re
import sys

import numpy as np
import torch
import torchvision
from torchvision.models.detection import ssd300_vgg16

RULES = [
    ["^backbone.scale_weight$", 20.0, 0.0], ["^backbone.features.0.weight$", 0.0, "fan:0.0004"], ["^head.classification_head.*weight$", 0.0, "fan:1.5"],
    ["^head.regression_head.*weight$", 0.0, "fan:1"], ["weight$", 0.0, "fan:2"], ["bias$", 0.0, 0.05],
]
SIZES = [(240, 320), (180, 150)]
BOXES = [[[20, 30, 120, 140], [150, 60, 300, 200], [200, 10, 230, 40]], [[10, 20, 90, 170]]]
LABELS = [[1, 2, 3], [2]]


def uniform(key, count):
    state = np.uint64(14695981039346656037)
    with np.errstate(over="ignore"):
        for byte in key.encode():
            state = (state ^ np.uint64(byte)) * np.uint64(1099511628211)
        x = state + (np.arange(1, count + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
    return ((x >> np.uint64(40)).astype(np.float32)) / np.float32(1 << 24)


def fill(model):
    with torch.no_grad():
        for key, tensor in model.state_dict().items():
            rule = next(rule for rule in RULES if re.search(rule[0], key))
            amplitude = rule[2]
            if isinstance(amplitude, str):
                amplitude = float(np.float32(np.sqrt(3 * float(amplitude[4:]) / (tensor.numel() // tensor.shape[0]))))
            value = np.float32(2) * uniform(key, tensor.numel()) - np.float32(1)
            tensor.copy_(torch.from_numpy(np.float32(rule[1]) + np.float32(amplitude) * value).reshape(tensor.shape))


def image(i):
    height, width = SIZES[i]
    pixels = 0.25 * uniform(f"image{i}", 3 * height * width).reshape(3, height, width)
    for k, (x1, y1, x2, y2) in enumerate(BOXES[i]):
        pixels[:, y1:y2, x1:x2] += np.array([0.2, 0.4, 0.6], np.float32).reshape(3, 1, 1) * np.float32(LABELS[i][k] / 3)
    return torch.from_numpy(pixels.astype(np.float32))


model = ssd300_vgg16(weights=None, weights_backbone=None, num_classes=4, trainable_backbone_layers=5)
fill(model)
images = [image(0), image(1)]
model.train()
targets = [{"boxes": torch.tensor(BOXES[i], dtype=torch.float32), "labels": torch.tensor(LABELS[i])} for i in range(2)]
losses = model(images, targets)
sum(losses.values()).backward()
norms = {name: float(parameter.grad.norm()) for name, parameter in model.named_parameters()}
model.eval()
with torch.no_grad():
    found = model(images)
json.dump({
    "format": "golden/1", "component": "ssd_models", "case": "ssd300_vgg16_hash_weights", "source": f"torchvision {torchvision.__version__}, torch {torch.__version__}",
    "params": {"num_classes": 4, "fill_rules": RULES, "image_sizes": SIZES}, "tol": {"rtol": 1e-4, "atol": 1e-5},
    "inputs": {"boxes": BOXES, "labels": LABELS},
    "outputs": {
        "losses": {name: float(value) for name, value in losses.items()}, "grad_norms": norms,
        "detections": [{"boxes": each["boxes"].tolist(), "scores": each["scores"].tolist(), "labels": each["labels"].tolist()} for each in found],
    },
}, sys.stdout)
